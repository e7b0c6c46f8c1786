// SPDX-License-Identifier: MIT
// Time as lifetimes need it: monotonic and counting while the machine sleeps (MIF-86).
#pragma once

#include <cstdint>
#include <limits>

namespace mif::base {

// A moment on CLOCK_BOOTTIME (Linux) or CLOCK_MONOTONIC (Darwin, which counts sleep), in milliseconds.
using Deadline = std::int64_t;

// A lifetime without end (0xffffffff seconds on the wire).
inline constexpr Deadline kForever = std::numeric_limits<Deadline>::max();

// The present moment on that clock, milliseconds.
Deadline now();

}  // namespace mif::base
