// SPDX-License-Identifier: MIT
// Answers questions about the tables, and keeps what the next question will need again: the inventory until interfaces,
// addresses or rules change, and the plan of the rules for traffic like the last. For one thread; the caller sees to it
// that the tables do not change meanwhile, and that destinations have been indexed (table::Tables::indexDestinations).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "selection/bound-path.h"
#include "selection/decision-rows.h"
#include "selection/decision.h"
#include "selection/flow.h"
#include "selection/inquiry.h"
#include "selection/inventory.h"
#include "selection/known-ways.h"
#include "selection/network.h"
#include "selection/numbered-decisions.h"
#include "selection/policy-table.h"
#include "selection/rule-plan.h"
#include "selection/trace.h"
#include "table/route-rows.h"
#include "table/tables.h"

namespace mif::selection {

class Selector {
 public:
  // What is returned is valid until the next question. Doubts (contract::SelectionDoubt) of these tables are doubts of
  // it.
  //
  // What an unbound socket, or one that is bound to flow.device, would do on connect(2).
  NumberedDecision& connect(const table::Tables& tables, const Flow& flow, std::uint32_t doubts = 0);
  // What a socket would do that is held to flow.device and to the best of some sources, by the standard policy where
  // none is given; see bound-path.h.
  NumberedDecision& bind(const table::Tables& tables, const Flow& flow, const Binding& binding,
                         std::uint32_t doubts = 0);
  // What the kernel answers when it is asked for a route (RTM_GETROUTE).
  NumberedDecision& query(const table::Tables& tables, const Flow& flow, std::uint32_t doubts = 0);

  // What it takes to ask the kernel for what connect() and bind() ask the tables (inquiry.h). Unless they are in step
  // with the kernel, nothing is concluded from what they do not have.
  Inquiry inquireConnect(const table::Tables& tables, const Flow& flow, bool isSynced);
  Inquiry inquireBind(const table::Tables& tables, const Flow& flow, const Binding& binding);
  // What the kernel said, under a number.
  NumberedDecision& numbered(const Decision& decision) { return answers_.of(decision); }

  // As connect() and bind() for each of many destinations, of the family and otherwise of the flow: packed addresses,
  // of which answers `first` to `first` + `count` are written, at most kMostAtOnce.
  static constexpr std::size_t kMostAtOnce = KnownWays::kMost;
  struct Many {
    std::span<const std::uint8_t> destinations;
    std::size_t first;
    std::size_t count;
    std::uint32_t doubts;
    DecisionRows& rows;
  };
  // For DecisionRows.
  std::uint32_t nextBatch() { return answers_.nextBatch(); }
  void connectMany(const table::Tables& tables, const Flow& flow, const Many& many);
  void bindMany(const table::Tables& tables, const Flow& flow, const Binding& binding, const Many& many);
  // As connect(), with an account of everything that was looked at in the last lookup.
  Decision explainConnect(const table::Tables& tables, const Flow& flow, Trace& trace);
  // As bind(), likewise.
  Decision explainBind(const table::Tables& tables, const Flow& flow, const Binding& binding, Trace& trace);

  // Of the last question; null when that needed none.
  const Inventory* inventory() const { return inventory_ ? &*inventory_ : nullptr; }
  // As Tables::inventoryGeneration(), at the last question.
  std::uint64_t inventoryGeneration() const { return inventoryGeneration_; }

 private:
  template <typename Row>
  struct Plan {
    RulePlan<Row> rules;
    // Without destination and source.
    Flow flow;
    std::uint64_t fibVersion = 0;
  };

  void refresh(const table::Tables& tables);
  template <typename Row>
  const RulePlan<Row>& planFor(const Network& network, const Flow& flow);
  template <typename Row>
  std::optional<Plan<Row>>& plan();
  // With a policy.
  Binding complete(const Binding& binding) const;
  // `ask<Row>(network)` asks what it is to be asked.
  template <typename Ask>
  decltype(auto) ask(const table::Tables& tables, const Flow& flow, Ask&& ask);

  PolicyTable standardPolicy_ = PolicyTable::standard();
  std::optional<Inventory> inventory_;
  std::uint64_t inventoryGeneration_ = 0;
  NumberedDecisions answers_;
  KnownWays knownWays_;
  std::optional<Plan<table::Route4>> plan4_;
  std::optional<Plan<table::Route6>> plan6_;
};

}  // namespace mif::selection
