// SPDX-License-Identifier: MIT
#include "table/fib.h"

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fib-promises.h"
#include "record-text.h"
#include "script.h"
#include "small-world.h"
#include "table/records.h"
#include "table/tables.h"
#include "test.h"

namespace {

using mif::contract::Change;
using mif::contract::ChangeCause;
using mif::contract::Placement;
using mif::contract::RecordKind;
using mif::fuzz::isIndexed;
using mif::table::Position;
using mif::table::Tables;
using namespace mif::test;

constexpr std::uint32_t kMain = 254;

template <typename Row, typename Rows>
std::string textOfLists(const mif::table::Fib<Row>& fib, const mif::table::View& view, const Rows& rows,
                        std::uint32_t table, std::string_view text) {
  const auto* trie = fib.table(table);
  if (trie == nullptr) return "no table";
  const mif::address::IpAddress address = mif::address::IpAddress::parse(text);
  const auto match = trie->find(address.bytes().first<sizeof(Row::destination)>());
  if (!match) return "no prefix";
  std::string lists = joined("/", match.length);
  for (const Position head : fib.lists(match.value)) {
    const Row& row = *rows.at(head);
    const mif::contract::Route& attributes = view.routes.attributesOf(row.attributes);
    lists += joined(" metric ", row.metric);
    if (row.tos != 0) lists += joined(" tos ", unsigned{row.tos});
    if (attributes.source.isPresent()) lists += joined(" from /", unsigned{attributes.source.length});
    lists += attributes.gateway.isPresent() ? joined(" via ", attributes.gateway.text())
                                            : joined(" dev ", attributes.index.value_or(0));
    lists += ";";
  }
  return lists;
}

// The length of the longest prefix of an address and the heads of its lists: "/8 metric 5 via 192.0.2.1;".
std::string listsFor(const Tables& tables, std::string_view address, std::uint32_t table = kMain) {
  const mif::table::View view = tables.view();
  return address.find(':') == std::string_view::npos
             ? textOfLists(*tables.routes().fib4(), view, view.routes.v4, table, address)
             : textOfLists(*tables.routes().fib6(), view, view.routes.v6, table, address);
}

}  // namespace

MIF_TEST("fib: nobody who never asks has an index") {
  Tables tables;
  tables.apply(route("10.0.0.0/8", 2));
  MIF_CHECK(tables.routes().fib4() == nullptr && tables.routes().fib6() == nullptr);
  tables.indexDestinations();
  MIF_REQUIRE(tables.routes().fib4() != nullptr && tables.routes().fib6() != nullptr);
  const auto* const made = tables.routes().fib4();
  tables.indexDestinations();
  MIF_CHECK(tables.routes().fib4() == made);
  MIF_CHECK_EQUAL(listsFor(tables, "10.1.2.3"), std::string("/8 metric 0 dev 2;"));
}

MIF_TEST("fib: IPv4 lists of a prefix stand by type of service, the largest first, then by metric (D8, D10)") {
  Tables tables;
  tables.indexDestinations();
  const Change plain = route("10.0.0.0/8", 2, "192.0.2.1");
  for (const Change& change :
       {metric(20, plain), metric(10, plain), tos(4, metric(30, plain)), tos(8, metric(40, plain)), plain}) {
    tables.apply(change);
  }
  MIF_CHECK_EQUAL(listsFor(tables, "10.0.0.1"),
                  std::string("/8 metric 40 tos 8 via 192.0.2.1; metric 30 tos 4 via 192.0.2.1; metric 0 via "
                              "192.0.2.1; metric 10 via 192.0.2.1; metric 20 via 192.0.2.1;"));
  tables.apply(removal(plain));
  tables.apply(removal(tos(8, metric(40, plain))));
  tables.apply(removal(metric(20, plain)));
  MIF_CHECK_EQUAL(listsFor(tables, "10.0.0.1"),
                  std::string("/8 metric 30 tos 4 via 192.0.2.1; metric 10 via 192.0.2.1;"));
  tables.apply(removal(tos(4, metric(30, plain))));
  MIF_CHECK_EQUAL(listsFor(tables, "10.0.0.1"), std::string("/8 metric 10 via 192.0.2.1;"));
}

