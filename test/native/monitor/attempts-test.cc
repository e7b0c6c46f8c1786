// SPDX-License-Identifier: MIT
// Connections through the monitor, on a real kernel.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "base/unique-fd.h"
#include "kernel/private-namespace.h"
#include "monitor/registry.h"
#include "monitor/waiting-subscriber.h"
#include "table/records.h"
#include "test.h"

namespace {

using mif::base::ErrorCode;
using mif::base::UniqueFd;
using mif::monitor::ConnectRequest;
using mif::monitor::Monitor;
using mif::monitor::Outcome;
using namespace mif::test;

// A listening socket on 127.0.0.1.
struct Listener {
  Listener() : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    MIF_CHECK(::bind(fd.get(), reinterpret_cast<sockaddr*>(&own), sizeof(own)) == 0);
    MIF_CHECK(::listen(fd.get(), 8) == 0);
    socklen_t length = sizeof(own);
    MIF_CHECK(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&own), &length) == 0);
    port = ntohs(own.sin_port);
  }
  UniqueFd fd;
  std::uint16_t port = 0;
};

ConnectRequest to(const char* address, std::uint16_t port) {
  ConnectRequest request;
  request.destination = mif::address::IpAddress::parse(address);
  request.bind.family = request.destination.family();
  request.port = port;
  return request;
}

std::uint32_t indexOf(Monitor& monitor, const std::string& name) {
  std::uint32_t index = 0;
  monitor.view()->interfaces.forEach([&](mif::table::Position, const mif::contract::Interface& interface) {
    if (interface.name == name) index = interface.index;
    return true;
  });
  return index;
}

// A monitor of the present namespace, live, with one subscriber.
class User {
 public:
  User() {
    auto opened = mif::monitor::openMonitor(std::nullopt);
    MIF_CHECK(opened.ok());
    monitor_ = opened.take();
    monitor_->subscribe(subscriber, 0);
    MIF_CHECK(subscriber.waitUntil([&] { return monitor_->view(subscriber)->isSynced; }));
  }
  ~User() { monitor_->unsubscribe(subscriber); }
  User(const User&) = delete;
  User& operator=(const User&) = delete;

  Monitor* operator->() { return monitor_.get(); }
  Monitor& operator*() { return *monitor_; }

  std::vector<Outcome> waitForOutcomes(std::size_t count) {
    std::vector<Outcome> all;
    MIF_CHECK(subscriber.waitUntil([&] {
      (void)monitor_->view(subscriber);
      for (Outcome& outcome : monitor_->takeOutcomes(subscriber)) all.push_back(std::move(outcome));
      return all.size() >= count;
    }));
    return all;
  }

  WaitingSubscriber subscriber;

 private:
  std::shared_ptr<Monitor> monitor_;
};

int openDescriptors() {
  int count = 0;
  for (int fd = 0; fd < 256; ++fd) count += ::fcntl(fd, F_GETFD) >= 0;
  return count;
}

}  // namespace

MIF_TEST("attempts: a connection that stands is handed over with its addresses (MIF-58)") {
  User user;
  Listener listener;
  const auto attempt = user->connect(user.subscriber, to("127.0.0.1", listener.port));
  std::vector<Outcome> outcomes = user.waitForOutcomes(1);
  MIF_REQUIRE(outcomes.size() == 1);
  MIF_CHECK_EQUAL(outcomes[0].attempt, attempt);
  MIF_CHECK(!outcomes[0].failure);
  MIF_CHECK(outcomes[0].fd.isOpen());
  MIF_CHECK_EQUAL(outcomes[0].established.localAddress.text(), "127.0.0.1");
  MIF_CHECK(outcomes[0].established.localPort != 0);
}

MIF_TEST("attempts: a refusal is an outcome with the kernel's reason (MIF-58)") {
  User user;
  std::uint16_t port = 0;
  {
    const Listener listener;
    port = listener.port;
  }
  (void)user->connect(user.subscriber, to("127.0.0.1", port));
  std::vector<Outcome> outcomes = user.waitForOutcomes(1);
  MIF_REQUIRE(outcomes.size() == 1 && outcomes[0].failure);
  MIF_CHECK(!outcomes[0].fd.isOpen());
  MIF_CHECK(outcomes[0].failure->code == ErrorCode::kConnectFailed);
  MIF_CHECK_EQUAL(outcomes[0].failure->systemError, ECONNREFUSED);
}

