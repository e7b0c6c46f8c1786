// SPDX-License-Identifier: MIT
// What the kernel may have changed in silence, to be dumped again: whole kinds, and of routes the parts that suffice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "contract/extent.h"
#include "table/kinds.h"

namespace mif::table {

class Suspects {
 public:
  bool isEmpty() const { return kinds_.isEmpty(); }
  // Kinds of which anything is suspect.
  Kinds kinds() const { return kinds_; }
  // What to dump of a kind; empty when nothing of it is suspect.
  std::vector<contract::Extent> of(contract::RecordKind kind) const;

  void add(const contract::Extent& extent);
  // A dump of it begins.
  void remove(const contract::Extent& extent);

 private:
  // Beyond that many parts one dump of everything is cheaper: each walks the whole table in the kernel.
  static constexpr std::size_t kMostParts = 4;

  Kinds kinds_;
  // Of the routes, when not all of them are suspect. None includes another.
  std::vector<contract::Extent> parts_;
};

}  // namespace mif::table
