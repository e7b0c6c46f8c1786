// SPDX-License-Identifier: MIT
// The monitor on a replayed network: what happens when is decided by the test.
#include "monitor/monitor.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "kernel/replay/replay-network.h"
#include "kernel/waiter.h"
#include "monitor/lab.h"
#include "monitor/waiting-subscriber.h"
#include "table/records.h"
#include "table/tables.h"
#include "test.h"

namespace {

using mif::base::ErrorCode;
using mif::contract::Change;
using mif::contract::ChangeCause;
using mif::contract::MonitorState;
using mif::contract::RecordKind;
using mif::kernel::ReplayNetwork;
using mif::monitor::Monitor;
using mif::monitor::SharedView;
using namespace mif::test;

// Holds a thread at a point until the test lets it go on.
class Gate {
 public:
  // The thread that is held.
  void pass() {
    std::unique_lock lock(mutex_);
    isReached_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, kPatience, [&] { return isOpen_; });
  }
  // The test.
  bool isReached() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return isReached_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    isOpen_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool isReached_ = false;
  bool isOpen_ = false;
};

mif::base::Error outOfMemory() {
  mif::base::Error error;
  error.message = "cannot read the kernel's tables: out of memory";
  error.systemError = 12;
  return error;
}

}  // namespace

MIF_TEST("monitor: nothing is shown before the first dump is complete, and then everything at once (MIF-85)") {
  Lab lab;
  addHost(*lab.network);
  Gate gate;
  lab.network->onDumping([&](RecordKind kind, std::size_t) {
    if (kind == RecordKind::kRoute) gate.pass();
  });
  lab.start();
  MIF_REQUIRE(gate.isReached());
  MIF_CHECK(lab.monitor->state() == MonitorState::kSyncing);
  const SharedView before = lab.view();
  MIF_CHECK_EQUAL(linesOf(*before).size(), 0u);
  MIF_CHECK(!before->isSynced);
  MIF_CHECK_EQUAL(before->epoch, 0u);
  gate.open();
  MIF_REQUIRE(lab.becomesLive());
  MIF_CHECK(lab.monitor->state() == MonitorState::kLive);
  MIF_CHECK_EQUAL(linesOf(*lab.view()).size(), 5u);
  MIF_CHECK_EQUAL(lab.view()->epoch, 1u);
  MIF_CHECK(difference(before, lab.view()).cause == ChangeCause::kKernel);
}

MIF_TEST("monitor: what is announced during the first dump is applied after it (MIF-85)") {
  Lab lab;
  addHost(*lab.network);
  bool isDone = false;
  lab.network->onDumping([&](RecordKind kind, std::size_t) {
    if (kind != RecordKind::kRoute || isDone) return;
    isDone = true;
    lab.network->announce(removal(route("0.0.0.0/0", 2, "192.0.2.1")));
    lab.network->announce(route("10.0.0.0/8", 2, "192.0.2.2"));
    lab.network->announce(link(3, "eth1"));
  });
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  MIF_CHECK_EQUAL(lab.view()->routes.size(), 2u);
  MIF_CHECK_EQUAL(lab.view()->interfaces.size(), 3u);
}

