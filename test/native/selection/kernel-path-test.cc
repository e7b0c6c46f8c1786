// SPDX-License-Identifier: MIT
// What the kernel does, rule by rule, on hosts small enough to see why. That it does so is what test/selection asks it.
#include "selection/kernel-path.h"

#include <string>

#include "selection/host.h"
#include "table/records.h"
#include "test.h"

namespace {

using mif::contract::Change;
using mif::contract::RouteType;
using mif::contract::RuleAction;
using mif::selection::Flow;
using namespace mif::test;

Change ofType(RouteType type, Change change) {
  change.route.type = type;
  return change;
}

Change marked(std::uint32_t flags, Change change) {
  change.route.flags = flags;
  return change;
}

Change doing(RuleAction action, Change change) {
  change.rule.action = action;
  return change;
}

Flow through(std::uint32_t device, Flow flow) {
  flow.device = device;
  return flow;
}

Flow sentBy(std::string_view source, Flow flow) {
  flow.source = mif::address::IpAddress::parse(source);
  return flow;
}

Flow to(std::string_view destination) {
  return SelectionHost::flowTo(destination);
}

// Two uplinks, the first preferred.
class TwoUplinks : public SelectionHost {
 public:
  TwoUplinks() {
    with({link(2, "a"), link(3, "b"), address("10.1.0.1/24", 2), address("10.2.0.1/24", 3),
          address("2001:db8:1::1/64", 2), address("2001:db8:2::1/64", 3), route("10.1.0.0/24", 2),
          route("10.2.0.0/24", 3), metric(10, route("0.0.0.0/0", 2, "10.1.0.254")),
          metric(20, route("0.0.0.0/0", 3, "10.2.0.254")), metric(1024, route("::/0", 2, "fe80::a")),
          metric(2048, route("::/0", 3, "fe80::b"))});
  }
};

}  // namespace

MIF_TEST("selection: the longest prefix leads, then the lowest metric, then who came first (D7, D8)") {
  TwoUplinks host;
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 2 from 10.1.0.1 by 10.1.0.254, table 254");
  MIF_CHECK_EQUAL(host.query("10.2.0.9"), "dev 3 from 10.2.0.1, table 254");
  host.with({metric(5, route("0.0.0.0/0", 3, "10.2.0.253"))});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 3 from 10.2.0.1 by 10.2.0.253, table 254");
  host.with({route("203.0.0.0/16", 2), placed(mif::contract::Placement::kAppend, route("203.0.0.0/16", 3))});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 2 from 10.1.0.1, table 254");
}

MIF_TEST("selection: a route for a type of service is only for that (D8)") {
  TwoUplinks host;
  host.with({tos(0x10, metric(99, route("203.0.113.0/24", 3, "10.2.0.253")))});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 2 from 10.1.0.1 by 10.1.0.254, table 254");
  Flow flow = to("203.0.113.1");
  flow.trafficClass = 0x10;
  MIF_CHECK_EQUAL(host.query(flow), "dev 3 from 10.2.0.1 by 10.2.0.253, table 254");
}

MIF_TEST("selection: blackhole, unreachable and prohibit are answers, throw goes back to the rules (D17)") {
  TwoUplinks host;
  host.with({ofType(RouteType::kBlackhole, route("10.50.1.0/24", 0)),
             ofType(RouteType::kUnreachable, route("10.50.2.0/24", 0)),
             ofType(RouteType::kProhibit, route("10.50.3.0/24", 0)),
             inTable(100, ofType(RouteType::kThrow, route("10.50.0.0/16", 0))),
             inTable(100, route("10.0.0.0/8", 3, "10.2.0.9")), rule(50, 100)});
  MIF_CHECK_EQUAL(host.query("10.50.1.1"), "blackholed");
  MIF_CHECK_EQUAL(host.query("10.50.2.1"), "unreachable");
  MIF_CHECK_EQUAL(host.query("10.50.3.1"), "prohibited");
  MIF_CHECK_EQUAL(host.query("10.50.9.1"), "dev 2 from 10.1.0.1 by 10.1.0.254, table 254");
  MIF_CHECK_EQUAL(host.query("10.51.9.1"), "dev 3 from 10.2.0.1 by 10.2.0.9, table 100");
}

