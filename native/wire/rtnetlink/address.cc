// SPDX-License-Identifier: MIT
// RTM_NEWADDR and RTM_DELADDR: struct ifaddrmsg, then attributes.
#include "wire/netlink/attribute.h"
#include "wire/rtnetlink/layout.h"
#include "wire/rtnetlink/record.h"

namespace mif::wire::rtnetlink {

namespace {

using contract::Address;
using netlink::Attribute;
using netlink::Attributes;

// Seconds on the wire count from when the kernel wrote them; our clock is monotonic and counts sleep (trap C12).
base::Deadline deadlineOf(std::uint32_t seconds, base::Deadline receivedAt) {
  constexpr base::Deadline kMsPerSecond = 1000;
  return seconds == kInfiniteLifetime ? base::kForever : receivedAt + seconds * kMsPerSecond;
}

void readLifetimes(const Attribute& info, base::Deadline receivedAt, Address& address) {
  const auto preferred = base::readAt<std::uint32_t>(info.value, layout::ifa_cacheinfo::ifa_prefered);
  const auto valid = base::readAt<std::uint32_t>(info.value, layout::ifa_cacheinfo::ifa_valid);
  if (!preferred || !valid) return;
  address.preferredLifetime = deadlineOf(*preferred, receivedAt);
  address.validLifetime = deadlineOf(*valid, receivedAt);
}

}  // namespace

// Attribute         Value    Note
// IFA_LOCAL         address  IPv4 always; IPv6 only beside a peer (C2)
// IFA_ADDRESS       address  the peer if IFA_LOCAL says something else, the address itself otherwise (C2)
// IFA_BROADCAST     address  IPv4
// IFA_LABEL         string   IPv4
// IFA_FLAGS         u32      supersedes the eight bits of ifaddrmsg (C1)
// IFA_CACHEINFO     struct   ifa_cacheinfo; left out by old kernels for permanent addresses
// IFA_RT_PRIORITY   u32      metric of the prefix route
// IFA_PROTO         u8       who made it, Linux 5.18 (C14)
Decoded readAddress(base::Bytes payload, base::Deadline receivedAt, Address& address) {
  using namespace layout::ifaddrmsg;
  const auto family = base::readAt<std::uint8_t>(payload, ifa_family);
  const auto prefixLength = base::readAt<std::uint8_t>(payload, ifa_prefixlen);
  const auto flags = base::readAt<std::uint8_t>(payload, ifa_flags);
  const auto scope = base::readAt<std::uint8_t>(payload, ifa_scope);
  const auto index = base::readAt<std::uint32_t>(payload, ifa_index);
  if (!family || !prefixLength || !flags || !scope || !index) return Decoded::kMalformed;
  const std::uint8_t version = versionOf(*family);
  if (version == 0) return Decoded::kIgnored;

  resetKeeping(address, &Address::label);
  address.index = *index;
  address.family = version;
  address.prefixLength = *prefixLength;
  address.scope = static_cast<contract::AddressScope>(*scope);
  address.flags = *flags;

  address::IpAddress local;
  address::IpAddress far;
  Attributes attributes(payload.subspan(kSize));
  Attribute attribute;
  while (attributes.next(attribute)) {
    switch (attribute.type) {
      case kIFA_LOCAL:
        local = addressAt(attribute.value, version);
        break;
      case kIFA_ADDRESS:
        far = addressAt(attribute.value, version);
        break;
      case kIFA_BROADCAST:
        address.broadcast = addressAt(attribute.value, version);
        break;
      case kIFA_LABEL:
        address.label = attribute.text();
        break;
      case kIFA_FLAGS:
        address.flags = attribute.number<std::uint32_t>().value_or(address.flags);
        break;
      case kIFA_CACHEINFO:
        readLifetimes(attribute, receivedAt, address);
        break;
      case kIFA_RT_PRIORITY:
        address.metric = attribute.number<std::uint32_t>();
        break;
      case kIFA_PROTO:
        if (const auto origin = attribute.number<std::uint8_t>()) {
          address.origin = static_cast<contract::AddressOrigin>(*origin);
        }
        break;
      default:
        break;
    }
  }
  if (!attributes.isComplete()) return Decoded::kMalformed;

  address.address = local.isPresent() ? local : far;
  if (far.isPresent() && far != address.address) address.peer = far;
  if (!address.address.isPresent() || *prefixLength > address.address.bits()) return Decoded::kMalformed;

  // The kernel sets the flag a moment after the lifetime ends, and some paths clear it again; the lifetime alone
  // decides, or the address would flip between the two (trap C8).
  if (address.preferredLifetime <= receivedAt) address.flags |= contract::AddressFlag::kDeprecated;
  return Decoded::kChange;
}

}  // namespace mif::wire::rtnetlink
