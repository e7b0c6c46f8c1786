// SPDX-License-Identifier: MIT
#include "feed/difference.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "table/chunked.h"
#include "table/hash.h"

namespace mif::feed {

namespace {

using contract::ChangeCause;
using contract::Operation;
using contract::RecordKind;
using table::Chunked;
using table::View;

// What differs in one table. A step without `before` is an addition, without `after` a removal.
template <typename Row>
struct TableSteps {
  struct Step {
    const Row* before;
    const Row* after;
  };
  std::vector<Step> removed;
  std::vector<Step> others;
};

// Compares two tables row by row where they do not share memory. `Comparison` has sameIdentity and sameContent of
// an earlier and a later row, hashes of the identity of each, and says which rows count at all.
template <typename Row, std::size_t kSlots, typename Comparison>
TableSteps<Row> compare(const Chunked<Row, kSlots>& earlier, const Chunked<Row, kSlots>& later,
                        const Comparison& comparison) {
  TableSteps<Row> steps;
  std::vector<const Row*> gone;
  std::vector<const Row*> come;
  Chunked<Row, kSlots>::forEachUnshared(earlier, later, [&](table::Position, const Row* before, const Row* after) {
    if (before != nullptr && !comparison.countsEarlier(*before)) before = nullptr;
    if (after != nullptr && !comparison.countsLater(*after)) after = nullptr;
    if (before != nullptr && after != nullptr && comparison.sameIdentity(*before, *after)) {
      if (!comparison.sameContent(*before, *after)) steps.others.push_back({before, after});
      return;
    }
    if (before != nullptr) gone.push_back(before);
    if (after != nullptr) come.push_back(after);
  });

  if (gone.empty() || come.empty()) {
    for (const Row* row : gone) steps.removed.push_back({row, nullptr});
    for (const Row* row : come) steps.others.push_back({nullptr, row});
    return steps;
  }

  // A record that went and came back may have another position. Equal ones are found first, so that of IPv4 routes
  // with one identity (trap D8) each meets itself.
  std::unordered_multimap<std::uint64_t, const Row*> byIdentity;
  for (const Row* row : gone) byIdentity.emplace(comparison.hashEarlier(*row), row);
  const auto meet = [&](const Row& after, auto&& matches) -> const Row* {
    const auto [first, last] = byIdentity.equal_range(comparison.hashLater(after));
    const auto found = std::find_if(first, last, [&](const auto& entry) { return matches(*entry.second); });
    if (found == last) return nullptr;
    const Row* before = found->second;
    byIdentity.erase(found);
    return before;
  };
  std::erase_if(come, [&](const Row* after) {
    return meet(*after, [&](const Row& before) {
             return comparison.sameIdentity(before, *after) && comparison.sameContent(before, *after);
           }) != nullptr;
  });
  for (const Row* after : come) {
    const Row* before = meet(*after, [&](const Row& other) { return comparison.sameIdentity(other, *after); });
    steps.others.push_back({before, after});
  }
  // In the order of the table, not of the hashes.
  for (const Row* row : gone) {
    const auto [first, last] = byIdentity.equal_range(comparison.hashEarlier(*row));
    const bool isGone = std::any_of(first, last, [row](const auto& entry) { return entry.second == row; });
    if (isGone) steps.removed.push_back({row, nullptr});
  }
  return steps;
}

// The tables whose rows are told apart by the same functions in every view; `Kind` is that of table/record-table.h.
template <typename Kind>
struct RecordComparison {
  using Row = typename Kind::Row;

