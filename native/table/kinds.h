// SPDX-License-Identifier: MIT
// A set of record kinds, and their order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "contract/contract.gen.h"

namespace mif::table {

class Kinds {
 public:
  static constexpr std::size_t kCount = 6;

  bool has(contract::RecordKind kind) const { return (bits_ & bit(kind)) != 0; }
  bool isEmpty() const { return bits_ == 0; }
  void add(contract::RecordKind kind) { bits_ |= bit(kind); }
  void remove(contract::RecordKind kind) { bits_ &= ~bit(kind); }
  bool operator==(const Kinds&) const = default;

 private:
  static std::uint32_t bit(contract::RecordKind kind) { return 1u << static_cast<std::uint32_t>(kind); }
  std::uint32_t bits_ = 0;
};

// Every kind, in the order in which records may rely on others.
inline constexpr std::array<contract::RecordKind, Kinds::kCount> kAllKinds = {
    contract::RecordKind::kInterface, contract::RecordKind::kAddress, contract::RecordKind::kNexthop,
    contract::RecordKind::kRoute,     contract::RecordKind::kRule,    contract::RecordKind::kNeighbour,
};

}  // namespace mif::table
