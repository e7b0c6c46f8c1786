// SPDX-License-Identifier: MIT
#include "wire/rtnetlink/decode.h"

#include <array>

#include "wire/netlink/constants.h"
#include "wire/rtnetlink/constants.h"
#include "wire/rtnetlink/record.h"

namespace mif::wire::rtnetlink {

namespace {

using contract::Change;
using contract::Placement;
using contract::RecordKind;
using contract::Verb;

constexpr std::array<Decoder, 6> kDecoders = {{
    {"link", RecordKind::kInterface, kRTM_NEWLINK, kRTM_DELLINK},
    {"address", RecordKind::kAddress, kRTM_NEWADDR, kRTM_DELADDR},
    {"nexthop", RecordKind::kNexthop, kRTM_NEWNEXTHOP, kRTM_DELNEXTHOP},
    {"route", RecordKind::kRoute, kRTM_NEWROUTE, kRTM_DELROUTE},
    {"rule", RecordKind::kRule, kRTM_NEWRULE, kRTM_DELRULE},
    {"neighbour", RecordKind::kNeighbour, kRTM_NEWNEIGH, kRTM_DELNEIGH},
}};

// Seen on the wire: add 0x600, append 0xc00, prepend 0x400, change and replace 0x100 (trap D7). In a dump the same
// bits mean other things. IPv6 keeps no order among equals: it appends where it was asked to prepend, and announces
// new multipath routes as 0x400 too. Without any flag the kernel repeats a route whose state changed.
Placement placementOf(std::uint16_t flags, std::uint8_t version) {
  if ((flags & netlink::kNLM_F_REPLACE) != 0) return Placement::kReplace;
  if ((flags & netlink::kNLM_F_APPEND) != 0) return Placement::kAppend;
  if ((flags & netlink::kNLM_F_EXCL) != 0) return Placement::kAdd;
  if ((flags & netlink::kNLM_F_CREATE) != 0 && version == 4) return Placement::kPrepend;
  return Placement::kAppend;
}

Decoded decodeRoute(const netlink::Message& message, Origin origin, base::Deadline receivedAt, Verb verb,
                    Change& change) {
  change.kind = RecordKind::kRoute;
  change.verb = verb;
  const Decoded decoded = readRoute(message.payload, receivedAt, change.route);
  if (origin == Origin::kNotification && verb == Verb::kPut) {
    change.placement = placementOf(message.flags, change.route.family);
  }
  return decoded;
}

}  // namespace

Decoded decode(const netlink::Message& message, Origin origin, base::Deadline receivedAt, Change& change) {
  change.placement = Placement::kListed;
  change.isPartial = false;
  switch (message.type) {
    case kRTM_NEWROUTE:
      return decodeRoute(message, origin, receivedAt, Verb::kPut, change);
    case kRTM_DELROUTE:
      return decodeRoute(message, origin, receivedAt, Verb::kRemove, change);
    case kRTM_NEWLINK:
    case kRTM_DELLINK:
      change.kind = RecordKind::kInterface;
      change.verb = message.type == kRTM_NEWLINK ? Verb::kPut : Verb::kRemove;
      return readInterface(message.payload, change.verb, change.interface, change.isPartial);
    case kRTM_NEWADDR:
    case kRTM_DELADDR:
      change.kind = RecordKind::kAddress;
      change.verb = message.type == kRTM_NEWADDR ? Verb::kPut : Verb::kRemove;
      return readAddress(message.payload, receivedAt, change.address);
    case kRTM_NEWNEXTHOP:
    case kRTM_DELNEXTHOP:
      change.kind = RecordKind::kNexthop;
      change.verb = message.type == kRTM_NEWNEXTHOP ? Verb::kPut : Verb::kRemove;
      return readNexthop(message.payload, change.nexthop);
    case kRTM_NEWRULE:
    case kRTM_DELRULE:
      change.kind = RecordKind::kRule;
      change.verb = message.type == kRTM_NEWRULE ? Verb::kPut : Verb::kRemove;
      return readRule(message.payload, change.rule);
    case kRTM_NEWNEIGH:
    case kRTM_DELNEIGH:
      change.kind = RecordKind::kNeighbour;
      change.verb = message.type == kRTM_NEWNEIGH ? Verb::kPut : Verb::kRemove;
      return readNeighbour(message.payload, change.neighbour);
    default:
      return Decoded::kIgnored;
  }
}

std::span<const Decoder> decoders() {
  return kDecoders;
}

}  // namespace mif::wire::rtnetlink
