// SPDX-License-Identifier: MIT
// What the kernel does with traffic of a socket to which nobody has said where to go: rules, routes, first hop, source
// (ip_route_output_key_hash, ip6_route_output). The kernel is the oracle; where the standards want something else, that
// is not done here (see bound-path.h).
#pragma once

#include "selection/decision.h"
#include "selection/flow.h"
#include "selection/network.h"
#include "selection/rule-plan.h"
#include "selection/table-lookup.h"
#include "selection/trace.h"

namespace mif::selection {

template <typename Row>
class KernelPath {
 public:
  // `plan` is for this flow, whatever its destination and source. Trace: null for none.
  KernelPath(const Network& network, const RulePlan<Row>& plan, Trace* trace)
      : network_(network), plan_(plan), trace_(trace) {}

  // As the kernel answers a question for a route (RTM_GETROUTE).
  Decision query(const Flow& flow);
  // As connect(2) decides it: with the source that the first answer led to it asks again, so that rules by source hold.
  Decision connect(const Flow& flow);

 private:
  Decision decide(const Flow& flow);
  // Of the route that rules and tables lead to.
  Answer lookUp(const Flow& flow, Decision& decision);
  bool isSuppressed(std::uint32_t rule, const Answer& answer) const;
  bool mayBeMerged(const Flow& flow, const Answer& answer) const;
  void leaveBy(std::uint32_t device, Decision& decision) const;
  void trace(std::uint32_t rule, contract::RuleFinding finding) const;

  const Network& network_;
  const RulePlan<Row>& plan_;
  Trace* trace_;
};

template <>
Decision KernelPath<table::Route4>::connect(const Flow& flow);
template <>
Decision KernelPath<table::Route6>::connect(const Flow& flow);
template <>
Decision KernelPath<table::Route4>::decide(const Flow& flow);
template <>
Decision KernelPath<table::Route6>::decide(const Flow& flow);

extern template class KernelPath<table::Route4>;
extern template class KernelPath<table::Route6>;

}  // namespace mif::selection