MIF_TEST(
    "monitor: after a loss the last consistent view is served, unsynced, until one difference tells all (MIF-84)") {
  Lab lab;
  addHost(*lab.network);
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  const SharedView before = lab.view();

  Gate gate;
  lab.network->onDumping([&](RecordKind kind, std::size_t) {
    if (kind == RecordKind::kRoute) gate.pass();
  });
  lab.network->change(removal(route("0.0.0.0/0", 2, "192.0.2.1")));
  lab.network->change(route("0.0.0.0/0", 2, "192.0.2.254"));
  lab.network->change(link(3, "eth1"));
  lab.network->lose();
  MIF_REQUIRE(gate.isReached());
  MIF_CHECK(lab.monitor->state() == MonitorState::kResyncing);
  const SharedView during = lab.view();
  MIF_CHECK(!during->isSynced);
  MIF_CHECK(linesOf(*during) == linesOf(*before));
  MIF_CHECK_EQUAL(difference(before, during).steps, 0u);

  gate.open();
  MIF_REQUIRE(lab.becomesLive());
  const SharedView after = lab.view();
  MIF_CHECK_EQUAL(after->epoch, before->epoch + 1);
  const Told told = difference(before, after);
  MIF_CHECK(told.cause == ChangeCause::kResync);
  // The link, and the default route removed and added; nothing about the rest.
  MIF_CHECK_EQUAL(told.steps, 3u);
  MIF_CHECK_EQUAL(after->interfaces.size(), 3u);
  MIF_CHECK_EQUAL(lab.monitor->stats().resyncs, 1u);
  MIF_CHECK_EQUAL(lab.monitor->stats().source.overruns, 1u);
}

MIF_TEST("monitor: a resync that finds nothing changed is no change (MIF-84)") {
  Lab lab;
  addHost(*lab.network);
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  const SharedView before = lab.view();
  lab.network->lose();
  MIF_REQUIRE(lab.becomes([&](const mif::table::View& view) { return view.isSynced && view.epoch != before->epoch; }));
  MIF_CHECK_EQUAL(lab.view()->generation, before->generation);
  MIF_CHECK_EQUAL(difference(before, lab.view()).steps, 0u);
}

MIF_TEST("monitor: a loss during a resync begins it again") {
  Lab lab;
  addHost(*lab.network);
  bool isLost = false;
  lab.network->onDumping([&](RecordKind kind, std::size_t) {
    if (kind != RecordKind::kRoute || isLost) return;
    isLost = true;
    lab.network->change(link(3, "eth1"));
    lab.network->lose();
  });
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  MIF_CHECK_EQUAL(lab.view()->interfaces.size(), 3u);
  MIF_CHECK_EQUAL(lab.view()->epoch, 1u);
}

MIF_TEST("monitor: an unstable dump is repeated before anything is shown (A6)") {
  Lab lab;
  addHost(*lab.network);
  lab.network->disturbDumps(RecordKind::kRoute, 2);
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  MIF_CHECK_EQUAL(lab.view()->routes.size(), 2u);
  MIF_CHECK_EQUAL(lab.monitor->stats().source.unstableDumps, 2u);
}

MIF_TEST("monitor: a dump that is never stable is taken as it is and repeated later (A6)") {
  Lab lab;
  addHost(*lab.network);
  lab.network->disturbDumps(RecordKind::kRoute, 6);
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  MIF_REQUIRE(lab.becomes([](const mif::table::View& view) { return view.routes.size() == 2; }));
  MIF_CHECK_EQUAL(lab.monitor->stats().resyncs, 0u);
  MIF_CHECK(lab.monitor->stats().repairs >= 1);
}

MIF_TEST("monitor: a dump that fails is tried again") {
  Lab lab;
  addHost(*lab.network);
  lab.network->refuseDumps(RecordKind::kAddress, 2, outOfMemory());
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  MIF_CHECK_EQUAL(linesOf(*lab.view()).size(), 5u);
}

MIF_TEST("monitor: a dump that fails while something is repaired does not empty the table") {
  Lab lab;
  addHost(*lab.network);
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  lab.network->refuseDumps(RecordKind::kRoute, 1, outOfMemory());
  Change down = link(2, "eth0");
  down.interface.flags = 0;
  lab.network->announce(down);
  MIF_REQUIRE(lab.becomes([](const mif::table::View& view) { return view.isSynced && view.epoch == 2; }));
  MIF_CHECK_EQUAL(lab.view()->routes.size(), 2u);
}

