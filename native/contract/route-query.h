// SPDX-License-Identifier: MIT
// What the kernel can be asked about one way, and what it says. Not a record: nothing is kept of it.
#pragma once

#include <cstdint>
#include <optional>

#include "address/ip-address.h"
#include "contract/contract.gen.h"

namespace mif::contract {

struct RouteQuestion {
  address::IpAddress destination;
  // Of the destination's family, or absent.
  address::IpAddress source;
  // Interface index; 0 for none.
  std::uint32_t device = 0;
  std::uint32_t mark = 0;
  std::uint32_t uid = 0;
  std::uint8_t trafficClass = 0;
  // 0 when not told, as are the ports.
  std::uint8_t protocol = 0;
  std::uint16_t sourcePort = 0;
  std::uint16_t destinationPort = 0;
};

// How the kernel refuses, which is less than it knows: it has one number for several reasons.
enum class RouteRefusal : std::uint8_t {
  kNone,
  kNoRoute,      // ENETUNREACH: no route, a rule that says unreachable, or an interface that is down.
  kUnreachable,  // EHOSTUNREACH
  kProhibited,   // EACCES
  kInvalid,      // EINVAL: a blackhole, or a source that cannot be one.
  kNoDevice,     // ENODEV: the interface that was named, or that of the source.
};

struct RouteAnswer {
  RouteRefusal refusal = RouteRefusal::kNone;
  // From here on only when it does not refuse.
  RouteType type = RouteType::kUnspecified;
  std::optional<std::uint32_t> index;
  // 0 when no table was asked.
  std::uint32_t table = 0;
  // The kernel tells that of IPv6 only.
  std::uint32_t metric = 0;
  // Bytes, where the route has one of its own; else 0.
  std::uint32_t mtu = 0;
  address::IpAddress gateway;
  // That it would choose. IPv4 leaves it out when the question had one.
  address::IpAddress source;
};

}  // namespace mif::contract
