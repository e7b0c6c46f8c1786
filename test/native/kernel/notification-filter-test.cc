// SPDX-License-Identifier: MIT
// The filter as the kernel runs it, on datagrams of our own: any socket runs such filters on what it receives.
#include "kernel/linux/notification-filter.h"

#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <vector>

#include "test.h"
#include "wire/message-builder.h"

namespace {

using mif::contract::Observation;
using mif::contract::RouteDetail;
using namespace mif::test;

// A socket with a filter, and its other end.
class Filtered {
 public:
  explicit Filtered(const std::vector<sock_filter>& filter) {
    MIF_CHECK(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends_.data()) == 0);
    const sock_fprog program{static_cast<unsigned short>(filter.size()), const_cast<sock_filter*>(filter.data())};
    MIF_CHECK(::setsockopt(ends_[0], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0);
  }
  ~Filtered() {
    for (const int end : ends_) ::close(end);
  }
  Filtered(const Filtered&) = delete;
  Filtered& operator=(const Filtered&) = delete;

  bool passes(const std::vector<std::byte>& datagram) const {
    // Refused with an error, or not at all, where the filter drops it.
    (void)::send(ends_[1], datagram.data(), datagram.size(), 0);
    std::array<std::byte, 512> buffer;
    const ssize_t got = ::recv(ends_[0], buffer.data(), buffer.size(), 0);
    // What passes is not cut.
    MIF_CHECK(got < 0 || static_cast<std::size_t>(got) == datagram.size());
    return got > 0;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

struct Route {
  std::uint32_t table = RT_TABLE_MAIN;
  std::uint8_t type = RTN_UNICAST;
  std::uint8_t length = 24;
  std::uint16_t flags = NLM_F_CREATE | NLM_F_EXCL;
  std::uint16_t message = RTM_NEWROUTE;
  bool hasTable = true;
};

std::vector<std::byte> datagramOf(const Route& route) {
  MessageBuilder builder(route.message, route.flags);
  const auto byte = static_cast<std::uint8_t>(route.table > 255 ? std::uint32_t{RT_TABLE_COMPAT} : route.table);
  builder.raw(std::uint8_t{AF_INET}, route.length, std::uint8_t{0}, std::uint8_t{0}, byte, std::uint8_t{RTPROT_STATIC},
              std::uint8_t{RT_SCOPE_UNIVERSE}, route.type, std::uint32_t{0});
  // Another one first: attributes have no order.
  builder.attribute(RTA_DST, std::uint32_t{0x0a0b0c0d});
  if (route.hasTable) builder.attribute(RTA_TABLE, route.table);
  builder.attribute(RTA_OIF, std::uint32_t{4});
  return builder.datagram();
}

Observation ofTables(std::vector<std::uint32_t> tables) {
  return {RouteDetail::kAll, std::move(tables)};
}

}  // namespace

MIF_TEST("notification filter: who observes everything needs none") {
  MIF_CHECK(mif::kernel::notificationFilter({}).empty());
}

MIF_TEST("notification filter: passes routes of the tables that are observed, large numbers too (A17, D10)") {
  const Filtered filtered(mif::kernel::notificationFilter(ofTables({254, 0x01020304})));
  MIF_CHECK(filtered.passes(datagramOf({})));
  MIF_CHECK(filtered.passes(datagramOf({.message = RTM_DELROUTE})));
  MIF_CHECK(filtered.passes(datagramOf({.table = 0x01020304})));
  MIF_CHECK(!filtered.passes(datagramOf({.table = 0x04030201})));
  MIF_CHECK(!filtered.passes(datagramOf({.table = 4242})));
  MIF_CHECK(!filtered.passes(datagramOf({.table = 4242, .message = RTM_DELROUTE})));
  MIF_CHECK(!filtered.passes(datagramOf({.table = RT_TABLE_LOCAL, .type = RTN_LOCAL})));
  MIF_CHECK(!filtered.passes(datagramOf({.table = RT_TABLE_COMPAT})));
}

MIF_TEST("notification filter: a message that does not name its table is left to this process") {
  const Filtered filtered(mif::kernel::notificationFilter(ofTables({4242})));
  MIF_CHECK(filtered.passes(datagramOf({.hasTable = false})));
}

MIF_TEST("notification filter: drops the kernel's own entries of the local table, and no others (D16)") {
  const Filtered filtered(mif::kernel::notificationFilter({RouteDetail::kForwarding, {}}));
  for (const std::uint8_t type : {RTN_LOCAL, RTN_BROADCAST, RTN_ANYCAST, RTN_MULTICAST}) {
    MIF_CHECK(!filtered.passes(datagramOf({.table = RT_TABLE_LOCAL, .type = type})));
    MIF_CHECK(!filtered.passes(datagramOf({.table = RT_TABLE_LOCAL, .type = type, .message = RTM_DELROUTE})));
    MIF_CHECK(filtered.passes(datagramOf({.table = RT_TABLE_MAIN, .type = type})));
  }
  for (const std::uint8_t type : {RTN_UNICAST, RTN_BLACKHOLE, RTN_THROW}) {
    MIF_CHECK(filtered.passes(datagramOf({.table = RT_TABLE_LOCAL, .type = type})));
  }
}

MIF_TEST("notification filter: passes an entry that may take the place of an observed route (D6)") {
  const Filtered filtered(mif::kernel::notificationFilter({RouteDetail::kForwarding, {}}));
  MIF_CHECK(
      filtered.passes(datagramOf({.table = RT_TABLE_LOCAL, .type = RTN_LOCAL, .flags = NLM_F_CREATE | NLM_F_REPLACE})));
}

MIF_TEST("notification filter: who observes default routes is told of these and their halves") {
  const Filtered filtered(mif::kernel::notificationFilter({RouteDetail::kDefaults, {}}));
  MIF_CHECK(filtered.passes(datagramOf({.length = 0})));
  MIF_CHECK(filtered.passes(datagramOf({.length = 1})));
  MIF_CHECK(filtered.passes(datagramOf({.type = RTN_UNREACHABLE, .length = 0})));
  MIF_CHECK(!filtered.passes(datagramOf({.length = 2})));
  MIF_CHECK(!filtered.passes(datagramOf({.length = 32, .message = RTM_DELROUTE})));
}

MIF_TEST("notification filter: passes everything that is not about routes") {
  const Filtered filtered(mif::kernel::notificationFilter({RouteDetail::kDefaults, {1}}));
  for (const std::uint16_t type : {RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR, RTM_NEWNEIGH, RTM_NEWRULE, RTM_NEWNEXTHOP}) {
    // With the bytes of a route that is dropped.
    MIF_CHECK(filtered.passes(datagramOf({.table = 4242, .message = type})));
  }
  // Too short for what is looked at: the kernel drops what a filter reads beyond; we would reject it.
  MIF_CHECK(!filtered.passes(MessageBuilder(RTM_NEWROUTE).datagram()));
}

MIF_TEST("notification filter: many tables fit, and of more than it can hold it passes all") {
  std::vector<std::uint32_t> tables;
  for (std::uint32_t table = 1; table <= 1000; ++table) tables.push_back(table * 1000);
  const Filtered many(mif::kernel::notificationFilter(ofTables(tables)));
  MIF_CHECK(many.passes(datagramOf({.table = 1'000'000})));
  MIF_CHECK(!many.passes(datagramOf({.table = 1'000'001})));
  tables.push_back(5'000'000);
  const Filtered more(mif::kernel::notificationFilter(ofTables(tables)));
  MIF_CHECK(more.passes(datagramOf({.table = 1'000'001})));
}
