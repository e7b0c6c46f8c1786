// SPDX-License-Identifier: MIT
// The monitor and a real kernel: whatever happens, the mirror becomes what a fresh dump says.
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/unique-fd.h"
#include "kernel/open-source.h"
#include "kernel/private-namespace.h"
#include "kernel/waiter.h"
#include "monitor/registry.h"
#include "monitor/waiting-subscriber.h"
#include "table/records.h"
#include "test.h"

namespace {

using mif::contract::MonitorState;
using namespace mif::test;
using namespace std::chrono_literals;

// The first route to a destination in a view, if there is one.
std::optional<mif::contract::Route> routeTo(const mif::table::View& view, std::string_view destination) {
  const mif::address::Prefix wanted = prefix(destination);
  std::optional<mif::contract::Route> found;
  const auto visit = [&](mif::table::Position, const auto& row) {
    mif::contract::Route route;
    view.routes.fill(row, route);
    if (route.destination == wanted) found = route;
    return !found;
  };
  view.routes.v4.forEach(visit);
  view.routes.v6.forEach(visit);
  return found;
}

bool endsWithin(const mif::contract::Route& route, std::chrono::seconds left) {
  return route.lifetime != mif::base::kForever &&
         route.lifetime <= mif::base::now() + std::chrono::milliseconds(left).count();
}

std::uint32_t mtuOf(const mif::contract::Route& route) {
  for (const mif::contract::MetricValue& metric : route.metrics) {
    if (metric.metric == mif::contract::RouteMetric::kMtu) return metric.value;
  }
  return 0;
}

bool isDead(const mif::contract::Route& route) {
  return (route.flags & mif::contract::NexthopFlag::kDead) != 0;
}

// A monitor of the present namespace with one subscriber.
class Mirror {
 public:
  Mirror() {
    auto opened = mif::monitor::openMonitor(std::nullopt);
    MIF_CHECK(opened.ok());
    if (!opened) return;
    monitor_ = opened.take();
    begin();
  }
  explicit Mirror(std::shared_ptr<mif::monitor::Monitor> monitor) : monitor_(std::move(monitor)) { begin(); }
  ~Mirror() {
    if (monitor_ != nullptr) monitor_->unsubscribe(subscriber_);
  }
  Mirror(const Mirror&) = delete;
  Mirror& operator=(const Mirror&) = delete;

  mif::monitor::Monitor& operator*() { return *monitor_; }
  mif::monitor::Monitor* operator->() { return monitor_.get(); }
  mif::monitor::SharedView view() { return monitor_->view(subscriber_); }
  // Waits for the condition on the view.
  template <typename Condition>
  [[nodiscard]] bool becomes(Condition&& condition) {
    return subscriber_.waitUntil([&] { return condition(*view()); });
  }

  // The same on the first route to a destination.
  template <typename Condition>
  [[nodiscard]] bool routeBecomes(std::string_view destination, Condition&& condition) {
    return becomes([&](const mif::table::View& view) {
      const std::optional<mif::contract::Route> route = routeTo(view, destination);
      return route && condition(*route);
    });
  }

  // Fails the case unless the mirror is, or becomes by itself, what the kernel says.
  bool becomesTrue(const std::string& after) {
    std::vector<std::string> expected;
    std::vector<std::string> actual;
    const bool isTrue = subscriber_.waitUntil([&] {
      expected = truth();
      const mif::monitor::SharedView now = view();
      actual = comparableLines(*now);
      return now->isSynced && actual == expected;
    });
    if (!isTrue) fail(__FILE__, __LINE__, "after " + after + differenceOf(actual, expected));
    return isTrue;
  }

 private:
  void begin() {
    monitor_->subscribe(subscriber_, 0);
    MIF_CHECK(subscriber_.waitUntil([&] { return view()->isSynced; }));
  }

