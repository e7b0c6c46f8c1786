// SPDX-License-Identifier: MIT
// The kernel asked, in a namespace of its own.
#include "kernel/route-query.h"

#include <dirent.h>
#include <linux/netlink.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <set>
#include <string>
#include <thread>

#include "base/unique-fd.h"
#include "kernel/linux/rtnetlink-route-query.h"
#include "kernel/private-namespace.h"
#include "test.h"
#include "wire/message-builder.h"

namespace {

using mif::address::IpAddress;
using mif::contract::RouteAnswer;
using mif::contract::RouteQuestion;
using mif::contract::RouteRefusal;
using mif::contract::RouteType;
using mif::kernel::RouteQuery;
using mif::kernel::RtnetlinkRouteQuery;
using namespace mif::test;

RouteQuestion to(const char* destination) {
  RouteQuestion question;
  question.destination = IpAddress::parse(destination);
  return question;
}

std::set<int> descriptors() {
  std::set<int> all;
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) return all;
  const int own = dirfd(folder);
  while (const dirent* entry = readdir(folder)) {
    const int fd = std::atoi(entry->d_name);
    if (entry->d_name[0] != '.' && fd != own) all.insert(fd);
  }
  closedir(folder);
  return all;
}

RouteRefusal refusalOf(RouteQuery& query, const RouteQuestion& question) {
  const auto answer = query.ask(question);
  MIF_CHECK(answer.ok());
  return answer.ok() ? answer.value().refusal : RouteRefusal::kNone;
}

void makeHost() {
  ip("link add v0 index 10 type veth peer name p0 index 11\n"
     "link set v0 up\n"
     "link set p0 up\n"
     "address add 192.0.2.1/24 dev v0\n"
     "route add 198.51.100.0/24 via 192.0.2.254 mtu 1400\n"
     "route add prohibit 203.0.113.1\n"
     "route add blackhole 203.0.113.2\n"
     "route add unreachable 203.0.113.3\n"
     "route add 10.0.0.0/8 via 192.0.2.253 table 4242\n"
     "rule add pref 100 fwmark 0x10 lookup 4242");
}

}  // namespace

MIF_TEST("kernel/route-query: a way has table, router, source, interface and the MTU of its route") {
  const bool isPrivileged = inPrivateNamespace([] {
    makeHost();
    auto opened = RtnetlinkRouteQuery::open();
    MIF_REQUIRE(opened.ok());
    const auto answer = opened.value()->ask(to("198.51.100.7"));
    MIF_REQUIRE(answer.ok());
    const RouteAnswer& way = answer.value();
    MIF_CHECK(way.refusal == RouteRefusal::kNone && way.type == RouteType::kUnicast);
    MIF_CHECK_EQUAL(way.index, std::optional<std::uint32_t>(10));
    MIF_CHECK_EQUAL(way.table, 254u);
    MIF_CHECK_EQUAL(way.gateway.text(), std::string("192.0.2.254"));
    MIF_CHECK_EQUAL(way.source.text(), std::string("192.0.2.1"));
    MIF_CHECK_EQUAL(way.mtu, 1400u);
    RouteQuestion marked = to("10.1.2.3");
    marked.mark = 0x10;
    const auto other = opened.value()->ask(marked);
    MIF_CHECK(other.ok() && other.value().table == 4242 && other.value().gateway.text() == "192.0.2.253");
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("kernel/route-query: a refusal is an answer, and the kernel does not answer for every protocol (D17)") {
  const bool isPrivileged = inPrivateNamespace([] {
    makeHost();
    auto opened = RtnetlinkRouteQuery::open();
    MIF_REQUIRE(opened.ok());
    RouteQuery& query = *opened.value();
    MIF_CHECK(refusalOf(query, to("203.0.113.1")) == RouteRefusal::kProhibited);
    MIF_CHECK(refusalOf(query, to("203.0.113.2")) == RouteRefusal::kInvalid);
    MIF_CHECK(refusalOf(query, to("203.0.113.3")) == RouteRefusal::kUnreachable);
    MIF_CHECK(refusalOf(query, to("10.1.2.3")) == RouteRefusal::kNoRoute);
    MIF_CHECK(refusalOf(query, to("2001:db8::1")) == RouteRefusal::kNoRoute);
    RouteQuestion elsewhere = to("198.51.100.7");
    elsewhere.device = 4711;
    MIF_CHECK(refusalOf(query, elsewhere) == RouteRefusal::kNoDevice);
    RouteQuestion sctp = to("198.51.100.7");
    sctp.protocol = 132;
    const auto answer = query.ask(sctp);
    MIF_CHECK(!answer.ok() && answer.error().code == mif::base::ErrorCode::kUnsupported);
    // And goes on.
    MIF_CHECK(refusalOf(query, to("198.51.100.7")) == RouteRefusal::kNone);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST(
    "kernel/route-query: it asks in the namespace where it was opened, from any thread, and leaves no descriptor") {
  const std::set<int> before = descriptors();
  const bool isPrivileged = inPrivateNamespace([] {
    makeHost();
    auto opened = RtnetlinkRouteQuery::open();
    MIF_REQUIRE(opened.ok());
    std::thread elsewhere([&] {
      if (unshare(CLONE_NEWNET) != 0) return fail(__FILE__, __LINE__, "no further namespace");
      MIF_CHECK(refusalOf(*opened.value(), to("198.51.100.7")) == RouteRefusal::kNone);
    });
    elsewhere.join();
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
  MIF_CHECK(descriptors() == before);
}

MIF_TEST(
    "kernel/route-query: what another process sends, or what answers another question, is not believed (A10, A11)") {
  const bool isPrivileged = inPrivateNamespace([] {
    makeHost();
    const std::set<int> before = descriptors();
    auto opened = RtnetlinkRouteQuery::open();
    MIF_REQUIRE(opened.ok());
    sockaddr_nl port{};
    for (const int fd : descriptors()) {
      socklen_t length = sizeof(port);
      if (!before.contains(fd)) MIF_CHECK(getsockname(fd, reinterpret_cast<sockaddr*>(&port), &length) == 0);
    }
    MIF_REQUIRE(port.nl_pid != 0);
    const mif::base::UniqueFd forger(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    // A way over interface 4711, as an answer to the first question.
    MessageBuilder lie;
    lie.raw(std::uint32_t{16 + 12 + 8}, std::uint16_t{24}, std::uint16_t{0}, std::uint32_t{1}, port.nl_pid)
        .raw(std::uint8_t{2}, std::uint8_t{32}, std::uint8_t{0}, std::uint8_t{0}, std::uint8_t{254}, std::uint8_t{0},
             std::uint8_t{0}, std::uint8_t{1}, std::uint32_t{0x200})
        .attribute(4, std::uint32_t{4711});
    // And one that is longer than any answer.
    MessageBuilder longer;
    longer.zeros(20'000);
    for (const std::vector<std::byte>& datagram : {lie.payload(), longer.payload()}) {
      MIF_CHECK(sendto(forger.get(), datagram.data(), datagram.size(), 0, reinterpret_cast<sockaddr*>(&port),
                       sizeof(port)) == static_cast<ssize_t>(datagram.size()));
    }
    const auto answer = opened.value()->ask(to("198.51.100.7"));
    MIF_CHECK(answer.ok() && answer.value().index == std::optional<std::uint32_t>(10));
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}
