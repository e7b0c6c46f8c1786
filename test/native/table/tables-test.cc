// SPDX-License-Identifier: MIT
#include "table/tables.h"

#include <string>
#include <vector>

#include "contract/packer.h"
#include "table/records.h"
#include "test.h"

namespace {

using mif::contract::Change;
using mif::contract::ChangeCause;
using mif::contract::RecordKind;
using mif::table::Tables;
using namespace mif::test;

// A table with two interfaces and what hangs on the first.
void fill(Tables& tables) {
  tables.apply(link(2, "eth0"));
  tables.apply(link(3, "eth1"));
  tables.apply(address("192.0.2.10/24", 2));
  tables.apply(address("2001:db8::10/64", 2));
  tables.apply(route("192.0.2.0/24", 2));
  tables.apply(route("2001:db8::/64", 2));
  tables.apply(neighbour("192.0.2.1", 2));
}

Change down(Change change) {
  change.interface.flags = 0;
  return change;
}

Change withoutCarrier(Change change) {
  change.interface.flags = mif::contract::InterfaceFlag::kUp;
  return change;
}

bool suspectsOnly(const Tables& tables, std::vector<RecordKind> kinds) {
  mif::table::Kinds expected;
  for (const RecordKind kind : kinds) expected.add(kind);
  return tables.suspects().kinds() == expected;
}

// As it is announced when it is set by hand: at once, which tells its order (C15).
Change fresh(Change address) {
  address.address.flags |= mif::contract::AddressFlag::kTentative;
  return address;
}

}  // namespace

MIF_TEST("tables: a dump that finds what was known is no change, in generation and in memory (MIF-84)") {
  Tables tables;
  fill(tables);
  const mif::table::View before = tables.view();
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kResync);
  tables.apply(listed(route("2001:db8::/64", 2)));
  tables.apply(listed(route("192.0.2.0/24", 2)));
  tables.endSweep(RecordKind::kRoute, true);
  MIF_CHECK_EQUAL(tables.generation(), before.generation);
  int unshared = 0;
  mif::table::Route4Rows::forEachUnshared(before.routes.v4, tables.view().routes.v4,
                                          [&](auto, const auto*, const auto*) { ++unshared; });
  MIF_CHECK_EQUAL(unshared, 0);
}

MIF_TEST("tables: a dump removes what it does not list, of its own kind only") {
  Tables tables;
  fill(tables);
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kResync);
  tables.apply(listed(route("192.0.2.0/24", 2)));
  tables.endSweep(RecordKind::kRoute, true);
  MIF_CHECK_EQUAL(tables.view().routes.size(), 1u);
  MIF_CHECK_EQUAL(tables.view().addresses.size(), 2u);
}

MIF_TEST("tables: a dump that failed removes nothing") {
  Tables tables;
  fill(tables);
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kResync);
  tables.abandonSweep(RecordKind::kRoute);
  MIF_CHECK_EQUAL(tables.view().routes.size(), 2u);
}

MIF_TEST("tables: a record that a dump lists twice is noticed, in that dump (A6)") {
  Tables tables;
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kResync);
  tables.apply(listed(route("192.0.2.0/24", 2)));
  MIF_CHECK(!tables.sweepRepeated(RecordKind::kRoute));
  tables.apply(listed(route("192.0.2.0/24", 2)));
  MIF_CHECK(tables.sweepRepeated(RecordKind::kRoute));
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kResync);
  tables.apply(listed(route("192.0.2.0/24", 2)));
  MIF_CHECK(!tables.sweepRepeated(RecordKind::kRoute));
}

MIF_TEST("tables: the cause of a change is the kernel, and during a dump what the dump was for") {
  Tables tables;
  fill(tables);
  MIF_CHECK_EQUAL(tables.view().causeGenerations[0], tables.generation());
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kInferred);
  tables.apply(neighbour("192.0.2.2", 2));
  const auto before = tables.generation();
  tables.endSweep(RecordKind::kRoute, true);
  MIF_CHECK_EQUAL(tables.view().causeGenerations[0], before);
  MIF_CHECK_EQUAL(tables.view().causeGenerations[1], tables.generation());
  MIF_CHECK_EQUAL(tables.view().causeGenerations[2], 0u);
}

