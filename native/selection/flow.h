// SPDX-License-Identifier: MIT
// What is asked: traffic that a socket of this host would send, and what the kernel's rules can tell it by.
#pragma once

#include <cstdint>

#include "address/ip-address.h"
#include "selection/source-preferences.h"

namespace mif::selection {

struct Flow {
  address::IpAddress destination;
  // Of the destination's family; absent when the kernel is to choose.
  address::IpAddress source;
  // Index of the interface that the socket is bound to; 0 for none.
  std::uint32_t device = 0;
  // SO_MARK.
  std::uint32_t mark = 0;
  // Effective user of the socket (trap E3).
  std::uint32_t uid = 0;
  // Differentiated services field, eight bits: the code point and two that do not count.
  std::uint8_t trafficClass = 0;
  // IP protocol number; 0 when not told, which rules that name one do not match.
  std::uint8_t protocol = 0;
  // 0 when not told.
  std::uint16_t sourcePort = 0;
  std::uint16_t destinationPort = 0;
  // IPV6_ADDR_PREFERENCES of the socket; IPv4 has none.
  SourcePreferences preferences;

  std::uint8_t family() const { return destination.family(); }
  bool operator==(const Flow&) const = default;
};

}  // namespace mif::selection
