// SPDX-License-Identifier: MIT
#include "feed/difference.h"

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "record-text.h"
#include "table/records.h"
#include "table/tables.h"
#include "test.h"

namespace {

using mif::contract::Change;
using mif::contract::ChangeCause;
using mif::contract::Operation;
using mif::contract::Placement;
using mif::contract::RecordKind;
using mif::contract::Verb;
using mif::table::Tables;
using mif::table::View;
using namespace mif::test;

struct Step {
  RecordKind kind;
  Operation operation;
  // As linesOf has it.
  std::string before;
  std::string after;
};

// Collects the steps, and checks of each what must hold of any.
class Collected final : public mif::feed::Steps {
 public:
  void step(const mif::contract::Interface* before, const mif::contract::Interface* after) override {
    add(RecordKind::kInterface, &Change::interface, before, after);
  }
  void step(const mif::contract::Address* before, const mif::contract::Address* after) override {
    add(RecordKind::kAddress, &Change::address, before, after);
  }
  void step(const mif::contract::Nexthop* before, const mif::contract::Nexthop* after) override {
    add(RecordKind::kNexthop, &Change::nexthop, before, after);
  }
  void step(const mif::contract::Route* before, const mif::contract::Route* after) override {
    add(RecordKind::kRoute, &Change::route, before, after);
  }
  void step(const mif::contract::Rule* before, const mif::contract::Rule* after) override {
    add(RecordKind::kRule, &Change::rule, before, after);
  }
  void step(const mif::contract::Neighbour* before, const mif::contract::Neighbour* after) override {
    add(RecordKind::kNeighbour, &Change::neighbour, before, after);
  }

  std::vector<Step> steps;

 private:
  template <typename Record>
  void add(RecordKind kind, Record Change::* member, const Record* before, const Record* after) {
    MIF_CHECK(before != nullptr || after != nullptr);
    if (before != nullptr && after != nullptr) MIF_CHECK(mif::contract::sameIdentity(*before, *after));
    const auto text = [&](const Record* record) {
      if (record == nullptr) return std::string();
      Change change;
      change.kind = kind;
      change.placement = Placement::kAdd;
      change.*member = *record;
      return textOf(change, 0);
    };
    const Operation operation = before == nullptr  ? Operation::kAdded
                                : after == nullptr ? Operation::kRemoved
                                                   : Operation::kChanged;
    steps.push_back({kind, operation, text(before), text(after)});
  }
};

std::vector<Step> stepsOf(const View& earlier, const View& later, const mif::table::RouteFilter& filter = {}) {
  Collected collected;
  mif::feed::walkDifference(earlier, later, filter, collected);
  return collected.steps;
}

// What the earlier lines become; a step about what is not there fails the case.
std::vector<std::string> applied(std::vector<std::string> lines, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    if (step.operation != Operation::kAdded) {
      const auto found = std::find(lines.begin(), lines.end(), step.before);
      if (found == lines.end()) {
        fail(__FILE__, __LINE__, "not in the earlier view: " + step.before);
      } else {
        lines.erase(found);
      }
    }
    if (step.operation != Operation::kRemoved) lines.push_back(step.after);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

// A small world, so that changes meet each other.
class RandomWorld {
 public:
  explicit RandomWorld(std::uint32_t seed) : random_(seed) {}

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_()) % limit; }

  Change change() {
    Change change = record();
    change.placement = static_cast<Placement>(1 + below(4));
    if (below(3) == 0) change.verb = Verb::kRemove;
    return change;
  }

