// SPDX-License-Identifier: MIT
// Decisions about many destinations as columns in one piece of memory, the form in which they cross to JavaScript
// (NativeSelector.selectMany of binding.d.ts, which says the same). Numbers are of the host's order, addresses of the
// network's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "selection/decision.h"

namespace mif::selection {

class PathColumns {
 public:
  // Bytes for each destination of a family; the memory begins at a multiple of four, and all of it is written.
  static constexpr std::size_t bytesFor(std::uint8_t family) { return kWithoutSource + widthOf(family); }
  // Of an address.
  static constexpr std::size_t widthOf(std::uint8_t family) { return family == 4 ? 4 : 16; }

  PathColumns(std::span<std::uint8_t> memory, std::size_t count, std::uint8_t family)
      : next_(memory.data()), count_(count), width_(widthOf(family)) {
    index_ = take(4);
    table_ = take(4);
    metric_ = take(4);
    mtu_ = take(4);
    doubts_ = take(4);
    gateway_ = take(kGatewayWidth);
    source_ = take(width_);
    ways_ = take(2);
    verdict_ = take(1);
    type_ = take(1);
    prefixLength_ = take(1);
    sourceFamily_ = take(1);
    gatewayFamily_ = take(1);
    isAssumedOnLink_ = take(1);
  }

  void write(std::size_t n, const Decision& decision, std::uint32_t moreDoubts) {
    put(index_, n, decision.index.value_or(0));
    put(table_, n, decision.table);
    put(metric_, n, decision.metric);
    put(mtu_, n, decision.mtu);
    put(doubts_, n, decision.doubts | moreDoubts);
    put(ways_, n, decision.ways);
    verdict_[n] = static_cast<std::uint8_t>(decision.verdict);
    type_[n] = static_cast<std::uint8_t>(decision.type);
    prefixLength_[n] = decision.prefixLength;
    isAssumedOnLink_[n] = decision.isAssumedOnLink;
    sourceFamily_[n] = decision.source.family();
    gatewayFamily_[n] = decision.gateway.family();
    if (width_ == 4) {
      put4(source_ + n * 4, decision.source);
    } else {
      put16(source_ + n * 16, decision.source);
    }
    put16(gateway_ + n * kGatewayWidth, decision.gateway);
  }

 private:
  // The router of an IPv4 route may have an IPv6 address (RFC 5549).
  static constexpr std::size_t kGatewayWidth = 16;
  static constexpr std::size_t kWithoutSource = 5 * 4 + kGatewayWidth + 2 + 6;

  std::uint8_t* take(std::size_t width) {
    std::uint8_t* column = next_;
    next_ += width * count_;
    return column;
  }

  template <typename T>
  static void put(std::uint8_t* column, std::size_t n, T value) {
    std::memcpy(column + n * sizeof value, &value, sizeof value);
  }
  // An address has room for 16 bytes, and zeros where it has none. A copy whose size is known is one instruction.
  static void put16(std::uint8_t* at, const address::IpAddress& address) {
    std::memcpy(at, address.bytes().data(), 16);
  }
  static void put4(std::uint8_t* at, const address::IpAddress& address) { std::memcpy(at, address.bytes().data(), 4); }

  std::uint8_t* next_;
  std::size_t count_;
  std::size_t width_;
  std::uint8_t* index_;
  std::uint8_t* table_;
  std::uint8_t* metric_;
  std::uint8_t* mtu_;
  std::uint8_t* doubts_;
  std::uint8_t* gateway_;
  std::uint8_t* source_;
  std::uint8_t* ways_;
  std::uint8_t* verdict_;
  std::uint8_t* type_;
  std::uint8_t* prefixLength_;
  std::uint8_t* sourceFamily_;
  std::uint8_t* gatewayFamily_;
  std::uint8_t* isAssumedOnLink_;
};

}  // namespace mif::selection
