// SPDX-License-Identifier: MIT
#include "kernel/waiter.h"

#include <chrono>
#include <thread>
#include <vector>

#include "kernel/wake-descriptor.h"
#include "test.h"

namespace {

using mif::kernel::Interest;
using mif::kernel::openWaiter;
using mif::kernel::WakeDescriptor;
using Clock = std::chrono::steady_clock;

}  // namespace

MIF_TEST("waiter: an interrupt ends the next wait if none is under way, and that one only") {
  const auto waiter = openWaiter();
  MIF_REQUIRE(waiter.ok());
  std::vector<Interest> none;
  waiter.value()->interrupt();
  waiter.value()->interrupt();
  waiter.value()->wait(none, {});
  const auto until = Clock::now() + std::chrono::milliseconds(5);
  waiter.value()->wait(none, until);
  MIF_CHECK(Clock::now() >= until);
}

MIF_TEST("waiter: an interrupt by another thread ends a wait without end") {
  const auto waiter = openWaiter();
  MIF_REQUIRE(waiter.ok());
  std::thread other([&] { waiter.value()->interrupt(); });
  std::vector<Interest> none;
  waiter.value()->wait(none, {});
  other.join();
}

MIF_TEST("waiter: the descriptors that are ready are marked, for reading or for writing, and no others") {
  const auto waiter = openWaiter();
  auto raised = WakeDescriptor::open();
  auto quiet = WakeDescriptor::open();
  MIF_REQUIRE(waiter.ok() && raised.ok() && quiet.ok());
  raised.value().raise();
  std::vector<Interest> interests = {
      {quiet.value().fd(), false, false}, {raised.value().fd(), false, false}, {quiet.value().fd(), true, false}};
  waiter.value()->wait(interests, {});
  MIF_CHECK(!interests[0].isReady);
  MIF_CHECK(interests[1].isReady);
  MIF_CHECK(interests[2].isReady);
  raised.value().clear();
  waiter.value()->wait(interests, Clock::now());
  MIF_CHECK(!interests[1].isReady);
}

MIF_TEST("waiter: a moment that has passed does not wait") {
  const auto waiter = openWaiter();
  MIF_REQUIRE(waiter.ok());
  std::vector<Interest> none;
  waiter.value()->wait(none, Clock::time_point());
}