MIF_TEST("tables: an interface that goes down makes its IPv4 routes suspect (D1)") {
  Tables tables;
  fill(tables);
  tables.apply(down(link(3, "eth1")));
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(down(link(2, "eth0")));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
}

MIF_TEST("tables: a lost carrier removes no route, but the state of its hops is suspect (B2, B3)") {
  Tables tables;
  fill(tables);
  tables.apply(withoutCarrier(link(3, "eth1")));
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(withoutCarrier(link(2, "eth0")));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
  MIF_CHECK_EQUAL(tables.view().routes.size(), 2u);
}

MIF_TEST("tables: a carrier that was told as lost before is looked at again when the operational state follows (B3)") {
  Tables tables;
  fill(tables);
  tables.apply(nexthop(1, 2));
  Change change = withoutCarrier(link(2, "eth0"));
  change.interface.operState = mif::contract::OperState::kUp;
  tables.apply(change);
  for (const RecordKind kind : {RecordKind::kRoute, RecordKind::kNexthop}) {
    tables.beginSweep(kind, ChangeCause::kInferred);
    tables.abandonSweep(kind);
  }
  MIF_CHECK(tables.suspects().isEmpty());
  change.interface.operState = mif::contract::OperState::kDown;
  tables.apply(change);
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute, RecordKind::kNexthop}));
}

MIF_TEST("tables: the first IPv4 address of an interface makes routes through it suspect, a further one not (B3)") {
  Tables tables;
  tables.apply(link(3, "eth1"));
  tables.apply(address("2001:db8:1::10/64", 3));
  tables.apply(route("198.51.100.0/24", 3));
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(address("192.0.2.10/24", 3));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kInferred);
  tables.abandonSweep(RecordKind::kRoute);
  tables.apply(address("192.0.2.11/24", 3));
  MIF_CHECK(tables.suspects().isEmpty());
}

MIF_TEST("tables: the end of an interface makes its IPv4 routes suspect (D5)") {
  Tables tables;
  fill(tables);
  tables.apply(removal(link(2, "eth0")));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
}

MIF_TEST("tables: the end of the last IPv4 address of an interface makes its routes suspect, an earlier one not (D2)") {
  Tables tables;
  fill(tables);
  tables.apply(address("192.0.2.11/24", 2));
  tables.apply(removal(address("192.0.2.11/24", 2)));
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(removal(address("192.0.2.10/24", 2)));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
}

MIF_TEST("tables: the end of an IPv6 address makes routes suspect that prefer it as their source (D4)") {
  Tables tables;
  fill(tables);
  tables.apply(fresh(address("2001:db8::11/64", 2)));
  Change preferring = route("2001:db8:2::/48", 2, "fe80::1");
  preferring.route.preferredSource = mif::address::IpAddress::parse("2001:db8::10");
  tables.apply(preferring);
  tables.apply(removal(address("2001:db8::11/64", 2)));
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(removal(address("2001:db8::10/64", 2)));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
}

MIF_TEST("tables: a lasting IPv6 address that joins a passing one in its prefix makes routes suspect (D18)") {
  Tables tables;
  tables.apply(link(2, "eth0"));
  Change passing = fresh(address("2001:db8::1/64", 2));
  passing.address.validLifetime = mif::base::now() + 60'000;
  tables.apply(passing);
  tables.apply(route("2001:db8::/64", 2));
  tables.apply(fresh(address("2001:db8:1::1/64", 2)));
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(fresh(address("2001:db8::2/64", 2)));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
}

