// SPDX-License-Identifier: MIT
// A NETLINK_ROUTE socket (netlink(7)): options, groups, sending, and reading datagrams that are really the kernel's.
// What the datagrams say is read in wire.
#pragma once

#include <linux/filter.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/cursor.h"
#include "base/result.h"
#include "base/unique-fd.h"

namespace mif::kernel {

class NetlinkSocket {
 public:
  // Closed.
  NetlinkSocket() = default;
  // In the network namespace of the calling thread. The kernel chooses the port (trap A12).
  static base::Result<NetlinkSocket> open();

  bool isOpen() const { return fd_.isOpen(); }
  int fd() const { return fd_.get(); }
  // Replies to requests of this socket carry it (trap A10).
  std::uint32_t port() const { return port_; }

  // Switches on an option of SOL_NETLINK; false when this kernel lacks it.
  bool enable(int option);
  // Joins a multicast group; false when this kernel lacks it (trap A16).
  bool join(std::uint32_t group);
  // Lets the kernel run a filter on what it would queue; false when it will not.
  bool attach(const std::vector<sock_filter>& filter);
  // Asks for room for notifications; gives what was granted, bytes (trap A3).
  std::uint32_t requestReceiveBuffer(std::size_t bytes);

  base::Result<base::Done> send(base::Bytes request);

  void close() { fd_.reset(); }

 private:
  base::UniqueFd fd_;
  std::uint32_t port_ = 0;
};

// One datagram as it was read.
struct Datagram {
  base::Bytes bytes;
  // Not sent by the kernel; a process may send what looks like its messages (trap A11).
  bool isForeign = false;
  // Longer than the buffer; the rest is lost (trap A13).
  bool isTruncated = false;
};

// Buffers for datagrams, read many at a time.
class DatagramReader {
 public:
  // `count` datagrams of up to `size` bytes each. Of that memory only what datagrams touch is ever real.
  DatagramReader(std::size_t count, std::size_t size);

  // Reads what waits, at most `limit` datagrams, without blocking. 0: nothing waits. An error has its errno in
  // systemError; ENOBUFS means that notifications were lost before those that still wait (trap A1).
  base::Result<std::size_t> readWaiting(const NetlinkSocket& socket, std::size_t limit);
  // Waits for one datagram.
  base::Result<std::size_t> readOne(const NetlinkSocket& socket);

  // The n-th datagram of the last read; its bytes live until the next one.
  Datagram at(std::size_t n) const;

  // Bytes of the longest datagram that it can read.
  std::size_t size() const { return size_; }
  // Makes room for datagrams twice as long.
  void enlarge();

 private:
  base::Result<std::size_t> read(const NetlinkSocket& socket, std::size_t limit, int flags);

  base::Bytes storage() const { return {storage_.get(), headers_.size() * size_}; }

  std::size_t size_;
  std::unique_ptr<std::byte[]> storage_;
  std::vector<iovec> vectors_;
  std::vector<sockaddr_nl> senders_;
  std::vector<mmsghdr> headers_;
};

}  // namespace mif::kernel
