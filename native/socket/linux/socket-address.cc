// SPDX-License-Identifier: MIT
#include "socket/linux/socket-address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>
#include <span>

#include "address/scope.h"

namespace mif::socket {

SocketAddress toSocketAddress(const Endpoint& endpoint, std::uint32_t scope) {
  SocketAddress result;
  const auto bytes = endpoint.address.bytes();
  if (endpoint.address.family() == 4) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    std::memcpy(&v4.sin_addr, bytes.data(), bytes.size());
    std::memcpy(&result.storage, &v4, sizeof(v4));
    result.length = sizeof(v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    // The kernel refuses a scope on some addresses that need none, and a missing one on those that do (trap F8).
    v6.sin6_scope_id = needsScope(endpoint.address) ? scope : 0;
    std::memcpy(&v6.sin6_addr, bytes.data(), bytes.size());
    std::memcpy(&result.storage, &v6, sizeof(v6));
    result.length = sizeof(v6);
  }
  return result;
}

Endpoint toEndpoint(const SocketAddress& address) {
  if (address.storage.ss_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address.storage, sizeof(v4));
    return {address::IpAddress::fromBytes(std::as_bytes(std::span(&v4.sin_addr, 1))), ntohs(v4.sin_port)};
  }
  if (address.storage.ss_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address.storage, sizeof(v6));
    return {address::IpAddress::fromBytes(std::as_bytes(std::span(&v6.sin6_addr, 1))), ntohs(v6.sin6_port)};
  }
  return {};
}

bool needsScope(const address::IpAddress& address) {
  if (address.family() != 6) return false;
  return address::isMulticast(address) ? address::scopeOf(address) <= address::Scope::kLinkLocal
                                       : address::isLinkLocal(address);
}

}  // namespace mif::socket