MIF_TEST("tables: the end of a lasting IPv6 address makes routes suspect whose prefix only passing ones keep (D18)") {
  Tables tables;
  fill(tables);
  Change passing = fresh(address("2001:db8::11/64", 2));
  passing.address.validLifetime = mif::base::now() + 60'000;
  tables.apply(passing);
  tables.apply(fresh(address("2001:db8:5::1/64", 2)));
  tables.apply(removal(address("2001:db8:5::1/64", 2)));
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(removal(address("2001:db8::10/64", 2)));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
}

MIF_TEST("tables: an advertisement makes the routes suspect that an earlier one gave an end (D18, C6)") {
  Tables tables;
  fill(tables);
  Change announced = fresh(address("2001:db8:7::11/64", 2));
  announced.address.validLifetime = mif::base::now() + 60'000;
  tables.apply(announced);
  MIF_CHECK(tables.suspects().isEmpty());
  Change expiring = route("2001:db8:7::/64", 2);
  expiring.route.lifetime = mif::base::now() + 60'000;
  tables.apply(expiring);
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(announced);
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
}

MIF_TEST("tables: the end of a nexthop object makes routes and groups suspect that use it (D3)") {
  Tables tables;
  tables.apply(nexthop(1, 2));
  tables.apply(nexthop(2, 2));
  tables.apply(group(10, {1}));
  Change user = route("10.0.0.0/8", 2, "192.0.2.1");
  user.route.nexthopId = 10;
  tables.apply(user);
  tables.apply(removal(nexthop(2, 2)));
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(removal(nexthop(1, 2)));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute, RecordKind::kNexthop}));
}

MIF_TEST("tables: a nexthop object that changes makes its users suspect, a new one does not (D12)") {
  Tables tables;
  tables.apply(nexthop(1, 2));
  Change user = route("10.0.0.0/8", 2, "192.0.2.1");
  user.route.nexthopId = 1;
  tables.apply(user);
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(nexthop(1, 3));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
}

MIF_TEST("tables: a nexthop object is suspect when the carrier of its interface is lost (D3)") {
  Tables tables;
  tables.apply(link(2, "eth0"));
  tables.apply(link(3, "eth1"));
  tables.apply(nexthop(1, 2));
  tables.apply(withoutCarrier(link(3, "eth1")));
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(withoutCarrier(link(2, "eth0")));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kNexthop}));
}

MIF_TEST("tables: an interface that names one that ended is read again (B10)") {
  Tables tables;
  Change peer = link(3, "veth1");
  peer.interface.parentIndex = 2;
  Change foreign = link(4, "veth2");
  foreign.interface.parentIndex = 5;
  foreign.interface.parentNamespace = 0;
  for (const Change& change : {link(2, "veth0"), link(5, "eth5"), peer, foreign}) tables.apply(change);
  tables.apply(removal(link(5, "eth5")));
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(removal(link(2, "veth0")));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kInterface}));
}

MIF_TEST("tables: an interface that names one elsewhere is read again when one arrives (B10)") {
  Tables tables;
  Change foreign = link(4, "veth2");
  foreign.interface.parentIndex = 5;
  foreign.interface.parentNamespace = 0;
  tables.apply(foreign);
  tables.beginSweep(RecordKind::kInterface, ChangeCause::kKernel);
  for (const Change& change : {foreign, link(2, "eth2")}) tables.apply(change);
  tables.endSweep(RecordKind::kInterface, true);
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(link(5, "veth3"));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kInterface}));
}

MIF_TEST("tables: an interface whose first message is incomplete is read again (B6)") {
  Tables tables;
  Change veth = link(2, "veth0");
  veth.interface.kind = "veth";
  tables.beginSweep(RecordKind::kInterface, ChangeCause::kKernel);
  tables.apply(veth);
  tables.endSweep(RecordKind::kInterface, true);
  MIF_CHECK(tables.suspects().isEmpty());
  veth.interface.index = 3;
  tables.apply(veth);
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kInterface}));
}

