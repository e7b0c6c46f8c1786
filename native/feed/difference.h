// SPDX-License-Identifier: MIT
// What leads from one view to a later one: the earlier view and its difference make the later view, whatever
// happened between the two. A record that went and came back is not mentioned, one that changed twice is
// mentioned once. Changes are therefore computed by each reader when it asks; nothing is queued, and a reader
// that never asks costs nothing (MIF-82).
#pragma once

#include "contract/contract.gen.h"
#include "contract/packer.h"
#include "table/route-filter.h"
#include "table/view.h"

namespace mif::feed {

// Why the later view differs: the last in the order of ChangeCause that took part. kKernel when nothing differs.
contract::ChangeCause causeOf(const table::View& earlier, const table::View& later);

// Receives one step of a difference. `before` is null for what was added, `after` for what was removed; both
// live until the call returns.
class Steps {
 public:
  virtual ~Steps() = default;
  virtual void step(const contract::Interface* before, const contract::Interface* after) = 0;
  virtual void step(const contract::Address* before, const contract::Address* after) = 0;
  virtual void step(const contract::Nexthop* before, const contract::Nexthop* after) = 0;
  virtual void step(const contract::Route* before, const contract::Route* after) = 0;
  virtual void step(const contract::Rule* before, const contract::Rule* after) = 0;
  virtual void step(const contract::Neighbour* before, const contract::Neighbour* after) = 0;
};

// Calls `steps` for each record that differs. Removed ones come first, children before what they hang on:
// neighbours, rules, routes, nexthops, addresses, interfaces. Added and changed ones follow in the order of
// the kinds. Records of another identity are removed and added, never changed (contract::sameIdentity).
void walkDifference(const table::View& earlier, const table::View& later, const table::RouteFilter& filter,
                    Steps& steps);

// Appends the difference to the packer: cause, count of steps, then for each step kind, operation, the earlier
// record unless added, the later record unless removed.
void difference(const table::View& earlier, const table::View& later, const table::RouteFilter& filter,
                contract::Packer& packer);

}  // namespace mif::feed
