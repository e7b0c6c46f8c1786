// SPDX-License-Identifier: MIT
// What a link message says of the settings of its interface: arrays of 32-bit numbers, one a family, which grow with
// the kernel. What an array is too short for is not said.
#include "wire/netlink/attribute.h"
#include "wire/rtnetlink/record.h"

namespace mif::wire::rtnetlink {

namespace {

using contract::InterfaceSettings;
using netlink::Attribute;
using netlink::Attributes;

// The settings of one family.
class Values {
 public:
  explicit Values(base::Bytes bytes) : bytes_(bytes) {}

  std::optional<std::int32_t> number(std::size_t at) const {
    return base::readAt<std::int32_t>(bytes_, at * sizeof(std::int32_t));
  }
  std::optional<bool> flag(std::size_t at) const {
    const std::optional<std::int32_t> value = number(at);
    return value ? std::optional(*value != 0) : std::nullopt;
  }

 private:
  base::Bytes bytes_;
};

// Attribute        Value   Note
// IFLA_INET_CONF   u32[]   IPV4_DEVCONF_*, which count from 1, the array from 0; only who sets them sends attributes
bool readIpv4Settings(base::Bytes family, InterfaceSettings& settings) {
  contract::Ipv4Settings& ipv4 = settings.ipv4.emplace();
  Attributes attributes(family);
  Attribute attribute;
  while (attributes.next(attribute)) {
    if (attribute.type != kIFLA_INET_CONF) continue;
    const Values values(attribute.value);
    ipv4.forwards = values.flag(kIPV4_DEVCONF_FORWARDING - 1);
    if (const auto filter = values.number(kIPV4_DEVCONF_RP_FILTER - 1)) {
      ipv4.reversePathFilter = static_cast<contract::ReversePathFilter>(*filter);
    }
    ipv4.routesLocalnet = values.flag(kIPV4_DEVCONF_ROUTE_LOCALNET - 1);
    ipv4.ignoresRoutesWithLinkdown = values.flag(kIPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN - 1);
  }
  return attributes.isComplete();
}

}  // namespace

// Attribute         Value   Note
// IFLA_INET6_CONF   s32[]   DEVCONF_*
bool readIpv6Settings(base::Bytes family, InterfaceSettings& settings) {
  contract::Ipv6Settings& ipv6 = settings.ipv6.emplace();
  Attributes attributes(family);
  Attribute attribute;
  while (attributes.next(attribute)) {
    if (attribute.type != kIFLA_INET6_CONF) continue;
    const Values values(attribute.value);
    ipv6.isDisabled = values.flag(kDEVCONF_DISABLE_IPV6);
    ipv6.forwards = values.flag(kDEVCONF_FORWARDING);
    ipv6.acceptsAdvertisements = values.number(kDEVCONF_ACCEPT_RA);
    ipv6.longestAdvertisedRoute = values.number(kDEVCONF_ACCEPT_RA_RT_INFO_MAX_PLEN);
    ipv6.temporaryAddresses = values.number(kDEVCONF_USE_TEMPADDR);
    ipv6.detectsOptimistically = values.flag(kDEVCONF_OPTIMISTIC_DAD);
    ipv6.usesOptimistic = values.flag(kDEVCONF_USE_OPTIMISTIC);
    ipv6.usesOwnAddressesOnly = values.flag(kDEVCONF_USE_OIF_ADDRS_ONLY);
    ipv6.ignoresRoutesWithLinkdown = values.flag(kDEVCONF_IGNORE_ROUTES_WITH_LINKDOWN);
  }
  return attributes.isComplete();
}

bool readSettings(base::Bytes families, std::optional<InterfaceSettings>& settings) {
  settings.emplace();
  Attributes attributes(families);
  Attribute attribute;
  while (attributes.next(attribute)) {
    if (attribute.type == kAF_INET && !readIpv4Settings(attribute.value, *settings)) return false;
    if (attribute.type == kAF_INET6 && !readIpv6Settings(attribute.value, *settings)) return false;
  }
  return attributes.isComplete();
}

}  // namespace mif::wire::rtnetlink
