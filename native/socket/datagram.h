// SPDX-License-Identifier: MIT
// Datagrams together with where they arrived and where they leave (RFC 3542 section 6, ip(7) IP_PKTINFO), over a
// descriptor that createBoundSocket has made. Nothing here waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "address/ip-address.h"
#include "base/result.h"
#include "socket/bound-socket.h"

namespace mif::socket {

// One that was received. `data` is of the buffer, until it is used again.
struct Arrival {
  std::span<const std::byte> data;
  // Of the whole datagram; more than `data` has where the buffer was too small for it.
  std::size_t size = 0;
  address::IpAddress source;
  std::uint16_t sourcePort = 0;
  // Address that it was sent to, a group maybe, and the interface that it came in by; absent and 0 where the kernel
  // does not say.
  address::IpAddress destination;
  std::uint32_t interfaceIndex = 0;
};

// Where one goes. Everything absent: as the socket is connected, bound and held.
struct Departure {
  address::IpAddress destination;
  std::uint16_t port = 0;
  address::IpAddress source;
  std::uint32_t interfaceIndex = 0;
};

// Room for some datagrams, which sockets may share.
class ReceiveBuffer {
 public:
  // As many as one turn of an event loop should take, and what UDP can carry.
  static constexpr std::size_t kSlots = 16;
  static constexpr std::size_t kSlotSize = 65536;

  std::span<std::byte> slot(std::size_t at) { return std::span(bytes_).subspan(at * kSlotSize, kSlotSize); }

 private:
  std::vector<std::byte> bytes_ = std::vector<std::byte>(kSlots * kSlotSize);
};

// Has the kernel tell of each datagram where it arrived, and deliver those of groups that this socket has joined, not
// any other of the host. Errors: kUnsupported, kBindFailed.
base::Result<base::Done> tellArrivals(int fd, std::uint8_t family);

// Appends what has arrived, up to ReceiveBuffer::kSlots, each cut to `longest` bytes; nothing when nothing has. Errors:
// kKernel, with the errno of what the network said about an earlier datagram (ECONNREFUSED), or of the call.
base::Result<base::Done> receive(int fd, ReceiveBuffer& buffer, std::size_t longest, std::vector<Arrival>& arrivals);

// False when the kernel has no room at present. `scope` is the interface of a link-local destination. Errors: kKernel.
base::Result<bool> send(int fd, const Departure& departure, std::uint32_t scope, std::span<const std::byte> data);

// From now on it hears nobody else, and sends there. `scope` is the interface of a link-local peer. Errors:
// kConnectFailed.
base::Result<base::Done> connect(int fd, const address::IpAddress& peer, std::uint16_t port, std::uint32_t scope);

// Ends that, and holds and binds the socket again as the kernel had it: it forgets both (trap F13).
// Nothing is received meanwhile. After an error the socket may be held to nothing: close it. Errors: as
// createBoundSocket.
base::Result<base::Done> disconnect(int fd, const BindRequest& bound);

// Joins a group on an interface, or leaves it. Errors: kInterfaceNotFound, kInvalidArg when the address is no group,
// kKernel.
base::Result<base::Done> join(int fd, const address::IpAddress& group, std::uint32_t interfaceIndex);
base::Result<base::Done> leave(int fd, const address::IpAddress& group, std::uint32_t interfaceIndex);

// What the socket is bound to. Errors: kKernel.
struct LocalName {
  address::IpAddress address;
  std::uint16_t port = 0;
};
base::Result<LocalName> localName(int fd);

}  // namespace mif::socket
