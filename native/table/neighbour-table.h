// SPDX-License-Identifier: MIT
// The neighbour cache. A proxy entry is another entry than the neighbour of the same address; the other flags of
// an entry may change during its life.
#pragma once

#include <cstddef>
#include <cstdint>

#include "contract/contract.gen.h"
#include "table/applied.h"
#include "table/hash.h"
#include "table/record-table.h"

namespace mif::table {

struct NeighbourKind {
  using Record = contract::Neighbour;
  using Row = contract::Neighbour;
  static constexpr std::size_t kSlots = 64;

  static std::uint32_t proxyBit(const Record& record) { return record.flags & contract::NeighbourFlag::kProxy; }
  static std::uint64_t hash(const Record& record) {
    return Hash().add(record.index).add(record.address).add(proxyBit(record)).value();
  }
  static std::uint64_t hashOf(const Row& row) { return hash(row); }
  static bool isSame(const Row& row, const Record& record) { return contract::sameIdentity(row, record); }
  static Row rowOf(const Record& record) { return record; }
  static Applied compare(const Row& row, const Record& record) {
    return contract::sameContent(row, record) ? Applied::kNothing : Applied::kEvent;
  }
  static void update(Row& row, const Record& record, Applied) { row = record; }
};

using NeighbourTable = RecordTable<NeighbourKind>;
using NeighbourRows = NeighbourTable::Rows;

}  // namespace mif::table
