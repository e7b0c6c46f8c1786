// SPDX-License-Identifier: MIT
#include "address/scope.h"

namespace mif::address {

namespace {

// Whether the top `length` bits (1 to 32) of a 32-bit group are those of `bits`.
bool startsWith(std::uint32_t group, std::uint32_t bits, int length) {
  return ((group ^ bits) >> (32 - length)) == 0;
}

// Administratively scoped IPv4 multicast and its IPv6 counterparts: RFC 2365 section 8. 224.0.0.0/24 never leaves
// the link: RFC 5771 section 4.
Scope multicastScope4(std::uint32_t address) {
  if (startsWith(address, 0xe0000000, 24)) return Scope::kLinkLocal;
  if (startsWith(address, 0xefff0000, 16)) return Scope::kRealmLocal;
  if (startsWith(address, 0xefc00000, 14)) return Scope::kOrganisationLocal;
  return Scope::kGlobal;
}

// RFC 6724 section 3.2: 169.254/16 and 127/8 are link-local, everything else is global, private addresses
// included. (SAS-06)
Scope scope4(const IpAddress& address) {
  if (isMulticast(address)) return multicastScope4(address.group(0));
  return isLinkLocal(address) || isLoopback(address) ? Scope::kLinkLocal : Scope::kGlobal;
}

// RFC 6724 sections 3.1, 3.3 and 3.4: unique local addresses and those with an IPv4 address inside are global, the
// loopback address is link-local. (SAS-05, SAS-07)
Scope scope6(const IpAddress& address) {
  if (isMulticast(address)) return static_cast<Scope>((address.group(0) >> 16) & 0xf);
  if (isLinkLocal(address) || isLoopback(address)) return Scope::kLinkLocal;
  // fec0::/10, deprecated by RFC 3879 but not taken back.
  if (startsWith(address.group(0), 0xfec00000, 10)) return Scope::kSiteLocal;
  return Scope::kGlobal;
}

}  // namespace

Scope scopeOf(const IpAddress& address) {
  if (address.family() == 4) return scope4(address);
  return address.family() == 6 ? scope6(address) : Scope::kGlobal;
}

bool isUnspecified(const IpAddress& address) {
  return address.isPresent() && address == IpAddress::unspecified(address.family());
}

bool isLoopback(const IpAddress& address) {
  if (address.family() == 4) return startsWith(address.group(0), 0x7f000000, 8);
  return address.family() == 6 && address.group(0) == 0 && address.group(1) == 0 && address.group(2) == 0 &&
         address.group(3) == 1;
}

bool isMulticast(const IpAddress& address) {
  if (address.family() == 4) return startsWith(address.group(0), 0xe0000000, 4);
  return address.family() == 6 && startsWith(address.group(0), 0xff000000, 8);
}

bool isLinkLocal(const IpAddress& address) {
  if (address.family() == 4) return startsWith(address.group(0), 0xa9fe0000, 16);
  return address.family() == 6 && startsWith(address.group(0), 0xfe800000, 10);
}

bool isUniqueLocal(const IpAddress& address) {
  return address.family() == 6 && startsWith(address.group(0), 0xfc000000, 7);
}

}  // namespace mif::address
