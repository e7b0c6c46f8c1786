// SPDX-License-Identifier: MIT
// Slots in chunks that copies share until one of them writes. Copying costs one pointer per chunk, so a
// snapshot of a million routes costs microseconds, and the first write to a chunk afterwards costs that chunk.
// A record keeps its position while it lives; the difference of two copies is therefore a walk over the
// chunks that they do not share (feed/difference.h).
// Not thread-safe by itself: the owner guards the live table; a copy is only read, and may be dropped anywhere.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bitset>
#include <cstddef>
#include <cstdint>
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
  ~Chunked() = default;

  // Records present.
  std::size_t size() const { return size_; }
  // One past the highest position that may be in use.
  Position end() const { return static_cast<Position>(chunks_.size() * kSlots); }

  // The record at a position, or null. Valid until the next write to this table.
  const T* at(Position position) const {
    const std::size_t index = position / kSlots;
    return index < chunks_.size() ? slotOf(chunks_[index].get(), position % kSlots) : nullptr;
  }

  // Fetches, without waiting, the record at a position that is in use.
  void expect(Position position) const {
    __builtin_prefetch(&chunks_[position / kSlots].get()->slots[position % kSlots]);
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
    ChunkPointer& pointer = chunks_[position / kSlots];
    if (pointer.get()->used.count() == 1) {
      // The last one takes its chunk along, so that a table that was large for a moment gives its memory back.
      pointer = ChunkPointer();
    } else {
      Chunk& chunk = writable(position / kSlots);
      chunk.slots[position % kSlots] = T{};
      chunk.used[position % kSlots] = false;
    }
    free_.push_back(position);
    --size_;
  }

  // Calls visit(position, record) for each record from `from` on, until it returns false.
  template <typename Visit>
  void forEach(Visit&& visit, Position from = 0) const {
    std::size_t slot = from % kSlots;
    for (std::size_t index = from / kSlots; index < chunks_.size(); ++index, slot = 0) {
      const Chunk* chunk = chunks_[index].get();
      if (chunk == nullptr) continue;
      for (; slot < kSlots; ++slot) {
        if (!chunk->used[slot]) continue;
        if (!visit(static_cast<Position>(index * kSlots + slot), chunk->slots[slot])) return;
      }
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
        const T* left = slotOf(a, slot);
        const T* right = slotOf(b, slot);
        if (left != nullptr || right != nullptr) visit(static_cast<Position>(index * kSlots + slot), left, right);
      }
    }
  }

 private:
  struct Chunk {
    Chunk() = default;
    Chunk(const Chunk& other) : used(other.used), slots(other.slots) {}
    Chunk& operator=(const Chunk&) = delete;

    std::atomic<std::uint32_t> owners{1};
    std::bitset<kSlots> used;
    std::array<T, kSlots> slots{};
  };

  // A counted pointer whose count may be asked with acquire order. std::shared_ptr::use_count is relaxed, and with
  // it a write in place could run ahead of the last read of a reader that has just dropped its copy.
  class ChunkPointer {
   public:
    ChunkPointer() = default;
    explicit ChunkPointer(Chunk* chunk) : chunk_(chunk) {}
    ChunkPointer(const ChunkPointer& other) : chunk_(other.chunk_) {
      if (chunk_ != nullptr) chunk_->owners.fetch_add(1, std::memory_order_relaxed);
    }
    ChunkPointer(ChunkPointer&& other) noexcept : chunk_(std::exchange(other.chunk_, nullptr)) {}
    ChunkPointer& operator=(ChunkPointer other) noexcept {
      std::swap(chunk_, other.chunk_);
      return *this;
    }
    ~ChunkPointer() {
      if (chunk_ != nullptr && chunk_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete chunk_;
    }

    Chunk* get() const { return chunk_; }
    // The answer "no" stays true: another owner can only appear by copying this table, which its owner forbids now.
    bool isShared() const { return chunk_->owners.load(std::memory_order_acquire) != 1; }

   private:
    Chunk* chunk_ = nullptr;
  };

  static const T* slotOf(const Chunk* chunk, std::size_t slot) {
    return chunk != nullptr && chunk->used[slot] ? &chunk->slots[slot] : nullptr;
  }

  Chunk& writable(std::size_t index) {
    ChunkPointer& pointer = chunks_[index];
    if (pointer.get() == nullptr) {
      pointer = ChunkPointer(new Chunk());
    } else if (pointer.isShared()) {
      pointer = ChunkPointer(new Chunk(*pointer.get()));
    }
    return *pointer.get();
  }

  void grow() {
    const Position first = end();
    chunks_.emplace_back();
    for (std::size_t slot = kSlots; slot > 0; --slot) free_.push_back(static_cast<Position>(first + slot - 1));
  }

  std::vector<ChunkPointer> chunks_;
  std::vector<Position> free_;
  std::size_t size_ = 0;
};

}  // namespace mif::table