  WaitingSubscriber subscriber_;
  std::shared_ptr<mif::monitor::Monitor> monitor_;
};

// A monitor of the present namespace whose audits are a fraction of a second apart.
std::shared_ptr<mif::monitor::Monitor> auditingMonitor() {
  auto waiter = mif::kernel::openWaiter();
  MIF_CHECK(waiter.ok());
  if (!waiter) return nullptr;
  using std::chrono::milliseconds;
  constexpr mif::monitor::AuditPace kHurried{milliseconds(50), 1, milliseconds(1), milliseconds(50)};
  return std::make_shared<mif::monitor::Monitor>(
      waiter.take(), [] { return mif::kernel::openSource({1 << 20, 1 << 20}); }, false, kHurried);
}

// Until addresses are tentative no more and operational states have followed carriers: what is read again because of
// that would leave audits nothing to find.
void settle() {
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
}

// A setting of the calling thread's namespace, by its path below /proc/sys/net.
void set(const std::string& setting, const std::string& value) {
  std::ofstream file("/proc/sys/net/" + setting);
  file << value << std::flush;
  MIF_CHECK(file.good());
}

// Sends a router advertisement that has no prefix and no other option to all nodes on the link of an interface.
void advertiseRouter(const char* interface, std::chrono::seconds lifetime) {
  const mif::base::UniqueFd socket(::socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6));
  MIF_REQUIRE(socket.get() >= 0);
  const int index = static_cast<int>(::if_nametoindex(interface));
  // Less says that a router had forwarded it, and it is ignored.
  const int hops = 255;
  MIF_CHECK(::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops) == 0);
  MIF_CHECK(::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index) == 0);
  nd_router_advert message{};
  message.nd_ra_type = ND_ROUTER_ADVERT;
  message.nd_ra_router_lifetime = htons(static_cast<std::uint16_t>(lifetime.count()));
  sockaddr_in6 everybody{};
  everybody.sin6_family = AF_INET6;
  everybody.sin6_scope_id = static_cast<std::uint32_t>(index);
  MIF_CHECK(::inet_pton(AF_INET6, "ff02::1", &everybody.sin6_addr) == 1);
  const ssize_t sent = ::sendto(socket.get(), &message, sizeof message, 0,
                                reinterpret_cast<const sockaddr*>(&everybody), sizeof everybody);
  MIF_CHECK_EQUAL(sent, static_cast<ssize_t>(sizeof message));
}

const char* const kTwoLinks =
    "link add a0 type veth peer name a1\n"
    "link add b0 type veth peer name b1\n"
    "link set a0 up\nlink set a1 up\nlink set b0 up\nlink set b1 up\n"
    "addr add 192.0.2.1/24 dev a0\naddr add 198.51.100.1/24 dev b0\n"
    "addr add 2001:db8:a::1/64 dev a0 nodad\naddr add 2001:db8:b::1/64 dev b0 nodad\n";