MIF_TEST("selection: a dead hop is passed over, and so is a route of dead hops (B3)") {
  TwoUplinks host;
  host.with({marked(mif::contract::NexthopFlag::kDead, route("203.0.113.0/24", 3, "10.2.0.253"))});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 2 from 10.1.0.1 by 10.1.0.254, table 254");
  // Without carrier alone it is used, as the kernel does by default.
  host.with({marked(mif::contract::NexthopFlag::kLinkdown, route("203.0.114.0/24", 3, "10.2.0.253"))});
  MIF_CHECK_EQUAL(host.query("203.0.114.1"), "dev 3 from 10.2.0.1 by 10.2.0.253, table 254");
}

MIF_TEST("selection: of a multipath route the first hop that will do, and how many would (D12)") {
  TwoUplinks host;
  Change several = multipath("203.0.113.0/24", 3, {"10.2.0.5", "10.2.0.6", "10.2.0.7"});
  several.route.hops[0].flags = mif::contract::NexthopFlag::kDead;
  host.with({several});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 3 from 10.2.0.1 by 10.2.0.6, table 254, 2 ways");
}

MIF_TEST("selection: routes of a nexthop object use its hops, and end the look at their prefix (D12, D24)") {
  TwoUplinks host;
  Change byObject = route("203.0.113.0/24", 0);
  byObject.route.index.reset();
  byObject.route.nexthopId = 7;
  host.with({nexthop(7, 3), byObject, metric(50, route("203.0.113.0/24", 2, "10.1.0.9"))});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 3 from 10.2.0.1, table 254");
  // Bound elsewhere: not the other route of the prefix, but the default route.
  MIF_CHECK_EQUAL(host.query(through(2, to("203.0.113.1"))), "dev 2 from 10.1.0.1 by 10.1.0.254, table 254");
  host.with({removal(nexthop(7, 3))});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 2 from 10.1.0.1 by 10.1.0.254, table 254, doubts 64");
}

MIF_TEST("selection: of equal default routes the kernel may have found one dead, which is a doubt") {
  SelectionHost host;
  host.with({link(2, "a"), address("10.1.0.1/24", 2), route("0.0.0.0/0", 2, "10.1.0.253"),
             placed(mif::contract::Placement::kAppend, route("0.0.0.0/0", 2, "10.1.0.254"))});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 2 from 10.1.0.1 by 10.1.0.253, table 254, doubts 8");
}

MIF_TEST("selection: a socket bound to a device without a route looks for the destination on the link (F3)") {
  TwoUplinks host;
  host.with({removal(metric(20, route("0.0.0.0/0", 3, "10.2.0.254")))});
  MIF_CHECK_EQUAL(host.query(through(3, to("203.0.113.1"))), "dev 3 from 10.2.0.1, assumed on link");
  MIF_CHECK_EQUAL(host.query(through(9, to("203.0.113.1"))), "no interface");
  // IPv6 does not.
  host.with({removal(metric(2048, route("::/0", 3, "fe80::b")))});
  MIF_CHECK_EQUAL(host.query(through(3, to("2001:db8:9::1"))), "no route");
}

MIF_TEST("selection: a bound path wants a real route and a source of the interface (F3, F7, SAS-12)") {
  TwoUplinks host;
  MIF_CHECK_EQUAL(host.bind(through(3, to("203.0.113.1"))), "dev 3 from 10.2.0.1 by 10.2.0.254, table 254");
  MIF_CHECK_EQUAL(host.bind(sentBy("10.1.0.1", through(3, to("203.0.113.1")))), "source not local");
  MIF_CHECK_EQUAL(host.bind(through(3, to("2001:db8:9::1")), {"2001:db8:1::1"}), "no source");
  host.with({removal(metric(20, route("0.0.0.0/0", 3, "10.2.0.254")))});
  MIF_CHECK_EQUAL(host.bind(through(3, to("203.0.113.1"))), "no route");
}

