// SPDX-License-Identifier: MIT
#include "socket/bound-socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "kernel/private-namespace.h"
#include "test.h"

namespace {

using mif::base::ErrorCode;
using namespace mif::socket;
using namespace mif::test;

constexpr std::uint32_t kLoopback = 1;

BindRequest request(std::uint8_t family, SocketType type) {
  BindRequest asked;
  asked.family = family;
  asked.type = type;
  asked.interfaceIndex = kLoopback;
  return asked;
}

int held(int fd, int level, int name) {
  int value = -1;
  socklen_t length = sizeof(value);
  return getsockopt(fd, level, name, &value, &length) == 0 ? value : -errno;
}

// The next descriptor that this process would get: the same before and after, when nothing stayed open.
int nextDescriptor() {
  const int fd = dup(STDOUT_FILENO);
  close(fd);
  return fd;
}

}  // namespace

MIF_TEST("bound socket: every option is as asked, on each kind of socket (F4)") {
  const bool isPrivileged = inPrivateNamespace([] {
    for (const std::uint8_t family : {std::uint8_t{4}, std::uint8_t{6}}) {
      for (const SocketType type : {SocketType::kStream, SocketType::kDatagram, SocketType::kMultipathStream}) {
        BindRequest asked = request(family, type);
        asked.sourcePort = 4711;
        asked.options.mark = 7;
        asked.options.reusePort = true;
        asked.options.reuseAddress = true;
        const auto bound = createBoundSocket(asked);
        if (!bound && bound.error().code == ErrorCode::kUnsupported) continue;
        MIF_REQUIRE(bound.ok());
        const int fd = bound.value().get();
        MIF_CHECK_EQUAL(deviceOf(fd).value(), kLoopback);
        MIF_CHECK_EQUAL(held(fd, SOL_SOCKET, SO_MARK), 7);
        MIF_CHECK_EQUAL(held(fd, SOL_SOCKET, SO_REUSEPORT), 1);
        MIF_CHECK_EQUAL(held(fd, SOL_SOCKET, SO_REUSEADDR), 1);
        if (family == 6) MIF_CHECK_EQUAL(held(fd, IPPROTO_IPV6, IPV6_V6ONLY), 1);
      }
    }
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("bound socket: keep-alive, traffic class and address preferences are as asked") {
  const bool isPrivileged = inPrivateNamespace([] {
    BindRequest asked = request(6, SocketType::kStream);
    asked.options.trafficClass = 0xb8;
    asked.options.keepAlive = KeepAlive{true, 30, 5, 3};
    asked.options.addressPreferences = 0x0002;
    asked.options.ipv6Only = false;
    const auto bound = createBoundSocket(asked);
    MIF_REQUIRE(bound.ok());
    const int fd = bound.value().get();
    MIF_CHECK_EQUAL(held(fd, IPPROTO_IPV6, IPV6_TCLASS), 0xb8);
    MIF_CHECK_EQUAL(held(fd, IPPROTO_IP, IP_TOS), 0xb8);
    MIF_CHECK_EQUAL(held(fd, IPPROTO_IPV6, IPV6_V6ONLY), 0);
    MIF_CHECK_EQUAL(held(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
    MIF_CHECK_EQUAL(held(fd, IPPROTO_TCP, TCP_KEEPIDLE), 30);
    MIF_CHECK_EQUAL(held(fd, IPPROTO_TCP, TCP_KEEPINTVL), 5);
    MIF_CHECK_EQUAL(held(fd, IPPROTO_TCP, TCP_KEEPCNT), 3);
    constexpr int kAddressPreferences = 72;
    MIF_CHECK_EQUAL(held(fd, IPPROTO_IPV6, kAddressPreferences) & 0x0002, 0x0002);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("bound socket: an option that the kernel refuses is named, and nothing stays open") {
  const bool isPrivileged = inPrivateNamespace([] {
    const int before = nextDescriptor();
    BindRequest asked = request(4, SocketType::kDatagram);
    // Datagram sockets have no such probes.
    asked.options.keepAlive = KeepAlive{true, 30, {}, {}};
    const auto bound = createBoundSocket(asked);
    MIF_REQUIRE(!bound.ok());
    MIF_CHECK(bound.error().code == ErrorCode::kUnsupported);
    MIF_CHECK(bound.error().message.find("option keepAlive.idle") != std::string::npos);
    MIF_CHECK_EQUAL(bound.error().operation, "TCP_KEEPIDLE");
    MIF_CHECK_EQUAL(nextDescriptor(), before);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("bound socket: the device of a socket that is held to none is none, and of what is no socket an error (F5)") {
  BindRequest asked = request(4, SocketType::kStream);
  asked.interfaceIndex = 0;
  const auto bound = createBoundSocket(asked);
  MIF_REQUIRE(bound.ok());
  MIF_CHECK_EQUAL(deviceOf(bound.value().get()).value(), 0u);
  std::array<int, 2> ends = {-1, -1};
  MIF_REQUIRE(pipe(ends.data()) == 0);
  const auto refused = deviceOf(ends[0]);
  MIF_REQUIRE(!refused.ok());
  MIF_CHECK(refused.error().code == ErrorCode::kBindFailed);
  for (const int end : ends) close(end);
}
