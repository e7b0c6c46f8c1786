// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include "record-text.h"
#include "table/records.h"
#include "table/tables.h"
#include "test.h"

namespace {

using mif::contract::Change;
using mif::contract::ChangeCause;
using mif::contract::Placement;
using mif::contract::RecordKind;
using mif::contract::RouteProtocol;
using mif::table::Tables;
using namespace mif::test;

const char* const kNet = "10.0.0.0/8";
const char* const kNet6 = "2001:db8:1::/48";

// The routes with the key of the first, in order, and that there are no others.
void checkRoutes(const Tables& tables, const std::vector<Change>& expected, const char* file, int line) {
  const mif::table::View view = tables.view();
  std::vector<std::string> lines;
  for (Change change : expected) lines.push_back(textOf(placed(Placement::kAdd, change), 0));
  const std::vector<std::string> actual =
      expected.empty() ? std::vector<std::string>() : routesInOrder(view, expected.front().route);
  if (actual != lines || view.routes.size() != lines.size()) {
    std::string text = std::to_string(view.routes.size()) + " routes:";
    for (const std::string& route : actual) text += "\n  " + route;
    fail(file, line, text);
  }
}

#define CHECK_ROUTES(tables, ...) checkRoutes(tables, {__VA_ARGS__}, __FILE__, __LINE__)

Change with(RouteProtocol protocol, Change change) {
  change.route.protocol = protocol;
  return change;
}

Change fromRouter(Change change) {
  return with(RouteProtocol::kRa, change);
}

void sweep(Tables& tables, const std::vector<Change>& dump, bool isConsistent = true) {
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kResync);
  for (const Change& change : dump) tables.apply(listed(change));
  tables.endSweep(RecordKind::kRoute, isConsistent);
}

const Change kA = route(kNet, 2, "192.0.2.1");
const Change kB = route(kNet, 2, "192.0.2.2");
const Change kC = route(kNet, 2, "192.0.2.3");
const Change kA6 = route(kNet6, 2, "fe80::a");
const Change kB6 = route(kNet6, 2, "fe80::b");

}  // namespace

MIF_TEST("route table: appended and prepended duplicates stand where the kernel puts them (D7, D8)") {
  Tables tables;
  tables.apply(placed(Placement::kAdd, kA));
  tables.apply(placed(Placement::kAppend, kB));
  tables.apply(placed(Placement::kPrepend, kC));
  CHECK_ROUTES(tables, kC, kA, kB);
}

MIF_TEST("route table: a replacement takes the place of the first of its equals, whatever that is (D6)") {
  Tables tables;
  tables.apply(kA);
  tables.apply(placed(Placement::kAppend, kB));
  tables.apply(placed(Placement::kReplace, kC));
  CHECK_ROUTES(tables, kC, kB);
}

MIF_TEST("route table: a replacement without an equal is an addition") {
  Tables tables;
  tables.apply(placed(Placement::kReplace, kA));
  CHECK_ROUTES(tables, kA);
}

MIF_TEST("route table: another metric, type of service or table is another key (D8, D10)") {
  Tables tables;
  Change metric = placed(Placement::kReplace, kB);
  metric.route.metric = 5;
  Change tos = placed(Placement::kReplace, kB);
  tos.route.tos = 8;
  Change table = placed(Placement::kReplace, kB);
  table.route.table = 4242;
  for (const Change& change : {kA, metric, tos, table}) tables.apply(change);
  MIF_CHECK_EQUAL(tables.view().routes.size(), 4u);
}

MIF_TEST("route table: of duplicates that differ in their maker only, the one that is named is removed (D8)") {
  Tables tables;
  const Change bgp = with(RouteProtocol::kBgp, kA);
  tables.apply(kA);
  tables.apply(placed(Placement::kAppend, bgp));
  tables.apply(removal(bgp));
  CHECK_ROUTES(tables, kA);
  tables.apply(placed(Placement::kAppend, bgp));
  tables.apply(removal(kA));
  CHECK_ROUTES(tables, bgp);
}

MIF_TEST("route table: a removal of what is not there changes nothing and is counted") {
  Tables tables;
  tables.apply(kA);
  tables.apply(removal(kB));
  CHECK_ROUTES(tables, kA);
  MIF_CHECK_EQUAL(tables.missed(), 1u);
}

MIF_TEST("route table: a dump brings duplicates into its order and keeps their positions (D8, MIF-84)") {
  Tables tables;
  tables.apply(kA);
  tables.apply(placed(Placement::kAppend, kB));
  tables.apply(placed(Placement::kAppend, kC));
  const auto event = tables.eventGeneration();
  const std::uint64_t before = tables.generation();
  sweep(tables, {kC, kA, kB});
  CHECK_ROUTES(tables, kC, kA, kB);
  MIF_CHECK_EQUAL(tables.eventGeneration(), event);
  // Another one is used now, so views of before are old.
  MIF_CHECK(tables.generation() > before);
  const std::uint64_t after = tables.generation();
  sweep(tables, {kC, kA, kB});
  MIF_CHECK_EQUAL(tables.generation(), after);
}