MIF_TEST("selection: a bound path leads to no address of this host but those of its own interface (F6)") {
  TwoUplinks host;
  host.with({inTable(255, ofType(RouteType::kLocal, route("10.1.0.1/32", 2))),
             inTable(255, ofType(RouteType::kLocal, route("127.0.0.0/8", 1))),
             inTable(255, ofType(RouteType::kLocal, route("2001:db8:1::1/128", 2)))});
  MIF_CHECK_EQUAL(host.bind(through(3, to("10.1.0.1"))), "own address");
  MIF_CHECK_EQUAL(host.bind(through(3, to("127.0.0.1"))), "own address");
  MIF_CHECK_EQUAL(host.bind(through(3, to("2001:db8:1::1"))), "own address");
  MIF_CHECK_EQUAL(host.bind(through(2, to("10.1.0.1"))), "dev 1 local from 10.1.0.1, table 255");
}

MIF_TEST("selection: rules by source hold for the source that the first answer leads to (F11)") {
  TwoUplinks host;
  Change bySource = rule(100, 100);
  bySource.rule.source = prefix("10.1.0.0/24");
  host.with({bySource, inTable(100, route("0.0.0.0/0", 3, "10.2.0.9"))});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 2 from 10.1.0.1 by 10.1.0.254, table 254");
  MIF_CHECK_EQUAL(host.connect("203.0.113.1"), "dev 3 from 10.1.0.1 by 10.2.0.9, table 100");
  MIF_CHECK_EQUAL(host.query(sentBy("10.9.9.9", to("203.0.113.1"))), "source not local");
}

MIF_TEST("selection: each selector of a rule keeps other traffic out (E2, E3)") {
  const auto isAsked = [](void (*select)(mif::contract::Rule&), const Flow& flow) {
    TwoUplinks host;
    Change change = rule(100, 100);
    select(change.rule);
    host.with({change, inTable(100, route("0.0.0.0/0", 3, "10.2.0.9"))});
    return host.query(flow) == "dev 3 from 10.2.0.1 by 10.2.0.9, table 100";
  };
  Flow flow = to("203.0.113.1");
  flow.mark = 0x12;
  flow.uid = 1000;
  flow.trafficClass = 0x10;
  flow.protocol = 6;
  flow.sourcePort = 1500;
  flow.destinationPort = 443;
  using mif::contract::Rule;
  MIF_CHECK(isAsked([](Rule& r) { r.mark = 0x12; }, flow));
  MIF_CHECK(isAsked([](Rule& r) { r.mark = 0x10, r.markMask = 0xf0; }, flow));
  MIF_CHECK(!isAsked([](Rule& r) { r.mark = 0x13; }, flow));
  MIF_CHECK(isAsked([](Rule& r) { r.uidFirst = 1000, r.uidLast = 2000; }, flow));
  MIF_CHECK(!isAsked([](Rule& r) { r.uidFirst = 0, r.uidLast = 999; }, flow));
  MIF_CHECK(isAsked([](Rule& r) { r.tos = 0x10; }, flow));
  MIF_CHECK(!isAsked([](Rule& r) { r.tos = 0x08; }, flow));
  MIF_CHECK(isAsked([](Rule& r) { r.dscp = 4; }, flow));
  MIF_CHECK(!isAsked([](Rule& r) { r.dscp = 5; }, flow));
  MIF_CHECK(isAsked([](Rule& r) { r.ipProtocol = 6; }, flow));
  MIF_CHECK(!isAsked([](Rule& r) { r.ipProtocol = 17; }, flow));
  MIF_CHECK(isAsked([](Rule& r) { r.sourcePortFirst = 1000, r.sourcePortLast = 1500; }, flow));
  MIF_CHECK(!isAsked([](Rule& r) { r.sourcePortFirst = 1000, r.sourcePortLast = 1499; }, flow));
  MIF_CHECK(isAsked([](Rule& r) { r.destinationPortFirst = 443, r.destinationPortLast = 443; }, flow));
  MIF_CHECK(!isAsked([](Rule& r) { r.destinationPortFirst = 444, r.destinationPortLast = 500; }, flow));
  MIF_CHECK(isAsked([](Rule& r) { r.destination = prefix("203.0.113.0/24"); }, flow));
  MIF_CHECK(!isAsked([](Rule& r) { r.destination = prefix("203.0.114.0/24"); }, flow));
  MIF_CHECK(!isAsked([](Rule& r) { r.source = prefix("10.2.0.0/24"); }, flow));
  MIF_CHECK(isAsked([](Rule& r) { r.inputInterface = "lo"; }, flow));
  MIF_CHECK(!isAsked([](Rule& r) { r.inputInterface = "a"; }, flow));
  MIF_CHECK(!isAsked([](Rule& r) { r.outputInterface = "b"; }, flow));
  MIF_CHECK(isAsked([](Rule& r) { r.outputInterface = "b"; }, through(3, flow)));
  MIF_CHECK(!isAsked([](Rule& r) { r.tunnelId = 7; }, flow));
  MIF_CHECK(!isAsked([](Rule& r) { r.isL3mdev = true; }, flow));
  MIF_CHECK(isAsked([](Rule& r) { r.mark = 0x13, r.flags = mif::contract::RuleFlag::kInvert; }, flow));
  MIF_CHECK(!isAsked([](Rule& r) { r.mark = 0x12, r.flags = mif::contract::RuleFlag::kInvert; }, flow));
}

