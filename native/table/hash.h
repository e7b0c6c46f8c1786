// SPDX-License-Identifier: MIT
// Hashes of identities, for indexes that live in one process. Not stable across versions and no defence against
// chosen keys: whoever can choose routes here is root.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "address/ip-address.h"
#include "address/prefix.h"

namespace mif::table {

class Hash {
 public:
  Hash& add(std::uint64_t value) {
    // Multiplication by the 64-bit golden ratio, folded: every bit of the input reaches the low bits, which index.
    state_ = (state_ ^ value) * 0x9e3779b97f4a7c15;
    state_ ^= state_ >> 32;
    return *this;
  }
  Hash& add(const address::IpAddress& address) {
    add(address.family());
    if (address.family() == 4) return add(address.group(0));
    if (address.family() == 6) {
      add((std::uint64_t{address.group(0)} << 32) | address.group(1));
      add((std::uint64_t{address.group(2)} << 32) | address.group(3));
    }
    return *this;
  }
  Hash& add(const address::Prefix& prefix) { return add(prefix.address).add(prefix.length); }
  Hash& add(std::string_view text) {
    add(text.size());
    for (const char byte : text) add(static_cast<unsigned char>(byte));
    return *this;
  }
  template <typename T>
  Hash& add(const std::optional<T>& value) {
    return value ? add(std::uint64_t{1}).add(static_cast<std::uint64_t>(*value)) : add(std::uint64_t{0});
  }

  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0;
};

}  // namespace mif::table
