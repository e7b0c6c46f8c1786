// SPDX-License-Identifier: MIT
// A descriptor that is readable while it has been raised: how one thread interrupts the waiting of another, and how a
// source without a socket says that something waits. Raised and cleared by any thread.
#pragma once

#include <utility>

#include "base/result.h"
#include "base/unique-fd.h"

namespace mif::kernel {

class WakeDescriptor {
 public:
  // Errors: kKernel when descriptors ran out, kUnsupported.
  static base::Result<WakeDescriptor> open();

  int fd() const { return fd_.get(); }
  // Never blocks.
  void raise();
  void clear();

 private:
  explicit WakeDescriptor(base::UniqueFd fd) : fd_(std::move(fd)) {}

  base::UniqueFd fd_;
};

}  // namespace mif::kernel