MIF_TEST("selection: a rule with a selector that is not known makes the answer approximate (E2)") {
  TwoUplinks host;
  Change strange = rule(100, 100);
  strange.rule.unknownAttributes = 1;
  host.with({strange, inTable(100, route("0.0.0.0/0", 3, "10.2.0.9"))});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 2 from 10.1.0.1 by 10.1.0.254, table 254, doubts 2");
}

MIF_TEST("selection: rules jump, pass, refuse, and suppress short prefixes and groups of interfaces (E1)") {
  TwoUplinks host;
  Change jump = doing(RuleAction::kGoto, rule(10, 0));
  jump.rule.gotoPriority = 200;
  host.with({jump, doing(RuleAction::kBlackhole, rule(100, 0)), doing(RuleAction::kNop, rule(200, 0))});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 2 from 10.1.0.1 by 10.1.0.254, table 254");
  Change unresolved = jump;
  unresolved.rule.flags = mif::contract::RuleFlag::kUnresolved;
  host.with({removal(jump), unresolved});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "blackholed");

  TwoUplinks suppressing;
  Change noDefault = rule(50, 254);
  noDefault.rule.suppressPrefixLength = 0;
  suppressing.with({noDefault, rule(60, 100), inTable(100, route("0.0.0.0/0", 3, "10.2.0.9"))});
  MIF_CHECK_EQUAL(suppressing.query("203.0.113.1"), "dev 3 from 10.2.0.1 by 10.2.0.9, table 100");
  MIF_CHECK_EQUAL(suppressing.query("10.1.0.77"), "dev 2 from 10.1.0.1, table 254");
  Change grouped = link(2, "a");
  grouped.interface.group = 3;
  Change noGroup = rule(40, 254);
  noGroup.rule.suppressGroup = 3;
  suppressing.with({grouped, noGroup, removal(noDefault)});
  MIF_CHECK_EQUAL(suppressing.query("203.0.113.1"), "dev 3 from 10.2.0.1 by 10.2.0.9, table 100");
}

