// SPDX-License-Identifier: MIT
// What is dumped again after a silent change: no more of the routes than can have changed.
#include "table/suspects.h"

#include <vector>

#include "table/records.h"
#include "table/tables.h"
#include "test.h"

namespace {

using mif::contract::Change;
using mif::contract::ChangeCause;
using mif::contract::Extent;
using mif::contract::RecordKind;
using mif::table::Suspects;
using mif::table::Tables;
using namespace mif::test;

using Extents = std::vector<Extent>;

Change withoutCarrier(Change change) {
  change.interface.flags = mif::contract::InterfaceFlag::kUp;
  return change;
}

Change ofObject(std::uint32_t id, Change change) {
  change.route.nexthopId = id;
  return change;
}

// Two interfaces with a route of each family.
void fill(Tables& tables) {
  for (const std::uint32_t index : {2, 3}) {
    tables.apply(link(index, index == 2 ? "eth0" : "eth1"));
    tables.apply(route(joined("10.", index, ".0.0/16"), index));
    tables.apply(route(joined("2001:db8:", index, "::/48"), index));
  }
}

}  // namespace

MIF_TEST("suspects: a part is kept unless a larger one is there, which takes its place") {
  Suspects suspects;
  suspects.add(Extent::routes(4, 2));
  suspects.add(Extent::routes(4, 2));
  suspects.add(Extent::routes(6, 3));
  MIF_CHECK(suspects.of(RecordKind::kRoute) == (Extents{Extent::routes(4, 2), Extent::routes(6, 3)}));
  suspects.add(Extent::routes(0, 3));
  MIF_CHECK(suspects.of(RecordKind::kRoute) == (Extents{Extent::routes(4, 2), Extent::routes(0, 3)}));
  suspects.add(Extent::routes(4, 0));
  MIF_CHECK(suspects.of(RecordKind::kRoute) == (Extents{Extent::routes(0, 3), Extent::routes(4, 0)}));
  suspects.add(RecordKind::kRoute);
  suspects.add(Extent::routes(6, 7));
  MIF_CHECK(suspects.of(RecordKind::kRoute) == (Extents{RecordKind::kRoute}));
}

MIF_TEST("suspects: many parts are all of the routes") {
  Suspects suspects;
  for (std::uint32_t index = 1; index < 9; ++index) suspects.add(Extent::routes(4, index));
  MIF_CHECK(suspects.of(RecordKind::kRoute) == (Extents{RecordKind::kRoute}));
}

MIF_TEST("suspects: a dump settles what it is about, and a part does not settle the whole") {
  Suspects suspects;
  suspects.add(Extent::routes(4, 2));
  suspects.add(Extent::routes(6, 2));
  suspects.add(RecordKind::kRule);
  suspects.remove(Extent::routes(4, 2));
  MIF_CHECK(suspects.of(RecordKind::kRoute) == (Extents{Extent::routes(6, 2)}));
  suspects.remove(Extent::routes(6, 0));
  MIF_CHECK(suspects.of(RecordKind::kRoute).empty());
  MIF_CHECK(suspects.kinds().has(RecordKind::kRule));
  suspects.add(RecordKind::kRoute);
  suspects.remove(Extent::routes(6, 2));
  MIF_CHECK(suspects.of(RecordKind::kRoute) == (Extents{RecordKind::kRoute}));
  suspects.remove(RecordKind::kRoute);
  suspects.remove(RecordKind::kRule);
  MIF_CHECK(suspects.isEmpty());
}

MIF_TEST("tables: an interface without carrier makes the routes through it suspect, and no others (B3)") {
  Tables tables;
  fill(tables);
  tables.apply(withoutCarrier(link(2, "eth0")));
  MIF_CHECK(tables.suspects().of(RecordKind::kRoute) == (Extents{Extent::routes(4, 2), Extent::routes(6, 2)}));
}

MIF_TEST("tables: routes that may go on without an interface make the whole family suspect (B3, D3, D9)") {
  Tables tables;
  fill(tables);
  tables.apply(multipath("2001:db8:9::/48", 2, {"fe80::1", "fe80::2"}));
  tables.apply(multipath("10.9.0.0/16", 2, {"10.2.0.1", "10.2.0.2"}));
  tables.apply(withoutCarrier(link(2, "eth0")));
  MIF_CHECK(tables.suspects().of(RecordKind::kRoute) == (Extents{Extent::routes(4, 2), Extent::routes(6, 0)}));
  tables.apply(ofObject(7, route("10.8.0.0/16", 3)));
  tables.apply(withoutCarrier(link(3, "eth1")));
  MIF_CHECK(tables.suspects().of(RecordKind::kRoute) == (Extents{Extent::routes(6, 0), Extent::routes(4, 0)}));
}

