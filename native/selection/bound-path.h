// SPDX-License-Identifier: MIT
// The way of a socket that is held to an interface and to a source: what the standards choose (RFC 6724 section 5, the
// source is then bound), and what the kernel makes of it. Unlike the kernel it wants a real route (trap F3) and a
// source that belongs to the interface (trap F7).
#pragma once

#include <optional>
#include <span>

#include "address/ip-address.h"
#include "selection/decision.h"
#include "selection/flow.h"
#include "selection/network.h"
#include "selection/policy-table.h"
#include "selection/rule-plan.h"
#include "selection/trace.h"

namespace mif::selection {

// A router and an address whose prefix it advertised (RFC 8028 section 3.1).
struct Advertised {
  address::IpAddress source;
  address::IpAddress router;
};

struct Binding {
  // The sources that will do, of those that the interface has; all of them when empty. A provisioning domain's.
  std::span<const address::IpAddress> sources = {};
  // As far as anybody knows; a source may have come from several routers.
  std::span<const Advertised> advertised = {};
  // Whose labels count.
  const PolicyTable* policy = nullptr;
};

// A flow that is held, or why it cannot be.
struct Held {
  // With the source that it has.
  Flow flow;
  std::optional<Decision> refusal;
};

// `flow.device` is the interface; `flow.source`, where present, the only one of these that will do. `plan` is for the
// flow. Trace: null for none.
template <typename Row>
Held hold(const Network& network, const RulePlan<Row>& plan, const Flow& flow, const Binding& binding,
          Trace* trace = nullptr);

// The way of one that is held.
template <typename Row>
Decision heldPath(const Network& network, const RulePlan<Row>& plan, const Flow& flow, Trace* trace = nullptr);

// Both.
template <typename Row>
Decision boundPath(const Network& network, const RulePlan<Row>& plan, const Flow& flow, const Binding& binding,
                   Trace* trace = nullptr);

extern template Held hold(const Network& network, const RulePlan<table::Route4>& plan, const Flow& flow,
                          const Binding& binding, Trace* trace);
extern template Held hold(const Network& network, const RulePlan<table::Route6>& plan, const Flow& flow,
                          const Binding& binding, Trace* trace);
extern template Decision heldPath(const Network& network, const RulePlan<table::Route4>& plan, const Flow& flow,
                                  Trace* trace);
extern template Decision heldPath(const Network& network, const RulePlan<table::Route6>& plan, const Flow& flow,
                                  Trace* trace);
extern template Decision boundPath(const Network& network, const RulePlan<table::Route4>& plan, const Flow& flow,
                                   const Binding& binding, Trace* trace);
extern template Decision boundPath(const Network& network, const RulePlan<table::Route6>& plan, const Flow& flow,
                                   const Binding& binding, Trace* trace);

}  // namespace mif::selection
