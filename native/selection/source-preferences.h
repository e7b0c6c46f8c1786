// SPDX-License-Identifier: MIT
// What an application may ask of the source of its packets (RFC 5014): temporary or public, home or care-of. A
// preference decides between candidates and promises nothing (SAS-21); it holds for the one who asked (SAS-15).
#pragma once

#include <cstdint>
#include <optional>

namespace mif::selection {

struct SourcePreferences {
  enum class Privacy : std::uint8_t {
    kSystem,  // As the candidate's interface is set up (SAS-20).
    kTemporary,
    kPublic,
  };
  Privacy privacy = Privacy::kSystem;
  bool prefersCareOf = false;

  bool operator==(const SourcePreferences&) const = default;
};

// Values of the socket option IPV6_ADDR_PREFERENCES: RFC 5014 section 5, and Linux for the third (SAS-18).
namespace PreferenceFlag {
inline constexpr std::uint32_t kTemporary = 0x0001;
inline constexpr std::uint32_t kPublic = 0x0002;
inline constexpr std::uint32_t kSystemPrivacy = 0x0100;
inline constexpr std::uint32_t kCareOf = 0x0004;
inline constexpr std::uint32_t kHome = 0x0400;
inline constexpr std::uint32_t kCryptographic = 0x0008;
inline constexpr std::uint32_t kNotCryptographic = 0x0800;
}  // namespace PreferenceFlag

// What such flags ask for, or nothing when they contradict each other (SAS-19). Cryptographically generated addresses
// cannot be told from others, so a preference for or against them changes nothing, as in every system.
std::optional<SourcePreferences> preferencesOf(std::uint32_t flags);

}  // namespace mif::selection
