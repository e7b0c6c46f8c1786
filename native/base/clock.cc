// SPDX-License-Identifier: MIT
#include "base/clock.h"

#include <time.h>

namespace mif::base {

Deadline now() {
  timespec time{};
#ifdef CLOCK_BOOTTIME
  clock_gettime(CLOCK_BOOTTIME, &time);
#else
  clock_gettime(CLOCK_MONOTONIC, &time);
#endif
  return static_cast<Deadline>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
}

}  // namespace mif::base
