// SPDX-License-Identifier: MIT
#include "selection/source-preferences.h"

#include <bit>

namespace mif::selection {

std::optional<SourcePreferences> preferencesOf(std::uint32_t flags) {
  using namespace PreferenceFlag;
  for (const std::uint32_t opposites :
       {kTemporary | kPublic | kSystemPrivacy, kCareOf | kHome, kCryptographic | kNotCryptographic}) {
    if (std::popcount(flags & opposites) > 1) return std::nullopt;
  }
  SourcePreferences preferences;
  if ((flags & kTemporary) != 0) preferences.privacy = SourcePreferences::Privacy::kTemporary;
  if ((flags & kPublic) != 0) preferences.privacy = SourcePreferences::Privacy::kPublic;
  preferences.prefersCareOf = (flags & kCareOf) != 0;
  return preferences;
}

}  // namespace mif::selection