MIF_TEST("route table: a dump changes a route in place when only its attributes differ") {
  Tables tables;
  tables.apply(kA);
  tables.apply(route("10.1.0.0/16", 2, "192.0.2.1"));
  mif::table::Position before = 0;
  const auto find = [&](mif::table::Position position, const mif::table::Route4& row) {
    before = position;
    return row.length != 8;
  };
  tables.view().routes.v4.forEach(find);
  const mif::table::Position position = before;
  sweep(tables, {with(RouteProtocol::kDhcp, kA), route("10.1.0.0/16", 2, "192.0.2.1")});
  tables.view().routes.v4.forEach(find);
  MIF_CHECK_EQUAL(before, position);
  MIF_CHECK_EQUAL(tables.view().routes.size(), 2u);
}

MIF_TEST("route table: routes through one router share their attributes, also with a view (memory target)") {
  Tables tables;
  for (int n = 0; n < 200; ++n) tables.apply(route(joined("10.0.", n, ".0/24"), 2, "192.0.2.1"));
  const mif::table::View view = tables.view();
  MIF_CHECK_EQUAL(view.routes.attributes.size(), 1u);
  for (int n = 0; n < 200; ++n) tables.apply(removal(route(joined("10.0.", n, ".0/24"), 2, "192.0.2.1")));
  MIF_CHECK_EQUAL(tables.view().routes.attributes.size(), 0u);
  MIF_CHECK_EQUAL(linesOf(view).size(), 200u);
}

MIF_TEST("route table: a flag that the kernel never announces is kept but is no event (B3)") {
  Tables tables;
  tables.apply(kA);
  const auto event = tables.eventGeneration();
  Change dead = kA;
  dead.route.flags = mif::contract::NexthopFlag::kLinkdown;
  sweep(tables, {dead});
  MIF_CHECK_EQUAL(tables.eventGeneration(), event);
  CHECK_ROUTES(tables, dead);
}

MIF_TEST("route table: an IPv6 route that gains a hop is one route with both (D9)") {
  Tables tables;
  tables.apply(kA6);
  tables.apply(placed(Placement::kAppend, multipath(kNet6, 2, {"fe80::b", "fe80::a"})));
  CHECK_ROUTES(tables, multipath(kNet6, 2, {"fe80::a", "fe80::b"}));
}

MIF_TEST("route table: an IPv6 route that gains a hop with parameters of its own makes the table suspect (D9)") {
  Tables tables;
  tables.apply(kA6);
  tables.apply(placed(Placement::kAppend, multipath(kNet6, 2, {"fe80::b", "fe80::a"})));
  MIF_CHECK(tables.suspects().isEmpty());
  Change third = multipath(kNet6, 2, {"fe80::c", "fe80::b", "fe80::a"});
  third.route.metrics = {{mif::contract::RouteMetric::kMtu, 1400}};
  tables.apply(placed(Placement::kAppend, third));
  MIF_CHECK(tables.suspects().kinds().has(RecordKind::kRoute));
}

MIF_TEST("route table: the order of IPv6 hops in a message does not matter (D9)") {
  Tables tables;
  tables.apply(multipath(kNet6, 2, {"fe80::c", "fe80::a", "fe80::b"}));
  const auto generation = tables.generation();
  sweep(tables, {multipath(kNet6, 2, {"fe80::b", "fe80::c", "fe80::a"})});
  MIF_CHECK_EQUAL(tables.generation(), generation);
  tables.apply(removal(multipath(kNet6, 2, {"fe80::c", "fe80::b", "fe80::a"})));
  CHECK_ROUTES(tables);
}

MIF_TEST("route table: an IPv6 route loses one hop after the other, and the last is a plain route (D9)") {
  Tables tables;
  tables.apply(multipath(kNet6, 2, {"fe80::a", "fe80::b", "fe80::c"}));
  tables.apply(removal(route(kNet6, 2, "fe80::c")));
  CHECK_ROUTES(tables, multipath(kNet6, 2, {"fe80::a", "fe80::b"}));
  tables.apply(removal(kA6));
  CHECK_ROUTES(tables, kB6);
  tables.apply(removal(kB6));
  CHECK_ROUTES(tables);
}

MIF_TEST("route table: hops by routers are one route also to what is there once on each link (D9)") {
  for (const char* const net : {"ff05::/16", "fe80:1::/32"}) {
    Tables tables;
    tables.apply(route(net, 2));
    tables.apply(route(net, 3));
    tables.apply(route(net, 2, "fe80::a"));
    tables.apply(placed(Placement::kAppend, multipath(net, 2, {"fe80::a", "fe80::b"})));
    MIF_CHECK_EQUAL(tables.view().routes.size(), std::size_t{3});
    tables.apply(removal(route(net, 2, "fe80::a")));
    tables.apply(removal(route(net, 2, "fe80::b")));
    MIF_CHECK_EQUAL(tables.view().routes.size(), std::size_t{2});
    MIF_CHECK_EQUAL(tables.missed(), std::uint64_t{0});
    tables.apply(removal(route(net, 2)));
    CHECK_ROUTES(tables, route(net, 3));
  }
}

