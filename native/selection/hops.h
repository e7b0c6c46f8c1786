// SPDX-License-Identifier: MIT
// The hops of a route, wherever they are told: in its list, in itself when there is but one, or only by the nexthop
// object that it names (trap D12).
#pragma once

#include <cstdint>

#include "address/ip-address.h"
#include "contract/contract.gen.h"
#include "table/nexthop-table.h"
#include "table/tables.h"

namespace mif::selection {

// Whether the hops of a route are told by nexthop objects alone.
inline bool isByNexthopAlone(const contract::Route& attributes) {
  return attributes.nexthopId && attributes.hops.empty() && !attributes.index;
}

// The nexthop object of that id, or null.
const contract::Nexthop* nexthopOf(const table::Tables& tables, std::uint32_t id);

// Calls visit(number, interface index or 0, gateway, flags) for each hop until it returns false. A nexthop object that
// is not known has no hops.
template <typename Visit>
void forEachHop(const table::Tables& tables, const contract::Route& attributes, Visit&& visit) {
  if (!attributes.hops.empty()) {
    for (std::uint16_t at = 0; at < attributes.hops.size(); ++at) {
      const contract::Hop& hop = attributes.hops[at];
      if (!visit(at, hop.index.value_or(0), hop.gateway, hop.flags)) return;
    }
    return;
  }
  if (!isByNexthopAlone(attributes)) {
    visit(std::uint16_t{0}, attributes.index.value_or(0), attributes.gateway, attributes.flags);
    return;
  }
  const contract::Nexthop* nexthop = nexthopOf(tables, *attributes.nexthopId);
  if (nexthop == nullptr) return;
  if (nexthop->group.empty()) {
    visit(std::uint16_t{0}, nexthop->index.value_or(0), nexthop->gateway, nexthop->flags);
    return;
  }
  for (std::uint16_t at = 0; at < nexthop->group.size(); ++at) {
    const contract::Nexthop* member = nexthopOf(tables, nexthop->group[at].id);
    if (member != nullptr && !visit(at, member->index.value_or(0), member->gateway, member->flags)) return;
  }
}

}  // namespace mif::selection
