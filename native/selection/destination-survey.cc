// SPDX-License-Identifier: MIT
#include "selection/destination-survey.h"

#include <algorithm>

#include "address/scope.h"

namespace mif::selection {

namespace {

// Rule 7: an IPv6 packet inside an IPv4 one, or the like.
bool encapsulates(contract::HardwareType type) {
  using enum contract::HardwareType;
  return type == kSit || type == kTunnel || type == kTunnel6 || type == kGre || type == kGre6;
}

bool isRunning(const table::Tables& tables, const Decision& decision) {
  const contract::Interface* interface = tables.interfaces().find(decision.index.value_or(0));
  return interface != nullptr && (interface->flags & contract::InterfaceFlag::kRunning) != 0;
}

// A host delivers to itself through loopback, which a socket that is held to another interface never reaches, whatever
// the routes say (trap F6).
bool isDeliveredElsewhere(const Inventory& inventory, const Flow& flow) {
  const Device* device = inventory.device(flow.device);
  if (address::isLoopback(flow.destination) && device != nullptr && !device->isLoopback()) return true;
  const auto own = flow.family() == 4 ? inventory.ipv4() : inventory.ipv6();
  return std::any_of(own.begin(), own.end(), [&](const SourceCandidate& candidate) {
    return candidate.address == flow.destination && candidate.interface != flow.device;
  });
}

// Of the destination's family, which is all that a socket can be bound to. A carrier that names only others has none.
std::vector<address::IpAddress> sourcesOf(const Carrier& carrier, std::uint8_t family) {
  std::vector<address::IpAddress> sources;
  for (const address::IpAddress& source : carrier.sources) {
    if (source.family() == family) sources.push_back(source);
  }
  // None must not come to mean any.
  if (sources.empty() && !carrier.sources.empty()) sources.push_back(address::IpAddress::unspecified(family));
  return sources;
}

}  // namespace

void DestinationSurvey::add(const table::Tables& tables, Selector& selector, const ZonedAddress& asked) {
  SurveyedDestination& destination = destinations_.emplace_back();
  destination.asked = asked;
  decide(tables, selector, destination);
  const Decision& decision = destination.decision;
  if (decision.isPath()) {
    const contract::Interface* interface = tables.interfaces().find(decision.index.value_or(0));
    destination.isReachable = isRunning(tables, decision);
    destination.isEncapsulated = interface != nullptr && encapsulates(interface->hardwareType);
    if (selector.inventory() != nullptr) destination.source = sourceOf(*selector.inventory(), decision);
  }
  destination.policy = policy_.find(asked.address, asked.zone != 0 ? asked.zone : decision.index.value_or(0));
}

std::vector<RankedDestination> DestinationSurvey::ordered() const {
  std::vector<Destination> all(destinations_.size());
  std::transform(destinations_.begin(), destinations_.end(), all.begin(), [](const SurveyedDestination& surveyed) {
    Destination destination;
    destination.address = surveyed.asked.address;
    destination.interface = surveyed.asked.zone != 0 ? surveyed.asked.zone : surveyed.decision.index.value_or(0);
    destination.source = surveyed.source ? &*surveyed.source : nullptr;
    destination.isReachable = surveyed.isReachable;
    destination.isEncapsulated = surveyed.isEncapsulated;
    return destination;
  });
  std::vector<RankedDestination> ranked(all.size());
  order(all, policy_, flow_.preferences, ranked);
  return ranked;
}

void DestinationSurvey::decide(const table::Tables& tables, Selector& selector,
                               SurveyedDestination& destination) const {
  Flow flow = flow_;
  flow.destination = destination.asked.address;
  const std::uint32_t zone = destination.asked.zone;
  if (carriers_.empty()) {
    flow.device = zone;
    destination.decision =
        zone == 0 ? selector.connect(tables, flow).decision : bind(tables, selector, flow, Carrier());
    return;
  }
  // Where no carrier is on the link that the zone names.
  destination.decision.verdict = contract::Verdict::kNoRoute;
  for (std::uint32_t at = 0; at < carriers_.size(); ++at) {
    flow.device = carriers_[at].device;
    if (zone != 0 && zone != flow.device) continue;
    const Decision decision = bind(tables, selector, flow, carriers_[at]);
    const bool isReachable = decision.isPath() && isRunning(tables, decision);
    // A way that has no carrier now is better than none.
    if (destination.decision.isPath() && !isReachable) continue;
    destination.decision = decision;
    destination.carrier = at;
    if (isReachable) return;
  }
}

Decision DestinationSurvey::bind(const table::Tables& tables, Selector& selector, const Flow& flow,
                                 const Carrier& carrier) const {
  const std::vector<address::IpAddress> sources = sourcesOf(carrier, flow.family());
  const Binding binding{.sources = sources, .advertised = carrier.advertised, .policy = &policy_};
  const Decision decision = selector.bind(tables, flow, binding).decision;
  if (!decision.isPath() || !isDeliveredElsewhere(*selector.inventory(), flow)) return decision;
  Decision refused;
  refused.verdict = contract::Verdict::kNoRoute;
  return refused;
}

std::optional<SourceCandidate> DestinationSurvey::sourceOf(const Inventory& inventory, const Decision& decision) const {
  if (!decision.source.isPresent()) return std::nullopt;
  const auto isIt = [&](const SourceCandidate& candidate) { return candidate.address == decision.source; };
  const auto all = decision.source.family() == 4 ? inventory.ipv4() : inventory.ipv6();
  auto found = std::find_if(all.begin(), all.end(), [&](const SourceCandidate& candidate) {
    return isIt(candidate) && candidate.interface == decision.index;
  });
  // Of another interface, as for this host's own addresses, which are reached by loopback.
  if (found == all.end()) found = std::find_if(all.begin(), all.end(), isIt);
  SourceCandidate source;
  if (found != all.end()) {
    source = *found;
  } else {
    // No address of its own, but one within a prefix that is local, such as 127.0.0.2.
    contract::Address whole;
    whole.family = decision.source.family();
    whole.address = decision.source;
    whole.prefixLength = decision.source.bits();
    whole.index = decision.index.value_or(0);
    source = candidateOf(whole, policy_);
  }
  source.label = policy_.find(source.address, source.interface).label;
  return source;
}

}  // namespace mif::selection
