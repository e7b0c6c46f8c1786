// SPDX-License-Identifier: MIT
// Which routes somebody wants to be told of. Others are not kept, and where the system can, their notifications are
// thrown away before they reach this process. Everything else is always observed: it is little.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <vector>

#include "contract/contract.gen.h"

namespace mif::contract {

struct Observation {
  RouteDetail detail = RouteDetail::kAll;
  // Routing tables, ascending; empty for all.
  std::vector<std::uint32_t> tables = {};

  // The longest destination that kDefaults observes, bits.
  static constexpr std::uint8_t kDefaultLength = 1;
  static constexpr std::uint32_t kLocalTable = 255;  // RT_TABLE_LOCAL

  // Whether it keeps a route.
  bool includes(const Route& route) const {
    return includesEqualsOf(route) && (detail == RouteDetail::kAll || !isKernelsOwn(route));
  }
  // Whether it keeps any route of the same table and destination. Mostly that is all that is asked, so that of equal
  // routes all are known, and their order (trap D8).
  bool includesEqualsOf(const Route& route) const {
    if (!tables.empty() && !std::binary_search(tables.begin(), tables.end(), route.table)) return false;
    return detail != RouteDetail::kDefaults || route.destination.length <= kDefaultLength;
  }
  // Whether it keeps some routes of this table and destination and leaves others out.
  bool dividesEqualsOf(const Route& route) const {
    return detail != RouteDetail::kAll && route.table == kLocalTable && includesEqualsOf(route);
  }

  bool isEverything() const { return detail == RouteDetail::kAll && tables.empty(); }
  auto operator<=>(const Observation&) const = default;

 private:
  // Most of the traffic (trap D16).
  static bool isKernelsOwn(const Route& route) {
    return route.table == kLocalTable && route.type >= RouteType::kLocal && route.type <= RouteType::kMulticast;
  }
};

}  // namespace mif::contract
