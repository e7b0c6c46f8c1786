// SPDX-License-Identifier: MIT
// Holding a socket to a network device (socket(7), SO_BINDTODEVICE). It is the
// only thing on Linux that chooses the interface for TCP: a source address does not (trap F1), and IP_UNICAST_IF is
// ignored (trap F2).
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace mif::socket {

// Holds a fresh socket to the device with that index. Once, and before it is bound to an address: another time takes a
// privilege (trap F4). `interfaceName` is for messages.
// Errors: kPermission, kBindUnsupported, kInterfaceNotFound, kBindFailed.
base::Result<base::Done> holdToDevice(int fd, std::uint32_t index, const std::string& interfaceName);

}  // namespace mif::socket
