// SPDX-License-Identifier: MIT
// The kernel asked for a way, by a channel of its own: it belongs to the network namespace in which it was opened, so
// any thread may ask, one at a time, and the thread that reads notifications has no part in it.
#pragma once

#include "base/result.h"
#include "contract/route-query.h"

namespace mif::kernel {

class RouteQuery {
 public:
  virtual ~RouteQuery() = default;

  // Asks, and waits for the answer, which is the kernel's own doing and so a matter of microseconds. A refusal is an
  // answer. Errors: kUnsupported when the kernel does not answer for such traffic, kKernel.
  virtual base::Result<contract::RouteAnswer> ask(const contract::RouteQuestion& question) = 0;
};

}  // namespace mif::kernel
