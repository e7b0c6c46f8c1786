// SPDX-License-Identifier: MIT
#include "selection/selector.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include "address/scope.h"
#include "selection/kernel-path.h"

namespace mif::selection {

namespace {

using contract::Verdict;
using table::Route4;
using table::Route6;

bool isLike(const Flow& a, const Flow& b) {
  return a.device == b.device && a.mark == b.mark && a.uid == b.uid && a.trafficClass == b.trafficClass &&
         a.protocol == b.protocol && a.sourcePort == b.sourcePort && a.destinationPort == b.destinationPort;
}

// A socket that nobody bound refuses what exists on each link, unless it is told on which (SAS-39). IPv4 has no way to
// tell, so its routes decide.
bool needsScope(const Flow& flow) {
  return flow.family() == 6 && flow.device == 0 && !address::isLoopback(flow.destination) &&
         address::scopeOf(flow.destination) <= address::Scope::kLinkLocal;
}

// To nowhere is to this host: what an IPv6 socket does on connect(2). Of IPv4 it is the routes that do.
Flow fromSocket(const Flow& asked) {
  Flow flow = asked;
  if (flow.family() == 6 && address::isUnspecified(flow.destination)) {
    std::array<std::byte, 16> loopback{};
    loopback.back() = std::byte{1};
    flow.destination = address::IpAddress::fromBytes(loopback);
  }
  return flow;
}

// Octets of an address.
std::size_t widthOf(std::uint8_t family) {
  return family == 4 ? 4 : 16;
}

// `decide(flow)` for each destination, the flow being otherwise the same.
template <typename Decide>
void forEach(const Flow& flow, const Selector::Many& many, Decide&& decide) {
  const std::size_t width = widthOf(flow.family());
  Flow one = flow;
  for (std::size_t n = many.first; n < many.first + many.count; ++n) {
    one.destination = address::IpAddress::fromBytes(std::as_bytes(many.destinations.subspan(n * width, width)));
    many.rows.write(n, decide(one));
  }
}

Decision withoutScope() {
  Decision refused;
  refused.verdict = Verdict::kScopeRequired;
  return refused;
}

Decision doubted(Decision decision, std::uint32_t doubts) {
  decision.doubts |= doubts;
  return decision;
}

// The addresses that nobody had to choose among, and why not.
void traceUnasked(const Network& network, const Flow& flow, const Decision& decision, Trace& trace) {
  const bool isLocal = decision.type == contract::RouteType::kLocal;
  const contract::SourceRule rule = flow.source.isPresent()         ? contract::SourceRule::kGiven
                                    : decision.isPath() && !isLocal ? contract::SourceRule::kRouteSource
                                                                    : contract::SourceRule::kNotAsked;
  for (const SourceCandidate& candidate : flow.family() == 4 ? network.inventory.ipv4() : network.inventory.ipv6()) {
    const bool isIt = decision.isPath() && candidate.address == decision.source;
    trace.sources.push_back({candidate.interface, candidate.address, isIt ? contract::SourceRule::kNone : rule});
  }
}

}  // namespace

template <typename Row>
std::optional<Selector::Plan<Row>>& Selector::plan() {
  if constexpr (std::is_same_v<Row, Route4>) {
    return plan4_;
  } else {
    return plan6_;
  }
}

template <typename Row>
const RulePlan<Row>& Selector::planFor(const Network& network, const Flow& flow) {
  const table::Fib<Row>& fib = network.fib<Row>();
  std::optional<Plan<Row>>& known = plan<Row>();
  if (!known || known->fibVersion != fib.version() || !isLike(known->flow, flow)) {
    known.emplace(Plan<Row>{RulePlan<Row>(network.inventory, fib, flow, false), flow, fib.version()});
  }
  return known->rules;
}

template <typename Ask>
decltype(auto) Selector::ask(const table::Tables& tables, const Flow& flow, Ask&& ask) {
  refresh(tables);
  const Network network{tables, *inventory_};
  return flow.family() == 4 ? ask.template operator()<Route4>(network) : ask.template operator()<Route6>(network);
}

NumberedDecision& Selector::connect(const table::Tables& tables, const Flow& asked, std::uint32_t doubts) {
  const Flow flow = fromSocket(asked);
  if (needsScope(flow)) return answers_.of(doubted(withoutScope(), doubts));
  return ask(tables, flow, [&]<typename Row>(const Network& network) -> NumberedDecision& {
    const RulePlan<Row>& plan = planFor<Row>(network, flow);
    if constexpr (std::is_same_v<Row, Route4>) {
      if (doubts == 0) return knownWays_.connect(network, plan, flow, answers_);
    }
    return answers_.of(doubted(KernelPath<Row>(network, plan, nullptr).connect(flow), doubts));
  });
}

void Selector::connectMany(const table::Tables& tables, const Flow& flow, const Many& many) {
  if (flow.family() == 4 && many.doubts == 0) {
    refresh(tables);
    const Network network{tables, *inventory_};
    std::array<KnownWays::Bytes, kMostAtOnce> destinations;
    std::memcpy(destinations.data(), many.destinations.data() + 4 * many.first, 4 * many.count);
    knownWays_.connectMany(network, planFor<Route4>(network, flow), flow, std::span(destinations).first(many.count),
                           answers_, many.rows, many.first);
    return;
  }
  forEach(flow, many, [&](const Flow& one) -> NumberedDecision& { return connect(tables, one, many.doubts); });
}

void Selector::bindMany(const table::Tables& tables, const Flow& flow, const Binding& binding, const Many& many) {
  forEach(flow, many, [&](const Flow& one) -> NumberedDecision& { return bind(tables, one, binding, many.doubts); });
}

NumberedDecision& Selector::query(const table::Tables& tables, const Flow& flow, std::uint32_t doubts) {
  return ask(tables, flow, [&]<typename Row>(const Network& network) -> NumberedDecision& {
    return answers_.of(doubted(KernelPath<Row>(network, planFor<Row>(network, flow), nullptr).query(flow), doubts));
  });
}

NumberedDecision& Selector::bind(const table::Tables& tables, const Flow& asked, const Binding& binding,
                                 std::uint32_t doubts) {
  const Flow flow = fromSocket(asked);
  return ask(tables, flow, [&]<typename Row>(const Network& network) -> NumberedDecision& {
    const Decision decision = boundPath<Row>(network, planFor<Row>(network, flow), flow, complete(binding));
    return answers_.of(doubted(decision, doubts));
  });
}

Inquiry Selector::inquireConnect(const table::Tables& tables, const Flow& asked, bool isSynced) {
  // Also where nothing is asked of them: the answer is read with the inventory.
  refresh(tables);
  Inquiry inquiry;
  inquiry.flow = fromSocket(asked);
  const Flow& flow = inquiry.flow;
  inquiry.expected = connect(tables, flow).decision;
  const Verdict verdict = inquiry.expected.verdict;
  inquiry.isDecided = verdict == Verdict::kScopeRequired || (flow.family() == 6 && verdict == Verdict::kSourceNotLocal);
  if (inquiry.isDecided || flow.family() == 6 || flow.source.isPresent()) return inquiry;
  const Network network{tables, *inventory_};
  inquiry.mindsSource = !isSynced || inquiry.expected.ways > 1 || address::isMulticast(flow.destination) ||
                        planFor<Route4>(network, flow).looksAtSource();
  return inquiry;
}

Inquiry Selector::inquireBind(const table::Tables& tables, const Flow& asked, const Binding& binding) {
  const Flow flow = fromSocket(asked);
  const Binding whole = complete(binding);
  return ask(tables, flow, [&]<typename Row>(const Network& network) {
    const RulePlan<Row>& plan = planFor<Row>(network, flow);
    const Held held = hold(network, plan, flow, whole);
    Inquiry inquiry;
    inquiry.flow = held.flow;
    inquiry.expected = held.refusal ? *held.refusal : heldPath(network, plan, held.flow);
    inquiry.isDecided = held.refusal.has_value();
    inquiry.isHeld = true;
    return inquiry;
  });
}

Binding Selector::complete(const Binding& binding) const {
  Binding complete = binding;
  if (complete.policy == nullptr) complete.policy = &standardPolicy_;
  return complete;
}

Decision Selector::explainConnect(const table::Tables& tables, const Flow& asked, Trace& trace) {
  trace.clear();
  const Flow flow = fromSocket(asked);
  if (needsScope(flow)) return withoutScope();
  return ask(tables, flow, [&]<typename Row>(const Network& network) {
    const RulePlan<Row> everyRule(network.inventory, network.fib<Row>(), flow, true);
    const Decision decision = KernelPath<Row>(network, everyRule, &trace).connect(flow);
    if (trace.sources.empty()) traceUnasked(network, flow, decision, trace);
    return decision;
  });
}

Decision Selector::explainBind(const table::Tables& tables, const Flow& asked, const Binding& binding, Trace& trace) {
  trace.clear();
  const Flow flow = fromSocket(asked);
  return ask(tables, flow, [&]<typename Row>(const Network& network) {
    const RulePlan<Row> everyRule(network.inventory, network.fib<Row>(), flow, true);
    return boundPath<Row>(network, everyRule, flow, complete(binding), &trace);
  });
}

void Selector::refresh(const table::Tables& tables) {
  const std::uint64_t generation = tables.inventoryGeneration();
  if (inventory_ && inventoryGeneration_ == generation) return;
  // Plans refer to the rules of the inventory by number.
  plan4_.reset();
  plan6_.reset();
  inventory_.emplace(tables);
  inventoryGeneration_ = generation;
}

}  // namespace mif::selection
