// SPDX-License-Identifier: MIT
// Decisions that were told lately, each under a number. Most destinations share a few ways, so whoever has read a
// decision need not read it again: an equal number is an equal decision.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "selection/decision.h"

namespace mif::selection {

struct NumberedDecision {
  // No other decision's, ever; 0 for none.
  std::uint64_t number = 0;
  // Where it is kept, until another takes its place.
  std::uint32_t slot = 0;
  // The last batch that had it, and where (decision-rows.h).
  std::uint32_t batch = 0;
  std::uint32_t row = 0;
  // Without its route: others that say the same may have taken another.
  Decision decision;
};

class NumberedDecisions {
 public:
  // A power of two: more than the ways that a host with a full table has, which differ in router, interface and length.
  static constexpr std::size_t kCount = 512;

  // The one that says this. Valid until the next call.
  NumberedDecision& of(const Decision& decision);
  // That of a number, while it has its slot; else null.
  NumberedDecision* find(std::uint32_t slot, std::uint64_t number) {
    NumberedDecision& there = all_[slot];
    return there.number == number ? &there : nullptr;
  }
  // One that no decision has had.
  std::uint32_t nextBatch() { return ++batch_; }

 private:
  std::array<NumberedDecision, kCount> all_;
  std::uint64_t number_ = 0;
  std::uint32_t batch_ = 0;
};

}  // namespace mif::selection
