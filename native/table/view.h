// SPDX-License-Identifier: MIT
// What the tables were at one moment. Never changes, shares its memory with the live tables and with other
// views, and may be read by any thread at the same time as others (table/chunked.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "contract/contract.gen.h"
#include "contract/packer.h"
#include "table/address-table.h"
#include "table/chunked.h"
#include "table/interface-table.h"
#include "table/neighbour-table.h"
#include "table/nexthop-table.h"
#include "table/route-filter.h"
#include "table/route-rows.h"
#include "table/rule-table.h"

namespace mif::table {

// How many causes the contract has (contract::ChangeCause).
inline constexpr std::size_t kCauses = 3;

struct View {
  // Grows with every change of the tables, also with those that are no event (a refreshed lifetime, trap C6).
  std::uint64_t generation = 0;
  // Grows with every resync; 0 before the first dump was complete.
  std::uint32_t epoch = 0;
  // Whether the tables equalled the kernel's when it was taken.
  bool isSynced = false;
  // For each ChangeCause, the generation of the last change with that cause that is an event; 0 for none. Such a
  // change took part in what leads from an earlier view to this one exactly when this is above that view's generation.
  std::array<std::uint64_t, kCauses> causeGenerations{};

  InterfaceRows interfaces;
  AddressRows addresses;
  NexthopRows nexthops;
  RouteRows routes;
  RuleRows rules;
  NeighbourRows neighbours;

  // Records of a kind, as far as the filter lets them through; only routes are filtered. Counting filtered routes
  // walks all of them.
  std::size_t size(contract::RecordKind kind, const RouteFilter& filter = {}) const;

  // Appends to the packer: the position to go on at (kNoPosition at the end), how many records follow, and at
  // most `limit` packed records from `from` on. The first `from` is 0, later ones come from the call before.
  void read(contract::RecordKind kind, Position from, std::uint32_t limit, const RouteFilter& filter,
            contract::Packer& packer) const;
};

}  // namespace mif::table
