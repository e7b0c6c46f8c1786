// SPDX-License-Identifier: MIT
// RTM_NEWNEIGH and RTM_DELNEIGH: struct ndmsg, then attributes. Of the internet families only: bridges announce
// their forwarding database by the same types.
#include "wire/netlink/attribute.h"
#include "wire/rtnetlink/layout.h"
#include "wire/rtnetlink/record.h"

namespace mif::wire::rtnetlink {

using contract::Neighbour;
using netlink::Attribute;
using netlink::Attributes;

// Attribute      Value    Note
// NDA_DST        address
// NDA_LLADDR     bytes    left out until known
// NDA_PROTOCOL   u8       who installed it; left out for 0
Decoded readNeighbour(base::Bytes payload, Neighbour& neighbour) {
  using namespace layout::ndmsg;
  if (payload.size() < kSize) return Decoded::kMalformed;
  const std::uint8_t version = versionOf(base::readAt<std::uint8_t>(payload, ndm_family).value_or(0));
  if (version == 0) return Decoded::kIgnored;

  neighbour = Neighbour{};
  neighbour.family = version;
  neighbour.index = base::readAt<std::uint32_t>(payload, ndm_ifindex).value_or(0);
  neighbour.state = base::readAt<std::uint16_t>(payload, ndm_state).value_or(0);
  neighbour.flags = base::readAt<std::uint8_t>(payload, ndm_flags).value_or(0);

  Attributes attributes(payload.subspan(kSize));
  Attribute attribute;
  while (attributes.next(attribute)) {
    switch (attribute.type) {
      case kNDA_DST:
        neighbour.address = addressAt(attribute.value, version);
        break;
      case kNDA_LLADDR:
        neighbour.mac = address::LinkAddress::fromBytes(attribute.value);
        break;
      case kNDA_PROTOCOL:
        if (const auto protocol = attribute.number<std::uint8_t>()) {
          neighbour.protocol = static_cast<contract::RouteProtocol>(*protocol);
        }
        break;
      default:
        break;
    }
  }
  return attributes.isComplete() && neighbour.address.isPresent() ? Decoded::kChange : Decoded::kMalformed;
}

}  // namespace mif::wire::rtnetlink
