// SPDX-License-Identifier: MIT
// What holds for every view and for every difference of two, whatever the tables were fed. Aborts when it does not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "contract/change.h"
#include "table/route-filter.h"
#include "table/view.h"

namespace mif::fuzz {

// Sizes are counts of what can be read, in pages too; no record is there twice; each route is in one list, with others
// of its key only, and shares attributes that are counted.
void requireSound(const table::View& view);

// Everything in it, packed: what must never change, whatever becomes of the tables.
std::vector<std::uint32_t> contentsOf(const table::View& view);

// Records of a kind are exactly those that a consistent dump listed.
void requireListed(const table::View& view, contract::RecordKind kind, const std::vector<contract::Change>& listed);

// The difference of two views, applied to the earlier one, gives the later one; steps come in the promised order, none
// of them idle. Answers with how many there were.
std::size_t requireDifference(const table::View& earlier, const table::View& later, const table::RouteFilter& filter);

}  // namespace mif::fuzz
