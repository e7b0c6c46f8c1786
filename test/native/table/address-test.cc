// SPDX-License-Identifier: MIT
#include "table/address-table.h"

#include "base/clock.h"
#include "table/lifetime.h"
#include "table/records.h"
#include "table/tables.h"
#include "test.h"

namespace {

using mif::base::Deadline;
using mif::base::kForever;
using mif::contract::Change;
using mif::table::AddressRow;
using mif::table::isWorthTelling;
using mif::table::Tables;
using namespace mif::test;

constexpr Deadline kMinute = 60'000;

Change autoconfigured(Deadline preferred, Deadline valid) {
  Change change = address("2001:db8::1/64", 3);
  change.address.preferredLifetime = preferred;
  change.address.validLifetime = valid;
  return change;
}

Deadline shownValid(const Tables& tables) {
  Deadline shown = 0;
  tables.view().addresses.forEach([&](mif::table::Position, const AddressRow& row) {
    shown = row.record.validLifetime;
    return false;
  });
  return shown;
}

}  // namespace

MIF_TEST("address table: a refreshed lifetime is shown but is no event (C6)") {
  Tables tables;
  const Deadline now = mif::base::now();
  tables.apply(autoconfigured(now + 10 * kMinute, now + 30 * kMinute));
  const auto event = tables.eventGeneration();
  const auto generation = tables.generation();
  tables.apply(autoconfigured(now + 10 * kMinute + 30'000, now + 30 * kMinute + 30'000));
  MIF_CHECK_EQUAL(tables.eventGeneration(), event);
  MIF_CHECK(tables.generation() > generation);
  MIF_CHECK_EQUAL(shownValid(tables), now + 30 * kMinute + 30'000);
}

MIF_TEST("address table: small refreshes add up to an event (MIF-41)") {
  Tables tables;
  const Deadline now = mif::base::now();
  tables.apply(autoconfigured(now + kMinute, now + kMinute));
  const auto event = tables.eventGeneration();
  tables.apply(autoconfigured(now + kMinute + 40'000, now + kMinute + 40'000));
  MIF_CHECK_EQUAL(tables.eventGeneration(), event);
  tables.apply(autoconfigured(now + kMinute + 80'000, now + kMinute + 80'000));
  MIF_CHECK(tables.eventGeneration() > event);
}

MIF_TEST("address table: the same lifetime told a second later is no change at all (C12)") {
  Tables tables;
  const Deadline now = mif::base::now();
  tables.apply(autoconfigured(now + kMinute, now + kMinute));
  const auto generation = tables.generation();
  tables.apply(autoconfigured(now + kMinute - 900, now + kMinute + 900));
  MIF_CHECK_EQUAL(tables.generation(), generation);
}

MIF_TEST("address table: a lifetime is worth telling beyond a minute and a tenth of what was left (MIF-41)") {
  const Deadline now = 1'000'000;
  const Deadline hour = 60 * kMinute;
  MIF_CHECK(!isWorthTelling(now + hour, now + hour + 6 * kMinute, now));
  MIF_CHECK(isWorthTelling(now + hour, now + hour + 6 * kMinute + 1, now));
  MIF_CHECK(isWorthTelling(now + hour, now + hour - 6 * kMinute - 1, now));
  MIF_CHECK(!isWorthTelling(now + kMinute, now + 2 * kMinute, now));
  MIF_CHECK(isWorthTelling(now + kMinute, now + 2 * kMinute + 1, now));
  MIF_CHECK(isWorthTelling(now + hour, kForever, now));
  MIF_CHECK(isWorthTelling(kForever, now + hour, now));
  MIF_CHECK(!isWorthTelling(kForever, kForever, now));
}

MIF_TEST("address table: a preferred lifetime that stays at its end is no event, however often it is told (C8)") {
  const Deadline now = 1'000'000'000;
  MIF_CHECK(!isWorthTelling(now - 3600 * 1000, now, now));
}

MIF_TEST("address table: deprecation is an event whatever the lifetimes say (MIF-41)") {
  Tables tables;
  tables.apply(autoconfigured(kForever, kForever));
  const auto event = tables.eventGeneration();
  Change deprecated = autoconfigured(kForever, kForever);
  deprecated.address.flags = mif::contract::AddressFlag::kDeprecated;
  tables.apply(deprecated);
  MIF_CHECK(tables.eventGeneration() > event);
}

MIF_TEST("address table: one address on two interfaces is two records (C11)") {
  Tables tables;
  tables.apply(address("fe80::1/64", 3));
  tables.apply(address("fe80::1/64", 4));
  MIF_CHECK_EQUAL(tables.view().addresses.size(), 2u);
  tables.apply(removal(address("fe80::1/64", 3)));
  MIF_CHECK_EQUAL(tables.view().addresses.size(), 1u);
}

MIF_TEST("address table: knows which interfaces have an IPv4 address, also after a dump (B3, D2)") {
  mif::table::AddressTable table;
  const auto has = [&table](std::uint32_t index) { return table.hasIpv4(index); };
  table.put(address("192.0.2.1/24", 2).address, false);
  table.put(address("192.0.2.1/24", 2).address, false);
  table.put(address("192.0.2.2/24", 2).address, false);
  table.put(address("2001:db8::1/64", 3).address, false);
  MIF_CHECK(has(2) && !has(3));
  table.remove(address("192.0.2.1/24", 2).address);
  MIF_CHECK(has(2));
  table.remove(address("192.0.2.1/24", 2).address);
  MIF_CHECK(has(2));
  table.remove(address("192.0.2.2/24", 2).address);
  MIF_CHECK(!has(2));
  table.put(address("192.0.2.2/24", 2).address, false);
  table.beginSweep();
  table.put(address("192.0.2.3/24", 3).address, true);
  table.endSweep(true);
  MIF_CHECK(!has(2) && has(3));
}
