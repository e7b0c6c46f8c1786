// SPDX-License-Identifier: MIT
// Routes as they are kept: 20 bytes for IPv4, 32 for IPv6, and a reference to the attributes that they share with
// others. This is the part that a view copies; route-table.h adds what only the live table needs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "contract/contract.gen.h"
#include "table/chunked.h"
#include "table/route-attributes.h"
#include "table/route-filter.h"

namespace mif::table {

template <std::size_t kBytes>
struct RouteRow {
  // Network order.
  std::array<std::uint8_t, kBytes> destination{};
  // The next route with the same key, in the kernel's order, or kNoPosition. Among equals the first is used (trap D7).
  Position next = kNoPosition;
  std::uint32_t metric = 0;
  AttributesId attributes = kNoPosition;
  // Bits.
  std::uint8_t length = 0;
  std::uint8_t tos = 0;
};

using Route4 = RouteRow<4>;
using Route6 = RouteRow<16>;
static_assert(sizeof(Route4) == 20 && sizeof(Route6) == 32, "a million of them are kept");

using Route4Rows = Chunked<Route4>;
using Route6Rows = Chunked<Route6>;

struct RouteRows {
  Route4Rows v4;
  Route6Rows v6;
  AttributesRows attributes;

  std::size_t size() const { return v4.size() + v6.size(); }

  // The attributes of a row of these tables.
  const contract::Route& attributesOf(AttributesId id) const { return **attributes.at(id); }

  template <std::size_t kBytes>
  bool accepts(const RouteFilter& filter, const RouteRow<kBytes>& row) const {
    return filter.isEmpty() || (filter.acceptsLength(row.length) && filter.accepts(attributesOf(row.attributes)));
  }

  // Writes the whole route over `route`, whose vectors keep their capacity.
  template <std::size_t kBytes>
  void fill(const RouteRow<kBytes>& row, contract::Route& route) const {
    fill(row, attributesOf(row.attributes), route);
  }
  template <std::size_t kBytes>
  static void fill(const RouteRow<kBytes>& row, const contract::Route& attributes, contract::Route& route) {
    route = attributes;
    route.destination.address = address::IpAddress::fromBytes(std::as_bytes(std::span(row.destination)));
    route.destination.length = row.length;
    route.metric = row.metric;
    route.tos = row.tos;
  }
};

}  // namespace mif::table
