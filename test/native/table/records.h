// SPDX-License-Identifier: MIT
// Changes as a decoder would make them, in one line each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "contract/change.h"
#include "table/view.h"

namespace mif::test {

// The parts one after the other: joined("10.0.", 7, ".0/24").
template <typename... Parts>
std::string joined(const Parts&... parts) {
  std::string text;
  const auto append = [&text](const auto& part) {
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(part)>>) {
      text += std::to_string(part);
    } else {
      text += part;
    }
  };
  (append(parts), ...);
  return text;
}

// "192.0.2.0/24" or "2001:db8::/32"; without a length, that of a single address.
address::Prefix prefix(std::string_view text);

// An interface that is up and has carrier.
contract::Change link(std::uint32_t index, std::string_view name);
// "192.0.2.1/24" on an interface.
contract::Change address(std::string_view text, std::uint32_t index);
// A unicast route of the main table, "192.0.2.0/24"; without a router, on link.
contract::Change route(std::string_view destination, std::uint32_t index, std::string_view gateway = "");
// The same by several routers on one interface.
contract::Change multipath(std::string_view destination, std::uint32_t index,
                           const std::vector<std::string_view>& gateways);
contract::Change nexthop(std::uint32_t id, std::uint32_t index);
contract::Change group(std::uint32_t id, const std::vector<std::uint32_t>& members);
// A rule of family 4 that looks up a table.
contract::Change rule(std::uint32_t priority, std::uint32_t table);
contract::Change neighbour(std::string_view text, std::uint32_t index);

// A route with another metric, type of service, source prefix or table.
contract::Change metric(std::uint32_t metric, contract::Change change);
contract::Change tos(std::uint8_t tos, contract::Change change);
contract::Change from(std::string_view source, contract::Change change);
contract::Change inTable(std::uint32_t table, contract::Change change);

contract::Change removal(contract::Change change);
contract::Change listed(contract::Change change);
contract::Change placed(contract::Placement placement, contract::Change change);

// Everything in a view, one line of text a record (record-text.h), sorted. Lifetimes count from 0.
std::vector<std::string> linesOf(const table::View& view);
// The routes among them, in the order of the kernel's list of `key`, which names destination, table, tos and metric.
std::vector<std::string> routesInOrder(const table::View& view, const contract::Route& key);

}  // namespace mif::test
