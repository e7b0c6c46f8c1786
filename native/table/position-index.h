// SPDX-License-Identifier: MIT
// Finds positions by what is at them: open addressing over positions alone, four bytes a slot, six to eleven a
// record. The keys stay in the rows, so callers say how to hash and compare what is at a position.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "table/chunked.h"

namespace mif::table {

class PositionIndex {
 public:
  // Positions held.
  std::size_t size() const { return size_; }
  // Bytes of memory.
  std::size_t bytes() const { return slots_.capacity() * sizeof(Position); }

  // The position with this hash for which matches(position) holds, or kNoPosition.
  template <typename Matches>
  Position find(std::uint64_t hash, Matches&& matches) const {
    if (slots_.empty()) return kNoPosition;
    for (std::size_t slot = hash & mask(); slots_[slot] != kNoPosition; slot = (slot + 1) & mask()) {
      if (matches(slots_[slot])) return slots_[slot];
    }
    return kNoPosition;
  }

  // Adds a position that is not held. hashOf(position) is asked of others when the index has to grow.
  template <typename HashOf>
  void insert(std::uint64_t hash, Position position, HashOf&& hashOf) {
    // At most 11 of 16 slots are taken: beyond that, runs of taken slots grow quickly.
    if (slots_.empty() || (size_ + 1) * 16 > slots_.size() * 11) grow(hashOf);
    place(hash, position);
    ++size_;
  }

  // Lets `hash` lead to another position than before. `before` has to be held.
  void replace(std::uint64_t hash, Position before, Position after) { slots_[slotOf(hash, before)] = after; }

  // Drops a position that is held. hashOf is asked of its neighbours and, while it is still there, not of itself.
  template <typename HashOf>
  void erase(std::uint64_t hash, Position position, HashOf&& hashOf) {
    std::size_t hole = slotOf(hash, position);
    // Moves back whatever could no longer be reached over the hole, so that no marks of the dead are needed.
    for (std::size_t slot = (hole + 1) & mask(); slots_[slot] != kNoPosition; slot = (slot + 1) & mask()) {
      const std::size_t home = hashOf(slots_[slot]) & mask();
      if (((slot - home) & mask()) >= ((slot - hole) & mask())) {
        slots_[hole] = slots_[slot];
        hole = slot;
      }
    }
    slots_[hole] = kNoPosition;
    --size_;
  }

 private:
  static constexpr std::size_t kFirstSlots = 16;

  std::size_t mask() const { return slots_.size() - 1; }

  std::size_t slotOf(std::uint64_t hash, Position position) const {
    std::size_t slot = hash & mask();
    while (slots_[slot] != position) slot = (slot + 1) & mask();
    return slot;
  }

  void place(std::uint64_t hash, Position position) {
    std::size_t slot = hash & mask();
    while (slots_[slot] != kNoPosition) slot = (slot + 1) & mask();
    slots_[slot] = position;
  }

  template <typename HashOf>
  void grow(HashOf&& hashOf) {
    const std::vector<Position> before =
        std::exchange(slots_, std::vector<Position>(slots_.empty() ? kFirstSlots : slots_.size() * 2, kNoPosition));
    for (const Position position : before) {
      if (position != kNoPosition) place(hashOf(position), position);
    }
  }

  std::vector<Position> slots_;
  std::size_t size_ = 0;
};

}  // namespace mif::table
