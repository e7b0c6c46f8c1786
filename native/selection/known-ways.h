// SPDX-License-Identifier: MIT
// Shares what was found out about one IPv4 destination with all others that take the same kind of route. Where no
// socket is bound and no source given, and the rules are the same for all destinations, the interface, router and
// source that follow from a route depend on its attributes only; and a million routes share a few sets of attributes.
// So most destinations cost finding their route. Everything else is asked of KernelPath, as is whatever is not known
// yet.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "selection/decision.h"
#include "selection/flow.h"
#include "selection/network.h"
#include "selection/rule-plan.h"
#include "table/fib.h"
#include "table/route-rows.h"

namespace mif::selection {

class KnownWays {
 public:
  using Row = table::Route4;
  using Plan = RulePlan<Row>;
  using Bytes = table::Fib<Row>::Trie::Bytes;

  // Destinations of one call of connectMany().
  static constexpr std::size_t kMost = 256;

  // As KernelPath::connect.
  Decision connect(const Network& network, const Plan& plan, const Flow& flow);

  // Calls take(n, decision) for each destination, at most kMost, of a flow that is otherwise the same, in any order.
  // The decision is the caller's until it returns.
  template <typename Take>
  void connectMany(const Network& network, const Plan& plan, const Flow& flow, std::span<const Bytes> destinations,
                   Take&& take) {
    Matches matches;
    findAll(network, plan, flow, destinations, matches);
    for (std::size_t n = 0; n < destinations.size(); ++n) {
      take(n, std::as_const(decide(network, plan, flow, destinations[n], matches[n])));
    }
  }

 private:
  using Match = table::Fib<Row>::Trie::Match;
  using Matches = std::array<Match, kMost>;

  // A power of two: attributes whose ids agree in these bits take turns.
  static constexpr std::size_t kEntries = 256;

  struct Entry {
    table::AttributesId attributes = table::kNoPosition;
    // Tables::generation() and inventoryGeneration(): whether it is still true.
    std::uint64_t generation = 0;
    std::uint64_t inventory = 0;
    Decision decision;
  };

  void findAll(const Network& network, const Plan& plan, const Flow& flow, std::span<const Bytes> destinations,
               Matches& matches) const;
  Decision& decide(const Network& network, const Plan& plan, const Flow& flow, const Bytes& destination,
                   const Match& match);

  std::array<Entry, kEntries> entries_;
  // Of a destination that shares with no other.
  Decision own_;
};

}  // namespace mif::selection
