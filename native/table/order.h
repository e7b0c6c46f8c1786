// SPDX-License-Identifier: MIT
// Where the kernel has a record in its own list. It chooses the first among equals, dumps list in that order, and no
// announcement tells it. Kept beside the rows for the same reason as the marks of a sweep (table/sweep.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "table/chunked.h"

namespace mif::table {

class Order {
 public:
  // Lower is earlier. Means something only between records of a table that are there.
  std::int64_t at(Position position) const { return position < places_.size() ? places_[position] : 0; }

  void putFirst(Position position) { put(position, --first_); }
  void putLast(Position position) { put(position, ++last_); }

 private:
  void put(Position position, std::int64_t place) {
    if (position >= places_.size()) places_.resize(position + std::size_t{1});
    places_[position] = place;
  }

  std::vector<std::int64_t> places_;
  std::int64_t first_ = 0;
  std::int64_t last_ = 0;
};

}  // namespace mif::table
