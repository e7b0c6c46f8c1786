// SPDX-License-Identifier: MIT
// Which lists of routes lead to an address: for each routing table of one family its prefixes, and for each prefix the
// heads of its lists (route-lists.h) in the order in which the kernel asks them. What becomes of a list, whether its
// routes can be used, is for who asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "table/chunked.h"
#include "table/prefix-trie.h"
#include "table/route-attributes.h"
#include "table/route-rows.h"

namespace mif::table {

template <typename Row>
class Fib {
 public:
  using Trie = PrefixTrie<sizeof(Row::destination) * 8>;

  // Looks up there what is at a position; both have to outlive it.
  Fib(const Chunked<Row>& rows, const AttributesPool& pool) : rows_(rows), pool_(pool) {}
  Fib(const Fib&) = delete;
  Fib& operator=(const Fib&) = delete;

  // The prefixes of a routing table, or null when it has none. Valid while version() stays. Values are for lists().
  const Trie* table(std::uint32_t id) const {
    const auto found = tables_.find(id);
    return found == tables_.end() ? nullptr : &found->second;
  }
  // Changes when a table comes or goes.
  std::uint64_t version() const { return version_; }

  // Heads of the lists that a value of a trie means, the one that the kernel asks first in front. IPv4: by type of
  // service, the largest first (0, for any, is the last), then by metric. IPv6: those for a source, the longest first,
  // then the others; by metric; equals as they came. Valid until the next change, and as long as `value` is where it
  // is.
  std::span<const Position> lists(const std::uint32_t& value) const {
    if ((value & kSeveral) == 0) return {&value, 1};
    return *several_.at(value & ~kSeveral);
  }

  // A list has come into being; its head is at this position of the rows.
  void add(Position head);
  // A list of the same key begins at another position now.
  void replaceHead(Position before, Position after);
  // A list ends; its head is still in the rows.
  void remove(Position head);

  // Of memory, with the object itself.
  std::size_t bytes() const;

 private:
  using Heads = std::vector<Position>;

  // In the value of a trie: the rest is a position in several_, else the only head.
  static constexpr std::uint32_t kSeveral = 0x80000000;

  std::uint32_t tableOf(Position head) const { return pool_.at(rows_.at(head)->attributes).table; }
  bool isAskedBefore(Position a, Position b) const;

  const Chunked<Row>& rows_;
  const AttributesPool& pool_;
  // Of nodes, so that a table stays where it is.
  std::unordered_map<std::uint32_t, Trie> tables_;
  Chunked<Heads, 16> several_;
  std::uint64_t version_ = 0;
};

extern template class Fib<Route4>;
extern template class Fib<Route6>;

}  // namespace mif::table
