// SPDX-License-Identifier: MIT
// The kernel asked in place of the tables: what a socket would ask it, and what its answers come to. The tables decide
// what is asked, and tell apart refusals for which the kernel has one number; they never overrule an answer.
#pragma once

#include <functional>

#include "base/result.h"
#include "contract/route-query.h"
#include "selection/decision.h"
#include "selection/flow.h"
#include "selection/inventory.h"

namespace mif::selection {

struct Inquiry {
  // What is asked first.
  Flow flow;
  // What the tables say of it.
  Decision expected;
  // That is the answer: no such socket can be made, so there is nothing to ask for.
  bool isDecided = false;
  // The socket is held to the interface and the source of the flow, and wants a real route (bound-path.h).
  bool isHeld = false;
  // The source that the first answer leads to may change the way, so the kernel is asked again with it, as connect(2)
  // does.
  bool mindsSource = false;
};

using AskKernel = std::function<base::Result<contract::RouteAnswer>(const contract::RouteQuestion& question)>;

// The way by the kernel's answers, of which the last counts. Errors are those of `ask`.
base::Result<Decision> inquire(const Inquiry& inquiry, const Inventory& inventory, const AskKernel& ask);

}  // namespace mif::selection
