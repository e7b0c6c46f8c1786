// SPDX-License-Identifier: MIT
// A table whose records have one identity each and no order among them: addresses, nexthop objects, rules,
// neighbours. Rows that views copy, and an index that they do not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "table/applied.h"
#include "table/chunked.h"
#include "table/position-index.h"
#include "table/sweep.h"

namespace mif::table {

// `Kind` says what is particular to one kind of record:
//   Record, Row, kSlots            the record, what is kept of it, rows in a chunk
//   hash(record), hashOf(row)      of what identifies it in this table
//   isSame(row, record)            whether the row is about that record
//   rowOf(record)                  the row of a new record
//   compare(row, record)           what update would do
//   update(row, record, applied)   makes the row say what the record says
template <typename Kind>
class RecordTable {
 public:
  using Record = typename Kind::Record;
  using Row = typename Kind::Row;
  using Rows = Chunked<Row, Kind::kSlots>;

  const Rows& rows() const { return rows_; }

  // The row about this record, or null. Valid until the next write.
  const Row* find(const Record& record) const { return rows_.at(positionOf(record)); }

  // `isListed`: by the dump under way.
  Applied put(const Record& record, bool isListed) {
    const Position known = positionOf(record);
    if (known == kNoPosition) {
      const Position position = rows_.insert(Kind::rowOf(record));
      index_.insert(Kind::hash(record), position);
      if (isListed) sweep_.mark(position);
      return Applied::kEvent;
    }
    if (isListed) sweep_.mark(known);
    const Applied applied = Kind::compare(*rows_.at(known), record);
    if (applied != Applied::kNothing) Kind::update(rows_.edit(known), record, applied);
    return applied;
  }

  Applied remove(const Record& record) {
    const Position position = positionOf(record);
    if (position == kNoPosition) return Applied::kMissed;
    erase(position);
    return Applied::kEvent;
  }

  void beginSweep() { sweep_.begin(); }
  bool sweepRepeated() const { return sweep_.repeated(); }
  // How many were removed.
  std::size_t endSweep(bool isConsistent) {
    const std::vector<Position> gone = sweep_.end(rows_, isConsistent, [](const Row&) { return true; });
    for (const Position position : gone) erase(position);
    return gone.size();
  }
  void abandonSweep() { sweep_ = Sweep(); }

 private:
  Position positionOf(const Record& record) const {
    return index_.find(Kind::hash(record),
                       [&](Position position) { return Kind::isSame(*rows_.at(position), record); });
  }

  void erase(Position position) {
    index_.erase(Kind::hashOf(*rows_.at(position)), position);
    sweep_.forget(position);
    rows_.erase(position);
  }

  Rows rows_;
  PositionIndex index_;
  Sweep sweep_;
};

}  // namespace mif::table
