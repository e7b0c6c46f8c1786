// SPDX-License-Identifier: MIT
// From prefixes to 32-bit values, found by exact prefix or by the longest one that contains an address. A tree bitmap
// (Eatherton, Varghese and Dittia, 2004) with strides of 6 bits: a node is half a cache line, and a lookup in a million
// routes touches four of them. Strides begin behind the first bit, so that 24, 48 and 36 are the longest lengths of
// their nodes and 64 such prefixes share one; strides at which nothing branches and nothing ends are a word in the node
// below. Any number of threads may read while nobody writes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "table/block-arena.h"

namespace mif::table {

template <int kBits>
class PrefixTrie {
  static_assert(kBits == 32 || kBits == 128);

 public:
  using Bytes = std::array<std::uint8_t, kBits / 8>;
  // In network order. Of a prefix only the leading bits are looked at.
  using Address = std::span<const std::uint8_t, kBits / 8>;

  // A prefix that contains an address, or none. Not std::optional, which goes through memory on its way out of find().
  struct Match {
    std::uint32_t value = 0;
    // Bits; less than 0 for none.
    std::int32_t length = -1;

    explicit operator bool() const { return length >= 0; }
  };

  // The longest prefix of at most `longest` bits that contains the address. Whoever rejects a match asks again for
  // its length - 1, which may be -1.
  Match find(Address address, int longest = kBits) const;

  // The same for many addresses, whose waits for memory overlap; as many matches. Costs more in a trie that is in the
  // nearer caches, where nothing waits.
  void findMany(std::span<const Bytes> addresses, std::span<Match> matches) const;

  // The value of this very prefix.
  std::optional<std::uint32_t> get(Address prefix, int length) const;

  struct Placed {
    // Valid until the next change of the trie.
    std::uint32_t* value;
    bool isNew;
  };
  // The value of this prefix, which becomes `value` if there is none.
  Placed place(Address prefix, int length, std::uint32_t value);
  // Adds a prefix or changes its value.
  void put(Address prefix, int length, std::uint32_t value) { *place(prefix, length, value).value = value; }
  // The value of this prefix, for changing it; null when there is none. Valid until the next change of the trie.
  std::uint32_t* edit(Address prefix, int length);
  // Whether it was there.
  bool erase(Address prefix, int length);

  // Prefixes.
  std::size_t size() const { return size_; }
  // Of memory, with the object itself.
  std::size_t bytes() const { return sizeof *this + nodes_.bytes() + values_.bytes(); }

 private:
  struct alignas(32) Node {
    // Prefixes that end here: bit 2^n + v for the one of n more bits, 0 to 5, whose number is v.
    std::uint64_t prefixes = 0;
    // Bit c: there is a child for the next 6 bits c.
    std::uint64_t children = 0;
    // Strides between the parent and this node: how many in the lowest 8 bits, above these their bits.
    std::uint64_t path = 0;
    // Of the prefixes and the children, in the order of their bits.
    BlockId values = 0;
    BlockId nodes = 0;

    bool isEmpty() const { return prefixes == 0 && children == 0; }
    int strides() const { return static_cast<int>(path & 0xff); }
    std::uint64_t pathBits() const { return path >> 8; }
  };
  static_assert(sizeof(Node) == 32);

  class Rest;
  class Descent;

  const std::uint32_t* valueOf(Address prefix, int length) const;

  // Values in the order of their bits, so the place of one is how many come before it.
  static std::size_t rankOf(std::uint64_t bits, unsigned bit);
  const std::uint32_t& valueAt(const Node& node, unsigned bit) const;
  Node* childAt(Node& node, unsigned stride) { return nodes_.at(node.nodes) + rankOf(node.children, stride); }
  const Node* childAt(const Node& node, unsigned stride) const {
    return nodes_.at(node.nodes) + rankOf(node.children, stride);
  }

  void split(Node& node, int strides);
  Node* addChild(Node& node, unsigned stride);
  void removeChild(Node& node, unsigned stride);
  void mergeWithOnlyChild(Node& node);

  // For either first bit.
  std::array<Node, 2> roots_;
  BlockArena<Node, 256> nodes_;
  BlockArena<std::uint32_t, 1024> values_;
  std::size_t size_ = 0;
  // Value of the prefix of no bits.
  std::uint32_t default_ = 0;
  bool hasDefault_ = false;
};

extern template class PrefixTrie<32>;
extern template class PrefixTrie<128>;

}  // namespace mif::table
