// SPDX-License-Identifier: MIT
// What holds for the index of destinations, whatever the tables were fed.
#pragma once

#include "table/tables.h"

namespace mif::fuzz {

// Whether the index leads to each list of routes that there is, in the order in which the kernel asks them, and to no
// other: what an index made now would say, but that equals stand in the order in which they came. The tables have to be
// indexed.
bool isIndexed(const table::Tables& tables);

}  // namespace mif::fuzz
