// SPDX-License-Identifier: MIT
// Nexthop objects (Linux 5.3), which routes and groups name by id.
#pragma once

#include <cstddef>
#include <cstdint>

#include "contract/contract.gen.h"
#include "table/applied.h"
#include "table/hash.h"
#include "table/record-table.h"

namespace mif::table {

struct NexthopKind {
  using Record = contract::Nexthop;
  using Row = contract::Nexthop;
  static constexpr std::size_t kSlots = 32;

  static std::uint64_t hash(const Record& record) { return Hash().add(record.id).value(); }
  static std::uint64_t hashOf(const Row& row) { return hash(row); }
  static bool isSame(const Row& row, const Record& record) { return row.id == record.id; }
  static Row rowOf(const Record& record) { return record; }
  static Applied compare(const Row& row, const Record& record) {
    if (!contract::sameContent(row, record)) return Applied::kEvent;
    return row.flags == record.flags ? Applied::kNothing : Applied::kSilent;
  }
  static void update(Row& row, const Record& record, Applied) { row = record; }
};

using NexthopTable = RecordTable<NexthopKind>;
using NexthopRows = NexthopTable::Rows;

}  // namespace mif::table
