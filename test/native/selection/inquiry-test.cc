// SPDX-License-Identifier: MIT
// What is asked of the kernel, and what its answers come to: by a kernel that says what it is told to.
#include "selection/inquiry.h"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "selection/selector.h"
#include "table/records.h"
#include "table/tables.h"
#include "test.h"

namespace {

using mif::address::IpAddress;
using mif::contract::RouteAnswer;
using mif::contract::RouteQuestion;
using mif::contract::RouteRefusal;
using mif::contract::RouteType;
using mif::contract::Verdict;
using mif::selection::Decision;
using mif::selection::Flow;
using mif::selection::Inquiry;
using mif::selection::Inventory;
using namespace mif::test;

// Gives its answers one after the other, the last one for ever, and remembers what it was asked.
struct ToldKernel {
  std::vector<RouteAnswer> answers;
  std::vector<RouteQuestion> asked = {};

  mif::base::Result<RouteAnswer> operator()(const RouteQuestion& question) {
    asked.push_back(question);
    return answers[std::min(asked.size(), answers.size()) - 1];
  }
};

Inventory twoUplinks() {
  mif::table::Tables tables;
  tables.apply(link(2, "a0"));
  tables.apply(link(3, "b0"));
  tables.apply(address("10.1.0.1/24", 2));
  tables.apply(address("2001:db8:1::1/64", 2));
  tables.apply(address("2001:db8:2::1/64", 3));
  return Inventory(tables);
}

RouteAnswer way(std::uint32_t index, std::string_view source, std::uint32_t table = 254) {
  RouteAnswer answer;
  answer.type = RouteType::kUnicast;
  answer.index = index;
  answer.table = table;
  answer.source = IpAddress::parse(source);
  return answer;
}

RouteAnswer refusal(RouteRefusal refusal) {
  RouteAnswer answer;
  answer.refusal = refusal;
  return answer;
}

Inquiry about(std::string_view destination) {
  Inquiry inquiry;
  inquiry.flow.destination = IpAddress::parse(destination);
  inquiry.expected.verdict = Verdict::kPath;
  return inquiry;
}

Decision decide(const Inquiry& inquiry, ToldKernel& kernel) {
  const auto decision = mif::selection::inquire(inquiry, twoUplinks(), std::ref(kernel));
  MIF_CHECK(decision.ok());
  return decision.ok() ? decision.value() : Decision();
}

Verdict verdictOf(RouteRefusal said, Verdict expected) {
  Inquiry inquiry = about("198.51.100.1");
  inquiry.expected.verdict = expected;
  ToldKernel kernel{{refusal(said)}};
  return decide(inquiry, kernel).verdict;
}

MIF_TEST("selection/inquiry: the tables tell apart what the kernel has one number for, and overrule nothing (D17)") {
  MIF_CHECK(verdictOf(RouteRefusal::kNoRoute, Verdict::kPath) == Verdict::kNoRoute);
  MIF_CHECK(verdictOf(RouteRefusal::kNoRoute, Verdict::kUnreachable) == Verdict::kUnreachable);
  MIF_CHECK(verdictOf(RouteRefusal::kNoRoute, Verdict::kProhibited) == Verdict::kNoRoute);
  MIF_CHECK(verdictOf(RouteRefusal::kUnreachable, Verdict::kNoRoute) == Verdict::kUnreachable);
  MIF_CHECK(verdictOf(RouteRefusal::kProhibited, Verdict::kPath) == Verdict::kProhibited);
  MIF_CHECK(verdictOf(RouteRefusal::kInvalid, Verdict::kPath) == Verdict::kBlackholed);
  MIF_CHECK(verdictOf(RouteRefusal::kInvalid, Verdict::kSourceNotLocal) == Verdict::kSourceNotLocal);
  MIF_CHECK(verdictOf(RouteRefusal::kNoDevice, Verdict::kPath) == Verdict::kInterfaceNotFound);
}

MIF_TEST("selection/inquiry: what is decided is not asked") {
  Inquiry inquiry = about("fe80::1");
  inquiry.expected.verdict = Verdict::kScopeRequired;
  inquiry.isDecided = true;
  ToldKernel kernel{{way(2, "")}};
  MIF_CHECK(decide(inquiry, kernel).verdict == Verdict::kScopeRequired);
  MIF_CHECK(kernel.asked.empty());
}

MIF_TEST("selection/inquiry: where the source matters the kernel is asked again with it, and the last answer counts") {
  Inquiry inquiry = about("198.51.100.1");
  ToldKernel once{{way(2, "10.1.0.1"), way(3, "", 100)}};
  MIF_CHECK_EQUAL(decide(inquiry, once).index, std::optional<std::uint32_t>(2));
  MIF_CHECK_EQUAL(once.asked.size(), 1u);
  inquiry.mindsSource = true;
  ToldKernel twice{{way(2, "10.1.0.1"), way(3, "", 100)}};
  const Decision second = decide(inquiry, twice);
  MIF_CHECK_EQUAL(twice.asked.size(), 2u);
  MIF_CHECK_EQUAL(twice.asked[1].source.text(), std::string("10.1.0.1"));
  MIF_CHECK_EQUAL(second.index, std::optional<std::uint32_t>(3));
  MIF_CHECK_EQUAL(second.source.text(), std::string("10.1.0.1"));
}

MIF_TEST(
    "selection/inquiry: what the kernel seeks on the link for want of a route is no way of one that is held (F3)") {
  Inquiry inquiry = about("198.51.100.1");
  inquiry.flow.device = 2;
  ToldKernel kernel{{way(2, "10.1.0.1", 0)}};
  MIF_CHECK(decide(inquiry, kernel).isAssumedOnLink);
  inquiry.isHeld = true;
  MIF_CHECK(decide(inquiry, kernel).verdict == Verdict::kNoRoute);
  inquiry.flow.destination = IpAddress::parse("224.0.0.5");
  MIF_CHECK(decide(inquiry, kernel).isPath());
}

MIF_TEST("selection/inquiry: nothing leads there from nowhere, but perhaps from an address of this host, of IPv6") {
  ToldKernel kernel{{refusal(RouteRefusal::kNoRoute), way(3, "2001:db8:1::1", 100)}};
  const Decision decision = decide(about("2001:db8:99::1"), kernel);
  MIF_REQUIRE(kernel.asked.size() == 2);
  MIF_CHECK(kernel.asked[1].source.isPresent());
  MIF_CHECK(decision.isPath() && decision.source == kernel.asked[1].source);
  ToldKernel sourceless{{way(3, "")}};
  MIF_CHECK(decide(about("2001:db8:99::1"), sourceless).verdict == Verdict::kNoSource);
}

MIF_TEST("selection/inquiry: of IPv6 an interface beside a source is but preferred, so it is asked for alone") {
  Inquiry inquiry = about("2001:db8:99::1");
  inquiry.isHeld = true;
  inquiry.flow.device = 3;
  inquiry.flow.source = IpAddress::parse("2001:db8:2::1");
  inquiry.expected.index = 3;
  ToldKernel kernel{{way(2, "2001:db8:1::1"), way(3, "2001:db8:2::1")}};
  const Decision decision = decide(inquiry, kernel);
  MIF_REQUIRE(kernel.asked.size() == 2);
  MIF_CHECK(!kernel.asked[1].source.isPresent() && kernel.asked[1].device == 3);
  MIF_CHECK_EQUAL(decision.index, std::optional<std::uint32_t>(3));
  MIF_CHECK(decision.source == inquiry.flow.source);
}

MIF_TEST("selection/inquiry: the MTU is that of the interface where the route has none") {
  ToldKernel kernel{{way(2, "10.1.0.1")}};
  const std::uint32_t ofLink = twoUplinks().device(2)->mtu;
  MIF_CHECK_EQUAL(decide(about("198.51.100.1"), kernel).mtu, ofLink);
  kernel.answers[0].mtu = 1280;
  MIF_CHECK_EQUAL(decide(about("198.51.100.1"), kernel).mtu, 1280u);
}

}  // namespace
