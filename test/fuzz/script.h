// SPDX-License-Identifier: MIT
// An input as a sequence of decisions. Behind its end every decision is 0, so that any input is a script, and a part of
// one too.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/cursor.h"

namespace mif::fuzz {

class Script {
 public:
  explicit Script(base::Bytes bytes) : cursor_(bytes) {}

  bool isOver() const { return cursor_.remaining() == 0; }
  std::uint8_t byte() { return cursor_.read<std::uint8_t>().value_or(0); }
  // 0 to count - 1, of which there are at most 256.
  std::uint8_t choice(std::size_t count) { return static_cast<std::uint8_t>(byte() % count); }
  bool flag() { return (byte() & 1) != 0; }
  // A length of two bytes, least significant first, and so many bytes, or what is left.
  base::Bytes bytes() {
    const std::size_t low = byte();
    const std::size_t length = low + std::size_t{byte()} * 256;
    const base::Bytes rest = cursor_.rest();
    const base::Bytes taken = rest.first(length < rest.size() ? length : rest.size());
    cursor_.skip(taken.size());
    return taken;
  }

 private:
  base::Cursor cursor_;
};

}  // namespace mif::fuzz
