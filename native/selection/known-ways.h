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

#include "selection/decision.h"
#include "selection/flow.h"
#include "selection/network.h"
#include "selection/path-columns.h"
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

  // The same for destinations of a flow that is otherwise the same, at most kMost: writes rows `first` and following.
  // These doubts (contract::SelectionDoubt) are those of all.
  void connectMany(const Network& network, const Plan& plan, const Flow& flow, std::span<const Bytes> destinations,
                   PathColumns& columns, std::size_t first, std::uint32_t doubts);

 private:
  using Match = table::Fib<Row>::Trie::Match;
  using Matches = std::array<Match, kMost>;

  // A power of two: attributes whose ids agree in these bits take turns.
  static constexpr std::size_t kEntries = 256;

  struct Entry {
    table::AttributesId attributes = table::kNoPosition;
    // As stamp_ when it was made; else it is of the past.
    std::uint32_t stamp = 0;
    Decision decision;
  };

  // Changes stamp_ when the tables have changed.
  void follow(const table::Tables& tables);
  void findAll(const Network& network, const Plan& plan, const Flow& flow, std::span<const Bytes> destinations,
               Matches& matches) const;
  const Decision& decide(const Network& network, const Plan& plan, const Flow& flow, const Bytes& destination,
                         const Match& match);
  const Decision& ask(const Network& network, const Plan& plan, const Flow& flow, const Bytes& destination);

  std::array<Entry, kEntries> entries_;
  // Of the tables that the entries are about.
  std::uint64_t generation_ = 0;
  std::uint64_t inventory_ = 0;
  std::uint32_t stamp_ = 0;
  // Of a destination that shares with no other.
  Decision own_;
};

}  // namespace mif::selection
