// SPDX-License-Identifier: MIT
// RTM_NEWLINK and RTM_DELLINK: struct ifinfomsg, then attributes.
#include <string>

#include "wire/netlink/attribute.h"
#include "wire/rtnetlink/layout.h"
#include "wire/rtnetlink/record.h"

namespace mif::wire::rtnetlink {

namespace {

using contract::Interface;
using contract::Verb;
using netlink::Attribute;
using netlink::Attributes;

bool readKind(const Attribute& info, Interface& link) {
  Attributes attributes(info.value);
  Attribute attribute;
  while (attributes.next(attribute)) {
    if (attribute.type == kIFLA_INFO_KIND) link.kind = attribute.text();
  }
  return attributes.isComplete();
}

bool readAltNames(const Attribute& list, Interface& link) {
  link.altNames.clear();
  Attributes attributes(list.value);
  Attribute attribute;
  while (attributes.next(attribute)) {
    if (attribute.type == kIFLA_ALT_IFNAME) link.altNames.emplace_back(attribute.text());
  }
  return attributes.isComplete();
}

// RFC 2863 ends at 6 (up); a driver's invention beyond it says nothing.
contract::OperState operStateOf(std::uint8_t value) {
  const auto last = static_cast<std::uint8_t>(contract::OperState::kUp);
  return value > last ? contract::OperState::kUnknown : static_cast<contract::OperState>(value);
}

}  // namespace

// Attribute            Value    Note
// IFLA_ADDRESS         bytes    6 for Ethernet, 4 or 16 for tunnels
// IFLA_BROADCAST       bytes    the far end of a point-to-point link
// IFLA_IFNAME          string
// IFLA_MTU             u32      bytes
// IFLA_LINK            i32      0 for none; of the namespace IFLA_LINK_NETNSID if that is there (B11)
// IFLA_LINK_NETNSID    i32      -1 for a namespace without an id here
// IFLA_MASTER          u32      left out for none
// IFLA_OPERSTATE       u8       RFC 2863
// IFLA_LINKINFO        nested   IFLA_INFO_KIND string; left out for hardware
// IFLA_PROP_LIST       nested   IFLA_ALT_IFNAME strings
// IFLA_GROUP, _TXQLEN  u32
// IFLA_AF_SPEC         nested   settings of each family that the interface can have; left out by who says nothing of it
// IFLA_PROTINFO        nested   of an AF_INET6 message: what IFLA_AF_SPEC has of IPv6
// IFLA_WIRELESS        bytes    a wireless event rather than a change of the link (B15)
Decoded readInterface(base::Bytes payload, Verb verb, Interface& link, bool& isPartial) {
  using namespace layout::ifinfomsg;
  const auto family = base::readAt<std::uint8_t>(payload, ifi_family);
  const auto hardwareType = base::readAt<std::uint16_t>(payload, ifi_type);
  const auto index = base::readAt<std::uint32_t>(payload, ifi_index);
  const auto flags = base::readAt<std::uint32_t>(payload, ifi_flags);
  const auto changed = base::readAt<std::uint32_t>(payload, ifi_change);
  if (!family || !hardwareType || !index || !flags || !changed) return Decoded::kMalformed;

  // AF_BRIDGE shares the types: there RTM_DELLINK means that a port left its bridge, and treating it as a removal
  // would end a living link (trap B4). AF_INET6 carries part of a link and never ends one (trap B5).
  isPartial = *family == kAF_INET6;
  if (*family != kAF_UNSPEC && !(isPartial && verb == Verb::kPut)) return Decoded::kIgnored;
  if (*index == 0) return Decoded::kMalformed;

  resetKeeping(link, &Interface::name, &Interface::kind, &Interface::altNames);
  link.index = *index;
  link.hardwareType = static_cast<contract::HardwareType>(*hardwareType);
  link.flags = *flags;

  std::optional<std::int32_t> parentNamespace;
  Attributes attributes(payload.subspan(kSize));
  Attribute attribute;
  while (attributes.next(attribute)) {
    switch (attribute.type) {
      case kIFLA_ADDRESS:
        link.mac = address::LinkAddress::fromBytes(attribute.value);
        break;
      case kIFLA_BROADCAST:
        link.broadcast = address::LinkAddress::fromBytes(attribute.value);
        break;
      case kIFLA_IFNAME:
        link.name = attribute.text();
        break;
      case kIFLA_MTU:
        link.mtu = attribute.number<std::uint32_t>().value_or(0);
        break;
      case kIFLA_LINK:
        link.parentIndex = attribute.number<std::uint32_t>();
        break;
      case kIFLA_LINK_NETNSID:
        parentNamespace = attribute.number<std::int32_t>();
        break;
      case kIFLA_MASTER:
        link.masterIndex = attribute.number<std::uint32_t>();
        break;
      case kIFLA_OPERSTATE:
        link.operState = operStateOf(attribute.number<std::uint8_t>().value_or(0));
        break;
      case kIFLA_LINKINFO:
        if (!readKind(attribute, link)) return Decoded::kMalformed;
        break;
      case kIFLA_PROP_LIST:
        if (!readAltNames(attribute, link)) return Decoded::kMalformed;
        break;
      case kIFLA_GROUP:
        link.group = attribute.number<std::uint32_t>().value_or(0);
        break;
      case kIFLA_TXQLEN:
        link.transmitQueueLength = attribute.number<std::uint32_t>().value_or(0);
        break;
      case kIFLA_AF_SPEC:
        if (!readSettings(attribute.value, link.settings)) return Decoded::kMalformed;
        break;
      case kIFLA_PROTINFO:
        if (isPartial && !readIpv6Settings(attribute.value, link.settings.emplace())) return Decoded::kMalformed;
        break;
      case kIFLA_WIRELESS:
        // A scan result or a roaming event: name and this attribute alone, so it must not pass for the whole link.
        if (*changed == 0) return Decoded::kIgnored;
        break;
      default:
        break;
    }
  }
  if (!attributes.isComplete()) return Decoded::kMalformed;

  // A partial message names the parent but not its namespace, so the number alone would join across namespaces (B11).
  if (link.parentIndex == 0u || isPartial) link.parentIndex.reset();
  if (link.masterIndex == 0u) link.masterIndex.reset();
  if (link.parentIndex) link.parentNamespace = parentNamespace;
  return Decoded::kChange;
}

}  // namespace mif::wire::rtnetlink