  Change record() {
    switch (below(9)) {
      case 0: {
        Change change = link(1 + below(4), below(2) == 0 ? "a" : "b");
        change.interface.mtu = 1500 + below(2);
        if (below(4) == 0) change.interface.flags = 0;
        return change;
      }
      case 1: {
        Change change = address(joined("192.0.2.", below(4), "/24"), 1 + below(3));
        change.address.flags = below(2);
        return change;
      }
      case 2: {
        Change change = address(joined("2001:db8::", below(4), "/64"), 1 + below(3));
        // Far apart, so that each move is worth an event and lines tell them apart.
        change.address.validLifetime = mif::base::now() + 3'600'000 * (1 + below(3));
        return change;
      }
      case 3:
        return below(3) == 0 ? group(20 + below(2), {1 + below(3)}) : nexthop(1 + below(3), 1 + below(3));
      case 4:
        return rule(100 + below(4), 254 + below(2));
      case 5: {
        Change change = neighbour(joined("192.0.2.", below(4)), 1 + below(3));
        change.neighbour.state = 1u << below(3);
        if (below(4) == 0) change.neighbour.flags = mif::contract::NeighbourFlag::kRouter;
        return change;
      }
      case 6:
        return route6();
      default:
        return route4();
    }
  }

 private:
  Change route4() {
    Change change =
        route(joined("10.0.", below(5), ".0/24"), 1 + below(3), below(3) == 0 ? "" : joined("192.0.2.", 1 + below(3)));
    change.route.metric = below(2);
    change.route.protocol = below(2) == 0 ? mif::contract::RouteProtocol::kStatic : mif::contract::RouteProtocol::kBgp;
    if (below(5) == 0) change.route.nexthopId = 1 + below(3);
    return change;
  }

  Change route6() {
    const std::string net = joined("2001:db8:", below(4), "::/48");
    switch (below(3)) {
      case 0:
        return route(net, 1 + below(3));
      case 1:
        return route(net, 1, below(2) == 0 ? "fe80::a" : "fe80::b");
      default:
        return multipath(net, 1, {"fe80::b", below(2) == 0 ? "fe80::a" : "fe80::c"});
    }
  }

  std::mt19937 random_;
};

// A dump of one kind of some of what is there and some that is not.
void dumpSome(Tables& tables, RandomWorld& world, ChangeCause cause) {
  const RecordKind kind = mif::table::kAllKinds[world.below(6)];
  tables.beginSweep(kind, cause);
  for (int n = 0; n < 30; ++n) {
    const Change change = world.record();
    if (change.kind == kind) tables.apply(listed(change));
  }
  tables.endSweep(kind, world.below(2) == 0);
}

}  // namespace

MIF_TEST("difference: an earlier view and its difference make the later view, whatever happened (MIF-82, MIF-84)") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    RandomWorld world(seed);
    Tables tables;
    std::vector<View> views = {tables.view()};
    for (int round = 0; round < 40; ++round) {
      for (std::uint32_t n = world.below(30); n > 0; --n) tables.apply(world.change());
      if (world.below(5) == 0) dumpSome(tables, world, ChangeCause::kResync);
      views.push_back(tables.view());
      const View& later = views.back();
      const View& earlier = views[world.below(static_cast<std::uint32_t>(views.size()))];
      const std::vector<Step> steps = stepsOf(earlier, later);
      if (applied(linesOf(earlier), steps) != linesOf(later)) {
        fail(__FILE__, __LINE__, joined("seed ", seed, ", round ", round));
        return;
      }
      if (earlier.generation == later.generation) MIF_CHECK(steps.empty());
      // And back: a difference knows no time.
      if (applied(linesOf(later), stepsOf(later, earlier)) != linesOf(earlier)) {
        fail(__FILE__, __LINE__, joined("backwards, seed ", seed, ", round ", round));
        return;
      }
    }
  }
}

MIF_TEST("difference: removals come first, children before what they hang on; the rest follows in order (MIF-77)") {
  for (std::uint32_t seed = 100; seed < 120; ++seed) {
    RandomWorld world(seed);
    Tables tables;
    for (int n = 0; n < 200; ++n) tables.apply(world.change());
    const View earlier = tables.view();
    for (int n = 0; n < 200; ++n) tables.apply(world.change());
    const std::vector<Step> steps = stepsOf(earlier, tables.view());
    const auto rank = [](const Step& step) {
      const int kind = static_cast<int>(step.kind);
      return step.operation == Operation::kRemoved ? -kind : 10 + kind;
    };
    MIF_CHECK(
        std::is_sorted(steps.begin(), steps.end(), [&](const Step& a, const Step& b) { return rank(a) < rank(b); }));
  }
}

