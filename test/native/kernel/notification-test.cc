// SPDX-License-Identifier: MIT
// Notifications of a real kernel that are easily taken for something else, or lost: others' sequence numbers, long
// messages, groups that the old mask cannot name.
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/unique-fd.h"
#include "kernel/collected.h"
#include "kernel/open-source.h"
#include "kernel/private-namespace.h"
#include "table/records.h"
#include "test.h"

namespace {

using mif::contract::Change;
using mif::contract::RecordKind;
using mif::contract::Verb;
using mif::kernel::Drained;
using namespace mif::test;

std::unique_ptr<mif::kernel::Source> open() {
  auto opened = mif::kernel::openSource({8 << 20, 8 << 20});
  if (!opened) {
    fail(__FILE__, __LINE__, opened.error().message);
    return nullptr;
  }
  return opened.take();
}

// Another program's socket, with the port that it asks for; 0 for any.
mif::base::UniqueFd stranger(std::uint32_t port) {
  mif::base::UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_pid = port;
  MIF_CHECK(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
  return fd;
}

// Adds 10.0.<n>.0/24 on loopback, with n as the sequence number that the notification will carry.
void addRoute(int fd, std::uint32_t n) {
  struct {
    nlmsghdr header;
    rtmsg route;
    rtattr destinationHeader;
    std::uint32_t destination;
    rtattr outputHeader;
    std::uint32_t output;
  } request{};
  request.header.nlmsg_len = sizeof(request);
  request.header.nlmsg_type = RTM_NEWROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE;
  request.header.nlmsg_seq = n;
  request.route.rtm_family = AF_INET;
  request.route.rtm_dst_len = 24;
  request.route.rtm_table = RT_TABLE_MAIN;
  request.route.rtm_protocol = RTPROT_STATIC;
  request.route.rtm_scope = RT_SCOPE_LINK;
  request.route.rtm_type = RTN_UNICAST;
  request.destinationHeader = {sizeof(rtattr) + sizeof(std::uint32_t), RTA_DST};
  request.destination = htonl(0x0a000000u | n << 8);
  request.outputHeader = {sizeof(rtattr) + sizeof(std::uint32_t), RTA_OIF};
  request.output = 1;
  MIF_CHECK(::send(fd, &request, sizeof(request), 0) == sizeof(request));
}

}  // namespace

MIF_TEST("notifications: others' sequence numbers, whatever they are, are no answers to our questions (A10)") {
  const bool isPrivileged = inPrivateNamespace([] {
    const auto source = open();
    if (source == nullptr) return;
    const mif::base::UniqueFd other = stranger(0);
    struct Busy {
      int fd;
      bool isDone;
    } busy{other.get(), false};
    // Every number that a source may have used so far, while it waits for the rest of a dump.
    const auto during = [](void* context) {
      Busy& self = *static_cast<Busy*>(context);
      for (std::uint32_t n = 0; !self.isDone && n < 200; ++n) addRoute(self.fd, n);
      self.isDone = true;
      return true;
    };
    Collected dump;
    MIF_CHECK(source->dump(RecordKind::kInterface, dump, during, &busy).ok());
    MIF_CHECK(busy.isDone);
    MIF_CHECK_EQUAL(dump.changes.size(), 1u);
    Collected news;
    const auto drained = source->drain(news, 1000);
    MIF_CHECK(drained.ok() && drained.value() == Drained::kEmpty);
    MIF_CHECK_EQUAL(news.count(RecordKind::kRoute, Verb::kPut), 200u);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("notifications: a source needs no port of its own choice, not even the id of its process (A12)") {
  const bool isPrivileged = inPrivateNamespace([] {
    const mif::base::UniqueFd taken = stranger(static_cast<std::uint32_t>(::getpid()));
    const auto one = open();
    const auto other = open();
    if (one == nullptr || other == nullptr) return;
    for (mif::kernel::Source* source : {one.get(), other.get()}) {
      Collected dump;
      MIF_CHECK(source->dump(RecordKind::kInterface, dump, goOn, nullptr).ok());
      MIF_CHECK_EQUAL(dump.changes.size(), 1u);
    }
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("notifications: loss is always told, the option that hides it is not set (A4)") {
  const bool isPrivileged = inPrivateNamespace([] {
    const auto source = open();
    if (source == nullptr) return;
    int isHidden = -1;
    socklen_t length = sizeof(isHidden);
    MIF_CHECK(::getsockopt(source->fd(), SOL_NETLINK, NETLINK_NO_ENOBUFS, &isHidden, &length) == 0);
    MIF_CHECK_EQUAL(isHidden, 0);
    MIF_CHECK(source->capabilities().announcesLoss);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("notifications: a link with sixty alternative names is read whole at once (A13)") {
  const bool isPrivileged = inPrivateNamespace([] {
    const auto source = open();
    if (source == nullptr) return;
    std::string batch = "link add a0 type bridge\n";
    for (int n = 10; n < 70; ++n) batch += joined("link property add dev a0 altname ", std::string(118, 'x'), n, "\n");
    ip(batch);
    MIF_CHECK(source->discard().ok());
    ip("link set a0 mtu 1400\n");
    Collected news;
    const auto drained = source->drain(news, 1000);
    MIF_CHECK(drained.ok() && drained.value() == Drained::kEmpty);
    MIF_CHECK_EQUAL(source->counters().truncated, 0u);
    MIF_REQUIRE(!news.changes.empty());
    MIF_CHECK_EQUAL(news.changes.back().interface.altNames.size(), 60u);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("notifications: nexthop objects are told, though their group does not fit the old mask (A16)") {
  const bool isPrivileged = inPrivateNamespace([] {
    const auto source = open();
    if (source == nullptr) return;
    if (!source->capabilities().hasNexthops) MIF_SKIP("this kernel has no nexthop objects");
    ip("link add a0 type bridge\nlink set a0 up\n");
    MIF_CHECK(source->discard().ok());
    ip("nexthop add id 7 dev a0\nnexthop del id 7\n");
    Collected news;
    MIF_CHECK(source->drain(news, 1000).ok());
    MIF_CHECK_EQUAL(news.count(RecordKind::kNexthop, Verb::kPut), 1u);
    MIF_CHECK_EQUAL(news.count(RecordKind::kNexthop, Verb::kRemove), 1u);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}
