// SPDX-License-Identifier: MIT
#include "selection/destination-survey.h"

#include <string>
#include <string_view>
#include <vector>

#include "table/records.h"
#include "table/tables.h"
#include "test.h"

namespace {

using mif::address::IpAddress;
using mif::contract::Change;
using mif::contract::HardwareType;
using mif::contract::InterfaceFlag::kRunning;
using mif::selection::Carrier;
using mif::selection::DestinationRule;
using mif::selection::DestinationSurvey;
using mif::selection::Flow;
using mif::selection::PolicyTable;
using mif::selection::RankedDestination;
using mif::selection::Selector;
using mif::selection::SurveyedDestination;
using mif::table::Tables;
using namespace mif::test;

Change ofIpv6(Change change) {
  change.rule.family = 6;
  return change;
}

// Two interfaces with a prefix each: 2001:db8:2::/64 on the second, 2001:db8:3::/64 on the third.
void addLinks(Tables& tables, HardwareType third) {
  tables.indexDestinations();
  for (const std::uint32_t index : {2U, 3U}) {
    Change change = link(index, joined("eth", index));
    if (index == 3) change.interface.hardwareType = third;
    tables.apply(change);
    tables.apply(address(joined("2001:db8:", index, "::2/64"), index));
    tables.apply(route(joined("2001:db8:", index, "::/64"), index));
  }
  tables.apply(ofIpv6(rule(0, 255)));
  tables.apply(ofIpv6(rule(32766, 254)));
}

std::string sourceOf(const SurveyedDestination& destination) {
  return destination.source ? destination.source->address.text() : "none";
}

MIF_TEST("selection/destination-survey: what is reached through encapsulation comes after what is not (SAS-29)") {
  for (const HardwareType type : {HardwareType::kEther, HardwareType::kSit, HardwareType::kTunnel,
                                  HardwareType::kTunnel6, HardwareType::kGre, HardwareType::kGre6}) {
    Tables tables;
    addLinks(tables, type);
    Selector selector;
    const PolicyTable policy = PolicyTable::standard();
    DestinationSurvey survey(Flow{}, policy);
    for (const std::string_view text : {"2001:db8:3::1", "2001:db8:2::1"}) {
      survey.add(tables, selector, {IpAddress::parse(text), 0});
    }
    MIF_CHECK_EQUAL(sourceOf(survey.destinations()[0]), "2001:db8:3::2");
    MIF_CHECK_EQUAL(sourceOf(survey.destinations()[1]), "2001:db8:2::2");
    const std::vector<RankedDestination> ranked = survey.ordered();
    const bool isNative = type == HardwareType::kEther;
    MIF_CHECK_EQUAL(survey.destinations()[0].isEncapsulated, !isNative);
    MIF_CHECK_EQUAL(ranked[0].position, isNative ? 0U : 1U);
    MIF_CHECK(ranked[0].before == (isNative ? DestinationRule::kOriginal : DestinationRule::kNative));
  }
}

MIF_TEST("selection/destination-survey: the first carrier that reaches it, with none but its sources (SAS-32)") {
  Tables tables;
  addLinks(tables, HardwareType::kEther);
  tables.apply(address("2001:db8:3::3/64", 3));
  Selector selector;
  const PolicyTable policy = PolicyTable::standard();
  DestinationSurvey survey(Flow{}, policy);
  // Sources of the other family alone are no leave to use any.
  survey.addCarrier({3, {IpAddress::parse("192.0.2.1")}});
  survey.addCarrier({2, {}});
  survey.addCarrier({3, {IpAddress::parse("2001:db8:3::3")}});
  survey.add(tables, selector, {IpAddress::parse("2001:db8:3::1"), 0});
  survey.add(tables, selector, {IpAddress::parse("2001:db8:2::1"), 0});
  survey.add(tables, selector, {IpAddress::parse("2001:db8:2::1"), 3});
  survey.add(tables, selector, {IpAddress::parse("2001:db8:2::1"), 4});
  MIF_CHECK_EQUAL(survey.destinations()[0].carrier, 2U);
  MIF_CHECK_EQUAL(sourceOf(survey.destinations()[0]), "2001:db8:3::3");
  MIF_CHECK_EQUAL(survey.destinations()[1].carrier, 1U);
  MIF_CHECK_EQUAL(sourceOf(survey.destinations()[1]), "2001:db8:2::2");
  MIF_CHECK(!survey.destinations()[2].isReachable);
  MIF_CHECK_EQUAL(survey.destinations()[3].carrier, SurveyedDestination::kNoCarrier);
  MIF_CHECK_EQUAL(sourceOf(survey.destinations()[3]), "none");
}

MIF_TEST("selection/destination-survey: an interface that is not running reaches nobody, and has a source (SAS-29)") {
  Tables tables;
  addLinks(tables, HardwareType::kEther);
  Change change = link(3, "eth3");
  change.interface.flags &= ~kRunning;
  tables.apply(change);
  Selector selector;
  const PolicyTable policy = PolicyTable::standard();
  DestinationSurvey survey(Flow{}, policy);
  survey.add(tables, selector, {IpAddress::parse("2001:db8:3::1"), 0});
  MIF_CHECK(survey.destinations()[0].decision.isPath());
  MIF_CHECK(!survey.destinations()[0].isReachable);
  MIF_CHECK_EQUAL(sourceOf(survey.destinations()[0]), "2001:db8:3::2");
  MIF_CHECK_EQUAL(DestinationSurvey(Flow{}, policy).ordered().size(), 0U);
}

}  // namespace
