// SPDX-License-Identifier: MIT
// Which routes a reader wants to see. Most hosts keep more local, broadcast and multicast entries than routes
// that lead anywhere (trap D16), so they are left out here rather than copied to JavaScript and dropped there.
#pragma once

#include <cstdint>
#include <optional>

#include "contract/contract.gen.h"

namespace mif::table {

// Everything absent means any.
struct RouteFilter {
  // 4 or 6; 0 for both.
  std::uint8_t family = 0;
  std::optional<std::uint32_t> table = {};
  std::optional<contract::RouteProtocol> protocol = {};
  // Bit n for RouteType n; 0 for all.
  std::uint32_t types = 0;
  // Longest destination, bits: 1 lets default routes and the two halves of one through, and nothing else.
  std::optional<std::uint8_t> maxPrefixLength = {};

  bool isEmpty() const { return family == 0 && !table && !protocol && types == 0 && !maxPrefixLength; }

  // What is asked of a destination, and of the rest.
  bool acceptsLength(std::uint8_t length) const { return !maxPrefixLength || length <= *maxPrefixLength; }
  bool accepts(const contract::Route& attributes) const {
    if (family != 0 && attributes.family != family) return false;
    if (table && attributes.table != *table) return false;
    if (protocol && attributes.protocol != *protocol) return false;
    const auto type = static_cast<std::uint32_t>(attributes.type);
    return types == 0 || (type < kMaskBits && ((types >> type) & 1) != 0);
  }

 private:
  // Types that the mask has a bit for; the kernel has twelve.
  static constexpr std::uint32_t kMaskBits = 32;
};

}  // namespace mif::table