MIF_TEST("tables: a rule that jumps is suspect when rules of its family come or go (E1)") {
  Tables tables;
  Change jump = rule(100, 0);
  jump.rule.action = mif::contract::RuleAction::kGoto;
  jump.rule.gotoPriority = 200;
  tables.apply(rule(200, 254));
  tables.apply(rule(300, 254));
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(jump);
  tables.beginSweep(RecordKind::kRule, ChangeCause::kInferred);
  for (const Change& change : {jump, rule(200, 254), rule(300, 254)}) tables.apply(listed(change));
  tables.endSweep(RecordKind::kRule, true);
  MIF_CHECK(tables.suspects().isEmpty());
  Change other = rule(50, 254);
  other.rule.family = 6;
  tables.apply(other);
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(removal(rule(200, 254)));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRule}));
}

MIF_TEST("tables: rules that name an interface are suspect when interfaces come, go or change names") {
  Tables tables;
  Change named = rule(100, 254);
  named.rule.inputInterface = "eth7";
  tables.apply(named);
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(link(7, "eth7"));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRule}));
}

MIF_TEST("tables: of two equal rules one is left when one is removed, as a dump tells") {
  Tables tables;
  tables.apply(rule(100, 254));
  tables.apply(rule(100, 254));
  tables.apply(removal(rule(100, 254)));
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRule}));
  tables.beginSweep(RecordKind::kRule, ChangeCause::kInferred);
  tables.apply(listed(rule(100, 254)));
  tables.endSweep(RecordKind::kRule, true);
  MIF_CHECK_EQUAL(tables.view().rules.size(), 1u);
}

MIF_TEST("tables: routes of an interface that joins or leaves a master are suspect (E6)") {
  Tables tables;
  fill(tables);
  Change enslaved = link(2, "eth0");
  enslaved.interface.masterIndex = 9;
  tables.apply(enslaved);
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
}

MIF_TEST("tables: a dump of a kind takes the suspicion away, an event during it brings it back") {
  Tables tables;
  fill(tables);
  tables.apply(down(link(2, "eth0")));
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kInferred);
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(link(2, "eth0"));
  tables.apply(down(link(2, "eth0")));
  tables.endSweep(RecordKind::kRoute, true);
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
}

MIF_TEST("tables: a route announced before its link went down, both before the dump, is looked for again (D1, A9)") {
  Tables tables;
  tables.apply(down(link(2, "eth0")));
  tables.beginCatchUp();
  tables.apply(route("10.0.0.0/8", 2, "192.0.2.1"));
  MIF_CHECK(tables.suspects().isEmpty());
  tables.apply(down(link(2, "eth0")));
  tables.endCatchUp();
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
}

MIF_TEST("tables: a route announced before the last address went, both before the dump, is looked for again (D2, A9)") {
  Tables tables;
  tables.apply(link(2, "eth0"));
  tables.beginCatchUp();
  tables.apply(route("10.0.0.0/8", 2));
  tables.apply(removal(address("192.0.2.1/24", 2)));
  tables.endCatchUp();
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
}

MIF_TEST("tables: routes of an interface that came up behind the dump are looked at again (B3, A9)") {
  Tables tables;
  tables.apply(link(2, "eth0"));
  tables.apply(route("10.0.0.0/8", 2));
  tables.beginCatchUp();
  tables.apply(link(2, "eth0"));
  tables.endCatchUp();
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRoute}));
}

MIF_TEST("tables: a first message that comes after the dump makes an interface incomplete again (B6, A9)") {
  Tables tables;
  Change veth = link(2, "veth0");
  veth.interface.kind = "veth";
  veth.interface.parentIndex = 3;
  tables.apply(veth);
  veth.interface.parentIndex.reset();
  tables.beginCatchUp();
  tables.apply(veth);
  tables.endCatchUp();
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kInterface}));
}

