// SPDX-License-Identifier: MIT
// Waiting for several descriptors at once, for a moment to come, or to be told. Used by one thread; interrupt() by any.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"

namespace mif::kernel {

// A descriptor to wait for. Whether it became ready, or failed, which reading or writing it will tell.
struct Interest {
  int fd = -1;
  bool isForWriting = false;
  bool isReady = false;
};

class Waiter {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  virtual ~Waiter() = default;

  // Returns when one of the descriptors is ready, the moment has come, interrupt() was called since the last return,
  // or for no reason. Without a moment it waits for ever.
  virtual void wait(std::vector<Interest>& interests, std::optional<Moment> until) = 0;

  // Makes the present or next wait() return. Never blocks.
  virtual void interrupt() = 0;
};

// Errors: kKernel when descriptors ran out, kUnsupported.
base::Result<std::unique_ptr<Waiter>> openWaiter();

}  // namespace mif::kernel
