// SPDX-License-Identifier: MIT
// What a dump is about: every record of one kind, or a part of the routes. The kernel forgets routes in silence mostly
// by interface (traps D1, D2, D5), and reading those again must not cost reading a million others.
#pragma once

#include <cstdint>

#include "contract/contract.gen.h"

namespace mif::contract {

struct Extent {
  RecordKind kind = RecordKind::kInterface;
  // Routes only: 4 or 6; 0 for both.
  std::uint8_t family = 0;
  // Routes only: those that leave through this interface; 0 for all.
  std::uint32_t index = 0;

  Extent() = default;
  // Everything of a kind is what callers mean mostly.
  Extent(RecordKind whole) : kind(whole) {}  // NOLINT(google-explicit-constructor)

  // Part of the routes, whatever `index` of 0 and `family` of 0 leave open.
  static Extent routes(std::uint8_t family, std::uint32_t index) {
    Extent extent(RecordKind::kRoute);
    extent.family = family;
    extent.index = index;
    return extent;
  }

  bool isWhole() const { return family == 0 && index == 0; }
  bool includes(const Extent& other) const {
    return kind == other.kind && (family == 0 || family == other.family) && (index == 0 || index == other.index);
  }
  bool operator==(const Extent&) const = default;
};

}  // namespace mif::contract
