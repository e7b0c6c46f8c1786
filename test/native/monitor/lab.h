// SPDX-License-Identifier: MIT
// A monitor of a replayed network: what happens when is decided by the test.
#pragma once

#include <cstdint>
#include <memory>

#include "contract/packer.h"
#include "feed/difference.h"
#include "kernel/replay/replay-network.h"
#include "kernel/waiter.h"
#include "monitor/monitor.h"
#include "monitor/waiting-subscriber.h"
#include "table/records.h"
#include "test.h"

namespace mif::test {

// A replayed network and, once started, its monitor with one subscriber.
class Lab {
 public:
  Lab() {
    auto created = kernel::ReplayNetwork::create();
    MIF_CHECK(created.ok());
    if (created) network = created.take();
  }
  ~Lab() {
    if (monitor != nullptr) monitor->unsubscribe(subscriber);
  }
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  void start(bool isForeign = false, const monitor::AuditPace& pace = {}) {
    auto waiter = kernel::openWaiter();
    MIF_CHECK(waiter.ok());
    if (!waiter) return;
    monitor = std::make_unique<monitor::Monitor>(
        waiter.take(),
        [network = network]() -> base::Result<std::unique_ptr<kernel::Source>> { return network->source(); }, isForeign,
        pace);
    monitor->subscribe(subscriber, 0);
  }

  monitor::SharedView view() { return monitor->view(subscriber); }
  // Waits for the condition on the view.
  template <typename Condition>
  [[nodiscard]] bool becomes(Condition&& condition) {
    return subscriber.waitUntil([&] { return condition(*view()); });
  }
  [[nodiscard]] bool becomesLive() {
    return becomes([](const table::View& view) { return view.isSynced; });
  }

  std::shared_ptr<kernel::ReplayNetwork> network;
  WaitingSubscriber subscriber;
  std::unique_ptr<monitor::Monitor> monitor;
};

// What leads from one view to another, as "cause: kinds of steps".
struct Told {
  contract::ChangeCause cause;
  std::uint32_t steps;
};
inline Told difference(const monitor::SharedView& earlier, const monitor::SharedView& later) {
  contract::Packer packer;
  feed::difference(*earlier, *later, {}, packer);
  return {static_cast<contract::ChangeCause>(packer.words()[0]), packer.words()[1]};
}

// A host with two interfaces, an address and two routes.
inline void addHost(kernel::ReplayNetwork& network) {
  network.change(link(1, "lo"));
  network.change(link(2, "eth0"));
  network.change(address("192.0.2.10/24", 2));
  network.change(route("192.0.2.0/24", 2));
  network.change(route("0.0.0.0/0", 2, "192.0.2.1"));
}

}  // namespace mif::test