// Sets up, lets the mirror follow, does what is tested, and compares.
void follows(const std::string& before, const std::string& commands) {
  const bool isPrivileged = inPrivateNamespace([&] {
    ip(kTwoLinks + before);
    Mirror mirror;
    if (!mirror.becomesTrue("the beginning")) return;
    const auto resyncs = mirror->stats().resyncs;
    ip(commands);
    mirror.becomesTrue(commands);
    MIF_CHECK_EQUAL(mirror->stats().resyncs, resyncs);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

class RandomCommands {
 public:
  explicit RandomCommands(std::uint32_t seed) : random_(seed) {}

  std::string next() {
    const std::string device = deviceName();
    const std::string octet = std::to_string(below(4));
    switch (below(22)) {
      case 0:
        return "link set " + device + " down";
      case 1:
      case 2:
        return "link set " + device + " up";
      case 3:
        return "link set " + device + joined(" mtu ", 1400 + below(4));
      case 4:
        return below(2) == 0 ? "link add " + device + " type bridge" : "link add " + device + " type veth";
      case 5:
        return below(3) == 0 ? "link del " + device : "link set " + device + " up";
      case 6:
        return joined("addr ", addOrDel(), " 203.0.113.", octet, "/24 dev ", device);
      case 7:
        return joined("addr ", addOrDel(), " 2001:db8:c::", octet, "/64 dev ", device, " nodad");
      case 8:
      case 9:
        return joined("route ", verb(), " 10.0.", octet, ".0/24 ", via(), metric());
      case 10:
        return joined("route ", verb(), " 10.0.", octet, ".0/24 dev ", device, metric());
      case 11:
      case 12:
        return joined("route ", verb(), " 2001:db8:d", octet, "::/48 ", via6(), metric());
      case 13:
        return joined("route ", verb(), " 2001:db8:d", octet, "::/48 dev ", device, metric());
      case 14:
        return joined("route ", verb(), " 10.1.", octet, ".0/24 nexthop ", via(), " nexthop ", via());
      case 15:
        return joined("route ", verb(), " 2001:db8:d", octet, "::/48 nexthop ", via6(), " nexthop ", via6());
      case 16:
        return joined("nexthop ", below(3) == 0 ? "del" : "replace", " id ", 1 + below(4), " ", via());
      case 17:
        return joined("nexthop replace id ", 10 + below(2), " group ", 1 + below(4), "/", 1 + below(4));
      case 18:
        return joined("route ", verb(), " 10.2.", octet, ".0/24 nhid ", below(2) == 0 ? 1 + below(4) : 10 + below(2));
      case 19:
        return joined("rule ", addOrDel(), " pref ", 100 + below(4), below(2) == 0 ? " goto 32766" : " iif " + device,
                      " table 7");
      case 20:
        return joined("rule ", addOrDel(), " pref ", 200 + below(2), " goto ", 100 + below(4));
      default:
        return joined("neigh ", below(2) == 0 ? "replace" : "del", " 192.0.2.", 50 + below(4),
                      " lladdr 02:00:00:00:00:01 dev a0 nud permanent");
    }
  }

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_()) % limit; }

 private:
  std::string deviceName() {
    static constexpr std::array<const char*, 6> kNames = {"a0", "b0", "c0", "d0", "a1", "lo"};
    return kNames[below(kNames.size())];
  }
  const char* addOrDel() { return below(2) == 0 ? "add" : "del"; }
  const char* verb() {
    static constexpr std::array<const char*, 6> kVerbs = {"add", "append", "prepend", "replace", "del", "change"};
    return kVerbs[below(kVerbs.size())];
  }
  std::string via() { return joined("via ", below(2) == 0 ? "192.0.2." : "198.51.100.", 100 + below(3)); }
  std::string via6() { return joined("via 2001:db8:", below(2) == 0 ? "a" : "b", "::", 100 + below(3)); }
  std::string metric() { return below(3) == 0 ? joined(" metric ", 10 + below(2)) : std::string(); }

  std::mt19937 random_;
};

}  // namespace

MIF_TEST("mirror: routes that a link loses when it goes down, and those that come back with it (D1)") {
  follows("route add 10.0.0.0/8 via 192.0.2.100\nroute add 10.1.0.0/16 dev a0\n", "link set a0 down");
}

MIF_TEST("mirror: routes of a link that is down and up again (D1)") {
  follows("route add 10.0.0.0/8 via 192.0.2.100\n", "link set a0 down\nlink set a0 up");
}

MIF_TEST("mirror: routes that go with the last IPv4 address of a link (D2)") {
  follows("route add 10.0.0.0/8 dev a0\n", "addr del 192.0.2.1/24 dev a0");
}

MIF_TEST("mirror: IPv4 routes that go with their nexthop object (D3)") {
  follows("nexthop add id 7 via 192.0.2.100 dev a0\nroute add 10.0.0.0/8 nhid 7\n", "nexthop del id 7");
}

MIF_TEST("mirror: nexthop objects that go with their link, and their routes (D3)") {
  follows("nexthop add id 7 via 192.0.2.100 dev a0\nroute add 10.0.0.0/8 nhid 7\n", "link set a0 down");
}

MIF_TEST("mirror: nexthop objects that go with the carrier of their link") {
  follows("nexthop add id 7 via 192.0.2.100 dev a0\nroute add 10.0.0.0/8 nhid 7\n", "link set a1 down");
}

MIF_TEST("mirror: a group that shrinks with a member, and the routes by it (D3, D12)") {
  follows(
      "nexthop add id 7 via 192.0.2.100 dev a0\nnexthop add id 8 via 198.51.100.100 dev b0\n"
      "nexthop add id 9 group 7/8\nroute add 10.0.0.0/8 nhid 9\n",
      "nexthop del id 8");
}

MIF_TEST("mirror: IPv6 routes that lose their preferred source with an address (D4)") {
  follows("route add 2001:db8:1::/48 via 2001:db8:a::2 src 2001:db8:b::1\n", "addr del 2001:db8:b::1/64 dev b0");
}

MIF_TEST("mirror: what goes with a link that is deleted (D5)") {
  follows("route add 10.0.0.0/8 via 192.0.2.100\n", "link del a0");
}

