// SPDX-License-Identifier: MIT
// Sockets held to an interface and a source address before anything can leave through another. Fails
// closed: what could not be bound, or does not read back as asked, is closed and reported (trap 9).
// One folder per operating system implements it. Runs on the thread and in the namespace of the caller.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "address/ip-address.h"
#include "base/result.h"
#include "base/unique-fd.h"
#include "socket/socket-options.h"

namespace mif::socket {

// A multipath stream speaks MPTCP (RFC 8684), and TCP with a peer that does not. What is asked of it holds for its
// first subflow; others leave as the endpoints say that the system's administrator has set up.
enum class SocketType : std::uint8_t { kStream, kDatagram, kMultipathStream };

struct BindRequest {
  // 4 or 6.
  std::uint8_t family = 4;
  SocketType type = SocketType::kStream;
  // Interface to hold the socket to; 0 for none.
  std::uint32_t interfaceIndex = 0;
  // Its name, for error messages only.
  std::string interfaceName;
  // Source address; absent lets the kernel choose. A link-local one is scoped by interfaceIndex.
  address::IpAddress source;
  // Source port; 0 lets the kernel choose, for streams as late as connect (IP_BIND_ADDRESS_NO_PORT).
  std::uint16_t sourcePort = 0;
  SocketOptions options;
};

// A non-blocking, close-on-exec socket, bound as asked and verified by reading it back.
// Errors: kPermission, kUnsupported, kBindUnsupported, kInterfaceNotFound, kNoAddress, kScopeRequired, kBindFailed;
// kInvalidArg for a source of the other family. Whether the source is one of the interface's is the caller's to check:
// the kernel takes any pair (trap F7).
base::Result<base::UniqueFd> createBoundSocket(const BindRequest& request);

// Index of the device that a socket is held to, 0 for none; the kernel tells it also when that device has gone (trap
// F5). Errors: kBindFailed for what is no socket.
base::Result<std::uint32_t> deviceOf(int fd);

}  // namespace mif::socket
