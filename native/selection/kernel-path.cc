// SPDX-License-Identifier: MIT
#include "selection/kernel-path.h"

#include <span>
#include <type_traits>

#include "address/scope.h"
#include "selection/unbound-source.h"

namespace mif::selection {

namespace {

using address::IpAddress;
using contract::AddressScope;
using contract::RouteType;
using contract::RuleAction;
using contract::RuleFinding;
using contract::Verdict;
using table::Route4;
using table::Route6;

constexpr std::uint32_t kLocalTable = 255;
constexpr std::uint32_t kMainTable = 254;
constexpr std::uint32_t kLoopbackIndex = 1;
// Multicast by a route for less than 224.0.0.0/4 is by a default route, whose router has no part in it.
constexpr std::uint8_t kMulticastLength = 4;

bool isLimitedBroadcast(const IpAddress& address) {
  return address.family() == 4 && address.group(0) == 0xffffffff;
}

// 224.0.0.0/24, which no router passes on.
bool isLocalMulticast(const IpAddress& address) {
  return address.family() == 4 && (address.group(0) & 0xffffff00) == 0xe0000000;
}

Verdict verdictOf(RouteType type) {
  switch (type) {
    case RouteType::kProhibit:
      return Verdict::kProhibited;
    case RouteType::kBlackhole:
      return Verdict::kBlackholed;
    default:
      return Verdict::kUnreachable;
  }
}

Decision refused(Verdict verdict) {
  Decision decision;
  decision.verdict = verdict;
  return decision;
}

std::uint32_t mtuOf(const contract::Route& attributes) {
  for (const contract::MetricValue& metric : attributes.metrics) {
    if (metric.metric == contract::RouteMetric::kMtu) return metric.value;
  }
  return 0;
}

// What an IPv4 destination is, whatever the route to it says.
RouteType typeOf(const IpAddress& destination, RouteType routed) {
  if (isLimitedBroadcast(destination)) return RouteType::kBroadcast;
  if (address::isMulticast(destination)) return RouteType::kMulticast;
  return routed;
}

bool isLocalByRoute(const Network& network, const IpAddress& source) {
  const auto* local = network.fib<Route4>().table(kLocalTable);
  if (local == nullptr) return false;
  Flow flow;
  flow.destination = source;
  const Answer answer = Lookup<Route4>{network, flow}.ask(*local);
  return answer.kind == Answer::Kind::kRoute && answer.attributes->type == RouteType::kLocal;
}

bool isSourceOfHost(const Network& network, const IpAddress& source) {
  return network.inventory.ownerOf(source) != nullptr || isLocalByRoute(network, source);
}

// A loopback address leaves by no other interface (__mkroute_output), unless that has been told to let it
// (route_localnet).
Decision withFitSource(const Inventory& inventory, const Decision& decision) {
  if (!decision.source.isPresent() || !address::isLoopback(decision.source)) return decision;
  const Device* device = inventory.device(decision.index.value_or(0));
  const bool isFit = device == nullptr || device->isLoopback() || device->routesLocalnet;
  return isFit ? decision : refused(Verdict::kSourceInvalid);
}

}  // namespace

template <typename Row>
Decision KernelPath<Row>::query(const Flow& flow) {
  Decision decision = decide(flow);
  decision.doubts |= plan_.doubts();
  return decision;
}

template <>
Decision KernelPath<Route4>::connect(const Flow& flow) {
  const Decision first = query(flow);
  const bool isSourceFree = !flow.source.isPresent();
  // Without a rule that asks for it, the source changes nothing but for these (ip_route_connect).
  const bool minds = plan_.looksAtSource() || address::isMulticast(flow.destination) || first.ways > 1;
  if (!first.isPath() || !isSourceFree || !minds || !first.source.isPresent()) return first;
  Flow again = flow;
  again.source = first.source;
  if (trace_ != nullptr) trace_->clearLookup();
  Decision second = query(again);
  second.doubts |= first.doubts;
  return second;
}

template <>
Decision KernelPath<Route6>::connect(const Flow& flow) {
  // EADDRNOTAVAIL of bind(2); a question for a route takes any source.
  if (flow.source.isPresent() && network_.inventory.ownerOf(flow.source) == nullptr) {
    return refused(Verdict::kSourceNotLocal);
  }
  Decision first = query(flow);
  if (first.isPath()) {
    // EADDRNOTAVAIL; of IPv4 0.0.0.0 would be the source.
    if (!first.source.isPresent()) first.verdict = Verdict::kNoSource;
    return first;
  }
  if (flow.source.isPresent()) return first;
  // Nothing leads there from nowhere; from an address of some interface something may (ip6_dst_lookup_tail).
  Flow again = flow;
  again.source = ipv6SourceFor(network_.inventory, flow, nullptr, first.doubts, trace_);
  if (!again.source.isPresent()) return first;
  if (trace_ != nullptr) trace_->clearLookup();
  Decision second = query(again);
  second.doubts |= first.doubts;
  if (second.isPath()) second.source = again.source;
  return second;
}

template <>
Decision KernelPath<Route4>::decide(const Flow& asked) {
  Flow flow = asked;
  const bool isBroadcast = isLimitedBroadcast(flow.destination);
  const bool isMulticast = address::isMulticast(flow.destination);
  Decision decision;
  const auto sourceOf = [&](const Device& device, const IpAddress& router, AddressScope scope) {
    return ipv4SourceOn(network_.inventory, device, router, scope, decision.doubts, trace_);
  };

  if (flow.source.isPresent()) {
    if (address::isMulticast(flow.source) || isLimitedBroadcast(flow.source) || address::isUnspecified(flow.source)) {
      return refused(Verdict::kSourceInvalid);
    }
    if (!isSourceOfHost(network_, flow.source)) return refused(Verdict::kSourceNotLocal);
  }

  const Device* bound = nullptr;
  if (flow.device != 0) {
    bound = network_.inventory.device(flow.device);
    if (bound == nullptr) return refused(Verdict::kInterfaceNotFound);
    if (!bound->isUp()) return refused(Verdict::kInterfaceDown);
  } else if (flow.source.isPresent() && (isMulticast || isBroadcast)) {
    // To many, from an address: by the interface that has it.
    bound = network_.inventory.ownerOf(flow.source);
    if (bound == nullptr) return refused(Verdict::kSourceNotLocal);
    if (network_.inventory.hasSeveralOwners(flow.source)) decision.doubts |= contract::SelectionDoubt::kForeignSource;
  }
  const bool isWithoutRoute =
      bound != nullptr && (isLocalMulticast(flow.destination) || isBroadcast || flow.device == 0);
  if (isWithoutRoute) {
    decision.verdict = Verdict::kPath;
    decision.type = typeOf(flow.destination, RouteType::kUnicast);
    leaveBy(bound->index, decision);
    decision.source = flow.source.isPresent() ? flow.source : sourceOf(*bound, {}, AddressScope::kLink);
    return withFitSource(network_.inventory, decision);
  }
  if (bound != nullptr && isMulticast && !flow.source.isPresent()) {
    flow.source = sourceOf(*bound, {}, AddressScope::kGlobal);
  }

  if (address::isUnspecified(flow.destination)) {
    // To nowhere is to this host.
    decision.verdict = Verdict::kPath;
    decision.type = RouteType::kLocal;
    leaveBy(kLoopbackIndex, decision);
    constexpr std::uint8_t kLoopback[] = {127, 0, 0, 1};
    decision.source = flow.source;
    if (!flow.source.isPresent() && bound != nullptr) decision.source = sourceOf(*bound, {}, AddressScope::kHost);
    if (!decision.source.isPresent()) decision.source = IpAddress::fromBytes(std::as_bytes(std::span(kLoopback)));
    return decision;
  }

  const Answer answer = lookUp(flow, decision);
  if (answer.kind != Answer::Kind::kRoute) {
    if (bound == nullptr) return decision;
    // The tables are taken to be wrong: whoever binds to an interface knows better (trap F3).
    const std::uint32_t doubts = decision.doubts;
    decision = Decision();
    decision.doubts = doubts;
    decision.verdict = Verdict::kPath;
    decision.type = typeOf(flow.destination, RouteType::kUnicast);
    decision.isAssumedOnLink = true;
    leaveBy(bound->index, decision);
    decision.source = flow.source.isPresent() ? flow.source : sourceOf(*bound, {}, AddressScope::kLink);
    return withFitSource(network_.inventory, decision);
  }

  const contract::Route& route = *answer.attributes;
  decision.type = route.type;
  if (route.type == RouteType::kLocal) {
    leaveBy(kLoopbackIndex, decision);
    decision.source = flow.source;
    if (!decision.source.isPresent()) {
      decision.source = route.preferredSource.isPresent() ? route.preferredSource : flow.destination;
    }
    return decision;
  }
  const Way way = wayOf(route, answer.hop, network_);
  leaveBy(way.device, decision);
  if (const std::uint32_t mtu = mtuOf(route); mtu != 0) decision.mtu = mtu;
  decision.type = typeOf(flow.destination, route.type);
  const bool isHandedOver = decision.type == RouteType::kUnicast ||
                            (decision.type == RouteType::kMulticast && answer.length >= kMulticastLength);
  if (isHandedOver) decision.gateway = way.gateway;
  decision.source = flow.source.isPresent() ? flow.source : route.preferredSource;
  const Device* device = network_.inventory.device(way.device);
  if (!decision.source.isPresent() && device != nullptr) {
    decision.source = sourceOf(*device, way.gateway.family() == 4 ? way.gateway : IpAddress(), route.scope);
  }
  return withFitSource(network_.inventory, decision);
}

template <>
Decision KernelPath<Route6>::decide(const Flow& flow) {
  Decision decision;
  if (flow.device != 0) {
    const Device* bound = network_.inventory.device(flow.device);
    if (bound == nullptr) return refused(Verdict::kInterfaceNotFound);
  }
  const Answer answer = lookUp(flow, decision);
  if (answer.kind != Answer::Kind::kRoute) return decision;

  const contract::Route& route = *answer.attributes;
  const Way way = wayOf(route, answer.hop, network_);
  decision.type = route.type;
  const bool isForThisHost = route.type == RouteType::kLocal || route.type == RouteType::kAnycast;
  leaveBy(isForThisHost ? kLoopbackIndex : way.device, decision);
  if (const std::uint32_t mtu = mtuOf(route); mtu != 0) decision.mtu = mtu;
  decision.gateway = way.gateway;
  decision.source = flow.source.isPresent() ? flow.source : route.preferredSource;
  if (!decision.source.isPresent()) {
    decision.source =
        ipv6SourceFor(network_.inventory, flow, network_.inventory.device(way.device), decision.doubts, trace_);
  }
  return decision;
}

template <typename Row>
Answer KernelPath<Row>::lookUp(const Flow& flow, Decision& decision) {
  const std::span<const contract::Rule> rules = network_.inventory.rules(flow.family());
  const auto& steps = plan_.steps();
  std::size_t at = 0;
  while (at < steps.size()) {
    const auto& step = steps[at++];
    RuleFinding finding = step.finding;
    if (finding == RuleFinding::kAsked && step.hasPrefixes) finding = judgePrefixes(rules[step.rule], flow);
    if (finding != RuleFinding::kAsked) {
      trace(step.rule, finding);
      continue;
    }
    switch (step.action) {
      case RuleAction::kGoto:
        trace(step.rule, step.target >= at ? RuleFinding::kJumps : RuleFinding::kPasses);
        if (step.target >= at) at = step.target;
        continue;
      case RuleAction::kNop:
        trace(step.rule, RuleFinding::kPasses);
        continue;
      case RuleAction::kToTable:
        break;
      case RuleAction::kUnreachable:
      case RuleAction::kProhibit:
      default:
        trace(step.rule, RuleFinding::kRefuses);
        decision.verdict = step.action == RuleAction::kUnreachable ? Verdict::kUnreachable
                           : step.action == RuleAction::kProhibit  ? Verdict::kProhibited
                                                                   : Verdict::kBlackholed;
        return {};
    }
    trace(step.rule, RuleFinding::kAsked);
    if (step.trie == nullptr) continue;
    const Answer answer = Lookup<Row>{network_, flow, trace_, step.rule}.ask(*step.trie);
    decision.doubts |= answer.doubts;
    if (answer.kind == Answer::Kind::kNothing) continue;
    if (mayBeMerged(flow, answer)) decision.doubts |= contract::SelectionDoubt::kMergedTables;
    if (answer.kind == Answer::Kind::kRoute && isSuppressed(step.rule, answer)) {
      if (trace_ != nullptr) {
        trace_->rules.back().finding = RuleFinding::kSuppressed;
        for (TracedRoute& traced : trace_->routes) {
          const bool isThis = traced.rule == step.rule && traced.finding == contract::RouteFinding::kChosen;
          if (isThis) traced.finding = contract::RouteFinding::kSuppressed;
        }
      }
      continue;
    }
    decision.verdict = answer.kind == Answer::Kind::kRoute ? Verdict::kPath : verdictOf(answer.attributes->type);
    decision.table = answer.attributes->table;
    decision.type = answer.attributes->type;
    decision.metric = answer.metric;
    decision.prefixLength = answer.length;
    decision.ways = answer.ways;
    decision.isBySource = answer.attributes->source.length != 0 || rules[step.rule].source.length != 0;
    decision.route = answer.route;
    decision.hop = answer.hop;
    return answer;
  }
  decision.verdict = Verdict::kNoRoute;
  return {};
}

template <typename Row>
bool KernelPath<Row>::isSuppressed(std::uint32_t rule, const Answer& answer) const {
  const contract::Rule& suppressor = network_.inventory.rules(answer.attributes->family)[rule];
  if (suppressor.suppressPrefixLength && answer.length <= *suppressor.suppressPrefixLength) return true;
  if (!suppressor.suppressGroup) return false;
  // Of IPv4 the first hop is asked, whichever of them is taken (fib4_rule_suppress).
  const std::uint16_t hop = answer.attributes->family == 4 ? std::uint16_t{0} : answer.hop;
  const Device* device = network_.inventory.device(wayOf(*answer.attributes, hop, network_).device);
  return device != nullptr && device->group == *suppressor.suppressGroup;
}

// Until a namespace gets its first rule, the kernel keeps the local and the main table of IPv4 as one, in which the
// longest prefix wins whichever of the two it is from; ever after it asks the local one first (fib_unmerge).
template <typename Row>
bool KernelPath<Row>::mayBeMerged(const Flow& flow, const Answer& answer) const {
  if constexpr (std::is_same_v<Row, Route6>) {
    return false;
  } else {
    if (answer.attributes->table != kLocalTable || !network_.inventory.hasOnlyFirstRules4()) return false;
    const auto* main = network_.fib<Row>().table(kMainTable);
    if (main == nullptr) return false;
    const auto match = main->find(flow.destination.bytes().template first<4>());
    return match && match.length > answer.length;
  }
}

template <typename Row>
void KernelPath<Row>::leaveBy(std::uint32_t device, Decision& decision) const {
  decision.index = device;
  const Device* known = network_.inventory.device(device);
  if (known != nullptr) decision.mtu = known->mtu;
}

template <typename Row>
void KernelPath<Row>::trace(std::uint32_t rule, RuleFinding finding) const {
  if (trace_ != nullptr) trace_->rules.push_back({rule, finding});
}

template class KernelPath<Route4>;
template class KernelPath<Route6>;

}  // namespace mif::selection
