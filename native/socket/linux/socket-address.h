// SPDX-License-Identifier: MIT
// Between addresses as values and addresses as the socket calls want them.
#pragma once

#include <sys/socket.h>

#include <cstdint>

#include "address/ip-address.h"

namespace mif::socket {

// An address and a port.
struct Endpoint {
  address::IpAddress address;
  std::uint16_t port = 0;
};

// A sockaddr of either family, and how much of it is used.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// `scope` is the interface index of a link-local address; other addresses take none (RFC 4007 section 6).
SocketAddress toSocketAddress(const Endpoint& endpoint, std::uint32_t scope);

// An absent address when the family is neither IPv4 nor IPv6.
Endpoint toEndpoint(const SocketAddress& address);

// Whether an address means nothing without a scope: fe80::/10, ff02::/16 and ff01::/16 (RFC 4007 section 4).
bool needsScope(const address::IpAddress& address);

}  // namespace mif::socket