MIF_TEST("tables: a dump of a part removes of that part what it does not list, and nothing else (D1)") {
  Tables tables;
  fill(tables);
  const Extent part = Extent::routes(4, 2);
  tables.beginSweep(part, ChangeCause::kInferred);
  tables.endSweep(part, true);
  const mif::table::View view = tables.view();
  MIF_CHECK_EQUAL(view.routes.v4.size(), 1u);
  MIF_CHECK_EQUAL(view.routes.v6.size(), 2u);
}

MIF_TEST("tables: a dump of a part keeps what may go on without its interface, listed or not (D3, D9)") {
  Tables tables;
  tables.apply(link(2, "eth0"));
  tables.apply(route("2001:db8:2::/48", 2));
  tables.apply(multipath("2001:db8:9::/48", 2, {"fe80::1", "fe80::2"}));
  tables.apply(ofObject(7, route("2001:db8:8::/48", 2)));
  const Extent part = Extent::routes(6, 2);
  tables.beginSweep(part, ChangeCause::kInferred);
  tables.endSweep(part, true);
  const mif::table::View view = tables.view();
  MIF_CHECK_EQUAL(routesInOrder(view, multipath("2001:db8:9::/48", 2, {"fe80::1"}).route).size(), 1u);
  MIF_CHECK_EQUAL(routesInOrder(view, route("2001:db8:8::/48", 2).route).size(), 1u);
  MIF_CHECK_EQUAL(view.routes.v6.size(), 2u);
}

MIF_TEST("tables: a dump of a part does not move a route before its equals of other interfaces (D8)") {
  Tables tables;
  const Change first = route("10.0.0.0/8", 3, "192.0.2.3");
  const Change second = route("10.0.0.0/8", 2, "192.0.2.2");
  tables.apply(first);
  tables.apply(placed(mif::contract::Placement::kAppend, second));
  const std::vector<std::string> before = routesInOrder(tables.view(), first.route);
  MIF_CHECK_EQUAL(before.size(), 2u);
  const Extent part = Extent::routes(4, 2);
  tables.beginSweep(part, ChangeCause::kInferred);
  tables.apply(listed(second));
  tables.endSweep(part, true);
  MIF_CHECK(routesInOrder(tables.view(), first.route) == before);
  MIF_CHECK(tables.suspects().isEmpty());
  // The place of one that was not known is not told.
  tables.beginSweep(part, ChangeCause::kInferred);
  tables.apply(listed(second));
  tables.apply(listed(route("10.0.0.0/8", 2, "192.0.2.4")));
  tables.endSweep(part, true);
  MIF_CHECK(tables.suspects().of(RecordKind::kRoute) == (Extents{Extent::routes(4, 0)}));
}

MIF_TEST("tables: a sweep that is given up leaves its kind suspect if it changed anything, and else nothing (A6)") {
  Tables tables;
  fill(tables);
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kInferred);
  tables.apply(listed(route("10.2.0.0/16", 2)));
  tables.abandonSweep(RecordKind::kRoute);
  MIF_CHECK(tables.suspects().isEmpty());
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kInferred);
  tables.apply(listed(route("10.4.0.0/16", 2)));
  tables.abandonSweep(RecordKind::kRoute);
  MIF_CHECK(tables.suspects().of(RecordKind::kRoute) == (Extents{RecordKind::kRoute}));
}

MIF_TEST("tables: nor does one that is given up leave an order which is wrong by what it skipped (A6, D8)") {
  Tables tables;
  const Change first = route("10.0.0.0/8", 2, "192.0.2.1");
  const Change skipped = route("10.0.0.0/8", 2, "192.0.2.2");
  const Change last = route("10.0.0.0/8", 2, "192.0.2.3");
  for (const Change& change : {first, skipped, last}) {
    tables.apply(placed(mif::contract::Placement::kAppend, change));
  }
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kInferred);
  tables.apply(listed(first));
  tables.apply(listed(last));
  tables.abandonSweep(RecordKind::kRoute);
  MIF_CHECK(tables.suspects().of(RecordKind::kRoute) == (Extents{RecordKind::kRoute}));
}
