// SPDX-License-Identifier: MIT
#include "kernel/linux/netlink-socket.h"

#include <linux/rtnetlink.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "kernel/linux/system-error.h"

namespace mif::kernel {

namespace {

// A dump never waits for anything but the kernel's own locks. Should it ever, an error is better than a thread that
// hangs for good. Seconds.
constexpr time_t kReplyTimeout = 30;

}  // namespace

base::Result<NetlinkSocket> NetlinkSocket::open() {
  NetlinkSocket socket;
  socket.fd_ = base::UniqueFd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!socket.isOpen()) {
    base::Error error = systemError("socket", "open a routing netlink socket");
    if (error.systemError == EAFNOSUPPORT || error.systemError == EPROTONOSUPPORT) {
      error.code = base::ErrorCode::kUnsupported;
    }
    return error;
  }
  sockaddr_nl own{};
  own.nl_family = AF_NETLINK;
  if (::bind(socket.fd(), reinterpret_cast<sockaddr*>(&own), sizeof(own)) != 0) {
    return systemError("bind", "open a routing netlink socket");
  }
  socklen_t length = sizeof(own);
  if (::getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&own), &length) != 0) {
    return systemError("getsockname", "open a routing netlink socket");
  }
  socket.port_ = own.nl_pid;
  const timeval patience{kReplyTimeout, 0};
  ::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  return socket;
}

bool NetlinkSocket::enable(int option) {
  const int on = 1;
  return ::setsockopt(fd(), SOL_NETLINK, option, &on, sizeof(on)) == 0;
}

bool NetlinkSocket::join(std::uint32_t group) {
  const int number = static_cast<int>(group);
  return ::setsockopt(fd(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &number, sizeof(number)) == 0;
}

bool NetlinkSocket::attach(const std::vector<sock_filter>& filter) {
  // The kernel copies it and does not write to it.
  const sock_fprog program{static_cast<unsigned short>(filter.size()), const_cast<sock_filter*>(filter.data())};
  return ::setsockopt(fd(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0;
}

std::uint32_t NetlinkSocket::requestReceiveBuffer(std::size_t bytes) {
  const int wanted = static_cast<int>(bytes);
  // The first needs CAP_NET_ADMIN and has no limit, the second is cut to net.core.rmem_max.
  if (::setsockopt(fd(), SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof(wanted)) != 0) {
    ::setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &wanted, sizeof(wanted));
  }
  int granted = 0;
  socklen_t length = sizeof(granted);
  ::getsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &granted, &length);
  return static_cast<std::uint32_t>(granted);
}

base::Result<base::Done> NetlinkSocket::send(base::Bytes request) {
  for (;;) {
    if (::send(fd(), request.data(), request.size(), 0) >= 0) return base::Done{};
    if (errno != EINTR) return systemError("send", "ask the kernel for its tables");
  }
}

DatagramReader::DatagramReader(std::size_t count, std::size_t size)
    : size_(size),
      storage_(std::make_unique_for_overwrite<std::byte[]>(count * size)),
      vectors_(count),
      senders_(count),
      headers_(count) {}

base::Result<std::size_t> DatagramReader::readWaiting(const NetlinkSocket& socket, std::size_t limit) {
  return read(socket, limit, MSG_DONTWAIT);
}

base::Result<std::size_t> DatagramReader::readOne(const NetlinkSocket& socket) {
  return read(socket, 1, 0);
}

base::Result<std::size_t> DatagramReader::read(const NetlinkSocket& socket, std::size_t limit, int flags) {
  const std::size_t count = std::min(limit, headers_.size());
  for (std::size_t n = 0; n < count; ++n) {
    vectors_[n] = {storage_.get() + n * size_, size_};
    headers_[n] = {};
    headers_[n].msg_hdr.msg_name = &senders_[n];
    headers_[n].msg_hdr.msg_namelen = sizeof(sockaddr_nl);
    headers_[n].msg_hdr.msg_iov = &vectors_[n];
    headers_[n].msg_hdr.msg_iovlen = 1;
  }
  for (;;) {
    const int got = ::recvmmsg(socket.fd(), headers_.data(), static_cast<unsigned>(count), flags, nullptr);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EAGAIN && (flags & MSG_DONTWAIT) != 0) return std::size_t{0};
    if (errno != EINTR) return systemError("recvmmsg", "read from the kernel");
  }
}

Datagram DatagramReader::at(std::size_t n) const {
  const mmsghdr& header = headers_[n];
  Datagram datagram;
  datagram.bytes = storage().subspan(n * size_, std::min<std::size_t>(header.msg_len, size_));
  datagram.isForeign = header.msg_hdr.msg_namelen != sizeof(sockaddr_nl) || senders_[n].nl_pid != 0;
  datagram.isTruncated = (header.msg_hdr.msg_flags & MSG_TRUNC) != 0;
  return datagram;
}

void DatagramReader::enlarge() {
  size_ *= 2;
  storage_ = std::make_unique_for_overwrite<std::byte[]>(headers_.size() * size_);
}

}  // namespace mif::kernel