MIF_TEST("difference: what went and came back unchanged is not mentioned (MIF-83)") {
  Tables tables;
  for (int n = 0; n < 5; ++n) tables.apply(address(joined("192.0.2.", n, "/24"), 2));
  const View earlier = tables.view();
  for (int n = 0; n < 5; ++n) tables.apply(removal(address(joined("192.0.2.", n, "/24"), 2)));
  // Not in the order of their positions.
  for (const int n : {3, 1, 4, 0, 2}) tables.apply(address(joined("192.0.2.", n, "/24"), 2));
  MIF_CHECK_EQUAL(stepsOf(earlier, tables.view()).size(), 0u);
}

MIF_TEST("difference: what went and came back different is one change, not two steps (MIF-84)") {
  Tables tables;
  tables.apply(address("192.0.2.1/24", 2));
  tables.apply(address("192.0.2.2/24", 2));
  const View earlier = tables.view();
  tables.apply(removal(address("192.0.2.1/24", 2)));
  tables.apply(removal(address("192.0.2.2/24", 2)));
  Change back = address("192.0.2.1/24", 2);
  back.address.label = "eth0:1";
  tables.apply(back);
  const std::vector<Step> steps = stepsOf(earlier, tables.view());
  MIF_REQUIRE(steps.size() == 2);
  MIF_CHECK(steps[0].operation == Operation::kRemoved);
  MIF_CHECK(steps[1].operation == Operation::kChanged);
}

MIF_TEST("difference: an interface that ended and another with its index are a removal and an addition (B9)") {
  Tables tables;
  tables.apply(link(3, "eth0"));
  const View earlier = tables.view();
  tables.apply(removal(link(3, "eth0")));
  tables.apply(link(3, "eth0"));
  const std::vector<Step> steps = stepsOf(earlier, tables.view());
  MIF_REQUIRE(steps.size() == 2);
  MIF_CHECK(steps[0].operation == Operation::kRemoved && steps[1].operation == Operation::kAdded);
}

MIF_TEST(
    "difference: a route by another router is a removal and an addition, by another maker a change (route identity)") {
  Tables tables;
  tables.apply(route("10.0.0.0/8", 2, "192.0.2.1"));
  const View first = tables.view();
  tables.apply(placed(Placement::kReplace, route("10.0.0.0/8", 2, "192.0.2.2")));
  const View second = tables.view();
  MIF_CHECK_EQUAL(stepsOf(first, second).size(), 2u);
  Change dhcp = route("10.0.0.0/8", 2, "192.0.2.2");
  dhcp.route.protocol = mif::contract::RouteProtocol::kDhcp;
  tables.apply(placed(Placement::kReplace, dhcp));
  const std::vector<Step> steps = stepsOf(second, tables.view());
  MIF_REQUIRE(steps.size() == 1);
  MIF_CHECK(steps[0].operation == Operation::kChanged);
}

MIF_TEST(
    "difference: a neighbour that becomes a router is a change, a proxy entry beside it an addition (neighbour "
    "identity)") {
  Tables tables;
  Change change = neighbour("fe80::1", 2);
  tables.apply(change);
  const View host = tables.view();
  change.neighbour.flags = mif::contract::NeighbourFlag::kRouter;
  tables.apply(change);
  const View router = tables.view();
  const std::vector<Step> becomes = stepsOf(host, router);
  MIF_REQUIRE(becomes.size() == 1);
  MIF_CHECK(becomes[0].operation == Operation::kChanged);
  // The same where the two meet by their hashes, because the entry went and came back elsewhere.
  tables.apply(neighbour("fe80::2", 2));
  tables.apply(removal(change));
  tables.apply(neighbour("fe80::3", 2));
  change.neighbour.flags = 0;
  tables.apply(change);
  const std::vector<Step> back = stepsOf(router, tables.view());
  MIF_CHECK_EQUAL(
      std::count_if(back.begin(), back.end(), [](const Step& step) { return step.operation == Operation::kChanged; }),
      1);
  MIF_CHECK_EQUAL(
      std::count_if(back.begin(), back.end(), [](const Step& step) { return step.operation == Operation::kRemoved; }),
      0);
  const View before = tables.view();
  change.neighbour.flags = mif::contract::NeighbourFlag::kProxy;
  tables.apply(change);
  const std::vector<Step> proxied = stepsOf(before, tables.view());
  MIF_REQUIRE(proxied.size() == 1);
  MIF_CHECK(proxied[0].operation == Operation::kAdded);
}

