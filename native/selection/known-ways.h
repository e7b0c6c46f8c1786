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

#include "selection/decision-rows.h"
#include "selection/decision.h"
#include "selection/flow.h"
#include "selection/network.h"
#include "selection/numbered-decisions.h"
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
  NumberedDecision& connect(const Network& network, const Plan& plan, const Flow& flow, NumberedDecisions& answers);

  // The same for destinations of a flow that is otherwise the same, at most kMost: writes rows `first` and following.
  void connectMany(const Network& network, const Plan& plan, const Flow& flow, std::span<const Bytes> destinations,
                   NumberedDecisions& answers, DecisionRows& rows, std::size_t first);

 private:
  using Match = table::Fib<Row>::Trie::Match;
  using Matches = std::array<Match, kMost>;

  // A power of two: kinds of routes that agree in their hashes take turns.
  static constexpr std::size_t kEntries = 1024;

  // What is known of a kind of route.
  struct Entry {
    table::AttributesId attributes = table::kNoPosition;
    std::uint32_t metric = 0;
    std::uint32_t slot = 0;
    // As stamp_ when it was made; else it is of the past.
    std::uint64_t stamp = 0;
    std::uint64_t number = 0;
    std::uint8_t prefixLength = 0;

    bool isOf(const Row& row) const {
      return attributes == row.attributes && metric == row.metric && prefixLength == row.length;
    }
  };

  // Changes stamp_ when the tables have changed.
  void follow(const table::Tables& tables);
  // In the first table that has anything for it, like the kernel: no match for what is to be asked of KernelPath.
  static Match find(const Plan& plan, const Bytes& destination);
  // The same for all of them, with the waits for memory overlapping.
  static void findAll(const Network& network, const Plan& plan, std::span<const Bytes> destinations, Matches& matches);
  struct Known {
    NumberedDecision& decision;
    // Of every destination with this match.
    bool isForAll;
  };
  Known decide(const Network& network, const Plan& plan, const Flow& flow, const Bytes& destination, const Match& match,
               NumberedDecisions& answers);
  Entry& entryFor(const Row& row);

  std::array<Entry, kEntries> entries_;
  // Of the tables that the entries are about.
  std::uint64_t generation_ = 0;
  std::uint64_t inventory_ = 0;
  std::uint64_t stamp_ = 0;
};

}  // namespace mif::selection
