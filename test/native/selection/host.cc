// SPDX-License-Identifier: MIT
#include "selection/host.h"

#include <array>
#include <vector>

#include "table/records.h"

namespace mif::test {

namespace {

using contract::RouteType;
using contract::Verdict;

std::string verdictText(Verdict verdict) {
  constexpr std::array kTexts = {"no route",       "path",         "unreachable",    "prohibited",
                                 "blackholed",     "no interface", "interface down", "source not local",
                                 "source invalid", "no source",    "scope required", "own address"};
  return kTexts.at(static_cast<std::size_t>(verdict));
}

std::string textOf(const selection::Decision& decision) {
  if (!decision.isPath()) return verdictText(decision.verdict);
  std::string text = joined("dev ", decision.index.value_or(0));
  if (decision.type == RouteType::kLocal) text += " local";
  if (decision.type == RouteType::kBroadcast) text += " broadcast";
  if (decision.type == RouteType::kMulticast) text += " multicast";
  if (decision.source.isPresent()) text += " from " + decision.source.text();
  if (decision.gateway.isPresent()) text += " by " + decision.gateway.text();
  if (decision.table != 0) text += joined(", table ", decision.table);
  if (decision.ways > 1) text += joined(", ", unsigned{decision.ways}, " ways");
  if (decision.isAssumedOnLink) text += ", assumed on link";
  if (decision.doubts != 0) text += joined(", doubts ", decision.doubts);
  return text;
}

}  // namespace

contract::Change rule6(std::uint32_t priority, std::uint32_t table) {
  contract::Change change = rule(priority, table);
  change.rule.family = 6;
  return change;
}

SelectionHost::SelectionHost() {
  contract::Change lo = link(1, "lo");
  lo.interface.flags |= contract::InterfaceFlag::kLoopback;
  with({lo, rule(0, 255), rule(32766, 254), rule(32767, 253), rule6(0, 255), rule6(32766, 254)});
  tables_.indexDestinations();
}

SelectionHost& SelectionHost::with(std::initializer_list<contract::Change> changes) {
  for (const contract::Change& change : changes) tables_.apply(change);
  return *this;
}

std::string SelectionHost::query(const selection::Flow& flow) {
  return textOf(selector_.query(tables_, flow).decision);
}

std::string SelectionHost::connect(const selection::Flow& flow) {
  return textOf(selector_.connect(tables_, flow).decision);
}

std::string SelectionHost::bind(const selection::Flow& flow, std::initializer_list<std::string_view> sources) {
  std::vector<address::IpAddress> addresses;
  for (const std::string_view source : sources) addresses.push_back(address::IpAddress::parse(source));
  return textOf(selector_.bind(tables_, flow, {.sources = addresses}).decision);
}

std::string SelectionHost::rulesAsked(const selection::Flow& flow) {
  selection::Trace trace;
  (void)selector_.explainConnect(tables_, flow, trace);
  std::string text;
  for (const selection::TracedRule& traced : trace.rules) {
    const contract::Rule& asked = selector_.inventory()->rules(flow.family())[traced.rule];
    text += joined(asked.priority, " ", static_cast<std::uint32_t>(traced.finding), "; ");
  }
  return text;
}

std::string SelectionHost::routesAsked(const selection::Flow& flow) {
  selection::Trace trace;
  (void)selector_.explainConnect(tables_, flow, trace);
  std::string text;
  for (const selection::TracedRoute& traced : trace.routes) {
    const std::uint32_t metric = flow.family() == 4
                                     ? tables_.routes().lists<table::Route4>().rows().at(traced.route)->metric
                                     : tables_.routes().lists<table::Route6>().rows().at(traced.route)->metric;
    text += joined("metric ", metric, " ", static_cast<std::uint32_t>(traced.finding), "; ");
  }
  return text;
}

selection::Flow SelectionHost::flowTo(std::string_view destination) {
  selection::Flow flow;
  flow.destination = address::IpAddress::parse(destination);
  return flow;
}

}  // namespace mif::test
