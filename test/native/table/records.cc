// SPDX-License-Identifier: MIT
#include "table/records.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

#include "record-text.h"

namespace mif::test {

namespace {

using contract::Change;
using contract::RecordKind;

constexpr std::uint32_t kMainTable = 254;

Change put(RecordKind kind) {
  Change change;
  change.kind = kind;
  change.placement = contract::Placement::kAdd;
  return change;
}

template <typename Rows>
void addRoutes(const table::RouteRows& routes, const Rows& rows, std::vector<std::string>& lines) {
  rows.forEach([&](table::Position, const auto& row) {
    Change change = put(RecordKind::kRoute);
    routes.fill(row, change.route);
    lines.push_back(textOf(change, 0));
    return true;
  });
}

template <typename Rows>
std::vector<std::string> orderOf(const table::RouteRows& routes, const Rows& rows, const contract::Route& key) {
  // Everything with that key, by position, and who is behind whom.
  std::map<table::Position, std::pair<std::string, table::Position>> known;
  rows.forEach([&](table::Position position, const auto& row) {
    Change change = put(RecordKind::kRoute);
    routes.fill(row, change.route);
    const contract::Route& route = change.route;
    if (route.destination == key.destination && route.table == key.table && route.tos == key.tos &&
        route.metric == key.metric) {
      known[position] = {textOf(change, 0), row.next};
    }
    return true;
  });
  // The first is the one that nobody is before.
  std::map<table::Position, bool> isBehind;
  for (const auto& [position, entry] : known) isBehind[entry.second] = true;
  std::vector<std::string> lines;
  for (const auto& [position, entry] : known) {
    if (isBehind[position]) continue;
    for (table::Position at = position; at != table::kNoPosition; at = known[at].second)
      lines.push_back(known[at].first);
  }
  return lines;
}

}  // namespace

address::Prefix prefix(std::string_view text) {
  address::Prefix result;
  const std::size_t slash = text.find('/');
  result.address = address::IpAddress::parse(text.substr(0, slash));
  result.length = result.address.bits();
  if (slash != std::string_view::npos)
    std::from_chars(text.data() + slash + 1, text.data() + text.size(), result.length);
  return result;
}

Change link(std::uint32_t index, std::string_view name) {
  Change change = put(RecordKind::kInterface);
  change.interface.index = index;
  change.interface.name = name;
  change.interface.mtu = 1500;
  change.interface.hardwareType = contract::HardwareType::kEther;
  change.interface.operState = contract::OperState::kUp;
  change.interface.flags =
      contract::InterfaceFlag::kUp | contract::InterfaceFlag::kRunning | contract::InterfaceFlag::kLowerUp;
  const std::array<std::byte, 6> mac = {
      std::byte{2}, {}, {}, {}, static_cast<std::byte>(index >> 8), static_cast<std::byte>(index & 0xff)};
  change.interface.mac = address::LinkAddress::fromBytes(mac);
  return change;
}

Change address(std::string_view text, std::uint32_t index) {
  Change change = put(RecordKind::kAddress);
  const address::Prefix parsed = prefix(text);
  change.address.index = index;
  change.address.family = parsed.address.family();
  change.address.address = parsed.address;
  change.address.prefixLength = parsed.length;
  return change;
}

Change route(std::string_view destination, std::uint32_t index, std::string_view gateway) {
  Change change = put(RecordKind::kRoute);
  change.route.destination = prefix(destination);
  change.route.family = change.route.destination.address.family();
  change.route.type = contract::RouteType::kUnicast;
  change.route.table = kMainTable;
  change.route.protocol = contract::RouteProtocol::kStatic;
  change.route.index = index;
  if (!gateway.empty()) change.route.gateway = address::IpAddress::parse(gateway);
  return change;
}

Change multipath(std::string_view destination, std::uint32_t index, const std::vector<std::string_view>& gateways) {
  Change change = route(destination, index);
  change.route.index.reset();
  for (const std::string_view gateway : gateways) {
    contract::Hop hop;
    hop.index = index;
    hop.gateway = address::IpAddress::parse(gateway);
    hop.weight = 1;
    change.route.hops.push_back(hop);
  }
  return change;
}

Change nexthop(std::uint32_t id, std::uint32_t index) {
  Change change = put(RecordKind::kNexthop);
  change.nexthop.id = id;
  change.nexthop.family = 4;
  change.nexthop.index = index;
  return change;
}

Change group(std::uint32_t id, const std::vector<std::uint32_t>& members) {
  Change change = put(RecordKind::kNexthop);
  change.nexthop.id = id;
  change.nexthop.groupType = 0;
  for (const std::uint32_t member : members) change.nexthop.group.push_back({member, 1});
  return change;
}

Change rule(std::uint32_t priority, std::uint32_t table) {
  Change change = put(RecordKind::kRule);
  change.rule.family = 4;
  change.rule.priority = priority;
  change.rule.table = table;
  change.rule.action = contract::RuleAction::kToTable;
  return change;
}

Change neighbour(std::string_view text, std::uint32_t index) {
  Change change = put(RecordKind::kNeighbour);
  change.neighbour.address = address::IpAddress::parse(text);
  change.neighbour.family = change.neighbour.address.family();
  change.neighbour.index = index;
  change.neighbour.state = contract::NeighbourState::kReachable;
  return change;
}

Change metric(std::uint32_t metric, Change change) {
  change.route.metric = metric;
  return change;
}

Change tos(std::uint8_t tos, Change change) {
  change.route.tos = tos;
  return change;
}

Change from(std::string_view source, Change change) {
  change.route.source = prefix(source);
  return change;
}

Change inTable(std::uint32_t table, Change change) {
  change.route.table = table;
  return change;
}

Change removal(Change change) {
  change.verb = contract::Verb::kRemove;
  return change;
}

Change listed(Change change) {
  return placed(contract::Placement::kListed, std::move(change));
}

Change placed(contract::Placement placement, Change change) {
  change.placement = placement;
  return change;
}

std::vector<std::string> linesOf(const table::View& view) {
  std::vector<std::string> lines;
  const auto add = [&](RecordKind kind, auto member, const auto& rows, auto recordOf) {
    rows.forEach([&](table::Position, const auto& row) {
      Change change = put(kind);
      change.*member = recordOf(row);
      lines.push_back(textOf(change, 0));
      return true;
    });
  };
  const auto itself = [](const auto& row) { return row; };
  add(RecordKind::kInterface, &Change::interface, view.interfaces, itself);
  add(RecordKind::kAddress, &Change::address, view.addresses, [](const auto& row) { return row.record; });
  add(RecordKind::kNexthop, &Change::nexthop, view.nexthops, itself);
  addRoutes(view.routes, view.routes.v4, lines);
  addRoutes(view.routes, view.routes.v6, lines);
  add(RecordKind::kRule, &Change::rule, view.rules, itself);
  add(RecordKind::kNeighbour, &Change::neighbour, view.neighbours, itself);
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> routesInOrder(const table::View& view, const contract::Route& key) {
  return key.family == 4 ? orderOf(view.routes, view.routes.v4, key) : orderOf(view.routes, view.routes.v6, key);
}

}  // namespace mif::test
