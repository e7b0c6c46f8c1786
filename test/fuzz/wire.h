// SPDX-License-Identifier: MIT
// What is fuzzed: one target for each decoder of native/wire/rtnetlink, taken from its own list, and two for framing.
// The list is used by every driver and by a test that each target is reached (test/native/fuzz/target-test.cc), so
// that a new decoder cannot be forgotten and none can be fuzzed in name only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/cursor.h"

namespace mif::fuzz {

// How far an input got. A target whose inputs are all refused fuzzes nothing.
enum class Reach : std::uint8_t {
  kRefused,   // Malformed.
  kIgnored,   // Well formed, and of no use.
  kAccepted,  // A record, a reply or a whole datagram came out.
};

struct Target {
  std::string name;
  // The message types that a target for a decoder passes its input as; 0 for framing.
  std::uint16_t put = 0;
  std::uint16_t remove = 0;
};

const std::vector<Target>& targets();

// Runs a target over an input, and checks what comes out: aborts when a record breaks a promise of its decoder.
// The input has to be a heap block of exactly its size, or a sanitizer cannot see a read beyond it.
Reach run(const Target& target, base::Bytes input);

// The inputs to begin with: the parts of the golden vectors that a target is for.
std::vector<std::vector<std::byte>> seeds(const Target& target);

}  // namespace mif::fuzz
