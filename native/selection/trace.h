// SPDX-License-Identifier: MIT
// What selection looked at, in the order in which it did. Selection fills it where it decides, so that an explanation
// is the account of a selection and cannot disagree with it; without a trace it costs a comparison with null.
#pragma once

#include <cstdint>
#include <vector>

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

struct Trace {
  std::vector<TracedRule> rules;
  std::vector<TracedRoute> routes;

  void clear() {
    rules.clear();
    routes.clear();
  }
};

}  // namespace mif::selection
