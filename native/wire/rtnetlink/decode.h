// SPDX-License-Identifier: MIT
// From a routing netlink message to a Change (rtnetlink(7)). Pure: no socket, no clock, no OS header, so it
// builds, is tested and is fuzzed everywhere. Whether a message is ours to believe (sender, port, sequence:
// traps A10, A11) is decided before it comes here.
#pragma once

#include <cstdint>
#include <span>

#include "base/clock.h"
#include "contract/change.h"
#include "wire/netlink/message.h"

namespace mif::wire::rtnetlink {

enum class Decoded : std::uint8_t {
  kChange,     // `change` says what the message says.
  kIgnored,    // Nothing that the mirror keeps: another type or family, a bridge port (B4), a cached route (D15).
  kMalformed,  // Lengths contradict each other, or what identifies the record is missing. `change` is undefined.
};

// Where a message comes from, which decides what its flags mean (trap D7).
enum class Origin : std::uint8_t { kDump, kNotification };

// Reads one message. `receivedAt` is base::now() at the time of receipt; lifetimes count from it (trap C12).
//
// `change` is written over, its vectors and strings keeping their capacity, so one object serves a dump of a million
// routes without allocating. Only the member that change.kind names is meaningful.
//
// change.placement is kListed for a dump and never for the notification of a route that exists.
//
// A partial interface (change.isPartial, trap B5) has index, hardwareType, flags and operState, and of name, mac and
// mtu those that are not at their default, and perhaps settings of IPv6; every other member is unknown, not absent. An
// interface that is whole may still be without settings, which then are unknown.
Decoded decode(const netlink::Message& message, Origin origin, base::Deadline receivedAt, contract::Change& change);

// One decoder, for those who want each by itself: the fuzz targets and the test that they reach all of them.
struct Decoder {
  const char* name;
  contract::RecordKind kind;
  // Message types that it is for.
  std::uint16_t put;
  std::uint16_t remove;
};

// All of them, one for each RecordKind, in the order of the kinds.
std::span<const Decoder> decoders();

}  // namespace mif::wire::rtnetlink
