// SPDX-License-Identifier: MIT
#include "view-promises.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "feed/difference.h"
#include "promise.h"
#include "record-text.h"
#include "table/tables.h"
#include "view-records.h"

namespace mif::fuzz {

namespace {

using contract::Change;
using contract::RecordKind;
using table::kNoPosition;
using table::Position;
using table::View;

template <typename Record>
bool isSame(const Record& a, const Record& b) {
  return contract::sameIdentity(a, b) && contract::sameContent(a, b);
}

void print(const char* title, const ViewRecords& records) {
  std::fprintf(stderr, "%s:\n", title);
  records.forEach([](RecordKind kind, auto member, const auto& record) {
    Change change;
    change.kind = kind;
    change.*member = record;
    std::fprintf(stderr, "  %s\n", test::textOf(change, 0).c_str());
  });
}

// Takes one that is the same out of the list. Whether there was one.
template <typename Record>
bool takeOut(std::vector<Record>& records, const Record& record) {
  const auto found =
      std::find_if(records.begin(), records.end(), [&](const Record& other) { return isSame(other, record); });
  if (found == records.end()) return false;
  *found = std::move(records.back());
  records.pop_back();
  return true;
}

template <typename Record>
bool sameRecords(std::vector<Record> a, const std::vector<Record>& b) {
  if (a.size() != b.size()) return false;
  return std::all_of(b.begin(), b.end(), [&](const Record& record) { return takeOut(a, record); });
}

// Pages are short, so that a record falls on every place of one.
void requirePages(const View& view, RecordKind kind) {
  constexpr std::uint32_t kPage = 3;
  const table::RouteFilter everything;
  std::size_t count = 0;
  Position from = 0;
  do {
    contract::Packer packer;
    view.read(kind, from, kPage, everything, packer);
    require(packer.words()[1] <= kPage, "a page is as long as was asked for");
    count += packer.words()[1];
    require(packer.words()[0] == kNoPosition || packer.words()[0] > from, "pages go on behind what was read");
    from = packer.words()[0];
  } while (from != kNoPosition);
  require(count == view.size(kind), "a view is as large as what can be read of it");
}

template <typename Record, typename Same>
void requireDistinct(const std::vector<Record>& records, Same&& same) {
  for (auto a = records.begin(); a != records.end(); ++a) {
    const bool isTwice = std::any_of(a + 1, records.end(), [&](const Record& b) { return same(*a, b); });
    require(!isTwice, "a record is in its table once");
  }
}

template <typename Rows>
void requireLists(const table::RouteRows& routes, const Rows& rows, std::set<table::AttributesId>& used) {
  std::map<Position, Position> before;
  rows.forEach([&](Position position, const auto& row) {
    used.insert(row.attributes);
    require(routes.attributes.at(row.attributes) != nullptr, "a route has attributes");
    if (row.next == kNoPosition) return true;
    const auto* next = rows.at(row.next);
    require(next != nullptr, "a list of routes leads to routes");
    require(before.emplace(row.next, position).second, "a route is in one list");
    const contract::Route& mine = routes.attributesOf(row.attributes);
    const contract::Route& others = routes.attributesOf(next->attributes);
    require(row.destination == next->destination && row.length == next->length && row.metric == next->metric &&
                row.tos == next->tos && mine.table == others.table && mine.source == others.source,
            "a list has routes of one key");
    return true;
  });
  // Each route but the first of its list has one before it, so whoever walks back meets a first one, or goes round.
  rows.forEach([&](Position position, const auto&) {
    std::size_t steps = 0;
    for (auto at = before.find(position); at != before.end(); at = before.find(at->second)) ++steps;
    require(steps < rows.size(), "a list of routes ends");
    return steps < rows.size();
  });
}

// Applies steps as a reader would that knows the earlier view only.
class Follower final : public feed::Steps {
 public:
  Follower(const View& earlier, const table::RouteFilter& filter) : records_(earlier, filter) {}

  void step(const contract::Interface* before, const contract::Interface* after) override {
    follow(records_.interfaces, before, after, 5, 6);
  }
  void step(const contract::Address* before, const contract::Address* after) override {
    follow(records_.addresses, before, after, 4, 7);
  }
  void step(const contract::Nexthop* before, const contract::Nexthop* after) override {
    follow(records_.nexthops, before, after, 3, 8);
  }
  void step(const contract::Route* before, const contract::Route* after) override {
    follow(records_.routes, before, after, 2, 9);
  }
  void step(const contract::Rule* before, const contract::Rule* after) override {
    follow(records_.rules, before, after, 1, 10);
  }
  void step(const contract::Neighbour* before, const contract::Neighbour* after) override {
    follow(records_.neighbours, before, after, 0, 11);
  }

  std::size_t steps() const { return steps_; }
  const ViewRecords& records() const { return records_; }

