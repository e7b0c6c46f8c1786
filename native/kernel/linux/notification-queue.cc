// SPDX-License-Identifier: MIT
#include "kernel/linux/notification-queue.h"

#include <linux/rtnetlink.h>

#include <array>
#include <cerrno>

#include "kernel/linux/notification-filter.h"
#include "kernel/linux/system-error.h"

namespace mif::kernel {

namespace {

// Datagrams read by one call. The kernel queues one message in each.
constexpr std::uint32_t kBatch = 32;
// The longest notification seen is 8 KiB, of a link with many names (trap A13); much longer ones are possible.
constexpr std::size_t kSize = 32 * 1024;

constexpr std::array<std::uint32_t, 8> kGroups = {
    RTNLGRP_LINK,       RTNLGRP_NEIGH,      RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR,
    RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_RULE,   RTNLGRP_IPV6_RULE,
};

}  // namespace

NotificationQueue::NotificationQueue(const SourceOptions& options, SourceCounters& counters)
    : options_(options), counters_(counters), reader_(kBatch, kSize) {}

base::Result<base::Done> NotificationQueue::open(Capabilities& capabilities) {
  base::Result<NetlinkSocket> opened = NetlinkSocket::open();
  if (!opened) return opened.error();
  socket_ = opened.take();
  // Before joining: a group may overflow the default buffer at once (trap A3).
  capabilities.receiveBuffer = socket_.requestReceiveBuffer(options_.receiveBuffer);
  const std::vector<sock_filter> filter = notificationFilter(options_.observation);
  capabilities.hasEventFilter = !filter.empty() && socket_.attach(filter);
  for (const std::uint32_t group : kGroups) {
    if (!socket_.join(group)) return systemError("setsockopt", "subscribe to changes of the network");
  }
  capabilities.hasNexthops = socket_.join(RTNLGRP_NEXTHOP);
  return base::Done{};
}

base::Result<base::Done> NotificationQueue::discard() {
  forgetHeld();
  isLost_ = false;
  // To the very end: before the queue has been empty once, the kernel throws everything new away (trap A2).
  for (;;) {
    const base::Result<std::size_t> got = read(kBatch);
    if (!got && got.error().systemError != ENOBUFS) return got.error();
    if (got && got.value() == 0) return base::Done{};
  }
}

void NotificationQueue::hold(Disturbance& disturbance) {
  const auto keep = [&](base::Bytes datagram, base::Deadline receivedAt) {
    disturbance.announced(datagram);
    held_.push_back({heldBytes_.size(), datagram.size(), receivedAt});
    heldBytes_.insert(heldBytes_.end(), datagram.begin(), datagram.end());
  };
  while (!isLost_) {
    std::uint32_t left = kBatch;
    const base::Result<Drained> received = receive(left, keep);
    if (received && received.value() == Drained::kEmpty) return;
    // An error other than a loss will be there when draining.
    if (!received || received.value() == Drained::kLost) return lose();
    if (heldBytes_.size() > options_.heldNotifications) {
      ++counters_.overruns;
      return lose();
    }
  }
}

base::Result<std::size_t> NotificationQueue::read(std::uint32_t limit) {
  const base::Result<std::size_t> got = reader_.readWaiting(socket_, limit);
  if (!got && got.error().systemError == ENOBUFS) ++counters_.overruns;
  for (std::size_t n = 0; got && n < got.value(); ++n) {
    const Datagram datagram = reader_.at(n);
    ++counters_.datagrams;
    if (datagram.isForeign) {
      ++counters_.foreignSender;
    } else if (datagram.isTruncated) {
      ++counters_.truncated;
    }
  }
  return got;
}

void NotificationQueue::forgetHeld() {
  held_.clear();
  heldBytes_.clear();
  heldAt_ = 0;
}

void NotificationQueue::lose() {
  isLost_ = true;
  forgetHeld();
}

}  // namespace mif::kernel
