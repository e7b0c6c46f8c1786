// SPDX-License-Identifier: MIT
// What selection looked at, in the order in which it did. Selection fills it where it decides, so that an explanation
// is the account of a selection and cannot disagree with it; without a trace it costs a comparison with null.
#pragma once

#include <cstdint>
#include <vector>

#include "address/ip-address.h"
#include "contract/contract.gen.h"
#include "table/chunked.h"

namespace mif::selection {

struct TracedRule {
  // Among the rules of the family, see Inventory::rules().
  std::uint32_t rule = 0;
  contract::RuleFinding finding{};
};

struct TracedRoute {
  // Among the routes of the family.
  table::Position route = table::kNoPosition;
  // Among its hops.
  std::uint16_t hop = 0;
  contract::RouteFinding finding{};
  // The rule that named its table.
  std::uint32_t rule = 0;
};

struct TracedSource {
  // Index.
  std::uint32_t interface = 0;
  address::IpAddress address;
  // By which it lost to the one chosen.
  contract::SourceRule rule{};
};

struct Trace {
  std::vector<TracedRule> rules;
  std::vector<TracedRoute> routes;
  // Of the last choice that there was.
  std::vector<TracedSource> sources;

  // Before rules and tables are asked again with the source that the first look led to.
  void clearLookup() {
    rules.clear();
    routes.clear();
  }
  void clear() {
    clearLookup();
    sources.clear();
  }
};

}  // namespace mif::selection