MIF_TEST("difference: a refreshed lifetime is in the later view and not in the difference (C6)") {
  Tables tables;
  Change change = address("2001:db8::1/64", 2);
  change.address.validLifetime = mif::base::now() + 600'000;
  tables.apply(change);
  const View earlier = tables.view();
  change.address.validLifetime += 30'000;
  tables.apply(change);
  const View later = tables.view();
  MIF_CHECK(later.generation > earlier.generation);
  MIF_CHECK_EQUAL(stepsOf(earlier, later).size(), 0u);
  change.address.validLifetime += 60'000;
  tables.apply(change);
  MIF_CHECK_EQUAL(stepsOf(later, tables.view()).size(), 1u);
}

MIF_TEST("difference: a filter shows a route that no longer passes as removed") {
  Tables tables;
  Change change = route("10.0.0.0/8", 2, "192.0.2.1");
  tables.apply(change);
  const View earlier = tables.view();
  change.route.protocol = mif::contract::RouteProtocol::kBgp;
  tables.apply(placed(Placement::kReplace, change));
  const std::vector<Step> steps = stepsOf(earlier, tables.view(), {.protocol = mif::contract::RouteProtocol::kStatic});
  MIF_REQUIRE(steps.size() == 1);
  MIF_CHECK(steps[0].operation == Operation::kRemoved);
  MIF_CHECK_EQUAL(stepsOf(earlier, tables.view(), {.family = 6}).size(), 0u);
}

MIF_TEST("difference: the cause is the last in order that took part since the earlier view") {
  Tables tables;
  tables.apply(route("10.0.0.0/8", 2));
  const View first = tables.view();
  tables.apply(route("10.1.0.0/16", 2));
  const View second = tables.view();
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kResync);
  tables.apply(listed(route("10.0.0.0/8", 2)));
  tables.endSweep(RecordKind::kRoute, true);
  const View third = tables.view();
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kInferred);
  tables.endSweep(RecordKind::kRoute, true);
  const View fourth = tables.view();
  MIF_CHECK(mif::feed::causeOf(first, second) == ChangeCause::kKernel);
  MIF_CHECK(mif::feed::causeOf(second, third) == ChangeCause::kResync);
  MIF_CHECK(mif::feed::causeOf(third, fourth) == ChangeCause::kInferred);
  MIF_CHECK(mif::feed::causeOf(first, fourth) == ChangeCause::kResync);
  MIF_CHECK(mif::feed::causeOf(fourth, fourth) == ChangeCause::kKernel);
}

MIF_TEST("difference: packed steps are cause, count, and for each kind, operation and records") {
  Tables tables;
  tables.apply(nexthop(1, 2));
  const View earlier = tables.view();
  tables.apply(nexthop(1, 3));
  tables.apply(nexthop(2, 3));
  mif::contract::Packer expected;
  expected.word(0);
  expected.word(2);
  expected.word(static_cast<std::uint32_t>(RecordKind::kNexthop));
  expected.word(static_cast<std::uint32_t>(Operation::kChanged));
  mif::contract::pack(nexthop(1, 2).nexthop, expected);
  mif::contract::pack(nexthop(1, 3).nexthop, expected);
  expected.word(static_cast<std::uint32_t>(RecordKind::kNexthop));
  expected.word(static_cast<std::uint32_t>(Operation::kAdded));
  mif::contract::pack(nexthop(2, 3).nexthop, expected);
  mif::contract::Packer packed;
  mif::feed::difference(earlier, tables.view(), {}, packed);
  MIF_CHECK(packed.words() == expected.words());
}
