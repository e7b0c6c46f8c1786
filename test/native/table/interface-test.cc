// SPDX-License-Identifier: MIT
#include <set>
#include <string>

#include "table/records.h"
#include "table/tables.h"
#include "test.h"

namespace {

using mif::contract::Change;
using mif::contract::ChangeCause;
using mif::contract::Interface;
using mif::contract::RecordKind;
using mif::table::Tables;
using namespace mif::test;

// The only interface, or an empty one.
Interface only(const Tables& tables) {
  Interface found;
  tables.view().interfaces.forEach([&](mif::table::Position, const Interface& interface) {
    found = interface;
    return false;
  });
  return found;
}

}  // namespace

MIF_TEST("interface table: a renamed interface is the same one (B7, MIF-19)") {
  Tables tables;
  tables.apply(link(3, "eth0"));
  tables.apply(link(3, "wan0"));
  MIF_CHECK_EQUAL(only(tables).name, "wan0");
  MIF_CHECK_EQUAL(only(tables).generation, 1u);
}

MIF_TEST("interface table: an index that is used again is another interface, even at once (B9)") {
  Tables tables;
  tables.apply(link(3, "eth0"));
  tables.apply(removal(link(3, "eth0")));
  tables.apply(link(3, "eth0"));
  MIF_CHECK_EQUAL(only(tables).generation, 2u);
}

MIF_TEST("interface table: a partial message changes what it carries and nothing else (B5)") {
  Tables tables;
  Change whole = link(3, "eth0");
  whole.interface.kind = "veth";
  whole.interface.masterIndex = 7;
  whole.interface.altNames = {"uplink"};
  tables.apply(whole);
  Change part;
  part.isPartial = true;
  part.interface.index = 3;
  part.interface.flags = 0;
  part.interface.operState = mif::contract::OperState::kDown;
  tables.apply(part);
  const Interface merged = only(tables);
  MIF_CHECK_EQUAL(merged.flags, 0u);
  MIF_CHECK(merged.operState == mif::contract::OperState::kDown);
  MIF_CHECK_EQUAL(merged.name, "eth0");
  MIF_CHECK_EQUAL(merged.kind, "veth");
  MIF_CHECK_EQUAL(merged.mtu, 1500u);
  MIF_CHECK(merged.masterIndex == 7u);
  MIF_CHECK_EQUAL(merged.altNames.size(), 1u);
}

MIF_TEST("interface table: a message that says nothing of settings leaves them, a part of them replaces a part (B5)") {
  Tables tables;
  Change whole = link(3, "eth0");
  auto& settings = whole.interface.settings.emplace();
  settings.ipv4.emplace().forwards = true;
  settings.ipv6.emplace().temporaryAddresses = 2;
  tables.apply(whole);
  tables.apply(link(3, "wan0"));
  MIF_CHECK_EQUAL(only(tables).name, "wan0");
  MIF_CHECK(only(tables).settings && only(tables).settings->ipv4->forwards == true);

  Change part = link(3, "wan0");
  part.isPartial = true;
  tables.apply(part);
  MIF_CHECK(only(tables).settings && only(tables).settings->ipv6->temporaryAddresses == 2);
  part.interface.settings.emplace().ipv6.emplace().temporaryAddresses = 0;
  tables.apply(part);
  MIF_CHECK(only(tables).settings && only(tables).settings->ipv6->temporaryAddresses == 0);
  MIF_CHECK(only(tables).settings && only(tables).settings->ipv4->forwards == true);

  // As with an MTU below 1280: the message is whole and has IPv4 alone.
  settings.ipv6.reset();
  tables.apply(whole);
  MIF_CHECK(only(tables).settings && only(tables).settings->ipv4 && !only(tables).settings->ipv6);
}

