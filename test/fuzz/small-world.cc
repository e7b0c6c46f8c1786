// SPDX-License-Identifier: MIT
#include "small-world.h"

#include <array>
#include <string_view>

#include "base/clock.h"

namespace mif::fuzz {

namespace {

using contract::Change;
using contract::RecordKind;

constexpr std::size_t kKinds = 6;

constexpr std::array<std::string_view, 4> kRouters4 = {"192.0.2.1", "192.0.2.2", "198.51.100.1", "fe80::1"};
constexpr std::array<std::string_view, 4> kRouters6 = {"fe80::1", "fe80::2", "2001:db8::1", "2001:db8::2"};
constexpr std::array<std::string_view, 4> kAddresses4 = {"192.0.2.7", "192.0.2.8", "198.51.100.7", "127.0.0.1"};
constexpr std::array<std::string_view, 4> kAddresses6 = {"2001:db8::7", "2001:db8::8", "fe80::7", "::1"};

struct Destination {
  std::string_view address;
  std::uint8_t length;
};
constexpr std::array<Destination, 4> kDestinations4 = {
    {{"0.0.0.0", 0}, {"192.0.2.0", 24}, {"192.0.2.0", 25}, {"198.51.100.7", 32}}};
// The last two are there once on each link.
constexpr std::array<Destination, 4> kDestinations6 = {{{"::", 0}, {"2001:db8::", 64}, {"fe80::", 64}, {"ff00::", 8}}};

template <typename T, std::size_t kCount>
const T& oneOf(Script& script, const std::array<T, kCount>& values) {
  return values[script.choice(kCount)];
}

address::IpAddress ip(std::string_view text) {
  return address::IpAddress::parse(text);
}

address::LinkAddress mac(std::uint8_t last) {
  const std::array<std::byte, 6> bytes = {std::byte{2}, {}, {}, {}, {}, static_cast<std::byte>(last)};
  return address::LinkAddress::fromBytes(bytes);
}

std::uint32_t linkIndex(Script& script) {
  return 1u + script.choice(4);
}

base::Deadline lifetime(Script& script) {
  constexpr base::Deadline kTenMinutes = 600'000;
  const std::uint8_t times = script.choice(4);
  return times == 0 ? base::kForever : base::now() + times * kTenMinutes;
}

void fill(Script& script, contract::Interface& interface, bool& isPartial) {
  constexpr std::array<std::string_view, 4> kNames = {"a", "b", "c", ""};
  constexpr std::array<std::string_view, 4> kDrivers = {"", "veth", "vrf", "dummy"};
  constexpr std::array<std::uint32_t, 4> kFlags = {0, contract::InterfaceFlag::kUp,
                                                   contract::InterfaceFlag::kUp | contract::InterfaceFlag::kLowerUp,
                                                   contract::InterfaceFlag::kLowerUp};
  interface.index = linkIndex(script);
  interface.name = oneOf(script, kNames);
  interface.kind = oneOf(script, kDrivers);
  interface.flags = oneOf(script, kFlags);
  if (const std::uint8_t last = script.choice(3); last != 0) interface.mac = mac(last);
  if (script.flag()) interface.parentIndex = linkIndex(script);
  if (script.flag()) interface.masterIndex = linkIndex(script);
  if (script.flag()) interface.altNames = {"alternative"};
  interface.operState = script.flag() ? contract::OperState::kUp : contract::OperState::kDown;
  interface.mtu = script.flag() ? 1500 : 1400;
  isPartial = script.choice(8) == 7;
}

void fill(Script& script, contract::Address& address) {
  address.index = linkIndex(script);
  address.family = script.flag() ? 6 : 4;
  address.address = ip(address.family == 4 ? oneOf(script, kAddresses4) : oneOf(script, kAddresses6));
  address.prefixLength = address.family == 4 ? 24 : 64;
  if (script.flag()) address.prefixLength = address.address.bits();
  if (script.choice(4) == 3) address.peer = ip(address.family == 4 ? kRouters4[0] : kRouters6[0]);
  address.flags = script.choice(2) * contract::AddressFlag::kDeprecated;
  address.preferredLifetime = lifetime(script);
  address.validLifetime = lifetime(script);
}

void fill(Script& script, contract::Nexthop& nexthop) {
  nexthop.id = 1u + script.choice(4);
  if (script.flag()) {
    nexthop.groupType = script.choice(2);
    for (std::uint8_t left = script.choice(4); left > 0; --left)
      nexthop.group.push_back({1u + script.choice(4), static_cast<std::uint16_t>(1 + script.choice(2))});
    return;
  }
  nexthop.family = 4;
  nexthop.index = linkIndex(script);
  if (script.flag()) nexthop.gateway = ip(oneOf(script, kRouters4));
  nexthop.flags = script.choice(2) * contract::NexthopFlag::kDead;
}

// Any but that of a dump.
contract::Placement placement(Script& script) {
  return static_cast<contract::Placement>(1 + script.choice(4));
}

void fillPath(Script& script, contract::Route& route) {
  const auto& routers = route.family == 4 ? kRouters4 : kRouters6;
  switch (script.choice(4)) {
    case 0:
      route.index = linkIndex(script);
      return;
    case 1:
      route.index = linkIndex(script);
      route.gateway = ip(oneOf(script, routers));
      return;
    case 2:
      route.nexthopId = 1u + script.choice(4);
      return;
    default:
      for (std::uint8_t left = static_cast<std::uint8_t>(2 + script.choice(2)); left > 0; --left) {
        contract::Hop hop;
        hop.index = linkIndex(script);
        if (script.choice(4) != 3) hop.gateway = ip(oneOf(script, routers));
        hop.weight = static_cast<std::uint16_t>(1 + script.choice(2));
        hop.flags = script.choice(2) * contract::NexthopFlag::kDead;
        route.hops.push_back(hop);
      }
  }
}

void fill(Script& script, contract::Route& route) {
  constexpr std::array<contract::RouteType, 3> kTypes = {contract::RouteType::kUnicast, contract::RouteType::kUnicast,
                                                         contract::RouteType::kBlackhole};
  constexpr std::array<contract::RouteProtocol, 3> kProtocols = {
      contract::RouteProtocol::kStatic, contract::RouteProtocol::kKernel, contract::RouteProtocol::kRa};
  route.family = script.flag() ? 6 : 4;
  const Destination& destination = route.family == 4 ? oneOf(script, kDestinations4) : oneOf(script, kDestinations6);
  route.destination = {ip(destination.address), destination.length};
  route.table = script.choice(4) == 3 ? 10 : 254;
  route.metric = script.choice(4) == 3 ? 100 : 0;
  route.tos = script.choice(4) == 3 ? 4 : 0;
  route.type = oneOf(script, kTypes);
  route.protocol = oneOf(script, kProtocols);
  fillPath(script, route);
  if (route.family == 6 && script.choice(4) == 3) route.source = {ip("2001:db8:1::"), 48};
  if (script.choice(4) == 3) route.preferredSource = ip(route.family == 4 ? kAddresses4[0] : kAddresses6[0]);
  if (script.choice(4) == 3) route.metrics = {{contract::RouteMetric::kMtu, 1400}};
  route.flags = script.choice(2) * contract::NexthopFlag::kLinkdown;
  route.lifetime = lifetime(script);
}

void fill(Script& script, contract::Rule& rule) {
  rule.family = script.flag() ? 6 : 4;
  rule.priority = script.choice(3);
  rule.action = script.choice(4) == 3 ? contract::RuleAction::kGoto : contract::RuleAction::kToTable;
  if (rule.action == contract::RuleAction::kGoto) rule.gotoPriority = script.choice(3);
  rule.table = script.choice(2) == 0 ? 254 : 10;
  if (script.choice(4) == 3) rule.source = {ip(rule.family == 4 ? "192.0.2.0" : "2001:db8::"), 24};
  if (script.choice(4) == 3) rule.inputInterface = "a";
  if (script.choice(4) == 3) rule.mark = 1;
  rule.flags = script.choice(2) * contract::RuleFlag::kUnresolved;
}

void fill(Script& script, contract::Neighbour& neighbour) {
  neighbour.index = linkIndex(script);
  neighbour.family = script.flag() ? 6 : 4;
  neighbour.address = ip(neighbour.family == 4 ? oneOf(script, kRouters4) : oneOf(script, kRouters6));
  neighbour.family = neighbour.address.family();
  neighbour.mac = mac(script.choice(2));
  neighbour.state = script.flag() ? contract::NeighbourState::kReachable : contract::NeighbourState::kStale;
  neighbour.flags = std::array<std::uint32_t, 3>{0, contract::NeighbourFlag::kProxy,
                                                 contract::NeighbourFlag::kRouter}[script.choice(3)];
}

}  // namespace

Change smallChange(Script& script) {
  Change change;
  const std::uint8_t choice = script.choice(16);
  // Most are routes: most of what can go wrong is theirs.
  change.kind = choice < kKinds ? static_cast<RecordKind>(choice) : RecordKind::kRoute;
  change.verb = script.choice(4) == 3 ? contract::Verb::kRemove : contract::Verb::kPut;
  switch (change.kind) {
    case RecordKind::kInterface:
      fill(script, change.interface, change.isPartial);
      break;
    case RecordKind::kAddress:
      fill(script, change.address);
      break;
    case RecordKind::kNexthop:
      fill(script, change.nexthop);
      break;
    case RecordKind::kRoute:
      change.placement = placement(script);
      fill(script, change.route);
      break;
    case RecordKind::kRule:
      fill(script, change.rule);
      break;
    case RecordKind::kNeighbour:
      fill(script, change.neighbour);
      break;
  }
  return change;
}

Change sequel(Script& script, Change change) {
  switch (script.choice(4)) {
    case 0:
      change.verb = contract::Verb::kRemove;
      break;
    case 1:
      change.verb = contract::Verb::kPut;
      break;
    case 2:
      change.verb = script.flag() ? contract::Verb::kPut : contract::Verb::kRemove;
      if (!change.route.hops.empty()) {
        const contract::Hop hop = change.route.hops[script.choice(change.route.hops.size())];
        change.route.hops.clear();
        change.route.index = hop.index;
        change.route.gateway = hop.gateway;
      }
      break;
    default:
      change.verb = contract::Verb::kPut;
      change.interface.mtu ^= 1;
      change.address.flags ^= contract::AddressFlag::kNoPrefixRoute;
      change.nexthop.flags ^= contract::NexthopFlag::kOnlink;
      change.route.flags ^= contract::NexthopFlag::kOnlink;
      if (script.flag()) change.route.metrics = {{contract::RouteMetric::kMtu, 1300}};
      change.rule.flags ^= contract::RuleFlag::kInvert;
      change.neighbour.state ^= contract::NeighbourState::kStale;
  }
  if (change.kind == RecordKind::kRoute && change.verb == contract::Verb::kPut) change.placement = placement(script);
  return change;
}

}  // namespace mif::fuzz
