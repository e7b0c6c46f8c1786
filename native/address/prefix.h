// SPDX-License-Identifier: MIT
// An address prefix: an address and how many of its leading bits count.
#pragma once

#include <cstdint>

#include "address/ip-address.h"

namespace mif::address {

struct Prefix {
  IpAddress address;
  // 0 to 32 or 0 to 128.
  std::uint8_t length = 0;

  bool isPresent() const { return address.isPresent(); }
  // Whether the leading bits of both agree; false across families.
  bool contains(const IpAddress& candidate) const;
  bool operator==(const Prefix&) const = default;
};

// How many leading bits two addresses of one family share; 0 across families (RFC 6724 section 2.2).
std::uint8_t commonPrefixLength(const IpAddress& a, const IpAddress& b);

}  // namespace mif::address
