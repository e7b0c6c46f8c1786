// SPDX-License-Identifier: MIT
// Routing policy rules. The kernel gives them no name: a rule is what it says, and all of it identifies it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "contract/contract.gen.h"
#include "table/applied.h"
#include "table/record-table.h"

namespace mif::table {

struct RuleKind {
  using Record = contract::Rule;
  using Row = contract::Rule;
  static constexpr std::size_t kSlots = 16;

  static std::uint64_t hash(const Record& record);
  static std::uint64_t hashOf(const Row& row) { return hash(row); }
  static bool isSame(const Row& row, const Record& record) { return contract::sameIdentity(row, record); }
  static Row rowOf(const Record& record) { return record; }
  static Applied compare(const Row& row, const Record& record) {
    return contract::sameContent(row, record) ? Applied::kNothing : Applied::kEvent;
  }
  static void update(Row& row, const Record& record, Applied) { row = record; }
  static bool goesFirst(const Record&) { return false; }
  static bool goesLast(const Row&, const Record&) { return false; }
  // Whether only the order of the two says which one applies first.
  static bool isOrderedWith(const Record& one, const Record& other) {
    return one.family == other.family && one.priority == other.priority;
  }
};

using RuleTable = RecordTable<RuleKind>;
using RuleRows = RuleTable::Rows;

}  // namespace mif::table