MIF_TEST("route table: one IPv6 route replaces many without a word about them (D9)") {
  Tables tables;
  tables.apply(multipath(kNet6, 2, {"fe80::a", "fe80::b"}));
  tables.apply(placed(Placement::kReplace, route(kNet6, 2, "fe80::c")));
  CHECK_ROUTES(tables, route(kNet6, 2, "fe80::c"));
}

MIF_TEST("route table: IPv6 routes that cannot be merged stand side by side (D9)") {
  Tables tables;
  const Change advertised = fromRouter(kA6);
  const Change onLink = route(kNet6, 5);
  tables.apply(advertised);
  tables.apply(onLink);
  tables.apply(kB6);
  MIF_CHECK_EQUAL(tables.view().routes.size(), 3u);
  tables.apply(removal(kB6));
  CHECK_ROUTES(tables, advertised, onLink);
}

MIF_TEST("route table: an IPv6 replacement among several that cannot be told apart makes the table suspect (D6)") {
  Tables tables;
  sweep(tables, {fromRouter(kA6), route(kNet6, 5)});
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(placed(Placement::kReplace, route(kNet6, 6)));
  MIF_CHECK(tables.suspects().kinds().has(RecordKind::kRoute));
}

MIF_TEST("route table: source-specific routes have their source in the key (D14)") {
  Tables tables;
  Change specific = route("::/0", 2, "fe80::a");
  specific.route.source = prefix("2001:db8:a::/48");
  Change other = route("::/0", 2, "fe80::b");
  other.route.source = prefix("2001:db8:b::/48");
  tables.apply(specific);
  tables.apply(other);
  MIF_CHECK_EQUAL(tables.view().routes.size(), 2u);
  tables.apply(removal(specific));
  CHECK_ROUTES(tables, other);
}

MIF_TEST("route table: link-local prefixes of many interfaces do not get in each other's way") {
  Tables tables;
  for (std::uint32_t index = 1; index <= 50; ++index) tables.apply(route("fe80::/64", index));
  MIF_CHECK_EQUAL(tables.view().routes.size(), 50u);
  tables.apply(removal(route("fe80::/64", 25)));
  MIF_CHECK_EQUAL(tables.view().routes.size(), 49u);
  // As if each interface had a list of its own: nothing stands behind anything.
  tables.view().routes.v6.forEach([](mif::table::Position, const mif::table::Route6& row) {
    MIF_CHECK_EQUAL(row.next, mif::table::kNoPosition);
    return true;
  });
}

MIF_TEST("route table: a route by a nexthop object is replaced where it is, not at the front (D12)") {
  Tables tables;
  Change user = route(kNet, 2, "192.0.2.9");
  user.route.nexthopId = 7;
  tables.apply(kA);
  tables.apply(placed(Placement::kAppend, user));
  Change moved = user;
  moved.route.gateway = mif::address::IpAddress::parse("192.0.2.10");
  tables.apply(placed(Placement::kReplace, moved));
  CHECK_ROUTES(tables, kA, moved);
}

MIF_TEST("route table: notifications that the dump has overtaken leave it as the dump was (A9, MIF-85)") {
  Tables tables;
  // Everything happened before the dump: A, then B behind it, then A is gone, then C replaced B.
  sweep(tables, {kC});
  tables.beginCatchUp();
  tables.apply(placed(Placement::kAdd, kA));
  tables.apply(placed(Placement::kAppend, kB));
  tables.apply(removal(kA));
  tables.apply(placed(Placement::kReplace, kC));
  tables.apply(removal(kB));
  tables.endCatchUp();
  CHECK_ROUTES(tables, kC);
}

MIF_TEST("route table: an overtaken replacement that was removed again makes the table suspect (D6)") {
  Tables tables;
  // Before the dump A was replaced by B and B removed; C stood behind all the time. Nothing in the notifications tells
  // that C is not what B replaces.
  sweep(tables, {kC});
  tables.beginCatchUp();
  tables.apply(placed(Placement::kReplace, kB));
  tables.apply(removal(kB));
  tables.endCatchUp();
  MIF_CHECK(tables.suspects().kinds().has(RecordKind::kRoute));
  sweep(tables, {kC});
  CHECK_ROUTES(tables, kC);
  MIF_CHECK(tables.suspects().isEmpty());
}

MIF_TEST("route table: a dump that was not consistent removes only what no attempt listed (A6)") {
  Tables tables;
  for (const Change& change : {kA, route("10.1.0.0/16", 2), route("10.2.0.0/16", 2)}) tables.apply(change);
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kResync);
  tables.apply(listed(kA));
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kResync);
  tables.apply(listed(route("10.1.0.0/16", 2)));
  tables.endSweep(RecordKind::kRoute, false);
  const std::vector<std::string> left = linesOf(tables.view());
  MIF_CHECK_EQUAL(left.size(), 2u);
}
