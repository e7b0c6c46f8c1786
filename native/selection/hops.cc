// SPDX-License-Identifier: MIT
#include "selection/hops.h"

namespace mif::selection {

const contract::Nexthop* nexthopOf(const table::Tables& tables, std::uint32_t id) {
  contract::Nexthop wanted;
  wanted.id = id;
  return tables.nexthops().find(wanted);
}

}  // namespace mif::selection
