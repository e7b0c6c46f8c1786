// SPDX-License-Identifier: MIT
// What the kernel under this process can tell and do. Upper floors ask this, never the name of the OS.
#pragma once

#include <cstdint>

namespace mif::kernel {

struct Capabilities {
  bool hasTables = false;            // More than one routing table.
  bool hasRules = false;             // Policy rules.
  bool hasNexthops = false;          // Nexthop objects (Linux 5.3).
  bool hasAddressLifetimes = false;  // Lifetimes in address notifications.
  bool hasStrictChecking = false;    // Filtered dumps are trustworthy (NETLINK_GET_STRICT_CHK, trap A14).
  bool announcesLoss = false;        // A lost notification is reported (ENOBUFS), not silent.
  bool hasEventFilter = false;       // Notifications that nobody observes are dropped by the kernel.
  bool hasBindToDevice = false;      // A socket can be held to an interface.
  std::uint32_t receiveBuffer = 0;   // Bytes granted for notifications (trap A3).
};

}  // namespace mif::kernel
