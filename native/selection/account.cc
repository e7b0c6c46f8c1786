// SPDX-License-Identifier: MIT
#include "selection/account.h"

#include <span>

#include "selection/network.h"
#include "selection/table-lookup.h"
#include "table/route-rows.h"

namespace mif::selection {

namespace {

template <typename Row>
contract::RouteAccount routeAccount(const Network& network, std::uint8_t family, const TracedRoute& traced) {
  const table::RouteLists<Row>& routes = network.routes<Row>();
  contract::RouteAccount account;
  account.finding = traced.finding;
  account.priority = network.inventory.rules(family)[traced.rule].priority;
  table::RouteRows::fill(*routes.rows().at(traced.route), routes.attributesAt(traced.route), account.route);
  const Way way = wayOf(account.route, traced.hop, network);
  if (way.device != 0) account.index = way.device;
  account.gateway = way.gateway;
  return account;
}

}  // namespace

contract::SelectionAccount accountOf(const table::Tables& tables, const Inventory* inventory, std::uint8_t family,
                                     const Decision& decision, const Trace& trace) {
  contract::SelectionAccount account;
  account.selection = decision;
  if (inventory == nullptr) return account;
  const Network network{tables, *inventory};
  const std::span<const contract::Rule> rules = inventory->rules(family);
  for (const TracedRule& traced : trace.rules) account.rules.push_back({traced.finding, rules[traced.rule]});
  for (const TracedRoute& traced : trace.routes) {
    account.routes.push_back(family == 4 ? routeAccount<table::Route4>(network, family, traced)
                                         : routeAccount<table::Route6>(network, family, traced));
  }
  for (const TracedSource& traced : trace.sources) {
    account.sources.push_back({traced.interface, traced.address, traced.rule});
  }
  return account;
}

}  // namespace mif::selection
