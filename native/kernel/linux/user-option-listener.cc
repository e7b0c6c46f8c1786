// SPDX-License-Identifier: MIT
#include "kernel/linux/user-option-listener.h"

#include <linux/rtnetlink.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "wire/netlink/message.h"
#include "wire/rtnetlink/router-option.h"

namespace mif::kernel {

namespace {

// As many as one turn of an event loop should take.
constexpr std::size_t kDatagrams = 16;
// An option has 2040 bytes at most, and the kernel tells one at a time.
constexpr std::size_t kDatagramSize = 4096;
// Thousands of options; a burst while the event loop is busy is not lost (trap A3).
constexpr std::size_t kReceiveBuffer = std::size_t{1} << 20;

}  // namespace

base::Result<std::unique_ptr<RouterListener>> UserOptionListener::open() {
  base::Result<NetlinkSocket> opened = NetlinkSocket::open();
  if (!opened) return opened.error();
  NetlinkSocket socket = opened.take();
  if (!socket.join(RTNLGRP_ND_USEROPT)) {
    return base::Error{base::ErrorCode::kUnsupported, "this kernel does not pass on options of router advertisements",
                       "NETLINK_ADD_MEMBERSHIP", errno, ""};
  }
  // Prefixes without their router, for kernels that do not pass them on as options.
  (void)socket.join(RTNLGRP_IPV6_PREFIX);
  (void)socket.requestReceiveBuffer(kReceiveBuffer);
  return std::unique_ptr<RouterListener>(new UserOptionListener(std::move(socket)));
}

UserOptionListener::UserOptionListener(NetlinkSocket socket)
    : socket_(std::move(socket)), reader_(kDatagrams, kDatagramSize) {}

base::Result<base::Done> UserOptionListener::hear(std::vector<Heard>& news) {
  const base::Result<std::size_t> count = reader_.readWaiting(socket_, kDatagrams);
  if (!count) {
    if (count.error().systemError != ENOBUFS) return count.error();
    // What still waits is older, and good. Routers repeat what was lost.
    ++counters_.lost;
    return base::Done{};
  }
  for (std::size_t at = 0; at < count.value(); ++at) read(reader_.at(at), news);
  return base::Done{};
}

void UserOptionListener::read(const Datagram& datagram, std::vector<Heard>& news) {
  if (datagram.isForeign) {
    ++counters_.foreign;
    return;
  }
  wire::netlink::Messages messages(datagram.bytes);
  wire::netlink::Message message;
  while (messages.next(message)) {
    wire::rtnetlink::RouterOption option;
    switch (wire::rtnetlink::readRouterOption(message, option)) {
      case wire::rtnetlink::Decoded::kChange:
        news.push_back({std::move(option.bytes), option.router, option.interfaceIndex, 0xff});
        break;
      case wire::rtnetlink::Decoded::kIgnored:
        break;
      default:
        ++counters_.malformed;
        break;
    }
  }
  if (datagram.isTruncated || !messages.isComplete()) ++counters_.malformed;
}

base::Result<bool> UserOptionListener::solicit(std::uint32_t) {
  return base::Error{base::ErrorCode::kUnsupported, "cannot solicit routers where only options are heard", "", 0, ""};
}

}  // namespace mif::kernel
