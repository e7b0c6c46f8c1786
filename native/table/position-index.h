// SPDX-License-Identifier: MIT
// Finds positions by the hash of what is at them: open addressing over positions and 32 bits of their hashes, eight
// bytes a slot, twelve to 23 a record. The keys stay in the rows, so callers say how to compare what is at a position;
// thanks to the kept hashes they are asked almost never about another's, and each such question would be a miss of the
// processor's cache in a table of a million.
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
  std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

  // Fetches, without waiting, the memory where a hash leads to.
  void expect(std::uint64_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[keptOf(hash) & mask()]);
  }

  // The position with this hash for which matches(position) holds, or kNoPosition.
  template <typename Matches>
  Position find(std::uint64_t hash, Matches&& matches) const {
    if (slots_.empty()) return kNoPosition;
    const std::uint32_t kept = keptOf(hash);
    for (std::size_t at = kept & mask(); slots_[at].position != kNoPosition; at = (at + 1) & mask()) {
      if (slots_[at].hash == kept && matches(slots_[at].position)) return slots_[at].position;
    }
    return kNoPosition;
  }

  // Adds a position that is not held.
  void insert(std::uint64_t hash, Position position) {
    // At most 11 of 16 slots are taken: beyond that, runs of taken slots grow quickly.
    if (slots_.empty() || (size_ + 1) * 16 > slots_.size() * 11) grow();
    place({position, keptOf(hash)});
    ++size_;
  }

  // Lets `hash` lead to another position than before. `before` has to be held.
  void replace(std::uint64_t hash, Position before, Position after) {
    slots_[indexOf(keptOf(hash), before)].position = after;
  }

  // Drops a position that is held.
  void erase(std::uint64_t hash, Position position) {
    std::size_t hole = indexOf(keptOf(hash), position);
    // Moves back whatever could no longer be reached over the hole, so that no marks of the dead are needed.
    for (std::size_t at = (hole + 1) & mask(); slots_[at].position != kNoPosition; at = (at + 1) & mask()) {
      const std::size_t home = slots_[at].hash & mask();
      if (((at - home) & mask()) >= ((at - hole) & mask())) {
        slots_[hole] = slots_[at];
        hole = at;
      }
    }
    slots_[hole] = {};
    --size_;
  }

 private:
  struct Slot {
    Position position = kNoPosition;
    std::uint32_t hash = 0;
  };

  static constexpr std::size_t kFirstSlots = 16;

  // Positions have 32 bits, so there are never more slots than these bits can tell apart.
  static std::uint32_t keptOf(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }

  std::size_t mask() const { return slots_.size() - 1; }

  std::size_t indexOf(std::uint32_t hash, Position position) const {
    std::size_t at = hash & mask();
    while (slots_[at].position != position) at = (at + 1) & mask();
    return at;
  }

  void place(Slot slot) {
    std::size_t at = slot.hash & mask();
    while (slots_[at].position != kNoPosition) at = (at + 1) & mask();
    slots_[at] = slot;
  }

  void grow() {
    const std::vector<Slot> before =
        std::exchange(slots_, std::vector<Slot>(slots_.empty() ? kFirstSlots : slots_.size() * 2));
    for (const Slot& slot : before) {
      if (slot.position != kNoPosition) place(slot);
    }
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace mif::table