MIF_TEST(
    "selection: a rule that suppresses a group of interfaces asks the first hop of a route, not the one taken (E1)") {
  TwoUplinks host;
  Change grouped = link(3, "b");
  grouped.interface.group = 3;
  Change noGroup = rule(40, 100);
  noGroup.rule.suppressGroup = 3;
  Change several = inTable(100, multipath("203.0.113.0/24", 3, {"10.1.0.7", "10.2.0.7"}));
  several.route.hops[0].index = 2;
  host.with({grouped, noGroup, several});
  MIF_CHECK_EQUAL(host.query(through(3, to("203.0.113.1"))), "dev 3 from 10.2.0.1 by 10.2.0.7, table 100");
}

MIF_TEST("selection: local destinations stay, broadcasts and multicasts have no router") {
  TwoUplinks host;
  Change own = inTable(255, ofType(RouteType::kLocal, route("10.1.0.1/32", 2)));
  Change broadcast = inTable(255, ofType(RouteType::kBroadcast, route("10.1.0.255/32", 2)));
  host.with({own, broadcast});
  MIF_CHECK_EQUAL(host.query("10.1.0.1"), "dev 1 local from 10.1.0.1, table 255");
  MIF_CHECK_EQUAL(host.query("10.1.0.255"), "dev 2 broadcast from 10.1.0.1, table 255");
  MIF_CHECK_EQUAL(host.query("255.255.255.255"), "dev 2 broadcast from 10.1.0.1, table 254");
  MIF_CHECK_EQUAL(host.query("224.1.1.1"), "dev 2 multicast from 10.1.0.1, table 254");
  MIF_CHECK_EQUAL(host.query("0.0.0.0"), "dev 1 local from 127.0.0.1");
  MIF_CHECK_EQUAL(host.query(sentBy("127.0.0.1", through(2, to("203.0.113.1")))), "source not local");
}

MIF_TEST("selection: with its first rules alone a namespace may keep two tables as one, which is a doubt") {
  TwoUplinks host;
  host.with({inTable(255, ofType(RouteType::kLocal, route("127.0.0.0/8", 1))), route("127.5.0.0/16", 2)});
  MIF_CHECK_EQUAL(host.query("127.1.0.1"), "dev 1 local from 127.1.0.1, table 255");
  MIF_CHECK_EQUAL(host.query("127.5.0.1"), "dev 1 local from 127.5.0.1, table 255, doubts 16");
  host.with({doing(RuleAction::kNop, rule(500, 0))});
  MIF_CHECK_EQUAL(host.query("127.5.0.1"), "dev 1 local from 127.5.0.1, table 255");
}

MIF_TEST("selection: IPv6 prefers routers by RFC 4191 and passes over those that do not answer (D18, SAS-25)") {
  SelectionHost host;
  const auto preferred = [](mif::contract::RouterPreference preference, Change change) {
    change.route.preference = preference;
    change.route.protocol = mif::contract::RouteProtocol::kRa;
    return change;
  };
  using mif::contract::RouterPreference;
  host.with({link(2, "a"), link(3, "b"), address("2001:db8:1::1/64", 2), address("2001:db8:2::1/64", 3),
             preferred(RouterPreference::kLow, metric(1024, route("::/0", 2, "fe80::a"))),
             preferred(RouterPreference::kHigh, metric(1024, route("::/0", 3, "fe80::b")))});
  MIF_CHECK_EQUAL(host.query("2001:db8:9::1"), "dev 3 from 2001:db8:2::1 by fe80::b, table 254");
  Change failed = neighbour("fe80::b", 3);
  failed.neighbour.state = mif::contract::NeighbourState::kFailed;
  host.with({failed});
  MIF_CHECK_EQUAL(host.query("2001:db8:9::1"), "dev 2 from 2001:db8:1::1 by fe80::a, table 254");
  Change other = neighbour("fe80::a", 2);
  other.neighbour.state = mif::contract::NeighbourState::kFailed;
  host.with({other});
  // Nobody answers: the preference decides again.
  MIF_CHECK_EQUAL(host.query("2001:db8:9::1"), "dev 3 from 2001:db8:2::1 by fe80::b, table 254");
}

