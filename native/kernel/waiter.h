// SPDX-License-Identifier: MIT
// Waiting for a descriptor, for a moment to come, or to be told. Used by one thread; interrupt() by any.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "base/result.h"

namespace mif::kernel {

class Waiter {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  virtual ~Waiter() = default;

  // Returns when the descriptor is ready, the moment has come, interrupt() was called since the last return, or for no
  // reason. Without a moment it waits for ever. Whether the descriptor can be read, or failed, which reading will tell.
  virtual bool wait(std::optional<int> fd, std::optional<Moment> until) = 0;

  // Makes the present or next wait() return. Never blocks.
  virtual void interrupt() = 0;
};

// Errors: kKernel when descriptors ran out, kUnsupported.
base::Result<std::unique_ptr<Waiter>> openWaiter();

}  // namespace mif::kernel
