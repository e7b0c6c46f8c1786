// SPDX-License-Identifier: MIT
// A link-layer address: 6 bytes for Ethernet, up to 32 elsewhere (MAX_ADDR_LEN of the kernel).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mif::address {

class LinkAddress {
 public:
  LinkAddress() = default;
  // Longer input is cut to 32 bytes.
  static LinkAddress fromBytes(std::span<const std::byte> bytes) {
    LinkAddress address;
    address.length_ = static_cast<std::uint8_t>(std::min(bytes.size(), address.bytes_.size()));
    for (std::size_t i = 0; i < address.length_; ++i) address.bytes_[i] = std::to_integer<std::uint8_t>(bytes[i]);
    return address;
  }

  bool isPresent() const { return length_ != 0; }
  std::span<const std::uint8_t> bytes() const { return {bytes_.data(), length_}; }
  bool operator==(const LinkAddress&) const = default;

 private:
  std::array<std::uint8_t, 32> bytes_{};
  std::uint8_t length_ = 0;
};

}  // namespace mif::address