MIF_TEST("fib: IPv6 lists for a source stand first, the longest source in front, then by metric and arrival") {
  Tables tables;
  tables.indexDestinations();
  const Change plain = route("2001:db8::/32", 2, "fe80::1");
  for (const Change& change : {metric(100, plain), from("2001:db8:1::/48", metric(300, plain)), metric(50, plain),
                               from("2001:db8::/32", metric(1, plain)), from("2001:db8:1::/48", metric(200, plain))}) {
    tables.apply(change);
  }
  MIF_CHECK_EQUAL(listsFor(tables, "2001:db8::1"),
                  std::string("/32 metric 200 from /48 via fe80::1; metric 300 from /48 via fe80::1; metric 1 from "
                              "/32 via fe80::1; metric 50 via fe80::1; metric 100 via fe80::1;"));
}

MIF_TEST("fib: destinations that are there on each link have a list for each, in order of arrival") {
  Tables tables;
  for (const std::uint32_t index : {3u, 2u}) tables.apply(metric(256, route("fe80::/64", index)));
  tables.indexDestinations();
  for (const std::uint32_t index : {9u, 4u}) tables.apply(metric(256, route("fe80::/64", index)));
  tables.apply(metric(100, route("fe80::/64", 7)));
  MIF_CHECK_EQUAL(listsFor(tables, "fe80::1"),
                  std::string("/64 metric 100 dev 7; metric 256 dev 3; metric 256 dev 2; metric 256 dev 9; metric 256 "
                              "dev 4;"));
  tables.apply(removal(metric(256, route("fe80::/64", 2))));
  MIF_CHECK_EQUAL(listsFor(tables, "fe80::1"),
                  std::string("/64 metric 100 dev 7; metric 256 dev 3; metric 256 dev 9; metric 256 dev 4;"));
}

MIF_TEST("fib: a list is known by the route that is its first now (D6, D7, D8)") {
  Tables tables;
  tables.indexDestinations();
  const Change a = route("10.0.0.0/8", 2, "192.0.2.1");
  const Change b = route("10.0.0.0/8", 2, "192.0.2.2");
  const Change c = route("10.0.0.0/8", 2, "192.0.2.3");
  tables.apply(a);
  tables.apply(placed(Placement::kAppend, b));
  MIF_CHECK_EQUAL(listsFor(tables, "10.0.0.1"), std::string("/8 metric 0 via 192.0.2.1;"));
  tables.apply(placed(Placement::kPrepend, c));
  MIF_CHECK_EQUAL(listsFor(tables, "10.0.0.1"), std::string("/8 metric 0 via 192.0.2.3;"));
  tables.apply(removal(c));
  MIF_CHECK_EQUAL(listsFor(tables, "10.0.0.1"), std::string("/8 metric 0 via 192.0.2.1;"));
  // A dump brings the second to the front.
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kResync);
  for (const Change& change : {b, a}) tables.apply(listed(change));
  tables.endSweep(RecordKind::kRoute, true);
  MIF_CHECK_EQUAL(listsFor(tables, "10.0.0.1"), std::string("/8 metric 0 via 192.0.2.2;"));
  tables.apply(placed(Placement::kReplace, c));
  MIF_CHECK_EQUAL(listsFor(tables, "10.0.0.1"), std::string("/8 metric 0 via 192.0.2.3;"));
  // The same among several lists.
  tables.apply(metric(5, b));
  tables.apply(placed(Placement::kPrepend, metric(5, a)));
  MIF_CHECK_EQUAL(listsFor(tables, "10.0.0.1"), std::string("/8 metric 0 via 192.0.2.3; metric 5 via 192.0.2.1;"));
  tables.apply(removal(metric(5, a)));
  MIF_CHECK_EQUAL(listsFor(tables, "10.0.0.1"), std::string("/8 metric 0 via 192.0.2.3; metric 5 via 192.0.2.2;"));
  MIF_CHECK(isIndexed(tables));
}

