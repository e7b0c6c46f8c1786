// SPDX-License-Identifier: MIT
// What applying one change did to a table.
#pragma once

#include <cstdint>

namespace mif::table {

enum class Applied : std::uint8_t {
  kNothing,  // The table said so already.
  kSilent,   // It changed in a way that is no event: a refreshed lifetime (trap C6), a flag the kernel never announces.
  kEvent,    // It changed.
  kMissed,   // The change is about something that is not there.
};

}  // namespace mif::table
