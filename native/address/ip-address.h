// SPDX-License-Identifier: MIT
// An IPv4 or IPv6 address as a value. It has no zone: a link-local address is kept beside the interface
// index that scopes it (RFC 4007 section 6).
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace mif::address {

class IpAddress {
 public:
  // Absent: neither family.
  IpAddress() = default;

  // From bytes in network order: 4 make an IPv4 address, 16 an IPv6 one, any other count an absent one.
  // Here, because a route is decoded in tens of nanoseconds and calls this up to four times.
  static IpAddress fromBytes(std::span<const std::byte> bytes) {
    IpAddress address;
    if (bytes.size() == 4) {
      std::memcpy(address.bytes_.data(), bytes.data(), 4);
      address.family_ = 4;
    } else if (bytes.size() == 16) {
      std::memcpy(address.bytes_.data(), bytes.data(), 16);
      address.family_ = 6;
    }
    return address;
  }
  // From text without a zone (inet_pton); absent when it is none.
  static IpAddress parse(std::string_view text);
  // 0.0.0.0 for family 4, :: for family 6, absent for any other.
  static IpAddress unspecified(std::uint8_t family) {
    IpAddress address;
    if (family == 4 || family == 6) address.family_ = family;
    return address;
  }

  bool isPresent() const { return family_ != 0; }
  // 4, 6, or 0 when absent.
  std::uint8_t family() const { return family_; }
  // 32, 128, or 0 when absent.
  std::uint8_t bits() const { return family_ == 4 ? 32 : family_ == 6 ? 128 : 0; }
  // The bytes in network order; as long as this object lives.
  std::span<const std::uint8_t> bytes() const { return {bytes_.data(), std::size_t{bits()} / 8}; }
  // The n-th 32-bit group as a number, most significant first: 0 for IPv4, 0 to 3 for IPv6.
  std::uint32_t group(int n) const {
    const std::size_t at = static_cast<std::size_t>(n) * 4;
    return (std::uint32_t{bytes_[at]} << 24) | (std::uint32_t{bytes_[at + 1]} << 16) |
           (std::uint32_t{bytes_[at + 2]} << 8) | std::uint32_t{bytes_[at + 3]};
  }

  // RFC 5952 text, or "" when absent.
  std::string text() const;

  auto operator<=>(const IpAddress&) const = default;

 private:
  // Unused bytes stay zero, so that the defaulted comparison is right for both families.
  std::array<std::uint8_t, 16> bytes_{};
  std::uint8_t family_ = 0;
};

}  // namespace mif::address
