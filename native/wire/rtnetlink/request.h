// SPDX-License-Identifier: MIT
// Requests for what the mirror keeps, with bodies of full size and every unused field zero, as strict checking
// wants them (NETLINK_GET_STRICT_CHK, traps A14 and A15). Reads only: nothing here changes the kernel.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "contract/contract.gen.h"
#include "wire/netlink/request.h"

namespace mif::wire::rtnetlink {

// Address families to dump one after the other for a kind, in the kernel's numbers: both internet families where a
// dump covers one (trap E5), AF_UNSPEC alone where it covers everything.
std::span<const std::uint8_t> dumpFamilies(contract::RecordKind kind);

// Narrows a dump. The kernel ignores these without strict checking and says so by the absence of
// NLM_F_DUMP_FILTERED, so check that flag or filter again (trap A14).
struct DumpFilter {
  // Interface index; 0 for all. For addresses, routes and neighbours.
  std::uint32_t index = 0;
  // Routing table; 0 for all. For routes.
  std::uint32_t table = 0;
  // Proxy entries instead of the cache, which is another dump. For neighbours.
  bool isProxy = false;
};

// Every record of a kind and family.
netlink::Request dumpRequest(contract::RecordKind kind, std::uint8_t family, std::uint32_t sequence,
                             const DumpFilter& filter = {});

// Every address label.
netlink::Request addressLabelsRequest(std::uint32_t sequence);

// One interface, for one whose first notification may have been incomplete (trap B6).
netlink::Request interfaceRequest(std::uint32_t index, std::uint32_t sequence);
// The same by any of its names, at most kLongestName bytes (trap B8).
netlink::Request interfaceRequest(std::string_view name, std::uint32_t sequence);
inline constexpr std::size_t kLongestName = 127;  // ALTIFNAMSIZ without the zero at the end.

}  // namespace mif::wire::rtnetlink
