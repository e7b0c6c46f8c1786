// SPDX-License-Identifier: MIT
// Blocks of 1 to 64 equal items, named by 32 bits. A chunk of memory has blocks of one size and is given back with its
// last block, so memory follows what lives; nothing is ever copied to grow. Chunks of a size that few blocks have are
// small. For items that may be copied as bytes. Not thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>
#include <vector>

namespace mif::table {

// Number of the first item of a block; the others follow.
using BlockId = std::uint32_t;

template <typename T, std::size_t kChunkItems>
class BlockArena {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) >= sizeof(std::uint16_t));
  static_assert(std::has_single_bit(kChunkItems) && kChunkItems >= 64 && kChunkItems < 0xffff);

 public:
  static constexpr std::size_t kMostItems = 64;

  // Valid until the block is released or changes its number of items.
  T* at(BlockId id) { return memory_[id / kChunkItems].get() + id % kChunkItems; }
  const T* at(BlockId id) const { return memory_[id / kChunkItems].get() + id % kChunkItems; }

  // Puts an item before the one at `index` of a block of `count`, which may be 0, whatever the id then. The new id.
  BlockId insert(BlockId id, std::size_t count, std::size_t index, const T& item) {
    const BlockId next = count != 0 && classOf(count) == classOf(count + 1) ? id : acquire(count + 1);
    if (count != 0) {
      const T* before = at(id);
      T* after = at(next);
      std::copy_backward(before + index, before + count, after + count + 1);
      if (next != id) std::copy_n(before, index, after);
    }
    at(next)[index] = item;
    if (count != 0 && next != id) release(id, count);
    return next;
  }

  // Takes the item at `index` out of a block of `count`. The new id, which means nothing when that was the last one.
  BlockId erase(BlockId id, std::size_t count, std::size_t index) {
    const BlockId next = count == 1 || classOf(count) == classOf(count - 1) ? id : acquire(count - 1);
    if (count != 1) {
      const T* before = at(id);
      T* after = at(next);
      if (next != id) std::copy_n(before, index, after);
      std::copy(before + index + 1, before + count, after + index);
    }
    if (count == 1 || next != id) release(id, count);
    return next;
  }

  // Bytes that it takes beyond itself.
  std::size_t bytes() const {
    return items_ * sizeof(T) + memory_.capacity() * sizeof(memory_[0]) + chunks_.capacity() * sizeof(Chunk) +
           unused_.capacity() * sizeof(unused_[0]);
  }

 private:
  static constexpr std::uint16_t kNoBlock = 0xffff;
  static constexpr std::uint32_t kNoChunk = 0xffffffff;
  // Exact sizes up to 8, then steps of 2 up to 16, then of 4: a block wastes a tenth at most, in the mean far less.
  static constexpr std::size_t kClasses = 24;
  static constexpr std::size_t classOf(std::size_t count) {
    if (count <= 8) return count - 1;
    return count <= 16 ? 8 + (count - 9) / 2 : 12 + (count - 17) / 4;
  }
  static constexpr std::size_t sizeOf(std::size_t sizeClass) {
    if (sizeClass < 8) return sizeClass + 1;
    return sizeClass < 12 ? 10 + (sizeClass - 8) * 2 : 20 + (sizeClass - 12) * 4;
  }
  static_assert(classOf(kMostItems) == kClasses - 1 && sizeOf(kClasses - 1) == kMostItems);

  // Free blocks of a chunk are a list; the first bytes of each say where the next one begins.
  struct Chunk {
    std::uint16_t used = 0;
    std::uint16_t blocks = 0;
    std::uint16_t firstFree = kNoBlock;
    // Neighbours among the chunks of this size that have a free block.
    std::uint32_t previous = kNoChunk;
    std::uint32_t next = kNoChunk;
  };

  struct SizeClass {
    std::uint32_t firstChunk = kNoChunk;
    std::uint32_t blocks = 0;
  };

  BlockId acquire(std::size_t count) {
    const std::size_t sizeClass = classOf(count);
    SizeClass& own = classes_[sizeClass];
    if (own.firstChunk == kNoChunk) addChunk(sizeClass);
    const std::uint32_t index = own.firstChunk;
    Chunk& chunk = chunks_[index];
    const std::uint16_t slot = chunk.firstFree;
    std::memcpy(&chunk.firstFree, memory_[index].get() + slot, sizeof chunk.firstFree);
    ++chunk.used;
    if (chunk.firstFree == kNoBlock) unlist(own, index);
    ++own.blocks;
    return static_cast<BlockId>(index * kChunkItems + slot);
  }

  void release(BlockId id, std::size_t count) {
    const std::size_t sizeClass = classOf(count);
    SizeClass& own = classes_[sizeClass];
    const auto index = static_cast<std::uint32_t>(id / kChunkItems);
    Chunk& chunk = chunks_[index];
    --own.blocks;
    if (chunk.firstFree == kNoBlock) list(own, index);
    const auto slot = static_cast<std::uint16_t>(id % kChunkItems);
    std::memcpy(static_cast<void*>(memory_[index].get() + slot), &chunk.firstFree, sizeof chunk.firstFree);
    chunk.firstFree = slot;
    if (--chunk.used == 0) dropChunk(sizeClass, index);
  }

  void addChunk(std::size_t sizeClass) {
    const std::size_t size = sizeOf(sizeClass);
    SizeClass& own = classes_[sizeClass];
    const std::size_t blocks = std::clamp<std::size_t>(own.blocks, 1, kChunkItems / size);
    if (unused_.empty()) {
      unused_.push_back(static_cast<std::uint32_t>(chunks_.size()));
      chunks_.emplace_back();
      memory_.emplace_back();
    }
    const std::uint32_t index = unused_.back();
    unused_.pop_back();
    memory_[index].reset(new T[blocks * size]);
    items_ += blocks * size;
    Chunk& chunk = chunks_[index];
    chunk = Chunk();
    chunk.blocks = static_cast<std::uint16_t>(blocks);
    for (std::size_t block = blocks; block > 0; --block) {
      const auto slot = static_cast<std::uint16_t>((block - 1) * size);
      std::memcpy(static_cast<void*>(memory_[index].get() + slot), &chunk.firstFree, sizeof chunk.firstFree);
      chunk.firstFree = slot;
    }
    list(own, index);
  }

  void dropChunk(std::size_t sizeClass, std::uint32_t index) {
    unlist(classes_[sizeClass], index);
    items_ -= chunks_[index].blocks * sizeOf(sizeClass);
    memory_[index].reset();
    unused_.push_back(index);
    if (items_ == 0) *this = BlockArena();
  }

  void list(SizeClass& own, std::uint32_t index) {
    chunks_[index].previous = kNoChunk;
    chunks_[index].next = own.firstChunk;
    if (own.firstChunk != kNoChunk) chunks_[own.firstChunk].previous = index;
    own.firstChunk = index;
  }

  void unlist(SizeClass& own, std::uint32_t index) {
    const Chunk& chunk = chunks_[index];
    if (chunk.next != kNoChunk) chunks_[chunk.next].previous = chunk.previous;
    if (chunk.previous != kNoChunk) {
      chunks_[chunk.previous].next = chunk.next;
    } else {
      own.firstChunk = chunk.next;
    }
  }

  // Apart from the rest of a chunk, because readers need nothing else.
  std::vector<std::unique_ptr<T[]>> memory_;
  std::vector<Chunk> chunks_;
  // Numbers of chunks that were given back.
  std::vector<std::uint32_t> unused_;
  std::array<SizeClass, kClasses> classes_{};
  // In all chunks, used or not.
  std::size_t items_ = 0;
};

}  // namespace mif::table
