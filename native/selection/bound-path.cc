// SPDX-License-Identifier: MIT
#include "selection/bound-path.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "address/scope.h"
#include "selection/kernel-path.h"
#include "selection/source-address.h"
#include "selection/table-lookup.h"

namespace mif::selection {

namespace {

using contract::Verdict;

// What the interface has and the binding allows, with the labels of the binding's policy.
std::vector<SourceCandidate> candidatesOf(const Inventory& inventory, const Device& device, const Flow& flow,
                                          const Binding& binding) {
  std::vector<SourceCandidate> candidates;
  for (SourceCandidate candidate : flow.family() == 4 ? inventory.ipv4(device) : inventory.ipv6(device)) {
    const auto isIt = [&](const address::IpAddress& allowed) { return allowed == candidate.address; };
    if (flow.source.isPresent() && !isIt(flow.source)) continue;
    // Naming a source does not let it out of its domain (PVD-37).
    if (!binding.sources.empty() && std::none_of(binding.sources.begin(), binding.sources.end(), isIt)) continue;
    candidate.label = binding.policy->find(candidate.address, device.index).label;
    candidates.push_back(candidate);
  }
  return candidates;
}

// The way that leads there by the interface, whatever the source.
template <typename Row>
Decision openWay(const Network& network, const RulePlan<Row>& plan, const Flow& flow) {
  Flow open = flow;
  open.source = {};
  return KernelPath<Row>(network, plan, nullptr).query(open);
}

// What the route of a way says (SAS-17).
template <typename Row>
address::IpAddress sourceOfRoute(const Network& network, const Decision& way) {
  if (way.route == table::kNoPosition) return {};
  return network.routes<Row>().attributesAt(way.route).preferredSource;
}

// RFC 6724 rule 5.5 asks whose prefix a source is from (SAS-16). Of one that nobody advertised nobody knows.
void compareWithNextHop(std::span<SourceCandidate> candidates, const Decision& way,
                        std::span<const Advertised> advertised) {
  if (!way.gateway.isPresent()) return;
  for (SourceCandidate& candidate : candidates) {
    for (const Advertised& each : advertised) {
      if (each.source != candidate.address || candidate.fromNextHop == FromNextHop::kYes) continue;
      candidate.fromNextHop = each.router == way.gateway ? FromNextHop::kYes : FromNextHop::kNo;
    }
  }
}

// Whether it is this host's own by another interface, the loopback one included: the host delivers such by itself, and
// a socket that is held to an interface never meets it (trap F6).
template <typename Row>
bool isOwnElsewhere(const Network& network, const address::IpAddress& destination, const Device& device) {
  constexpr std::uint32_t kLocalTable = 255;
  if (address::isLoopback(destination)) return !device.isLoopback();
  const auto* local = network.fib<Row>().table(kLocalTable);
  if (local == nullptr) return false;
  Flow flow;
  flow.destination = destination;
  const Answer answer = Lookup<Row>{network, flow}.ask(*local);
  return answer.kind == Answer::Kind::kRoute && answer.attributes->type == contract::RouteType::kLocal &&
         answer.attributes->index != device.index;
}

// By what each address of the interface lost to the one chosen.
void traceSources(Trace& trace, std::span<const SourceCandidate> own, std::span<const SourceCandidate> candidates,
                  const SourceRequest& request, const Flow& flow) {
  std::vector<SourceRule> lostBy(candidates.size());
  explain(candidates, request, lostBy);
  std::size_t at = 0;
  for (const SourceCandidate& candidate : own) {
    // Candidates are some of its own, in their order.
    const bool isAllowed = at < candidates.size() && candidates[at].address == candidate.address;
    const bool isOther = flow.source.isPresent() && flow.source != candidate.address;
    const SourceRule exclusion = isOther ? SourceRule::kGiven : SourceRule::kNotAllowed;
    trace.sources.push_back({candidate.interface, candidate.address, isAllowed ? lostBy[at++] : exclusion});
  }
}

}  // namespace

template <typename Row>
Held hold(const Network& network, const RulePlan<Row>& plan, const Flow& flow, const Binding& binding, Trace* trace) {
  const Device* device = network.inventory.device(flow.device);
  const auto refused = [&](Verdict verdict) {
    Decision refusal;
    refusal.verdict = verdict;
    if (device != nullptr) refusal.index = device->index;
    return Held{flow, refusal};
  };
  if (device == nullptr) return refused(Verdict::kInterfaceNotFound);
  if (!device->isUp()) return refused(Verdict::kInterfaceDown);
  if (isOwnElsewhere<Row>(network, flow.destination, *device)) return refused(Verdict::kOwnAddress);
  std::vector<SourceCandidate> candidates = candidatesOf(network.inventory, *device, flow, binding);
  SourceRequest request = requestFor(flow.destination, device->index, *binding.policy);
  request.preferences = flow.preferences;
  if (candidates.size() > 1) {
    // Of IPv6 sources the standard decides alone.
    if (flow.family() == 4) request.routeSource = sourceOfRoute<Row>(network, openWay(network, plan, flow));
    if (!binding.advertised.empty()) {
      compareWithNextHop(candidates, openWay(network, plan, flow), binding.advertised);
    }
  }
  const std::optional<std::size_t> chosen = choose(candidates, request);
  if (trace != nullptr) {
    const auto own = flow.family() == 4 ? network.inventory.ipv4(*device) : network.inventory.ipv6(*device);
    traceSources(*trace, own, candidates, request, flow);
  }
  if (!chosen) {
    return refused(flow.source.isPresent() && candidates.empty() ? Verdict::kSourceNotLocal : Verdict::kNoSource);
  }
  Held held{flow, std::nullopt};
  held.flow.source = candidates[*chosen].address;
  return held;
}

template <typename Row>
Decision heldPath(const Network& network, const RulePlan<Row>& plan, const Flow& flow, Trace* trace) {
  const Decision decision = KernelPath<Row>(network, plan, trace).query(flow);
  if (!decision.isAssumedOnLink) return decision;
  Decision refused;
  refused.index = flow.device;
  refused.doubts = decision.doubts;
  return refused;
}

template <typename Row>
Decision boundPath(const Network& network, const RulePlan<Row>& plan, const Flow& flow, const Binding& binding,
                   Trace* trace) {
  const Held held = hold(network, plan, flow, binding, trace);
  return held.refusal ? *held.refusal : heldPath(network, plan, held.flow, trace);
}

template Held hold(const Network& network, const RulePlan<table::Route4>& plan, const Flow& flow,
                   const Binding& binding, Trace* trace);
template Held hold(const Network& network, const RulePlan<table::Route6>& plan, const Flow& flow,
                   const Binding& binding, Trace* trace);
template Decision heldPath(const Network& network, const RulePlan<table::Route4>& plan, const Flow& flow, Trace* trace);
template Decision heldPath(const Network& network, const RulePlan<table::Route6>& plan, const Flow& flow, Trace* trace);
template Decision boundPath(const Network& network, const RulePlan<table::Route4>& plan, const Flow& flow,
                            const Binding& binding, Trace* trace);
template Decision boundPath(const Network& network, const RulePlan<table::Route6>& plan, const Flow& flow,
                            const Binding& binding, Trace* trace);

}  // namespace mif::selection
