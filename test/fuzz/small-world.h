// SPDX-License-Identifier: MIT
// Changes in a world of so few links, prefixes, routers and tables that a short script meets each of them again and
// again: what records do to each other is where the tables can go wrong, and random messages hardly ever meet.
#pragma once

#include "contract/change.h"
#include "script.h"

namespace mif::fuzz {

// Any kind, put or removed; every member that the tables look at has a few values.
contract::Change smallChange(Script& script);

// What may follow a change: its end, the end of one of its hops, the same once more, or the same with other attributes.
contract::Change sequel(Script& script, contract::Change change);

}  // namespace mif::fuzz