MIF_TEST("interface table: a setting that differs is an event, and another device has none of its predecessor (B9)") {
  Tables tables;
  Change whole = link(3, "eth0");
  whole.interface.mac = mif::address::LinkAddress::fromBytes(std::as_bytes(std::span("\2\0\0\0\0\1", 6)));
  whole.interface.settings.emplace().ipv4.emplace().reversePathFilter = mif::contract::ReversePathFilter::kStrict;
  tables.apply(whole);
  const auto before = tables.eventGeneration();
  tables.apply(whole);
  MIF_CHECK_EQUAL(tables.eventGeneration(), before);
  whole.interface.settings->ipv4->reversePathFilter = mif::contract::ReversePathFilter::kLoose;
  tables.apply(whole);
  MIF_CHECK(tables.eventGeneration() > before);

  Change other = link(3, "eth1");
  other.interface.mac = mif::address::LinkAddress::fromBytes(std::as_bytes(std::span("\2\0\0\0\0\2", 6)));
  tables.beginSweep(RecordKind::kInterface, ChangeCause::kResync);
  tables.apply(listed(other));
  tables.endSweep(RecordKind::kInterface, true);
  MIF_CHECK_EQUAL(only(tables).generation, 2u);
  MIF_CHECK(!only(tables).settings);
}

MIF_TEST("interface table: a partial message neither makes nor ends an interface (B4, B5)") {
  Tables tables;
  Change part = link(3, "eth0");
  part.isPartial = true;
  tables.apply(part);
  MIF_CHECK_EQUAL(tables.view().interfaces.size(), 0u);
  tables.apply(link(3, "eth0"));
  tables.apply(removal(part));
  MIF_CHECK_EQUAL(tables.view().interfaces.size(), 1u);
}

MIF_TEST("interface table: a message that says what is known changes nothing (B14, B15)") {
  Tables tables;
  tables.apply(link(3, "eth0"));
  const auto generation = tables.generation();
  tables.apply(link(3, "eth0"));
  MIF_CHECK_EQUAL(tables.generation(), generation);
}

MIF_TEST("interface table: a dump that lists another kind under an index ends the interface that was there (B9)") {
  Tables tables;
  Change veth = link(3, "eth0");
  veth.interface.kind = "veth";
  tables.apply(veth);
  Change tunnel = listed(link(3, "tun0"));
  tunnel.interface.kind = "tun";
  tables.beginSweep(RecordKind::kInterface, ChangeCause::kResync);
  tables.apply(tunnel);
  tables.endSweep(RecordKind::kInterface, true);
  MIF_CHECK_EQUAL(only(tables).generation, 2u);
}

MIF_TEST(
    "interface table: a dump that lists a new name or a new link-layer address, but not both, keeps the interface") {
  Tables tables;
  tables.apply(link(3, "eth0"));
  tables.beginSweep(RecordKind::kInterface, ChangeCause::kResync);
  tables.apply(listed(link(3, "wan0")));
  tables.endSweep(RecordKind::kInterface, true);
  MIF_CHECK_EQUAL(only(tables).generation, 1u);

  Change moved = listed(link(3, "wan1"));
  moved.interface.mac = link(9, "").interface.mac;
  tables.beginSweep(RecordKind::kInterface, ChangeCause::kResync);
  tables.apply(moved);
  tables.endSweep(RecordKind::kInterface, true);
  MIF_CHECK_EQUAL(only(tables).generation, 2u);
}

MIF_TEST("interface table: no id comes twice though old indexes are forgotten (MIF-19)") {
  Tables tables;
  std::set<std::pair<std::uint32_t, std::uint32_t>> ids;
  // More than are remembered, twice, and one index in use all the time.
  tables.apply(link(1, "lo"));
  for (int round = 0; round < 3; ++round) {
    for (std::uint32_t index = 2; index < 6000; ++index) {
      tables.apply(link(index, "x"));
      tables.view().interfaces.forEach([&](mif::table::Position, const Interface& interface) {
        if (interface.index == index && !ids.insert({index, interface.generation}).second) {
          MIF_CHECK_EQUAL(interface.generation, 0u);
        }
        return true;
      });
      tables.apply(removal(link(index, "x")));
    }
  }
  MIF_CHECK_EQUAL(ids.size(), 3u * 5998u);
}
