// SPDX-License-Identifier: MIT
// The account of a selection in the words of the contract: what a trace refers to by number, written out.
#pragma once

#include "contract/contract.gen.h"
#include "selection/decision.h"
#include "selection/inventory.h"
#include "selection/trace.h"
#include "table/tables.h"

namespace mif::selection {

// `inventory`: the one that the trace is by; null when the question needed none. `family` is the destination's.
contract::SelectionAccount accountOf(const table::Tables& tables, const Inventory* inventory, std::uint8_t family,
                                     const Decision& decision, const Trace& trace);

}  // namespace mif::selection
