// SPDX-License-Identifier: MIT
#include "fib-promises.h"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>

namespace mif::fuzz {

namespace {

using table::kNoPosition;
using table::Position;

// Every table that a small world has, and the others whose numbers have one byte.
constexpr std::uint32_t kTables = 256;

template <typename Row>
struct Destination {
  std::uint32_t table;
  std::uint8_t length;
  decltype(Row::destination) address;
  auto operator<=>(const Destination&) const = default;
};

// Where a list stands among those of its destination: the smallest is asked first.
struct Rank {
  int source;
  int tos;
  std::uint32_t metric;
  auto operator<=>(const Rank&) const = default;
};

Rank rankOf(const table::Route4& row, const contract::Route&) {
  return {0, -row.tos, row.metric};
}
Rank rankOf(const table::Route6& row, const contract::Route& attributes) {
  return {-attributes.source.length, 0, row.metric};
}

template <typename Row>
bool isIndexed(const table::RouteRows& routes, const table::Chunked<Row>& rows, const table::Fib<Row>* fib) {
  if (fib == nullptr) return false;
  std::set<Position> followers;
  rows.forEach([&](Position, const Row& row) {
    followers.insert(row.next);
    return true;
  });
  std::map<Destination<Row>, std::set<Position>> heads;
  rows.forEach([&](Position position, const Row& row) {
    if (followers.contains(position)) return true;
    Destination<Row> key{routes.attributesOf(row.attributes).table, row.length, row.destination};
    for (std::size_t bit = row.length; bit < key.address.size() * 8; ++bit) {
      key.address[bit / 8] &= static_cast<std::uint8_t>(~(0x80u >> (bit % 8)));
    }
    heads[key].insert(position);
    return true;
  });

  std::map<std::uint32_t, std::size_t> prefixes;
  for (const auto& [destination, expected] : heads) {
    ++prefixes[destination.table];
    const auto* table = fib->table(destination.table);
    if (table == nullptr) return false;
    const auto value = table->get(destination.address, destination.length);
    if (!value) return false;
    const auto lists = fib->lists(*value);
    if (lists.size() != expected.size() || std::set(lists.begin(), lists.end()) != expected) return false;
    const auto rankAt = [&](Position position) {
      const Row& row = *rows.at(position);
      return rankOf(row, routes.attributesOf(row.attributes));
    };
    if (!std::is_sorted(lists.begin(), lists.end(), [&](Position a, Position b) { return rankAt(a) < rankAt(b); })) {
      return false;
    }
  }
  for (std::uint32_t id = 0; id < kTables; ++id) {
    const auto* table = fib->table(id);
    const auto expected = prefixes.find(id);
    if (table == nullptr ? expected != prefixes.end()
                         : expected == prefixes.end() || table->size() != expected->second) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool isIndexed(const table::Tables& tables) {
  const table::View view = tables.view();
  return isIndexed(view.routes, view.routes.v4, tables.routes().fib4()) &&
         isIndexed(view.routes, view.routes.v6, tables.routes().fib6());
}

}  // namespace mif::fuzz
