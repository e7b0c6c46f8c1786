// SPDX-License-Identifier: MIT
#include "kernel/waiter.h"

#include <chrono>
#include <thread>
#include <vector>

#include "kernel/wake-descriptor.h"
#include "test.h"

namespace {

using mif::kernel::openWaiter;
using mif::kernel::WakeDescriptor;
using Clock = std::chrono::steady_clock;

}  // namespace

MIF_TEST("waiter: an interrupt ends the next wait if none is under way, and that one only") {
  const auto waiter = openWaiter();
  MIF_REQUIRE(waiter.ok());
  waiter.value()->interrupt();
  waiter.value()->interrupt();
  waiter.value()->wait({}, {});
  const auto until = Clock::now() + std::chrono::milliseconds(5);
  waiter.value()->wait({}, until);
  MIF_CHECK(Clock::now() >= until);
}

MIF_TEST("waiter: an interrupt by another thread ends a wait without end") {
  const auto waiter = openWaiter();
  MIF_REQUIRE(waiter.ok());
  std::thread other([&] { waiter.value()->interrupt(); });
  waiter.value()->wait({}, {});
  other.join();
}

MIF_TEST("waiter: tells whether the descriptor can be read") {
  const auto waiter = openWaiter();
  auto raised = WakeDescriptor::open();
  MIF_REQUIRE(waiter.ok() && raised.ok());
  raised.value().raise();
  MIF_CHECK(waiter.value()->wait(raised.value().fd(), {}));
  raised.value().clear();
  MIF_CHECK(!waiter.value()->wait(raised.value().fd(), Clock::now()));
}

MIF_TEST("waiter: an interrupt does not make the descriptor look ready") {
  const auto waiter = openWaiter();
  auto quiet = WakeDescriptor::open();
  MIF_REQUIRE(waiter.ok() && quiet.ok());
  waiter.value()->interrupt();
  MIF_CHECK(!waiter.value()->wait(quiet.value().fd(), {}));
}

MIF_TEST("waiter: a moment that has passed does not wait") {
  const auto waiter = openWaiter();
  MIF_REQUIRE(waiter.ok());
  waiter.value()->wait({}, Clock::time_point());
}
