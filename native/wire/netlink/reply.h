// SPDX-License-Identifier: MIT
// What the kernel says at the end of a request: the payloads of NLMSG_ERROR and NLMSG_DONE, with the words of an
// extended acknowledgement when there are any (trap A15). Which errors are harmless is the caller's to know.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/netlink/message.h"

namespace mif::wire::netlink {

struct Reply {
  // Positive errno of the machine that sent it; 0 for success.
  int systemError = 0;
  // The kernel's own words (NLMSGERR_ATTR_MSG); mostly empty. As long as the datagram.
  std::string_view text;
  // Byte of the request that it complains about, counted from its header (NLMSGERR_ATTR_OFFS).
  std::optional<std::uint32_t> requestOffset;
};

// Reads a message of type NLMSG_ERROR or NLMSG_DONE. Nothing for another type, or when NLMSG_ERROR is too short
// for its error number. NLMSG_DONE without a payload is success.
std::optional<Reply> readReply(const Message& message);

}  // namespace mif::wire::netlink
