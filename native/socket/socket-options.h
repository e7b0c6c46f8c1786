// SPDX-License-Identifier: MIT
// What a socket can be asked besides where it is held. Everything is set before the socket is bound and read back: a
// socket that is not as asked does not exist.
#pragma once

#include <cstdint>
#include <optional>

namespace mif::socket {

// Probes of an idle stream (tcp(7)); what is absent is as the system has it.
struct KeepAlive {
  bool isOn = false;
  // Seconds without traffic before the first probe, and between probes.
  std::optional<std::uint32_t> idle;
  std::optional<std::uint32_t> interval;
  // Unanswered probes that end the connection.
  std::optional<std::uint32_t> probes;
};

// Absent: as the system has it.
struct SocketOptions {
  // Firewall mark; needs a privilege (trap F10).
  std::optional<std::uint32_t> mark;
  // Traffic class of IPv6, type of service of IPv4.
  std::optional<std::uint8_t> trafficClass;
  std::optional<KeepAlive> keepAlive;
  // Absent: for streams with a port of their own, as Node does.
  std::optional<bool> reuseAddress;
  bool reusePort = false;
  // An IPv6 socket that is not speaks IPv4 too, through mapped addresses.
  bool ipv6Only = true;
  // Flags of IPV6_ADDR_PREFERENCES (RFC 5014), of IPv6 sockets.
  std::uint32_t addressPreferences = 0;
};

}  // namespace mif::socket