  static bool countsEarlier(const Row&) { return true; }
  static bool countsLater(const Row&) { return true; }
  static std::uint64_t hashEarlier(const Row& row) { return Kind::hashOf(row); }
  static std::uint64_t hashLater(const Row& row) { return Kind::hashOf(row); }
  static bool sameIdentity(const Row& a, const Row& b) { return contract::sameIdentity(a, b); }
  static bool sameContent(const Row& a, const Row& b) { return contract::sameContent(a, b); }
};

struct InterfaceKind {
  using Row = contract::Interface;
  static std::uint64_t hashOf(const Row& row) { return table::Hash().add(row.index).add(row.generation).value(); }
};

struct AddressComparison : RecordComparison<table::AddressKind> {
  static bool sameIdentity(const Row& a, const Row& b) { return contract::sameIdentity(a.record, b.record); }
  // Lifetimes count as they were last told (trap C6, MIF-41).
  static bool sameContent(const Row& a, const Row& b) {
    return contract::sameContent(a.record, b.record) && a.reportedPreferred == b.reportedPreferred &&
           a.reportedValid == b.reportedValid;
  }
};

template <std::size_t kBytes>
class RouteComparison {
 public:
  using Row = table::RouteRow<kBytes>;

  RouteComparison(const table::RouteRows& earlier, const table::RouteRows& later, const table::RouteFilter& filter)
      : earlier_(earlier), later_(later), filter_(filter) {}

  bool countsEarlier(const Row& row) const {
    return filter_.acceptsLength(row.length) && filter_.accepts(earlier_.attributesOf(row.attributes));
  }
  bool countsLater(const Row& row) const {
    return filter_.acceptsLength(row.length) && filter_.accepts(later_.attributesOf(row.attributes));
  }
  std::uint64_t hashEarlier(const Row& row) const { return hash(row, earlier_.attributesOf(row.attributes)); }
  std::uint64_t hashLater(const Row& row) const { return hash(row, later_.attributesOf(row.attributes)); }

  bool sameIdentity(const Row& a, const Row& b) const {
    if (!sameKey(a, b)) return false;
    const contract::Route& before = earlier_.attributesOf(a.attributes);
    const contract::Route& after = later_.attributesOf(b.attributes);
    return &before == &after || contract::sameIdentity(before, after);
  }
  bool sameContent(const Row& a, const Row& b) const {
    const contract::Route& before = earlier_.attributesOf(a.attributes);
    const contract::Route& after = later_.attributesOf(b.attributes);
    // One object for both views where nothing changed, see table/route-attributes.h.
    return sameKey(a, b) && (&before == &after || contract::sameContent(before, after));
  }

 private:
  static bool sameKey(const Row& a, const Row& b) {
    return a.destination == b.destination && a.length == b.length && a.metric == b.metric && a.tos == b.tos;
  }
  static std::uint64_t hash(const Row& row, const contract::Route& attributes) {
    table::Hash hash;
    for (const std::uint8_t byte : row.destination) hash.add(byte);
    return hash.add(row.length).add(row.metric).add(attributes.table).add(attributes.index).value();
  }

  const table::RouteRows& earlier_;
  const table::RouteRows& later_;
  const table::RouteFilter& filter_;
};

template <typename Row>
void tell(const std::vector<typename TableSteps<Row>::Step>& list, Steps& steps) {
  for (const auto& step : list) steps.step(step.before, step.after);
}

template <>
void tell<table::AddressRow>(const std::vector<TableSteps<table::AddressRow>::Step>& list, Steps& steps) {
  for (const auto& step : list) {
    steps.step(step.before != nullptr ? &step.before->record : nullptr,
               step.after != nullptr ? &step.after->record : nullptr);
  }
}

template <std::size_t kBytes>
void tellRoutes(const std::vector<typename TableSteps<table::RouteRow<kBytes>>::Step>& list,
                const table::RouteRows& earlier, const table::RouteRows& later, Steps& steps) {
  contract::Route before;
  contract::Route after;
  for (const auto& step : list) {
    if (step.before != nullptr) earlier.fill(*step.before, before);
    if (step.after != nullptr) later.fill(*step.after, after);
    steps.step(step.before != nullptr ? &before : nullptr, step.after != nullptr ? &after : nullptr);
  }
}

// Writes each step as View::read writes a record, behind kind and operation.
class PackedSteps final : public Steps {
 public:
  explicit PackedSteps(contract::Packer& packer) : packer_(packer), count_(packer.size()) { packer_.word(0); }