MIF_TEST("selection: IPv6 routes for a source hide those for any, but for ::/0 (D14, D23)") {
  TwoUplinks host;
  host.with({metric(1024, route("2001:db8:50::/48", 2, "fe80::c")),
             metric(1024, from("2001:db8:2::/64", route("2001:db8:50::/48", 3, "fe80::d")))});
  MIF_CHECK_EQUAL(host.query(sentBy("2001:db8:2::1", to("2001:db8:50::1"))),
                  "dev 3 from 2001:db8:2::1 by fe80::d, table 254");
  MIF_CHECK_EQUAL(host.query("2001:db8:50::1"), "dev 2 from 2001:db8:1::1 by fe80::a, table 254");
  host.with({metric(1, from("2001:db8:2::/64", route("::/0", 3, "fe80::e")))});
  MIF_CHECK_EQUAL(host.query("2001:db8:9::1"), "dev 2 from 2001:db8:1::1 by fe80::a, table 254");
  MIF_CHECK_EQUAL(host.query(sentBy("2001:db8:2::1", to("2001:db8:9::1"))),
                  "dev 3 from 2001:db8:2::1 by fe80::e, table 254");
}

MIF_TEST("selection: where only routes for sources lead, connect() finds a source first (D14)") {
  SelectionHost host;
  host.with({link(2, "a"), address("2001:db8:1::1/64", 2),
             metric(1024, from("2001:db8:1::/64", route("::/0", 2, "fe80::a")))});
  MIF_CHECK_EQUAL(host.query("2001:db8:9::1"), "no route");
  MIF_CHECK_EQUAL(host.connect("2001:db8:9::1"), "dev 2 from 2001:db8:1::1 by fe80::a, table 254");
}

MIF_TEST("selection: what exists on each link needs an interface (F8, SAS-39)") {
  TwoUplinks host;
  host.with({metric(256, route("fe80::/64", 2)), metric(256, route("fe80::/64", 3)), address("fe80::1/64", 2),
             address("fe80::2/64", 3)});
  MIF_CHECK_EQUAL(host.connect("fe80::5"), "scope required");
  MIF_CHECK_EQUAL(host.connect("ff02::1"), "scope required");
  MIF_CHECK_EQUAL(host.connect(through(3, to("fe80::5"))), "dev 3 from fe80::2, table 254");
}

MIF_TEST("selection: a change of any table is seen by the next question") {
  TwoUplinks host;
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 2 from 10.1.0.1 by 10.1.0.254, table 254");
  host.with({removal(address("10.1.0.1/24", 2)), address("10.1.0.2/24", 2)});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 2 from 10.1.0.2 by 10.1.0.254, table 254");
  host.with({rule(50, 100), inTable(100, route("0.0.0.0/0", 3, "10.2.0.9"))});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 3 from 10.2.0.1 by 10.2.0.9, table 100");
  host.with({removal(inTable(100, route("0.0.0.0/0", 3, "10.2.0.9")))});
  MIF_CHECK_EQUAL(host.query("203.0.113.1"), "dev 2 from 10.1.0.2 by 10.1.0.254, table 254");
}

MIF_TEST("selection: an account of it names each rule and route that was looked at, and why it was not taken") {
  TwoUplinks host;
  Change byMark = rule(50, 100);
  byMark.rule.mark = 7;
  host.with({byMark, marked(mif::contract::NexthopFlag::kDead, metric(1, route("203.0.113.0/24", 3, "10.2.0.253")))});
  // Codes of contract::RuleFinding: asked, another mark, asked.
  MIF_CHECK_EQUAL(host.rulesAsked(to("203.0.113.1")), "0 0; 50 9; 32766 0; ");
  // Codes of contract::RouteFinding: dead, then chosen.
  MIF_CHECK_EQUAL(host.routesAsked(to("203.0.113.1")), "metric 1 6; metric 10 0; ");
}