MIF_TEST("fib: each table has its own prefixes, and the version says when one comes or goes") {
  Tables tables;
  tables.indexDestinations();
  const auto& fib = *tables.routes().fib4();
  const std::uint64_t before = fib.version();
  tables.apply(route("10.0.0.0/8", 2));
  tables.apply(inTable(4242, route("10.1.0.0/16", 3)));
  const std::uint64_t both = fib.version();
  MIF_CHECK(both != before);
  MIF_CHECK_EQUAL(listsFor(tables, "10.1.0.1"), std::string("/8 metric 0 dev 2;"));
  MIF_CHECK_EQUAL(listsFor(tables, "10.1.0.1", 4242), std::string("/16 metric 0 dev 3;"));
  MIF_CHECK_EQUAL(listsFor(tables, "10.2.0.1", 4242), std::string("no prefix"));
  MIF_CHECK(fib.table(1) == nullptr);

  const auto* const main = fib.table(kMain);
  tables.apply(inTable(4242, route("10.2.0.0/16", 3)));
  tables.apply(removal(inTable(4242, route("10.1.0.0/16", 3))));
  MIF_CHECK_EQUAL(fib.version(), both);
  tables.apply(removal(inTable(4242, route("10.2.0.0/16", 3))));
  MIF_CHECK(fib.version() != both);
  MIF_CHECK(fib.table(4242) == nullptr);
  MIF_CHECK(fib.table(kMain) == main);
}

MIF_TEST("fib: what a dump no longer lists no longer leads anywhere") {
  Tables tables;
  tables.apply(route("10.0.0.0/8", 2));
  tables.apply(route("10.1.0.0/16", 2));
  tables.apply(metric(7, route("10.1.0.0/16", 2)));
  tables.indexDestinations();
  tables.beginSweep(RecordKind::kRoute, ChangeCause::kResync);
  tables.apply(listed(route("10.0.0.0/8", 2)));
  tables.endSweep(RecordKind::kRoute, true);
  MIF_CHECK_EQUAL(listsFor(tables, "10.1.0.1"), std::string("/8 metric 0 dev 2;"));
  MIF_CHECK(isIndexed(tables));
}

MIF_TEST("fib: after changes of any kind it is what would be made anew, whenever it was made (D6 to D9)") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::byte> bytes(60'000);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
    mif::fuzz::Script script(bytes);
    Tables tables;
    std::vector<Change> recent;
    std::size_t most = 0;
    for (int step = 0; step < 600; ++step) {
      if (step == static_cast<int>(seed) * 10) tables.indexDestinations();
      const std::uint32_t choice = static_cast<std::uint32_t>(random()) % 100;
      if (choice < 2) {
        // A dump that lists half of what was known lately, in whatever order.
        tables.beginSweep(RecordKind::kRoute, ChangeCause::kResync);
        for (const Change& change : recent) {
          if (random() % 2 == 0 && change.kind == RecordKind::kRoute) tables.apply(listed(change));
        }
        tables.endSweep(RecordKind::kRoute, random() % 2 == 0);
      } else {
        const bool isSequel = choice < 40 && !recent.empty();
        Change change =
            isSequel ? mif::fuzz::sequel(script, recent[random() % recent.size()]) : mif::fuzz::smallChange(script);
        tables.apply(change);
        change.verb = mif::contract::Verb::kPut;
        recent.push_back(change);
        if (recent.size() > 60) recent.erase(recent.begin());
      }
      most = std::max(most, tables.view().routes.size());
      if (tables.routes().fib4() == nullptr || isIndexed(tables)) continue;
      fail(__FILE__, __LINE__, joined("seed ", seed, ", step ", step));
      return;
    }
    MIF_REQUIRE(most > 20);
    MIF_REQUIRE(!script.isOver());
  }
}
