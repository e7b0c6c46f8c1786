// SPDX-License-Identifier: MIT
// What the kernel changed in silence, where nothing that it announced gives a hint: found at rest, and at no one's
// cost.
#include "monitor/audits.h"

#include <chrono>
#include <cstdint>
#include <thread>

#include "monitor/lab.h"
#include "table/chunked.h"
#include "table/records.h"
#include "test.h"

namespace {

using mif::contract::Change;
using mif::contract::ChangeCause;
using mif::contract::MonitorState;
using mif::contract::RecordKind;
using mif::monitor::AuditPace;
using mif::monitor::Audits;
using mif::monitor::SharedView;
using namespace mif::test;
using namespace std::chrono_literals;

constexpr Audits::Moment kStart{1h};

// Each kind every few milliseconds.
constexpr AuditPace kHurried{5ms, 1, 1ms, 1ms};

// Waits until so many more audits were made.
bool audited(const mif::monitor::Monitor& monitor, std::uint64_t more) {
  const std::uint64_t wanted = monitor.stats().audits + more;
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (monitor.stats().audits < wanted) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

// Enough to see each kind, and one that was under way, more than once.
constexpr std::uint64_t kRounds = 15;

template <typename Rows>
bool sharesAll(const Rows& before, const Rows& after) {
  bool isShared = true;
  Rows::forEachUnshared(before, after, [&](mif::table::Position, const auto*, const auto*) { isShared = false; });
  return isShared;
}

Change defaultRoute() {
  return route("0.0.0.0/0", 2, "192.0.2.1");
}

// It expires, which a change of the lifetime alone makes later: no event.
Change expiring(mif::base::Deadline lifetime) {
  Change change = route("2001:db8::/32", 2, "fe80::1");
  change.route.lifetime = lifetime;
  return change;
}

}  // namespace

MIF_TEST("audits: a kind is due a minute after it was compared for whatever reason, and none before") {
  Audits audits({});
  MIF_CHECK(!audits.next().has_value());
  MIF_CHECK(!audits.due(kStart + 24h).has_value());
  audits.compared(RecordKind::kRule, kStart, 1ms);
  audits.compared(RecordKind::kAddress, kStart + 1s, 1ms);
  MIF_CHECK(audits.next() == kStart + 60s);
  MIF_CHECK(!audits.due(kStart + 59s).has_value());
  MIF_CHECK(audits.due(kStart + 62s) == RecordKind::kRule);
  audits.compared(RecordKind::kRule, kStart + 62s, 1ms);
  MIF_CHECK(audits.due(kStart + 62s) == RecordKind::kAddress);
}

MIF_TEST("audits: what takes long to compare is compared for a thousandth of the time") {
  Audits audits({});
  audits.compared(RecordKind::kRoute, kStart, 700ms);
  MIF_CHECK(audits.next() == kStart + 700s);
  audits.disturbed(RecordKind::kRoute, kStart, 700ms);
  MIF_CHECK(audits.next() == kStart + 700s);
}

MIF_TEST("audits: one that was disturbed is soon tried again") {
  Audits audits({});
  audits.disturbed(RecordKind::kRoute, kStart, 100us);
  MIF_CHECK(audits.next() == kStart + 1s);
}

MIF_TEST("audits: none is due right after something was announced") {
  Audits audits({});
  audits.compared(RecordKind::kRoute, kStart, 1ms);
  audits.heard(kStart + 70s);
  MIF_CHECK(!audits.due(kStart + 70s).has_value());
  MIF_CHECK(audits.next() == kStart + 70s + 20ms);
  MIF_CHECK(audits.due(kStart + 70s + 20ms) == RecordKind::kRoute);
}

MIF_TEST("monitor: an audit finds what changed in silence, and tells it as inferred, in step all the time (D22)") {
  Lab lab;
  addHost(*lab.network);
  lab.start(false, kHurried);
  MIF_REQUIRE(lab.becomesLive());
  const SharedView before = lab.view();
  lab.network->change(removal(defaultRoute()));
  lab.network->change(rule(100, 254));
  bool wasSynced = true;
  MIF_REQUIRE(lab.becomes([&](const mif::table::View& view) {
    wasSynced = wasSynced && view.isSynced;
    return view.routes.size() == 1 && view.rules.size() == 1;
  }));
  MIF_CHECK(wasSynced);
  const SharedView after = lab.view();
  MIF_CHECK_EQUAL(after->epoch, before->epoch);
  const Told told = difference(before, after);
  MIF_CHECK(told.cause == ChangeCause::kInferred);
  MIF_CHECK_EQUAL(told.steps, 2u);
  MIF_REQUIRE(audited(*lab.monitor, kRounds));
  const mif::monitor::Stats stats = lab.monitor->stats();
  MIF_CHECK_EQUAL(stats.corrections, 2u);
  MIF_CHECK_EQUAL(stats.repairs, 0u);
  MIF_CHECK_EQUAL(stats.resyncs, 0u);
}

MIF_TEST("monitor: an audit counts each record that is gone") {
  Lab lab;
  addHost(*lab.network);
  lab.start(false, kHurried);
  MIF_REQUIRE(lab.becomesLive());
  // Both before the routes are listed next.
  bool isDone = false;
  lab.network->onDumping([&](RecordKind kind, std::size_t) {
    if (kind != RecordKind::kInterface || isDone) return;
    isDone = true;
    lab.network->change(removal(defaultRoute()));
    lab.network->change(removal(route("192.0.2.0/24", 2)));
  });
  MIF_REQUIRE(lab.becomes([](const mif::table::View& view) { return view.routes.size() == 0; }));
  MIF_REQUIRE(audited(*lab.monitor, kRounds));
  MIF_CHECK_EQUAL(lab.monitor->stats().corrections, 2u);
}

MIF_TEST("monitor: audits that find nothing move no generation, wake nobody and copy nothing (MIF-84)") {
  Lab lab;
  addHost(*lab.network);
  const auto now = mif::base::now();
  lab.network->change(expiring(now + 600'000));
  lab.start(false, kHurried);
  MIF_REQUIRE(lab.becomesLive());
  const SharedView before = lab.view();
  const std::uint32_t wakes = lab.subscriber.wakes();
  // The kernel rounds what is left of a lifetime, so the same moment comes out a little different each time.
  lab.network->change(expiring(now + 600'500));
  MIF_REQUIRE(audited(*lab.monitor, kRounds));
  MIF_CHECK(lab.view() == before);
  MIF_CHECK_EQUAL(lab.subscriber.wakes(), wakes);
  MIF_CHECK_EQUAL(lab.monitor->stats().corrections, 0u);
  MIF_CHECK_EQUAL(lab.monitor->stats().generation, before->generation);
  // A view of another generation, to see what the tables share with the one that is held.
  lab.network->announce(neighbour("192.0.2.1", 2));
  MIF_REQUIRE(lab.becomes([](const mif::table::View& view) { return view.neighbours.size() == 1; }));
  const SharedView after = lab.view();
  MIF_CHECK(!sharesAll(before->neighbours, after->neighbours));
  MIF_CHECK(sharesAll(before->interfaces, after->interfaces));
  MIF_CHECK(sharesAll(before->addresses, after->addresses));
  MIF_CHECK(sharesAll(before->routes.v4, after->routes.v4));
  MIF_CHECK(sharesAll(before->routes.v6, after->routes.v6));
}

MIF_TEST("monitor: a lifetime that moved in silence is corrected, and no event (D22)") {
  Lab lab;
  addHost(*lab.network);
  const auto now = mif::base::now();
  lab.network->change(expiring(now + 900'000));
  lab.start(false, kHurried);
  MIF_REQUIRE(lab.becomesLive());
  const SharedView before = lab.view();
  lab.network->change(expiring(now + 300'000));
  MIF_REQUIRE(lab.becomes([&](const mif::table::View& view) { return view.generation != before->generation; }));
  MIF_CHECK(lab.view()->causeGenerations == before->causeGenerations);
  MIF_REQUIRE(audited(*lab.monitor, kRounds));
  MIF_CHECK_EQUAL(lab.monitor->stats().corrections, 1u);
  MIF_CHECK_EQUAL(lab.view()->generation, before->generation + 1);
}

MIF_TEST("monitor: a disturbed audit says nothing against the tables and is tried again (A6)") {
  Lab lab;
  addHost(*lab.network);
  lab.start(false, kHurried);
  MIF_REQUIRE(lab.becomesLive());
  const SharedView before = lab.view();
  lab.network->disturbDumps(RecordKind::kRoute, 4);
  MIF_REQUIRE(audited(*lab.monitor, 5 * kRounds));
  const mif::monitor::Stats stats = lab.monitor->stats();
  MIF_CHECK_EQUAL(stats.source.unstableDumps, 4u);
  MIF_CHECK_EQUAL(stats.repairs, 0u);
  MIF_CHECK_EQUAL(stats.resyncs, 0u);
  MIF_CHECK_EQUAL(stats.corrections, 0u);
  MIF_CHECK(lab.view() == before);
}

MIF_TEST("monitor: what a disturbed audit found is doubtful until it is repaired (A6)") {
  Lab lab;
  addHost(*lab.network);
  lab.start(false, kHurried);
  MIF_REQUIRE(lab.becomesLive());
  bool isDone = false;
  lab.network->onDumping([&](RecordKind kind, std::size_t) {
    if (kind != RecordKind::kInterface || isDone) return;
    isDone = true;
    // Another protocol is another content of the same route; the disturbed dump leaves out what comes last.
    Change other = route("192.0.2.0/24", 2);
    other.route.protocol = mif::contract::RouteProtocol::kBoot;
    lab.network->change(other);
    lab.network->change(route("198.51.100.0/24", 2));
    lab.network->disturbDumps(RecordKind::kRoute, 1);
  });
  MIF_REQUIRE(lab.becomes([](const mif::table::View& view) { return view.isSynced && view.routes.size() == 3; }));
  const mif::monitor::Stats stats = lab.monitor->stats();
  MIF_CHECK_EQUAL(stats.repairs, 1u);
  MIF_CHECK_EQUAL(stats.resyncs, 0u);
}

MIF_TEST("monitor: an audit that the system refuses is tried again, and nothing is said to be wrong") {
  Lab lab;
  addHost(*lab.network);
  lab.start(false, kHurried);
  MIF_REQUIRE(lab.becomesLive());
  const SharedView before = lab.view();
  mif::base::Error refusal;
  refusal.message = "cannot read the kernel's tables: out of memory";
  refusal.systemError = 12;
  lab.network->refuseDumps(RecordKind::kRoute, 2, refusal);
  MIF_REQUIRE(audited(*lab.monitor, kRounds));
  MIF_CHECK(lab.monitor->state() == MonitorState::kLive);
  MIF_CHECK_EQUAL(lab.monitor->stats().resyncs, 0u);
  MIF_CHECK(lab.view() == before);
  lab.network->change(removal(defaultRoute()));
  MIF_CHECK(lab.becomes([](const mif::table::View& view) { return view.routes.size() == 1; }));
}

MIF_TEST("monitor: a loss during an audit is a loss (A1)") {
  Lab lab;
  addHost(*lab.network);
  lab.start(false, kHurried);
  MIF_REQUIRE(lab.becomesLive());
  bool isDone = false;
  lab.network->onDumping([&](RecordKind kind, std::size_t) {
    if (kind != RecordKind::kRoute || isDone) return;
    isDone = true;
    lab.network->lose();
  });
  MIF_REQUIRE(lab.becomes([](const mif::table::View& view) { return view.isSynced && view.epoch == 2; }));
  MIF_CHECK_EQUAL(lab.monitor->stats().resyncs, 1u);
}

MIF_TEST("monitor: what is announced during an audit is applied after it") {
  Lab lab;
  addHost(*lab.network);
  lab.start(false, kHurried);
  MIF_REQUIRE(lab.becomesLive());
  bool isDone = false;
  lab.network->onDumping([&](RecordKind kind, std::size_t) {
    if (kind != RecordKind::kRoute || isDone) return;
    isDone = true;
    // The dump was taken before: it lists the route that is gone, and not the one that came.
    lab.network->announce(removal(defaultRoute()));
    lab.network->announce(route("10.0.0.0/8", 2, "192.0.2.2"));
    lab.network->announce(route("10.1.0.0/16", 2, "192.0.2.2"));
  });
  MIF_REQUIRE(lab.becomes([](const mif::table::View& view) { return view.isSynced && view.routes.size() == 3; }));
  MIF_REQUIRE(audited(*lab.monitor, kRounds));
  MIF_CHECK_EQUAL(lab.view()->routes.size(), 3u);
  MIF_CHECK_EQUAL(lab.monitor->stats().corrections, 0u);
}

MIF_TEST("monitor: no audit while something was announced a moment ago") {
  Lab lab;
  addHost(*lab.network);
  AuditPace pace = kHurried;
  pace.quiet = 3'600'000ms;
  lab.start(false, pace);
  MIF_REQUIRE(lab.becomesLive());
  // Until then they are made.
  MIF_REQUIRE(audited(*lab.monitor, kRounds));
  lab.network->announce(link(3, "eth1"));
  MIF_REQUIRE(lab.becomes([](const mif::table::View& view) { return view.interfaces.size() == 3; }));
  const std::uint64_t audits = lab.monitor->stats().audits;
  std::this_thread::sleep_for(100ms);
  MIF_CHECK_EQUAL(lab.monitor->stats().audits, audits);
}
