// SPDX-License-Identifier: MIT
// How far an address reaches (RFC 4291 sections 2.4 to 2.7, RFC 6724 sections 3.1 to 3.4). Says nothing of whether
// anybody answers there, and nothing of the zone that an address with a smaller scope needs (RFC 4007).
#pragma once

#include <cstdint>

#include "address/ip-address.h"

namespace mif::address {

// Values are those of a multicast address's scope field (RFC 7346 section 2), so that unicast and multicast compare
// with each other as RFC 6724 section 3.1 wants. A multicast address may carry one that has no name here.
enum class Scope : std::uint8_t {
  kInterfaceLocal = 1,
  kLinkLocal = 2,
  kRealmLocal = 3,
  kAdminLocal = 4,
  kSiteLocal = 5,
  kOrganisationLocal = 8,
  kGlobal = 14,
};

// Of a unicast or multicast address. The unspecified and the absent address have none and pass for global.
Scope scopeOf(const IpAddress& address);

// 0.0.0.0 or ::.
bool isUnspecified(const IpAddress& address);
// 127.0.0.0/8 or ::1.
bool isLoopback(const IpAddress& address);
// 224.0.0.0/4 or ff00::/8.
bool isMulticast(const IpAddress& address);
// 169.254.0.0/16 or fe80::/10. The IPv6 ones need a zone.
bool isLinkLocal(const IpAddress& address);
// fc00::/7 (RFC 4193). Global in scope.
bool isUniqueLocal(const IpAddress& address);

}  // namespace mif::address
