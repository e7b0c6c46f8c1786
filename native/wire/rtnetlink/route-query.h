// SPDX-License-Identifier: MIT
// The question which way the kernel would take (RTM_GETROUTE without NLM_F_DUMP), and its answer. The answer is no
// route of the tables and no Change (trap D15).
#pragma once

#include <cstdint>
#include <optional>

#include "base/cursor.h"
#include "contract/route-query.h"
#include "wire/netlink/request.h"

namespace mif::wire::rtnetlink {

netlink::Request routeRequest(const contract::RouteQuestion& question, std::uint32_t sequence);

// Reads the payload of the RTM_NEWROUTE that answers. Nothing when it is malformed.
std::optional<contract::RouteAnswer> readRouteAnswer(base::Bytes payload);

}  // namespace mif::wire::rtnetlink