  void step(const contract::Interface* before, const contract::Interface* after) override {
    write(RecordKind::kInterface, before, after);
  }
  void step(const contract::Address* before, const contract::Address* after) override {
    write(RecordKind::kAddress, before, after);
  }
  void step(const contract::Nexthop* before, const contract::Nexthop* after) override {
    write(RecordKind::kNexthop, before, after);
  }
  void step(const contract::Route* before, const contract::Route* after) override {
    write(RecordKind::kRoute, before, after);
  }
  void step(const contract::Rule* before, const contract::Rule* after) override {
    write(RecordKind::kRule, before, after);
  }
  void step(const contract::Neighbour* before, const contract::Neighbour* after) override {
    write(RecordKind::kNeighbour, before, after);
  }

 private:
  template <typename Record>
  void write(RecordKind kind, const Record* before, const Record* after) {
    const Operation operation = before == nullptr  ? Operation::kAdded
                                : after == nullptr ? Operation::kRemoved
                                                   : Operation::kChanged;
    packer_.word(static_cast<std::uint32_t>(kind));
    packer_.word(static_cast<std::uint32_t>(operation));
    if (before != nullptr) contract::pack(*before, packer_);
    if (after != nullptr) contract::pack(*after, packer_);
    packer_.patch(count_, ++written_);
  }

  contract::Packer& packer_;
  std::size_t count_;
  std::uint32_t written_ = 0;
};

}  // namespace

ChangeCause causeOf(const View& earlier, const View& later) {
  for (std::size_t cause = table::kCauses; cause-- > 0;) {
    if (later.causeGenerations[cause] > earlier.generation) return static_cast<ChangeCause>(cause);
  }
  return ChangeCause::kKernel;
}

void walkDifference(const View& earlier, const View& later, const table::RouteFilter& filter, Steps& steps) {
  const auto interfaces = compare(earlier.interfaces, later.interfaces, RecordComparison<InterfaceKind>());
  const auto addresses = compare(earlier.addresses, later.addresses, AddressComparison());
  const auto nexthops = compare(earlier.nexthops, later.nexthops, RecordComparison<table::NexthopKind>());
  const auto routes4 =
      compare(earlier.routes.v4, later.routes.v4, RouteComparison<4>(earlier.routes, later.routes, filter));
  const auto routes6 =
      compare(earlier.routes.v6, later.routes.v6, RouteComparison<16>(earlier.routes, later.routes, filter));
  const auto rules = compare(earlier.rules, later.rules, RecordComparison<table::RuleKind>());
  const auto neighbours = compare(earlier.neighbours, later.neighbours, RecordComparison<table::NeighbourKind>());

  tell<contract::Neighbour>(neighbours.removed, steps);
  tell<contract::Rule>(rules.removed, steps);
  tellRoutes<16>(routes6.removed, earlier.routes, later.routes, steps);
  tellRoutes<4>(routes4.removed, earlier.routes, later.routes, steps);
  tell<contract::Nexthop>(nexthops.removed, steps);
  tell<table::AddressRow>(addresses.removed, steps);
  tell<contract::Interface>(interfaces.removed, steps);

  tell<contract::Interface>(interfaces.others, steps);
  tell<table::AddressRow>(addresses.others, steps);
  tell<contract::Nexthop>(nexthops.others, steps);
  tellRoutes<4>(routes4.others, earlier.routes, later.routes, steps);
  tellRoutes<16>(routes6.others, earlier.routes, later.routes, steps);
  tell<contract::Rule>(rules.others, steps);
  tell<contract::Neighbour>(neighbours.others, steps);
}

void difference(const View& earlier, const View& later, const table::RouteFilter& filter, contract::Packer& packer) {
  packer.word(static_cast<std::uint32_t>(causeOf(earlier, later)));
  PackedSteps steps(packer);
  walkDifference(earlier, later, filter, steps);
}

}  // namespace mif::feed
