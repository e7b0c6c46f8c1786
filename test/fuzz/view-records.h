// SPDX-License-Identifier: MIT
// The records of a view as plain lists, to compare and to change.
#pragma once

#include <vector>

#include "contract/change.h"
#include "table/view.h"

namespace mif::fuzz {

struct ViewRecords {
  ViewRecords() = default;
  explicit ViewRecords(const table::View& view, const table::RouteFilter& filter = {}) {
    const auto copy = [](const auto& rows, auto&& take) {
      rows.forEach([&](table::Position, const auto& row) {
        take(row);
        return true;
      });
    };
    copy(view.interfaces, [&](const auto& row) { interfaces.push_back(row); });
    copy(view.addresses, [&](const auto& row) { addresses.push_back(row.record); });
    copy(view.nexthops, [&](const auto& row) { nexthops.push_back(row); });
    const auto takeRoute = [&](const auto& row) {
      if (!view.routes.accepts(filter, row)) return;
      view.routes.fill(row, routes.emplace_back());
    };
    copy(view.routes.v4, takeRoute);
    copy(view.routes.v6, takeRoute);
    copy(view.rules, [&](const auto& row) { rules.push_back(row); });
    copy(view.neighbours, [&](const auto& row) { neighbours.push_back(row); });
  }

  // Calls visit(kind, member of Change, record) for each.
  template <typename Visit>
  void forEach(Visit&& visit) const {
    using contract::Change;
    using contract::RecordKind;
    for (const auto& record : interfaces) visit(RecordKind::kInterface, &Change::interface, record);
    for (const auto& record : addresses) visit(RecordKind::kAddress, &Change::address, record);
    for (const auto& record : nexthops) visit(RecordKind::kNexthop, &Change::nexthop, record);
    for (const auto& record : routes) visit(RecordKind::kRoute, &Change::route, record);
    for (const auto& record : rules) visit(RecordKind::kRule, &Change::rule, record);
    for (const auto& record : neighbours) visit(RecordKind::kNeighbour, &Change::neighbour, record);
  }

  std::vector<contract::Interface> interfaces;
  std::vector<contract::Address> addresses;
  std::vector<contract::Nexthop> nexthops;
  std::vector<contract::Route> routes;
  std::vector<contract::Rule> rules;
  std::vector<contract::Neighbour> neighbours;
};

}  // namespace mif::fuzz
