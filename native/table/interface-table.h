// SPDX-License-Identifier: MIT
// Network interfaces. An interface is the life of one device: it keeps its identity when it is renamed (trap B7)
// and loses it with RTM_DELLINK, even if the next device gets the same index at once (trap B9).
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "contract/contract.gen.h"
#include "table/applied.h"
#include "table/chunked.h"
#include "table/sweep.h"

namespace mif::table {

using InterfaceRows = Chunked<contract::Interface, 16>;

class InterfaceTable {
 public:
  const InterfaceRows& rows() const { return rows_; }

  // The interface that has this index now, or null. Valid until the next write.
  const contract::Interface* find(std::uint32_t index) const;

  // `isPartial`: only what decode() fills of a partial message counts (trap B5). `isListed`: by the dump under way. The
  // generation of `interface` is not looked at; the table counts.
  Applied put(const contract::Interface& interface, bool isPartial, bool isListed);
  Applied remove(std::uint32_t index);

  void beginSweep() { sweep_.begin(); }
  bool sweepRepeated() const { return sweep_.repeated(); }
  // How many were removed.
  std::size_t endSweep(bool isConsistent);
  void abandonSweep() { sweep_ = Sweep(); }

 private:
  struct Incarnations {
    // Of the present interface, or kNoPosition.
    Position position = kNoPosition;
    // How many devices have had this index.
    std::uint32_t count = 0;
  };

  std::uint32_t nextGeneration(Incarnations& incarnations) const;
  void forgetOldIndexes();

  InterfaceRows rows_;
  std::unordered_map<std::uint32_t, Incarnations> byIndex_;
  // Every index that byIndex_ does not know has had at most this many devices.
  std::uint32_t forgottenCount_ = 0;
  Sweep sweep_;
};

}  // namespace mif::table