MIF_TEST("monitor: what an event implies is found by a dump and told with it, as inferred (D1)") {
  Lab lab;
  addHost(*lab.network);
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  const SharedView before = lab.view();
  lab.network->change(removal(route("192.0.2.0/24", 2)));
  lab.network->change(removal(route("0.0.0.0/0", 2, "192.0.2.1")));
  Change down = link(2, "eth0");
  down.interface.flags = 0;
  lab.network->announce(down);
  MIF_REQUIRE(lab.becomes(
      [&](const mif::table::View& view) { return view.isSynced && view.generation != before->generation; }));
  MIF_CHECK_EQUAL(lab.view()->routes.size(), 0u);
  const Told told = difference(before, lab.view());
  MIF_CHECK(told.cause == ChangeCause::kInferred);
  MIF_CHECK_EQUAL(told.steps, 3u);
  MIF_CHECK_EQUAL(lab.monitor->stats().repairs, 1u);
  MIF_CHECK_EQUAL(lab.monitor->stats().resyncs, 0u);
}

MIF_TEST("monitor: a repair that takes long keeps nobody waiting for the event, and ends with another wake") {
  Lab lab;
  addHost(*lab.network);
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  Gate gate;
  lab.network->onDumping([&](RecordKind, std::size_t before) {
    // The second record, so that the monitor breathes after the grace has passed.
    if (before == 1) gate.pass();
  });
  Change down = link(2, "eth0");
  down.interface.flags = 0;
  lab.network->announce(down);
  MIF_REQUIRE(gate.isReached());
  // Who asks is told that it is not all.
  const SharedView during = lab.view();
  MIF_CHECK(!during->isSynced);
  MIF_CHECK_EQUAL(during->epoch, 1u);
  MIF_CHECK(lab.monitor->state() == MonitorState::kLive);
  gate.open();
  MIF_CHECK(lab.becomesLive());
}

MIF_TEST("monitor: a blocked subscriber costs one wake, and finds everything when it looks (A20, MIF-82)") {
  Lab lab;
  addHost(*lab.network);
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  WaitingSubscriber blocked;
  lab.monitor->subscribe(blocked, 0);
  // Awaited by way of the other one, for blocked does not look.
  MIF_REQUIRE(lab.subscriber.waitUntil([&] {
    lab.network->announce(neighbour("192.0.2.1", 2));
    lab.network->announce(removal(neighbour("192.0.2.1", 2)));
    (void)lab.view();
    return blocked.wakes() == 1;
  }));
  for (int n = 0; n < 200; ++n) lab.network->announce(route(joined("10.0.", n, ".0/24"), 2, "192.0.2.1"));
  MIF_REQUIRE(lab.becomes([](const mif::table::View& view) { return view.routes.size() == 202; }));
  MIF_CHECK_EQUAL(blocked.wakes(), 1u);
  MIF_CHECK_EQUAL(lab.monitor->view(blocked)->routes.size(), 202u);
  lab.network->announce(link(9, "eth9"));
  MIF_CHECK(blocked.waitUntil([&] { return lab.monitor->view(blocked)->interfaces.size() == 3; }));
  lab.monitor->unsubscribe(blocked);
}

MIF_TEST("monitor: a renewed lifetime is no event, and wakes all the same, so that pictures follow it (C6)") {
  Lab lab;
  addHost(*lab.network);
  Change change = address("2001:db8::1/64", 2);
  const auto now = mif::base::now();
  change.address.validLifetime = now + 600'000;
  lab.network->change(change);
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  const auto before = lab.view();
  const std::uint32_t wakes = lab.subscriber.wakes();
  change.address.validLifetime = now + 630'000;
  lab.network->announce(change);
  MIF_REQUIRE(lab.becomes([&](const mif::table::View& view) { return view.generation > before->generation; }));
  MIF_CHECK(lab.subscriber.wakes() > wakes);
  MIF_CHECK(lab.view()->causeGenerations == before->causeGenerations);
}

MIF_TEST("monitor: views of one generation are one object, for all who ask") {
  Lab lab;
  addHost(*lab.network);
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  const SharedView one = lab.view();
  MIF_CHECK(lab.monitor->view() == one);
}

