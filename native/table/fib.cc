// SPDX-License-Identifier: MIT
#include "table/fib.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace mif::table {

// IPv4: fib_find_alias. IPv6: fib6_node_lookup_1 goes into the subtree of sources before it takes the routes of the
// destination itself; fib6_add_rt2node keeps them by metric.
template <typename Row>
bool Fib<Row>::isAskedBefore(Position a, Position b) const {
  const Row& rowA = *rows_.at(a);
  const Row& rowB = *rows_.at(b);
  if constexpr (std::is_same_v<Row, Route4>) {
    return rowA.tos != rowB.tos ? rowA.tos > rowB.tos : rowA.metric < rowB.metric;
  } else {
    const std::uint8_t sourceA = pool_.at(rowA.attributes).source.length;
    const std::uint8_t sourceB = pool_.at(rowB.attributes).source.length;
    return sourceA != sourceB ? sourceA > sourceB : rowA.metric < rowB.metric;
  }
}

template <typename Row>
void Fib<Row>::add(Position head) {
  const auto [table, isNewTable] = tables_.try_emplace(tableOf(head));
  version_ += isNewTable;
  const Row& row = *rows_.at(head);
  const auto [value, isNew] = table->second.place(row.destination, row.length, head);
  if (isNew) return;
  if ((*value & kSeveral) == 0) *value = several_.insert({*value}) | kSeveral;
  Heads& heads = several_.edit(*value & ~kSeveral);
  const auto behind = std::upper_bound(heads.begin(), heads.end(), head,
                                       [this](Position a, Position b) { return isAskedBefore(a, b); });
  heads.insert(behind, head);
}

template <typename Row>
void Fib<Row>::replaceHead(Position before, Position after) {
  const Row& row = *rows_.at(after);
  std::uint32_t& value = *tables_.find(tableOf(after))->second.edit(row.destination, row.length);
  if ((value & kSeveral) == 0) {
    value = after;
    return;
  }
  Heads& heads = several_.edit(value & ~kSeveral);
  *std::find(heads.begin(), heads.end(), before) = after;
}

template <typename Row>
void Fib<Row>::remove(Position head) {
  const auto table = tables_.find(tableOf(head));
  const Row& row = *rows_.at(head);
  std::uint32_t& value = *table->second.edit(row.destination, row.length);
  if ((value & kSeveral) == 0) {
    table->second.erase(row.destination, row.length);
    if (table->second.size() != 0) return;
    tables_.erase(table);
    ++version_;
    return;
  }
  const Position place = value & ~kSeveral;
  Heads& heads = several_.edit(place);
  heads.erase(std::find(heads.begin(), heads.end(), head));
  if (heads.size() > 1) return;
  value = heads.front();
  several_.erase(place);
}

template <typename Row>
std::size_t Fib<Row>::bytes() const {
  std::size_t bytes = sizeof *this + several_.end() * sizeof(Heads);
  for (const auto& [id, table] : tables_) bytes += table.bytes() + sizeof id;
  several_.forEach([&](Position, const Heads& heads) {
    bytes += heads.capacity() * sizeof(Position);
    return true;
  });
  return bytes;
}

template class Fib<Route4>;
template class Fib<Route6>;

}  // namespace mif::table
