// SPDX-License-Identifier: MIT
#include "selection/numbered-decisions.h"

#include <cstring>

namespace mif::selection {

namespace {

std::size_t hashOf(const Decision& decision) {
  constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15;
  std::uint64_t hash = 0;
  const auto add = [&](std::uint64_t value) { hash = (hash ^ value) * kMix; };
  const auto addAddress = [&](const address::IpAddress& address) {
    std::array<std::uint64_t, 2> halves;
    static_assert(sizeof halves == 16);
    std::memcpy(halves.data(), address.bytes().data(), sizeof halves);
    add(halves[0]);
    add(halves[1]);
  };
  add((std::uint64_t{decision.index.value_or(0)} << 32) | decision.table);
  add((std::uint64_t{decision.metric} << 32) | decision.doubts);
  add((std::uint64_t{decision.prefixLength} << 8) | static_cast<std::uint64_t>(decision.verdict));
  addAddress(decision.source);
  addAddress(decision.gateway);
  return hash >> 32;
}

}  // namespace

NumberedDecision& NumberedDecisions::of(const Decision& decision) {
  const std::size_t slot = hashOf(decision) % kCount;
  NumberedDecision& kept = all_[slot];
  if (kept.number != 0 && contract::sameContent(kept.decision, decision)) return kept;
  kept = {++number_, static_cast<std::uint32_t>(slot), 0, 0, decision};
  kept.decision.route = table::kNoPosition;
  return kept;
}

}  // namespace mif::selection