MIF_TEST("attempts: a socket that cannot be bound as asked is an outcome too (MIF-59)") {
  User user;
  ConnectRequest request = to("127.0.0.1", 9);
  request.bind.source = mif::address::IpAddress::parse("203.0.113.1");
  (void)user->connect(user.subscriber, request);
  std::vector<Outcome> outcomes = user.waitForOutcomes(1);
  MIF_REQUIRE(outcomes.size() == 1 && outcomes[0].failure);
  MIF_CHECK(outcomes[0].failure->code == ErrorCode::kNoAddress);
}

MIF_TEST("attempts: what was given up has no outcome, and its descriptor is closed (MIF-60)") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip("link add a0 type veth peer name a1\nlink set a0 up\nlink set a1 up\naddr add 192.0.2.1/24 dev a0\n"
       "neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev a0\n");
    User user;
    const int before = openDescriptors();
    const auto attempt = user->connect(user.subscriber, to("192.0.2.9", 9));
    // Another, whose outcome tells that the first has been started.
    (void)user->connect(user.subscriber, to("127.0.0.1", 9));
    MIF_CHECK_EQUAL(user.waitForOutcomes(1).size(), 1u);
    MIF_CHECK_EQUAL(openDescriptors(), before + 1);
    user->cancel(user.subscriber, attempt);
    (void)user->connect(user.subscriber, to("127.0.0.1", 9));
    const std::vector<Outcome> outcomes = user.waitForOutcomes(1);
    MIF_CHECK(outcomes.size() == 1 && outcomes[0].attempt != attempt);
    MIF_CHECK_EQUAL(openDescriptors(), before);
    user->cancel(user.subscriber, attempt);
    user->cancel(user.subscriber, 4711);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("attempts: an outcome that nobody took is closed with its subscriber (MIF-12)") {
  Listener listener;
  const int before = openDescriptors();
  {
    User user;
    (void)user->connect(user.subscriber, to("127.0.0.1", listener.port));
    // Accepted: so it stands, taken or not.
    const UniqueFd accepted(::accept(listener.fd.get(), nullptr, nullptr));
    MIF_CHECK(accepted.isOpen());
  }
  MIF_CHECK_EQUAL(openDescriptors(), before);
}

MIF_TEST("attempts: an attempt ends with the interface that it is bound to, not with a time-out (F5, MIF-59)") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip("link add a0 type veth peer name a1\nlink add b0 type veth peer name b1\n"
       "link set a0 up\nlink set a1 up\nlink set b0 up\nlink set b1 up\n"
       "addr add 192.0.2.1/24 dev a0\naddr add 198.51.100.1/24 dev b0\n"
       "neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev a0\nneigh add 198.51.100.9 lladdr 02:00:00:00:00:09 dev b0\n");
    User user;
    ConnectRequest lost = to("192.0.2.9", 9);
    lost.bind.interfaceIndex = indexOf(*user, "a0");
    lost.bind.interfaceName = "a0";
    ConnectRequest kept = to("198.51.100.9", 9);
    kept.bind.interfaceIndex = indexOf(*user, "b0");
    kept.bind.interfaceName = "b0";
    const auto attempt = user->connect(user.subscriber, lost);
    (void)user->connect(user.subscriber, kept);
    ip("link del a0");
    const std::vector<Outcome> outcomes = user.waitForOutcomes(1);
    MIF_REQUIRE(outcomes.size() == 1 && outcomes[0].failure);
    MIF_CHECK_EQUAL(outcomes[0].attempt, attempt);
    MIF_CHECK(outcomes[0].failure->code == ErrorCode::kInterfaceNotFound);
    MIF_CHECK(outcomes[0].failure->message.find("a0") != std::string::npos);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("attempts: two subscribers have their own outcomes (MIF-82)") {
  User one;
  User two;
  Listener listener;
  const auto first = one->connect(one.subscriber, to("127.0.0.1", listener.port));
  const auto second = two->connect(two.subscriber, to("127.0.0.1", listener.port));
  MIF_CHECK(first != second);
  const std::vector<Outcome> ofOne = one.waitForOutcomes(1);
  const std::vector<Outcome> ofTwo = two.waitForOutcomes(1);
  MIF_CHECK(ofOne.size() == 1 && ofOne[0].attempt == first);
  MIF_CHECK(ofTwo.size() == 1 && ofTwo[0].attempt == second);
  // Not by somebody else's subscriber.
  const auto third = one->connect(one.subscriber, to("127.0.0.1", listener.port));
  two->cancel(two.subscriber, third);
  MIF_CHECK_EQUAL(one.waitForOutcomes(1).size(), 1u);
}