MIF_TEST("tables: a jump announced before its target, both before the dump, is looked at again (E1, A9)") {
  Tables tables;
  Change jump = rule(100, 0);
  jump.rule.action = mif::contract::RuleAction::kGoto;
  for (const Change& change : {jump, rule(200, 254)}) tables.apply(change);
  tables.beginSweep(RecordKind::kRule, ChangeCause::kResync);
  for (const Change& change : {jump, rule(200, 254)}) tables.apply(listed(change));
  tables.endSweep(RecordKind::kRule, true);
  tables.beginCatchUp();
  tables.apply(rule(200, 254));
  tables.endCatchUp();
  MIF_CHECK(suspectsOnly(tables, {RecordKind::kRule}));
}

MIF_TEST("neighbour table: a flag that changes does not make a second entry, a proxy is one (neighbour identity)") {
  Tables tables;
  Change router = neighbour("fe80::1", 2);
  tables.apply(router);
  router.neighbour.flags = mif::contract::NeighbourFlag::kRouter;
  tables.apply(router);
  MIF_CHECK_EQUAL(tables.view().neighbours.size(), 1u);
  Change proxy = neighbour("fe80::1", 2);
  proxy.neighbour.flags = mif::contract::NeighbourFlag::kProxy;
  tables.apply(proxy);
  MIF_CHECK_EQUAL(tables.view().neighbours.size(), 2u);
}

MIF_TEST("view: pages lead through every route of both families, once") {
  Tables tables;
  for (int n = 0; n < 300; ++n) {
    tables.apply(route(joined("10.", n / 250, ".", n % 250, ".0/24"), 2));
  }
  for (int n = 0; n < 100; ++n) tables.apply(route(joined("2001:db8:", n, "::/48"), 2));
  const mif::table::View view = tables.view();
  for (const std::uint32_t limit : {1u, 7u, 100u, 300u, 400u, 1000u}) {
    std::uint32_t total = 0;
    std::uint32_t calls = 0;
    mif::table::Position from = 0;
    while (from != mif::table::kNoPosition && calls <= 401) {
      mif::contract::Packer packer;
      view.read(RecordKind::kRoute, from, limit, {}, packer);
      from = packer.words()[0];
      total += packer.words()[1];
      ++calls;
    }
    MIF_CHECK_EQUAL(total, 400u);
    MIF_CHECK_EQUAL(calls, (400 + limit - 1) / limit);
  }
}

MIF_TEST("view: a filter lets through what it says and counts the same as it reads (D16)") {
  Tables tables;
  tables.apply(route("0.0.0.0/0", 2, "192.0.2.1"));
  tables.apply(route("::/0", 2, "fe80::1"));
  tables.apply(route("192.0.2.0/24", 2));
  Change local = route("192.0.2.10/32", 2);
  local.route.type = mif::contract::RouteType::kLocal;
  local.route.table = 255;
  local.route.protocol = mif::contract::RouteProtocol::kKernel;
  tables.apply(local);
  const mif::table::View view = tables.view();
  const auto count = [&](const mif::table::RouteFilter& filter) {
    mif::contract::Packer packer;
    view.read(RecordKind::kRoute, 0, 100, filter, packer);
    MIF_CHECK_EQUAL(packer.words()[1], view.size(RecordKind::kRoute, filter));
    return packer.words()[1];
  };
  MIF_CHECK_EQUAL(count({}), 4u);
  MIF_CHECK_EQUAL(count({.family = 4}), 3u);
  MIF_CHECK_EQUAL(count({.family = 6}), 1u);
  MIF_CHECK_EQUAL(count({.table = 255}), 1u);
  MIF_CHECK_EQUAL(count({.protocol = mif::contract::RouteProtocol::kStatic}), 3u);
  MIF_CHECK_EQUAL(count({.types = 1u << 2}), 1u);
  MIF_CHECK_EQUAL(count({.maxPrefixLength = 1}), 2u);
  MIF_CHECK_EQUAL(count({.family = 6, .types = 1u << 2}), 0u);
}
