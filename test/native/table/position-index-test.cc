// SPDX-License-Identifier: MIT
#include "table/position-index.h"

#include <cstdint>
#include <map>
#include <random>

#include "test.h"

namespace {

using mif::table::kNoPosition;
using mif::table::Position;
using mif::table::PositionIndex;

// Few hashes, so that runs of taken slots are long and wrap around.
std::uint64_t hashOf(Position position) {
  return (position * 7) % 61;
}

}  // namespace

MIF_TEST("table: the index finds what was put in and nothing that was taken out, whatever the order") {
  std::mt19937 random(20240611);
  PositionIndex index;
  std::map<Position, bool> held;
  for (int step = 0; step < 20'000; ++step) {
    const Position position = static_cast<Position>(random()) % 400;
    if (held[position]) {
      index.erase(hashOf(position), position);
    } else {
      index.insert(hashOf(position), position);
    }
    held[position] = !held[position];
    const Position asked = static_cast<Position>(random()) % 400;
    const Position found = index.find(hashOf(asked), [asked](Position candidate) { return candidate == asked; });
    if (found != (held[asked] ? asked : kNoPosition)) {
      MIF_CHECK_EQUAL(found, held[asked] ? asked : kNoPosition);
      return;
    }
  }
  std::size_t count = 0;
  for (const auto& [position, isHeld] : held) count += isHeld;
  MIF_CHECK_EQUAL(index.size(), count);
}

MIF_TEST("table: a hash leads to another position after replace") {
  PositionIndex index;
  index.insert(5, 1);
  index.replace(5, 1, 2);
  MIF_CHECK_EQUAL(index.find(5, [](Position) { return true; }), 2u);
}