MIF_TEST("mirror: a replaced route among duplicates (D6, D8)") {
  follows(
      "route add 10.0.0.0/8 via 192.0.2.100\nroute append 10.0.0.0/8 via 192.0.2.101\n"
      "route append 10.0.0.0/8 via 198.51.100.100\n",
      "route replace 10.0.0.0/8 via 198.51.100.101\nroute del 10.0.0.0/8 via 192.0.2.101");
}

MIF_TEST("mirror: an IPv6 multipath route that gains and loses hops (D9)") {
  follows("route add 2001:db8:1::/48 via 2001:db8:a::2\n",
          "route append 2001:db8:1::/48 via 2001:db8:b::2\nroute append 2001:db8:1::/48 via 2001:db8:b::3\n"
          "route del 2001:db8:1::/48 via 2001:db8:a::2\nroute replace 2001:db8:1::/48 via 2001:db8:a::3");
}

MIF_TEST("mirror: a rule whose target goes (E1)") {
  follows("rule add pref 200 table 7\nrule add pref 100 goto 200\n", "rule del pref 200");
}

MIF_TEST("mirror: a rule whose interface comes, changes its name and goes") {
  follows("rule add pref 100 iif c0 table 7\n", "link add c0 type bridge");
  follows("rule add pref 100 iif a0 table 7\n", "link set a0 down\nlink set a0 name renamed");
  follows("rule add pref 100 oif a0 table 7\n", "link del a0");
}

MIF_TEST("mirror: links that join and leave a bridge (B14, E6)") {
  const char* const kBridge = "link add v0 type bridge\nlink set v0 up\nroute add 10.0.0.0/8 via 192.0.2.100\n";
  follows(kBridge, "link set a0 master v0");
  follows(std::string(kBridge) + "link set a0 master v0\n", "link set a0 nomaster");
}

MIF_TEST("mirror: a veth pair, whose first half is announced before there is a second (B6)") {
  follows("", "link add c0 type veth peer name d0");
}

MIF_TEST("mirror: a link that moves to another namespace, and its peer (B10)") {
  follows("netns add mif-n2-other\n", "link set a0 netns mif-n2-other");
  ip("netns del mif-n2-other");
}

MIF_TEST("mirror: an index that is used again (B9)") {
  follows("link add c0 index 1000 type bridge\n", "link del c0\nlink add d0 index 1000 type bridge\nlink set d0 up");
}

MIF_TEST("mirror: notifications lost again and again, with a buffer for a few of them (A1, A2, MIF-84)") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip(kTwoLinks);
    auto waiter = mif::kernel::openWaiter();
    MIF_REQUIRE(waiter.ok());
    const auto monitor = std::make_shared<mif::monitor::Monitor>(
        waiter.take(), [] { return mif::kernel::openSource({4096, 1 << 20}); }, false);
    Mirror mirror(monitor);
    RandomCommands commands(815);
    for (int round = 0; round < 10; ++round) {
      std::string batch;
      for (int n = 0; n < 300; ++n)
        batch += joined("route append 10.9.", n % 250, ".0/24 via 192.0.2.", 100 + n / 250, "\n");
      for (int n = 0; n < 10; ++n) batch += commands.next() + '\n';
      batch += "route flush root 10.9.0.0/16\n";
      tryIp(batch);
      if (!mirror.becomesTrue(joined("round ", round))) return;
    }
    MIF_CHECK(mirror->stats().source.overruns > 0);
    MIF_CHECK(mirror->stats().resyncs > 0);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("mirror: whatever happens, in any order, ends as a fresh dump has it (MIF-85)") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip(kTwoLinks);
    Mirror mirror;
    RandomCommands commands(4711);
    for (int round = 0; round < 60; ++round) {
      std::string batch;
      for (std::uint32_t n = 1 + commands.below(12); n > 0; --n) batch += commands.next() + '\n';
      tryIp(batch);
      if (!mirror.becomesTrue(joined("round ", round, ": ", batch))) return;
    }
    MIF_CHECK_EQUAL(mirror->stats().resyncs, 0u);
    MIF_CHECK_EQUAL(mirror->stats().source.malformed, 0u);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("mirror: whatever happens in the midst of audits ends as a fresh dump has it (MIF-85)") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip(kTwoLinks);
    Mirror mirror(auditingMonitor());
    RandomCommands commands(22);
    for (int round = 0; round < 60; ++round) {
      std::string batch;
      for (std::uint32_t n = 1 + commands.below(12); n > 0; --n) batch += commands.next() + '\n';
      tryIp(batch);
      if (!mirror.becomesTrue(joined("round ", round, ": ", batch))) return;
    }
    MIF_CHECK(mirror->stats().audits > 0);
    MIF_CHECK_EQUAL(mirror->stats().resyncs, 0u);
  });
  if (!isPrivileged) MIF_SKIP("a network namespace of its own takes CAP_SYS_ADMIN");
}