MIF_TEST("monitor: a source that cannot be opened closes it, says why and wakes (ERR_MIF_PERMISSION)") {
  auto waiter = mif::kernel::openWaiter();
  MIF_REQUIRE(waiter.ok());
  Monitor monitor(
      waiter.take(),
      []() -> mif::base::Result<std::unique_ptr<mif::kernel::Source>> {
        mif::base::Error error;
        error.code = ErrorCode::kPermission;
        error.message = "cannot enter network namespace";
        return error;
      },
      true);
  WaitingSubscriber subscriber;
  monitor.subscribe(subscriber, 0);
  MIF_CHECK(subscriber.waitUntil([&] {
    (void)monitor.view(subscriber);
    return monitor.state() == MonitorState::kClosed;
  }));
  MIF_REQUIRE(monitor.failure().has_value());
  MIF_CHECK(monitor.failure()->code == ErrorCode::kPermission);
  MIF_CHECK(!monitor.view()->isSynced);
  // Whoever asks for a socket now is refused, and does not wait for ever.
  const auto refused = monitor.createBoundSocket({});
  MIF_CHECK(!refused.ok() && refused.error().code == ErrorCode::kClosed);
  monitor.unsubscribe(subscriber);
}

MIF_TEST("monitor: a socket that is asked for during a dump does not wait for its end") {
  Lab lab;
  addHost(*lab.network);
  std::atomic<bool> isServed{false};
  std::atomic<bool> wasServedInTime{false};
  std::thread asking;
  Gate gate;
  constexpr std::size_t kRecords = 2000;
  for (std::uint32_t n = 0; n < kRecords; ++n) lab.network->change(rule(n + 1, 254));
  lab.network->onDumping([&](RecordKind kind, std::size_t before) {
    if (kind != RecordKind::kRule) return;
    if (before == 0) {
      gate.pass();
      asking = std::thread([&] {
        mif::socket::BindRequest request;
        request.type = mif::socket::SocketType::kDatagram;
        MIF_CHECK(lab.monitor->createBoundSocket(request).ok());
        isServed = true;
      });
    }
    if (!isServed) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (before + 1 == kRecords) wasServedInTime = isServed.load();
  });
  lab.start(true);
  gate.open();
  MIF_CHECK(lab.becomesLive());
  MIF_CHECK(wasServedInTime.load());
  if (asking.joinable()) asking.join();
}

MIF_TEST("monitor: ending it during a dump does not wait for the end of the dump") {
  std::atomic<std::size_t> furthest{0};
  constexpr std::size_t kRecords = 20'000;
  {
    Lab lab;
    for (std::uint32_t n = 0; n < kRecords; ++n)
      lab.network->change(neighbour(joined("10.0.", n / 250, ".", n % 250), 2));
    Gate gate;
    lab.network->onDumping([&](RecordKind, std::size_t before) {
      furthest = before;
      if (before == 0) gate.pass();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    });
    lab.start();
    MIF_CHECK(gate.isReached());
    gate.open();
  }
  MIF_CHECK(furthest.load() < kRecords / 2);
}

MIF_TEST("monitor: counters tell what happened") {
  Lab lab;
  addHost(*lab.network);
  lab.start();
  MIF_REQUIRE(lab.becomesLive());
  lab.network->announce(link(3, "eth1"));
  lab.network->mention(removal(link(7, "never")));
  lab.network->announce(link(4, "eth2"));
  MIF_REQUIRE(lab.becomes([](const mif::table::View& view) { return view.interfaces.size() == 4; }));
  const mif::monitor::Stats stats = lab.monitor->stats();
  MIF_CHECK_EQUAL(stats.users, 1u);
  MIF_CHECK_EQUAL(stats.missed, 1u);
  MIF_CHECK_EQUAL(stats.epoch, 1u);
  MIF_CHECK_EQUAL(stats.generation, lab.view()->generation);
  MIF_CHECK_EQUAL(stats.source.dumps, 6u);
  MIF_CHECK(stats.wakes >= 1);
}
