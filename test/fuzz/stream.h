// SPDX-License-Identifier: MIT
// Target "stream": an input is a script of what happens in a network, what is said of it, what gets lost, and when
// somebody reads, dumps or looks. It goes through the replay source into the tables, as the monitor's reader feeds
// them.
#pragma once

#include <cstddef>
#include <vector>

#include "base/cursor.h"

namespace mif::fuzz {

// How much of the tables a script exercised. Where all of a corpus leaves one of these at 0, it fuzzes in name only.
struct StreamTally {
  std::size_t applied = 0;
  std::size_t dumps = 0;
  std::size_t unstableDumps = 0;
  std::size_t losses = 0;
  std::size_t steps = 0;
  std::size_t removals = 0;
};

// Aborts when the tables or a view of them break a promise.
StreamTally runStream(base::Bytes input);

// A script that announces the messages of a datagram, or lists them, and looks. What runStream cannot say is left out.
std::vector<std::byte> streamOf(base::Bytes datagram, bool isDump);

}  // namespace mif::fuzz
