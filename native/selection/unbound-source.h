// SPDX-License-Identifier: MIT
// Which address of this host the kernel makes the source of what nobody gave one (kernel-source.h), and whether that is
// beyond doubt: among equals of several interfaces it takes that of the older one, which no message tells.
#pragma once

#include <cstdint>

#include "address/ip-address.h"
#include "contract/contract.gen.h"
#include "selection/flow.h"
#include "selection/inventory.h"
#include "selection/trace.h"

namespace mif::selection {

// For what leaves by a device: to a router of IPv4, or absent, by a route of that scope. Absent when no address will
// do; the kernel sends from 0.0.0.0 then. Adds to `doubts` (contract::SelectionDoubt). Trace: null for none.
address::IpAddress ipv4SourceOn(const Inventory& inventory, const Device& device, const address::IpAddress& router,
                                contract::AddressScope scope, std::uint32_t& doubts, Trace* trace);

// `device`: null when it is not known yet. Absent when there is none. Adds to `doubts` and trace likewise.
address::IpAddress ipv6SourceFor(const Inventory& inventory, const Flow& flow, const Device* device,
                                 std::uint32_t& doubts, Trace* trace);

}  // namespace mif::selection