 private:
  // The ranks are the places of a removal and of any other step in the promised order (feed/difference.h).
  template <typename Record>
  void follow(std::vector<Record>& records, const Record* before, const Record* after, int removal, int other) {
    require(before != nullptr || after != nullptr, "a step has a record");
    const int rank = after == nullptr ? removal : other;
    require(rank >= rank_, "removals come first, children before what they hang on");
    rank_ = rank;
    ++steps_;
    if (before != nullptr) require(takeOut(records, *before), "what is removed or changed was there");
    if (before != nullptr && after != nullptr) {
      require(contract::sameIdentity(*before, *after), "what is changed remains itself");
      // Of an address also its lifetimes may have moved (trap C6).
      constexpr bool isAddress = std::is_same_v<Record, contract::Address>;
      require(isAddress || !contract::sameContent(*before, *after), "what is changed differs");
    }
    if (after != nullptr) records.push_back(*after);
  }

  ViewRecords records_;
  int rank_ = 0;
  std::size_t steps_ = 0;
};

bool sameRecords(const ViewRecords& a, const ViewRecords& b) {
  return sameRecords(a.interfaces, b.interfaces) && sameRecords(a.addresses, b.addresses) &&
         sameRecords(a.nexthops, b.nexthops) && sameRecords(a.routes, b.routes) && sameRecords(a.rules, b.rules) &&
         sameRecords(a.neighbours, b.neighbours);
}

void requireSame(const ViewRecords& a, const ViewRecords& b, const char* promise) {
  if (sameRecords(a, b)) return;
  print("there is", a);
  print("there should be", b);
  require(false, promise);
}

// What the table makes of a record of a dump: hops of IPv6 have an order of their own, generations are counted here.
contract::Route asKept(contract::Route route) {
  if (route.family == 6) {
    std::sort(route.hops.begin(), route.hops.end(), [](const contract::Hop& a, const contract::Hop& b) {
      return std::tie(a.index, a.gateway, a.weight) < std::tie(b.index, b.gateway, b.weight);
    });
  }
  return route;
}

contract::Interface asKept(contract::Interface interface, const std::vector<contract::Interface>& kept) {
  const auto same = std::find_if(kept.begin(), kept.end(),
                                 [&](const contract::Interface& other) { return other.index == interface.index; });
  if (same != kept.end()) interface.generation = same->generation;
  return interface;
}

}  // namespace

void requireSound(const View& view) {
  for (const RecordKind kind : table::kAllKinds) requirePages(view, kind);
  const ViewRecords records(view);
  const auto sameIdentity = [](const auto& a, const auto& b) { return contract::sameIdentity(a, b); };
  requireDistinct(records.interfaces, [](const auto& a, const auto& b) { return a.index == b.index; });
  requireDistinct(records.addresses, sameIdentity);
  requireDistinct(records.nexthops, sameIdentity);
  requireDistinct(records.rules, sameIdentity);
  requireDistinct(records.neighbours, sameIdentity);
  std::set<table::AttributesId> used;
  requireLists(view.routes, view.routes.v4, used);
  requireLists(view.routes, view.routes.v6, used);
  require(used.size() == view.routes.attributes.size(), "attributes that no route uses are given up");
}

std::vector<std::uint32_t> contentsOf(const View& view) {
  contract::Packer packer;
  for (const RecordKind kind : table::kAllKinds) view.read(kind, 0, kNoPosition, {}, packer);
  return packer.words();
}

void requireListed(const View& view, RecordKind kind, const std::vector<Change>& listed) {
  const ViewRecords everything(view);
  ViewRecords kept;
  ViewRecords expected;
  switch (kind) {
    case RecordKind::kInterface:
      kept.interfaces = everything.interfaces;
      for (const Change& change : listed) expected.interfaces.push_back(asKept(change.interface, kept.interfaces));
      break;
    case RecordKind::kAddress:
      kept.addresses = everything.addresses;
      for (const Change& change : listed) expected.addresses.push_back(change.address);
      break;
    case RecordKind::kNexthop:
      kept.nexthops = everything.nexthops;
      for (const Change& change : listed) expected.nexthops.push_back(change.nexthop);
      break;
    case RecordKind::kRoute:
      kept.routes = everything.routes;
      for (const Change& change : listed) expected.routes.push_back(asKept(change.route));
      break;
    case RecordKind::kRule:
      kept.rules = everything.rules;
      for (const Change& change : listed) expected.rules.push_back(change.rule);
      break;
    case RecordKind::kNeighbour:
      kept.neighbours = everything.neighbours;
      for (const Change& change : listed) expected.neighbours.push_back(change.neighbour);
      break;
  }
  requireSame(kept, expected, "after a consistent dump the table is what it listed");
}

std::size_t requireDifference(const View& earlier, const View& later, const table::RouteFilter& filter) {
  Follower follower(earlier, filter);
  feed::walkDifference(earlier, later, filter, follower);
  requireSame(follower.records(), ViewRecords(later, filter), "a view and its difference give the later view");
  if (follower.steps() == 0) return 0;
  const auto& causes = later.causeGenerations;
  require(*std::max_element(causes.begin(), causes.end()) > earlier.generation, "what differs has a cause");
  contract::Packer packer;
  feed::difference(earlier, later, filter, packer);
  require(packer.words()[1] == follower.steps(), "a packed difference has all steps");
  return follower.steps();
}

}  // namespace mif::fuzz
