// SPDX-License-Identifier: MIT
// RTM_NEWROUTE and RTM_DELROUTE: struct rtmsg, then attributes. The one decoder whose speed counts: a dump may hold
// a million of these (bench/).
#include "wire/netlink/attribute.h"
#include "wire/rtnetlink/layout.h"
#include "wire/rtnetlink/record.h"

namespace mif::wire::rtnetlink {

namespace {

using contract::Hop;
using contract::Route;
using netlink::Attribute;
using netlink::Attributes;

// RTA_METRICS: attributes whose types are RTAX_* and whose values are u32, but for the name of an algorithm, whose
// first bytes would pass for a number.
bool readMetrics(const Attribute& list, Route& route) {
  route.metrics.clear();
  Attributes attributes(list.value);
  Attribute attribute;
  while (attributes.next(attribute)) {
    if (attribute.type == kRTAX_CC_ALGO) continue;
    const auto value = attribute.number<std::uint32_t>();
    if (value) route.metrics.push_back({static_cast<contract::RouteMetric>(attribute.type), *value});
  }
  return attributes.isComplete();
}

std::optional<std::uint16_t> encapsulationOf(const Attribute& attribute) {
  const auto type = attribute.number<std::uint16_t>();
  return type && *type != 0 ? type : std::nullopt;
}

// What follows a struct rtnexthop: RTA_GATEWAY or RTA_VIA, RTA_ENCAP_TYPE.
bool readHopAttributes(base::Bytes bytes, std::uint8_t version, Hop& hop, Route& route) {
  Attributes attributes(bytes);
  Attribute attribute;
  while (attributes.next(attribute)) {
    if (attribute.type == kRTA_GATEWAY) hop.gateway = addressAt(attribute.value, version);
    if (attribute.type == kRTA_VIA) hop.gateway = gatewayVia(attribute.value);
    if (attribute.type == kRTA_ENCAP_TYPE) route.encapsulation = encapsulationOf(attribute);
  }
  return attributes.isComplete();
}

// RTA_MULTIPATH: struct rtnexthop after struct rtnexthop, each with attributes of its own and padded to 4.
bool readHops(const Attribute& list, std::uint8_t version, Route& route) {
  using namespace layout::rtnexthop;
  route.hops.clear();
  base::Cursor cursor(list.value);
  while (cursor.remaining() >= kSize) {
    const base::Bytes rest = cursor.rest();
    const auto length = base::readAt<std::uint16_t>(rest, rtnh_len);
    const auto flags = base::readAt<std::uint8_t>(rest, rtnh_flags);
    const auto weight = base::readAt<std::uint8_t>(rest, rtnh_hops);
    const auto index = base::readAt<std::uint32_t>(rest, rtnh_ifindex);
    if (!length || !flags || !weight || !index) return false;
    if (*length < kSize || *length > rest.size()) return false;
    Hop& hop = route.hops.emplace_back();
    if (*index != 0) hop.index = *index;
    hop.weight = static_cast<std::uint16_t>(*weight + 1);
    hop.flags = *flags & kHopFlagMask;
    if (!readHopAttributes(rest.subspan(kSize, *length - kSize), version, hop, route)) return false;
    cursor.skip(static_cast<std::size_t>(netlink::aligned(*length)));
  }
  return cursor.remaining() < netlink::kAttributeHeaderSize;
}

// RTA_CACHEINFO says when the route expires, in ticks, negative when it is over (trap D18).
base::Deadline expiryOf(const Attribute& info, base::Deadline receivedAt) {
  constexpr base::Deadline kMsPerTick = 1000 / kTicksPerSecond;
  const auto ticks = base::readAt<std::int32_t>(info.value, layout::rta_cacheinfo::rta_expires);
  return !ticks || *ticks == 0 ? base::kForever : receivedAt + *ticks * kMsPerTick;
}

}  // namespace

// Attribute        Value    Note
// RTA_DST          address  left out for a default route
// RTA_SRC          address  source-specific route, with rtm_src_len (D14)
// RTA_OIF          u32      left out for multipath and for IPv4 routes without an interface
// RTA_GATEWAY      address  of the route's family
// RTA_VIA          rtvia    a gateway of the other family (D11)
// RTA_PRIORITY     u32      metric; IPv4 leaves out 0 (D13)
// RTA_PREFSRC      address
// RTA_TABLE        u32      supersedes the eight bits of rtmsg (D10)
// RTA_METRICS      nested   RTAX_*
// RTA_MULTIPATH    structs  rtnexthop
// RTA_NH_ID        u32      beside the hops that it expands to (D12)
// RTA_PREF         u8       RFC 4191
// RTA_CACHEINFO    struct   rta_cacheinfo; IPv6, for its expiry
// RTA_EXPIRES      u32      seconds; accepted by the kernel and echoed by some
// RTA_ENCAP_TYPE   u16      0 for none
Decoded readRoute(base::Bytes payload, base::Deadline receivedAt, Route& route) {
  using namespace layout::rtmsg;
  if (payload.size() < kSize) return Decoded::kMalformed;
  const auto header = [payload](std::size_t offset) { return base::readAt<std::uint8_t>(payload, offset).value_or(0); };
  const std::uint32_t flags = base::readAt<std::uint32_t>(payload, rtm_flags).value_or(0);
  const std::uint8_t version = versionOf(header(rtm_family));
  // Multicast and MPLS routes come with families of their own.
  if (version == 0) return Decoded::kIgnored;
  // Exceptions that path discovery and redirects left behind, and answers to lookups, are no routes (D15, D19).
  if ((flags & kRTM_F_CLONED) != 0) return Decoded::kIgnored;

  resetKeeping(route, &Route::hops, &Route::metrics);
  route.family = version;
  route.table = header(rtm_table);
  route.protocol = static_cast<contract::RouteProtocol>(header(rtm_protocol));
  route.scope = static_cast<contract::AddressScope>(header(rtm_scope));
  route.type = static_cast<contract::RouteType>(header(rtm_type));
  route.tos = header(rtm_tos);
  route.flags = flags & kHopFlagMask;

  Attributes attributes(payload.subspan(kSize));
  Attribute attribute;
  while (attributes.next(attribute)) {
    switch (attribute.type) {
      case kRTA_DST:
        route.destination.address = addressAt(attribute.value, version);
        break;
      case kRTA_SRC:
        route.source.address = addressAt(attribute.value, version);
        break;
      case kRTA_OIF:
        route.index = attribute.number<std::uint32_t>();
        break;
      case kRTA_GATEWAY:
        route.gateway = addressAt(attribute.value, version);
        break;
      case kRTA_VIA:
        route.gateway = gatewayVia(attribute.value);
        break;
      case kRTA_PRIORITY:
        route.metric = attribute.number<std::uint32_t>().value_or(0);
        break;
      case kRTA_PREFSRC:
        route.preferredSource = addressAt(attribute.value, version);
        break;
      case kRTA_TABLE:
        route.table = attribute.number<std::uint32_t>().value_or(route.table);
        break;
      case kRTA_METRICS:
        if (!readMetrics(attribute, route)) return Decoded::kMalformed;
        break;
      case kRTA_MULTIPATH:
        if (!readHops(attribute, version, route)) return Decoded::kMalformed;
        break;
      case kRTA_NH_ID:
        route.nexthopId = attribute.number<std::uint32_t>();
        break;
      case kRTA_PREF: {
        const auto preference = attribute.number<std::uint8_t>();
        const auto last = static_cast<std::uint8_t>(contract::RouterPreference::kLow);
        if (preference && *preference <= last) route.preference = static_cast<contract::RouterPreference>(*preference);
        break;
      }
      case kRTA_CACHEINFO:
        route.lifetime = expiryOf(attribute, receivedAt);
        break;
      case kRTA_EXPIRES:
        if (const auto seconds = attribute.number<std::uint32_t>(); seconds && *seconds != 0) {
          route.lifetime = receivedAt + base::Deadline{*seconds} * 1000;
        }
        break;
      case kRTA_ENCAP_TYPE:
        route.encapsulation = encapsulationOf(attribute);
        break;
      default:
        break;
    }
  }
  if (!attributes.isComplete()) return Decoded::kMalformed;

  const auto destination = prefixOf(route.destination.address, header(rtm_dst_len), version);
  const auto source = prefixOf(route.source.address, header(rtm_src_len), version);
  if (!destination || !source) return Decoded::kMalformed;
  route.destination = *destination;
  route.source = source->length == 0 ? address::Prefix{} : *source;

  // IPv6 writes a nexthop group of one member as a multipath of one hop, IPv4 as a plain route. Both mean a plain
  // route, and a record that could say it twice would not equal itself.
  if (route.hops.size() == 1) {
    const Hop& only = route.hops.front();
    route.index = only.index;
    route.gateway = only.gateway;
    route.flags |= only.flags;
    route.hops.clear();
  }
  return Decoded::kChange;
}

}  // namespace mif::wire::rtnetlink
