// SPDX-License-Identifier: MIT
// Target "wire": bytes become records, or are refused. The first byte of an input chooses the part that gets the rest:
// framing, replies, or one decoder of native/wire/rtnetlink, taken from its own list, so that a new decoder cannot be
// forgotten. A decoder by itself gets further than behind a header whose length every insertion makes wrong.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/cursor.h"

namespace mif::fuzz {

// How far an input got. A part whose inputs are all refused is fuzzed in name only.
enum class Reach : std::uint8_t {
  kRefused,   // Malformed.
  kIgnored,   // Well formed, and of no use.
  kAccepted,  // A record, a reply or a whole datagram came out.
};

struct WirePart {
  std::string name;
  // The message types that a decoder gets its input as; 0 for framing and replies.
  std::uint16_t put = 0;
  std::uint16_t remove = 0;
};

const std::vector<WirePart>& wireParts();

// The part that an input is for.
const WirePart& wirePartOf(base::Bytes input);

// Aborts when what comes out breaks a promise. The end of the input has to be the end of a heap block, or a sanitizer
// cannot see a read beyond it.
Reach runWire(base::Bytes input);

}  // namespace mif::fuzz
