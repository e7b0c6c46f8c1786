// SPDX-License-Identifier: MIT
#include "monitor/registry.h"

#include <unistd.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "kernel/private-namespace.h"
#include "monitor/waiting-subscriber.h"
#include "table/records.h"
#include "test.h"

namespace {

using mif::base::ErrorCode;
using mif::monitor::Monitor;
using mif::monitor::openMonitor;
using namespace mif::test;

// Waits until it shows the kernel's tables.
bool becomesLive(Monitor& monitor) {
  WaitingSubscriber subscriber;
  monitor.subscribe(subscriber, 0);
  const bool isLive = subscriber.waitUntil([&] { return monitor.view(subscriber)->isSynced; });
  monitor.unsubscribe(subscriber);
  return isLive;
}

// That the monitor shows the address that exists there alone, and binds to it.
void checkForeign(Monitor& monitor) {
  MIF_CHECK(becomesLive(monitor));
  std::size_t found = 0;
  monitor.view()->addresses.forEach([&](mif::table::Position, const mif::table::AddressRow& row) {
    found += row.record.address.text() == "192.0.2.77";
    return true;
  });
  MIF_CHECK_EQUAL(found, 1u);
  mif::socket::BindRequest request;
  request.type = mif::socket::SocketType::kDatagram;
  request.source = mif::address::IpAddress::parse("192.0.2.77");
  MIF_CHECK(monitor.createBoundSocket(request).ok());
  MIF_CHECK(!mif::socket::createBoundSocket(request).ok());
}

}  // namespace

MIF_TEST("registry: one namespace has one monitor, by whatever name it is asked for (ADR 0001)") {
  auto own = openMonitor(std::nullopt);
  auto again = openMonitor(std::nullopt);
  auto byPath = openMonitor("/proc/self/ns/net");
  MIF_REQUIRE(own.ok() && again.ok() && byPath.ok());
  MIF_CHECK(own.value() == again.value());
  MIF_CHECK(own.value() == byPath.value());
  MIF_CHECK(becomesLive(*own.value()));
}

MIF_TEST("registry: a monitor ends with its last user, and the next one starts anew") {
  auto first = openMonitor(std::nullopt);
  MIF_REQUIRE(first.ok());
  MIF_CHECK(becomesLive(*first.value()));
  std::weak_ptr<Monitor> gone = first.value();
  auto second = openMonitor(std::nullopt);
  MIF_REQUIRE(second.ok());
  first = mif::base::Error();
  MIF_CHECK(!gone.expired());
  second = mif::base::Error();
  MIF_CHECK(gone.expired());
  auto third = openMonitor(std::nullopt);
  MIF_REQUIRE(third.ok());
  MIF_CHECK(becomesLive(*third.value()));
}

MIF_TEST("registry: another namespace is observed by path from outside, and sockets are made inside (H1)") {
  // The thread in the middle keeps its namespace in existence; the one that observes it is in the process's own.
  std::promise<std::string> path;
  std::promise<void> done;
  bool isPrivileged = true;
  std::thread inside([&] {
    isPrivileged = inPrivateNamespace([&] {
      ip("link add mif-n2-0 type bridge\nlink set mif-n2-0 up\naddr add 192.0.2.77/24 dev mif-n2-0\n");
      path.set_value(joined("/proc/self/task/", ::gettid(), "/ns/net"));
      done.get_future().wait();
    });
    if (!isPrivileged) path.set_value("");
  });
  const std::string there = path.get_future().get();
  if (!there.empty()) {
    auto opened = openMonitor(there);
    auto own = openMonitor(std::nullopt);
    MIF_CHECK(opened.ok() && own.ok() && opened.value() != own.value());
    if (opened.ok()) checkForeign(*opened.value());
  }
  done.set_value();
  inside.join();
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("registry: a namespace that is not there is refused at once (ERR_MIF_NAMESPACE_NOT_FOUND)") {
  const auto refused = openMonitor("/run/netns/mif-no-such-namespace");
  MIF_CHECK(!refused.ok());
  MIF_CHECK(!refused.ok() && refused.error().code == ErrorCode::kNamespaceNotFound);
}

MIF_TEST("registry: users may come and go on many threads at once") {
  std::vector<std::thread> threads;
  std::atomic<int> lives{0};
  for (int n = 0; n < 4; ++n) {
    threads.emplace_back([&] {
      for (int round = 0; round < 10; ++round) {
        auto opened = openMonitor(std::nullopt);
        if (opened.ok() && becomesLive(*opened.value())) ++lives;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  MIF_CHECK_EQUAL(lives.load(), 40);
}
