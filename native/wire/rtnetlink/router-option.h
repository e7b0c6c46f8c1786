// SPDX-License-Identifier: MIT
// Messages about options of router advertisements: which router sent which bytes. What the option says is read where
// whole advertisements are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "address/ip-address.h"
#include "wire/netlink/message.h"
#include "wire/rtnetlink/decode.h"

namespace mif::wire::rtnetlink {

struct RouterOption {
  std::uint32_t interfaceIndex = 0;
  // Absent where the kernel does not say.
  address::IpAddress router;
  // One option as of RFC 4861 section 4.6, its type and length included.
  std::vector<std::byte> bytes;
};

// Reads RTM_NEWNDUSEROPT, and RTM_NEWPREFIX as the prefix information option that it came from. kChange: `option` has
// it.
Decoded readRouterOption(const netlink::Message& message, RouterOption& option);

}  // namespace mif::wire::rtnetlink
