// SPDX-License-Identifier: MIT
// RTM_NEWNEXTHOP and RTM_DELNEXTHOP (Linux 5.3): struct nhmsg, then attributes.
#include <limits>

#include "wire/netlink/attribute.h"
#include "wire/rtnetlink/layout.h"
#include "wire/rtnetlink/record.h"

namespace mif::wire::rtnetlink {

namespace {

using contract::Nexthop;
using netlink::Attribute;
using netlink::Attributes;

// NHA_GROUP: struct nexthop_grp after struct nexthop_grp, without padding between. The kernel refuses the one
// weight, 65536, that would not fit.
bool readGroup(const Attribute& list, Nexthop& nexthop) {
  using namespace layout::nexthop_grp;
  nexthop.group.clear();
  base::Cursor cursor(list.value);
  while (cursor.remaining() >= kSize) {
    const base::Bytes member = cursor.rest();
    const auto low = base::readAt<std::uint8_t>(member, weight);
    const auto high = base::readAt<std::uint8_t>(member, weight_high);
    const auto memberId = base::readAt<std::uint32_t>(member, id);
    if (!low || !high || !memberId) return false;
    const std::uint32_t less = std::uint32_t{*high} << 8 | *low;
    constexpr std::uint32_t kMost = std::numeric_limits<std::uint16_t>::max();
    nexthop.group.push_back({*memberId, static_cast<std::uint16_t>(less < kMost ? less + 1 : kMost)});
    cursor.skip(kSize);
  }
  return cursor.remaining() == 0;
}

}  // namespace

// Attribute        Value    Note
// NHA_ID           u32
// NHA_GROUP        structs  nexthop_grp
// NHA_GROUP_TYPE   u16      0 multipath, 1 resilient
// NHA_BLACKHOLE    flag
// NHA_OIF          u32
// NHA_GATEWAY      address  of nh_family
// NHA_FDB          flag
Decoded readNexthop(base::Bytes payload, Nexthop& nexthop) {
  using namespace layout::nhmsg;
  if (payload.size() < kSize) return Decoded::kMalformed;
  const auto header = [payload](std::size_t offset) { return base::readAt<std::uint8_t>(payload, offset).value_or(0); };
  const std::uint8_t family = header(nh_family);
  const std::uint8_t version = versionOf(family);
  // Groups have no family.
  if (version == 0 && family != kAF_UNSPEC) return Decoded::kIgnored;

  resetKeeping(nexthop, &Nexthop::group);
  if (version != 0) nexthop.family = version;
  nexthop.scope = static_cast<contract::AddressScope>(header(nh_scope));
  nexthop.protocol = static_cast<contract::RouteProtocol>(header(nh_protocol));
  nexthop.flags = base::readAt<std::uint32_t>(payload, nh_flags).value_or(0) & kHopFlagMask;

  Attributes attributes(payload.subspan(kSize));
  Attribute attribute;
  while (attributes.next(attribute)) {
    switch (attribute.type) {
      case kNHA_ID:
        nexthop.id = attribute.number<std::uint32_t>().value_or(0);
        break;
      case kNHA_GROUP:
        if (!readGroup(attribute, nexthop)) return Decoded::kMalformed;
        break;
      case kNHA_GROUP_TYPE:
        nexthop.groupType = attribute.number<std::uint16_t>();
        break;
      case kNHA_BLACKHOLE:
        nexthop.isBlackhole = true;
        break;
      case kNHA_OIF:
        nexthop.index = attribute.number<std::uint32_t>();
        break;
      case kNHA_GATEWAY:
        if (version != 0) nexthop.gateway = addressAt(attribute.value, version);
        break;
      case kNHA_FDB:
        nexthop.isFdb = true;
        break;
      default:
        break;
    }
  }
  // Zero is no id: the kernel counts from one.
  return attributes.isComplete() && nexthop.id != 0 ? Decoded::kChange : Decoded::kMalformed;
}

}  // namespace mif::wire::rtnetlink
