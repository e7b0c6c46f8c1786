// SPDX-License-Identifier: MIT
// Pictures that are taken while somebody changes the tables without a rest. The kernel's dumps of IPv6 routes and rules
// lose and repeat entries that nobody touched then, and do not say so; a picture must not.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "kernel/churn.h"
#include "kernel/private-namespace.h"
#include "monitor/registry.h"
#include "monitor/waiting-subscriber.h"
#include "table/records.h"
#include "test.h"

namespace {

using mif::contract::MonitorState;
using mif::monitor::SharedView;
using mif::table::View;
using namespace mif::test;

constexpr std::size_t kRoutes = 3000;
constexpr std::size_t kRules = 300;
constexpr std::size_t kLinks = 300;

constexpr std::size_t kPictures = 1000;

// What is there from beginning to end: routes of length 48, rules from priority 1000 to 1299, interfaces of group 77.
std::string lasting() {
  std::string batch;
  for (std::size_t n = 0; n < kLinks; ++n) batch += joined("link add l", n, " group 77 type ifb\n");
  for (std::size_t n = 0; n < kRoutes; ++n) batch += joined("route add 2001:db8:", 1000 + n, "::/48 dev lo\n");
  for (std::size_t n = 0; n < kRules; ++n)
    batch += joined("rule add pref ", 1000 + n, " from 10.7.", n % 250, ".0/24 table 7\n");
  return batch;
}

// Comes and goes before all of that in the order of the kernel's tables, where it does the most harm.
const char* const kPassing =
    "route add 2001:db8:1::/64 dev lo\nrule add pref 9 table 9\n"
    "route del 2001:db8:1::/64 dev lo\nrule del pref 9 table 9\n";

// How often each of the lasting ones is in a picture, as a count and as a count of different ones.
struct Census {
  explicit Census(const View& view) {
    view.routes.v6.forEach([&](mif::table::Position, const auto& row) {
      if (row.length != 48) return true;
      ++routes;
      differentRoutes.insert(static_cast<std::uint32_t>(row.destination[4]) << 8 | row.destination[5]);
      return true;
    });
    view.rules.forEach([&](mif::table::Position, const auto& rule) {
      if (rule.priority < 1000 || rule.priority >= 1000 + kRules) return true;
      ++rules;
      differentRules.insert(rule.priority);
      return true;
    });
    view.interfaces.forEach([&](mif::table::Position, const auto& interface) {
      links += interface.group == 77;
      return true;
    });
  }

  bool isRight() const {
    return routes == kRoutes && differentRoutes.size() == kRoutes && rules == kRules &&
           differentRules.size() == kRules && links == kLinks;
  }
  std::string text() const {
    return joined(routes, " routes, ", differentRoutes.size(), " different; ", rules, " rules, ", differentRules.size(),
                  " different; ", links, " links");
  }

  std::size_t routes = 0;
  std::size_t rules = 0;
  std::size_t links = 0;
  std::set<std::uint32_t> differentRoutes;
  std::set<std::uint32_t> differentRules;
};

// Opens a monitor, and takes its first picture. Adds up the dumps that it had to repeat.
SharedView firstPicture(std::uint64_t& unstableDumps) {
  auto opened = mif::monitor::openMonitor(std::nullopt);
  if (!opened) return nullptr;
  const std::shared_ptr<mif::monitor::Monitor> monitor = opened.take();
  WaitingSubscriber subscriber;
  monitor->subscribe(subscriber, 0);
  SharedView view;
  const bool isLive = subscriber.waitUntil([&] {
    view = monitor->view(subscriber);
    return monitor->state() == MonitorState::kLive && view->epoch > 0;
  });
  monitor->unsubscribe(subscriber);
  unstableDumps += monitor->stats().source.unstableDumps;
  return isLive ? view : nullptr;
}

}  // namespace

MIF_TEST("mirror: of 1,000 first pictures under churn none lost or repeats what nobody touched (A6, A7, A9, MIF-85)") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip(lasting());
    const Churn churn(kPassing);
    std::size_t wrong = 0;
    std::uint64_t unstableDumps = 0;
    std::string first;
    for (std::size_t n = 0; n < kPictures; ++n) {
      const SharedView view = firstPicture(unstableDumps);
      MIF_REQUIRE(view != nullptr);
      const Census census(*view);
      if (census.isRight()) continue;
      if (++wrong == 1)
        first = joined("picture ", n, view->isSynced ? " in sync" : " not in sync", ": ", census.text());
    }
    // Else nothing was tested.
    MIF_CHECK(unstableDumps > 0);
    if (wrong > 0) fail(__FILE__, __LINE__, joined(wrong, " of ", kPictures, " are wrong; ", first));
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}
