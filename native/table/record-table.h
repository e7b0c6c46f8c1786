// SPDX-License-Identifier: MIT
// A table whose records have one identity each: addresses, nexthop objects, rules, neighbours. Rows that views copy, an
// index that they do not and, where it matters, the order in which the kernel has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "table/applied.h"
#include "table/chunked.h"
#include "table/order.h"
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
// and where the kernel chooses among equals by their order:
//   goesFirst(record)              whether a new one goes before the others, not behind them
//   goesLast(row, record)          whether what the record says moves the row behind the others
template <typename Kind>
class RecordTable {
 public:
  using Record = typename Kind::Record;
  using Row = typename Kind::Row;
  using Rows = Chunked<Row, Kind::kSlots>;
  static constexpr bool kIsOrdered = requires(const Record& record) { Kind::goesFirst(record); };

  const Rows& rows() const { return rows_; }

  // Lower is earlier in the kernel's list, which may be one of a family, an interface or a priority only.
  std::int64_t orderAt(Position position) const
    requires kIsOrdered
  {
    return order_.at(position);
  }

  // The row about this record, or null. Valid until the next write.
  const Row* find(const Record& record) const { return rows_.at(positionOf(record)); }

  // `isListed`: by the dump under way.
  Applied put(const Record& record, bool isListed) {
    const Position known = positionOf(record);
    if (known == kNoPosition) {
      const Position position = rows_.insert(Kind::rowOf(record));
      index_.insert(Kind::hash(record), position);
      if constexpr (kIsOrdered) {
        if (!isListed && Kind::goesFirst(record)) {
          order_.putFirst(position);
        } else {
          order_.putLast(position);
        }
      }
      if (isListed) sweep_.mark(position);
      return Applied::kEvent;
    }
    if constexpr (kIsOrdered) {
      // Of what a dump lists twice, the first one counts to the kernel.
      const bool isNext = isListed && !sweep_.isListed(known);
      if (isNext || (!isListed && Kind::goesLast(*rows_.at(known), record))) order_.putLast(known);
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
  Order order_;
};

}  // namespace mif::table
