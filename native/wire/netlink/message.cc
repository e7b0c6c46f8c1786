// SPDX-License-Identifier: MIT
#include "wire/netlink/message.h"

#include <algorithm>

namespace mif::wire::netlink {

bool Messages::next(Message& message) {
  const base::Bytes rest = cursor_.rest();
  const auto length = base::readAt<std::uint32_t>(rest, kHeaderLength);
  const auto type = base::readAt<std::uint16_t>(rest, kHeaderType);
  const auto flags = base::readAt<std::uint16_t>(rest, kHeaderFlags);
  const auto sequence = base::readAt<std::uint32_t>(rest, kHeaderSequence);
  const auto port = base::readAt<std::uint32_t>(rest, kHeaderPort);
  if (!length || !type || !flags || !sequence || !port) return false;
  // Length 0 would stand still for ever; one beyond the datagram is what a cut read looks like (trap A13).
  if (*length < kHeaderSize || *length > rest.size()) return false;
  message.type = *type;
  message.flags = *flags;
  message.sequence = *sequence;
  message.port = *port;
  message.payload = rest.subspan(kHeaderSize, *length - kHeaderSize);
  cursor_.skip(static_cast<std::size_t>(std::min<std::uint64_t>(aligned(*length), rest.size())));
  return true;
}

}  // namespace mif::wire::netlink
