// SPDX-License-Identifier: MIT
// Slots in chunks that copies share until one of them writes. Copying costs one pointer per chunk, so a
// snapshot of a million routes costs microseconds, and the first write to a chunk afterwards costs that chunk.
// A record keeps its position while it lives; the difference of two copies is therefore a walk over the
// chunks that they do not share (feed/difference.h).
// Not thread-safe by itself: the owner guards the live table; a copy is only read.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace mif::table {

// Index of a slot; stable for the life of the record in it.
using Position = std::uint32_t;
inline constexpr Position kNoPosition = 0xffffffff;

template <typename T, std::size_t kSlots = 256>
class Chunked {
 public:
  Chunked() = default;
  // Shares every chunk. The free list stays behind: copies are only read.
  Chunked(const Chunked& other) : chunks_(other.chunks_), size_(other.size_) {}
  Chunked& operator=(const Chunked& other) {
    chunks_ = other.chunks_;
    size_ = other.size_;
    free_.clear();
    return *this;
  }
  Chunked(Chunked&&) noexcept = default;
  Chunked& operator=(Chunked&&) noexcept = default;

  // Records present.
  std::size_t size() const { return size_; }
  // One past the highest position that may be in use.
  Position end() const { return static_cast<Position>(chunks_.size() * kSlots); }

  // The record at a position, or null. Valid until the next write to this table.
  const T* at(Position position) const {
    const std::size_t chunk = position / kSlots;
    if (chunk >= chunks_.size() || !chunks_[chunk]->used[position % kSlots]) return nullptr;
    return &chunks_[chunk]->slots[position % kSlots];
  }

  Position insert(T record) {
    if (free_.empty()) grow();
    const Position position = free_.back();
    free_.pop_back();
    Chunk& chunk = writable(position / kSlots);
    chunk.slots[position % kSlots] = std::move(record);
    chunk.used[position % kSlots] = true;
    ++size_;
    return position;
  }

  // The record at a position that is in use, for changing it.
  T& edit(Position position) { return writable(position / kSlots).slots[position % kSlots]; }

  void erase(Position position) {
    Chunk& chunk = writable(position / kSlots);
    chunk.slots[position % kSlots] = T{};
    chunk.used[position % kSlots] = false;
    free_.push_back(position);
    --size_;
  }

  // Calls visit(position, record) for each record from `from` on, until it returns false.
  template <typename Visit>
  void forEach(Visit&& visit, Position from = 0) const {
    for (Position position = from; position < end(); ++position) {
      if (const T* record = at(position); record != nullptr && !visit(position, *record)) return;
    }
  }

  // Calls visit(position, before, after) for each position whose chunk the two tables do not share and that
  // either uses; null where one does not. The records may still be equal.
  template <typename Visit>
  static void forEachUnshared(const Chunked& before, const Chunked& after, Visit&& visit) {
    const std::size_t count = std::max(before.chunks_.size(), after.chunks_.size());
    for (std::size_t index = 0; index < count; ++index) {
      const Chunk* a = index < before.chunks_.size() ? before.chunks_[index].get() : nullptr;
      const Chunk* b = index < after.chunks_.size() ? after.chunks_[index].get() : nullptr;
      if (a == b) continue;
      for (std::size_t slot = 0; slot < kSlots; ++slot) {
        const T* left = a != nullptr && a->used[slot] ? &a->slots[slot] : nullptr;
        const T* right = b != nullptr && b->used[slot] ? &b->slots[slot] : nullptr;
        if (left != nullptr || right != nullptr) visit(static_cast<Position>(index * kSlots + slot), left, right);
      }
    }
  }

 private:
  struct Chunk {
    std::array<T, kSlots> slots{};
    std::bitset<kSlots> used;
  };

  Chunk& writable(std::size_t index) {
    // Another owner can only appear by copying this table, which its owner's lock keeps from happening now.
    if (chunks_[index].use_count() != 1) chunks_[index] = std::make_shared<Chunk>(*chunks_[index]);
    return *chunks_[index];
  }

  void grow() {
    const Position first = end();
    chunks_.push_back(std::make_shared<Chunk>());
    for (std::size_t slot = kSlots; slot > 0; --slot) free_.push_back(static_cast<Position>(first + slot - 1));
  }

  std::vector<std::shared_ptr<Chunk>> chunks_;
  std::vector<Position> free_;
  std::size_t size_ = 0;
};

}  // namespace mif::table
