// SPDX-License-Identifier: MIT
#include "address/prefix.h"

#include <bit>
#include <cstddef>

namespace mif::address {

std::uint8_t commonPrefixLength(const IpAddress& a, const IpAddress& b) {
  if (a.family() != b.family()) return 0;
  int length = 0;
  for (int n = 0; n < a.bits() / 32; ++n) {
    const int same = std::countl_zero(a.group(n) ^ b.group(n));
    length += same;
    if (same != 32) break;
  }
  return static_cast<std::uint8_t>(length);
}

bool Prefix::contains(const IpAddress& candidate) const {
  if (!isPresent() || candidate.family() != address.family()) return false;
  return commonPrefixLength(address, candidate) >= length;
}

}  // namespace mif::address
