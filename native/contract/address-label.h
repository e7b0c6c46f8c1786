// SPDX-License-Identifier: MIT
// One line of the policy table of RFC 6724 section 2.1, as far as the kernel has it: addresses of one label go
// together as source and destination. Not a record: the kernel announces no change of these.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "address/prefix.h"

namespace mif::contract {

struct AddressLabel {
  // IPv6, also for IPv4 in its mapped form.
  address::Prefix prefix;
  std::uint32_t label = 0;
  // Interface index; absent where it is for every interface.
  std::optional<std::uint32_t> index;

  bool operator==(const AddressLabel&) const = default;
};

// In the kernel's order: the first that matches counts. Absent on a system that has no such table; a table without
// lines gives all addresses the same label.
using AddressLabels = std::optional<std::vector<AddressLabel>>;

}  // namespace mif::contract
