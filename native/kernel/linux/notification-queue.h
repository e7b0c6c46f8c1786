// SPDX-License-Identifier: MIT
// What the kernel announces, from the socket that is subscribed to it: in order, also what comes while a dump is read,
// and never without saying that something was lost.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "base/cursor.h"
#include "base/result.h"
#include "kernel/capabilities.h"
#include "kernel/linux/disturbance.h"
#include "kernel/linux/netlink-socket.h"
#include "kernel/open-source.h"
#include "kernel/source.h"

namespace mif::kernel {

class NotificationQueue {
 public:
  // The counters have to outlive it.
  NotificationQueue(const SourceOptions& options, SourceCounters& counters);

  // Subscribes, in the network namespace of the calling thread; tells what that found the system capable of.
  base::Result<base::Done> open(Capabilities& capabilities);

  // Readable when notifications wait.
  int fd() const { return socket_.fd(); }

  // Gives datagrams that the kernel sent to accept(bytes, received at), those that were held first, at most `limit`. As
  // Source::drain.
  template <typename Accept>
  base::Result<Drained> drain(std::uint32_t limit, Accept&& accept);
  // As Source::discard.
  base::Result<base::Done> discard();

  // Keeps what waits, while a dump is made that each of it may disturb.
  void hold(Disturbance& disturbance);
  // Whether something was lost while holding; drain says so next.
  bool isLost() const { return isLost_; }

 private:
  struct Held {
    std::size_t offset;
    std::size_t length;
    base::Deadline receivedAt;
  };

  // Reads what waits, at most so many datagrams, and gives those that the kernel sent to accept(bytes, received at), up
  // to one that is cut; kMore when there were some. What is wrong is counted of all of them, also of those behind that
  // one.
  template <typename Accept>
  base::Result<Drained> receive(std::uint32_t& left, Accept&& accept);
  // Reads and counts. As DatagramReader::readWaiting.
  base::Result<std::size_t> read(std::uint32_t limit);
  void forgetHeld();
  void lose();

  const SourceOptions options_;
  SourceCounters& counters_;
  NetlinkSocket socket_;
  DatagramReader reader_;

  std::vector<std::byte> heldBytes_;
  std::vector<Held> held_;
  // The next of held_ to give.
  std::size_t heldAt_ = 0;
  bool isLost_ = false;
};

template <typename Accept>
base::Result<Drained> NotificationQueue::drain(std::uint32_t limit, Accept&& accept) {
  if (isLost_) {
    isLost_ = false;
    return Drained::kLost;
  }
  std::uint32_t left = limit;
  for (; heldAt_ < held_.size() && left > 0; ++heldAt_, --left) {
    const Held& held = held_[heldAt_];
    accept(base::Bytes(heldBytes_).subspan(held.offset, held.length), held.receivedAt);
  }
  if (heldAt_ < held_.size()) return Drained::kMore;
  forgetHeld();

  while (left > 0) {
    const base::Result<Drained> received = receive(left, accept);
    if (!received || received.value() != Drained::kMore) return received;
  }
  return Drained::kMore;
}

template <typename Accept>
base::Result<Drained> NotificationQueue::receive(std::uint32_t& left, Accept&& accept) {
  const base::Result<std::size_t> got = read(left);
  if (!got && got.error().systemError == ENOBUFS) return Drained::kLost;
  if (!got) return got.error();
  if (got.value() == 0) return Drained::kEmpty;
  const base::Deadline receivedAt = base::now();
  for (std::size_t n = 0; n < got.value(); ++n) {
    const Datagram datagram = reader_.at(n);
    if (datagram.isForeign) continue;
    if (datagram.isTruncated) {
      reader_.enlarge();
      return Drained::kLost;
    }
    accept(datagram.bytes, receivedAt);
  }
  left -= static_cast<std::uint32_t>(got.value());
  return Drained::kMore;
}

}  // namespace mif::kernel
