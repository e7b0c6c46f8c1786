// SPDX-License-Identifier: MIT
// What comes of a flow: the way it would take, or why it takes none, and what makes that less than certain.
#pragma once

#include <cstdint>

#include "contract/contract.gen.h"
#include "table/chunked.h"

namespace mif::selection {

struct Decision : contract::Selection {
  // In the table of routes of the family, with the hop that was chosen; kNoPosition without a route.
  table::Position route = table::kNoPosition;
  std::uint16_t hop = 0;

  bool isPath() const { return verdict == contract::Verdict::kPath; }
};

}  // namespace mif::selection