MIF_TEST("mirror: an IPv6 route that is appended again, which is refused, and has another lifetime and MTU (D22)") {
  const bool isPrivileged = inPrivateNamespace([] {
    constexpr std::string_view kDestination = "2001:db8:50::/64";
    ip(joined(kTwoLinks, "route add ", kDestination, " metric 5 via 2001:db8:a::4 dev a0 expires 900 mtu 1400\n"));
    settle();
    Mirror mirror(auditingMonitor());
    const auto is = [&](auto&& condition) { return mirror.routeBecomes(kDestination, condition); };
    using mif::contract::Route;
    MIF_REQUIRE(is([](const Route& route) { return endsWithin(route, 900s) && mtuOf(route) == 1400; }));
    tryIp(joined("route append ", kDestination, " metric 5 via 2001:db8:a::4 dev a0 expires 300 mtu 1300"));
    MIF_REQUIRE(is([](const Route& route) { return endsWithin(route, 300s) && mtuOf(route) == 1300; }));
    tryIp(joined("route prepend ", kDestination, " metric 5 via 2001:db8:a::4 dev a0"));
    MIF_CHECK(is([](const Route& route) { return route.lifetime == mif::base::kForever; }));
    MIF_CHECK(mirror->stats().corrections >= 2);
    MIF_CHECK_EQUAL(mirror->stats().resyncs, 0u);
    mirror.becomesTrue("all that");
  });
  if (!isPrivileged) MIF_SKIP("a network namespace of its own takes CAP_SYS_ADMIN");
}

MIF_TEST("mirror: routes of a link without carrier that a setting makes dead and alive again (B2)") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip(joined(kTwoLinks, "route add 10.0.0.0/8 via 192.0.2.100\nlink set a1 down\n"));
    settle();
    Mirror mirror(auditingMonitor());
    constexpr std::string_view kDestination = "10.0.0.0/8";
    const auto isAlive = [](const mif::contract::Route& route) { return !isDead(route); };
    MIF_REQUIRE(mirror.becomesTrue("the beginning") && mirror.routeBecomes(kDestination, isAlive));
    set("ipv4/conf/a0/ignore_routes_with_linkdown", "1");
    MIF_REQUIRE(mirror.routeBecomes(kDestination, isDead));
    set("ipv4/conf/a0/ignore_routes_with_linkdown", "0");
    MIF_CHECK(mirror.routeBecomes(kDestination, isAlive));
    MIF_CHECK(mirror->stats().corrections >= 2);
    MIF_CHECK_EQUAL(mirror->stats().resyncs, 0u);
  });
  if (!isPrivileged) MIF_SKIP("a network namespace of its own takes CAP_SYS_ADMIN");
}

MIF_TEST("mirror: a default route that a router advertisement without a prefix renews (D18)") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip(joined(kTwoLinks, "addr add fe80::a:1/64 dev a1 nodad\naddr add fe80::a:2/64 dev a0 nodad\n"));
    settle();
    Mirror mirror(auditingMonitor());
    const auto is = [&](auto&& condition) { return mirror.routeBecomes("::/0", condition); };
    using mif::contract::Route;
    advertiseRouter("a1", 600s);
    MIF_REQUIRE(is([](const Route& route) { return endsWithin(route, 600s); }));
    // A route of an advertisement is read again once.
    MIF_REQUIRE(mirror.becomesTrue("the first advertisement"));
    advertiseRouter("a1", 1800s);
    MIF_CHECK(is([](const Route& route) { return !endsWithin(route, 1000s); }));
    MIF_CHECK(mirror->stats().corrections >= 1);
    MIF_CHECK_EQUAL(mirror->stats().resyncs, 0u);
  });
  if (!isPrivileged) MIF_SKIP("a network namespace of its own takes CAP_SYS_ADMIN");
}
