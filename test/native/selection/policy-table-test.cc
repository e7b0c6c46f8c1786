// SPDX-License-Identifier: MIT
#include "selection/policy-table.h"

#include <array>
#include <optional>
#include <random>
#include <vector>

#include "selection/candidates.h"
#include "test.h"

namespace {

using mif::address::IpAddress;
using mif::address::Prefix;
using mif::selection::kNoLabel;
using mif::selection::Policy;
using mif::selection::PolicyRow;
using mif::selection::PolicyTable;
using mif::selection::siteRow;

IpAddress at(const char* text) {
  return IpAddress::parse(text);
}

PolicyRow row(const char* address, std::uint8_t length, std::uint8_t precedence, std::uint32_t label,
              std::optional<std::uint32_t> interface = std::nullopt) {
  return {{at(address), length}, precedence, label, interface};
}

struct Expected {
  const char* address;
  Policy policy;
};

template <std::size_t count>
void checkPolicies(const PolicyTable& table, const std::array<Expected, count>& rows) {
  for (const Expected& expected : rows) {
    if (!(table.find(at(expected.address)) == expected.policy)) mif::test::fail(__FILE__, __LINE__, expected.address);
  }
}

}  // namespace

MIF_TEST("selection/policy-table: the default table is RFC 6724's, the longest prefix wins (SAS-01)") {
  checkPolicies(PolicyTable::standard(), std::array<Expected, 14>{{{"::1", {50, 0}},
                                                                   {"2001:db8::1", {40, 1}},
                                                                   {"fe80::1", {40, 1}},
                                                                   {"ff05::1", {40, 1}},
                                                                   {"::ffff:192.0.2.1", {35, 4}},
                                                                   {"2002:c000:201::1", {30, 2}},
                                                                   {"2003::1", {40, 1}},
                                                                   {"2001::1", {5, 5}},
                                                                   {"2001:1::1", {40, 1}},
                                                                   {"fc00::1", {3, 13}},
                                                                   {"fdff::1", {3, 13}},
                                                                   {"::2", {1, 3}},
                                                                   {"feff::1", {1, 11}},
                                                                   {"3ffe:1::1", {1, 12}}}});
}

MIF_TEST("selection/policy-table: the kernel's labels are its own and it knows no precedence (SAS-10)") {
  checkPolicies(PolicyTable::kernelLabels(), std::array<Expected, 11>{{{"::1", {0, 0}},
                                                                       {"2001:db8::1", {0, 1}},
                                                                       {"2002::1", {0, 2}},
                                                                       {"::2", {0, 3}},
                                                                       {"192.0.2.1", {0, 4}},
                                                                       {"fd00::1", {0, 5}},
                                                                       {"2001::1", {0, 6}},
                                                                       {"2001:1f::1", {0, 7}},
                                                                       {"2001:20::1", {0, 1}},
                                                                       {"fec0::1", {0, 11}},
                                                                       {"3ffe::1", {0, 12}}}});
}

MIF_TEST("selection/policy-table: IPv4 is looked up, and put, as mapped (SAS-02)") {
  PolicyTable table = PolicyTable::standard();
  MIF_CHECK(table.find(at("192.0.2.1")) == Policy{35, 4});
  MIF_CHECK(table.put(row("192.0.2.0", 24, 7, 70)));
  MIF_CHECK(table.find(at("192.0.2.1")) == Policy{7, 70});
  MIF_CHECK(table.find(at("::ffff:192.0.2.1")) == Policy{7, 70});
  MIF_CHECK(table.find(at("192.0.3.1")) == Policy{35, 4});
  MIF_CHECK(table.put(row("::ffff:192.0.2.0", 120, 8, 80)));
  MIF_CHECK(table.find(at("192.0.2.1")) == Policy{8, 80});
}

MIF_TEST("selection/policy-table: a row for one interface holds there only and wins there (SAS-02)") {
  // Whichever comes first.
  for (const bool isZonedFirst : {true, false}) {
    PolicyTable table = PolicyTable::standard();
    const PolicyRow zoned = row("fe80::", 10, 60, 6, 2);
    const PolicyRow common = row("fe80::", 10, 33, 1);
    MIF_CHECK(table.put(isZonedFirst ? zoned : common) && table.put(isZonedFirst ? common : zoned));
    MIF_CHECK(table.find(at("fe80::1"), 2) == Policy{60, 6});
    MIF_CHECK(table.find(at("fe80::1"), 3) == Policy{33, 1});
    MIF_CHECK(table.find(at("fe80::1")) == Policy{33, 1});
    // The longer prefix wins all the same.
    MIF_CHECK(table.put(row("fe80::", 64, 9, 9)));
    MIF_CHECK(table.find(at("fe80::1"), 2) == Policy{9, 9});
    MIF_CHECK(table.find(at("fe80:1::1"), 2) == Policy{60, 6});
  }
}

MIF_TEST("selection/policy-table: rows can be replaced, the same prefix is there once (SAS-03)") {
  PolicyTable table = PolicyTable::standard();
  MIF_CHECK(table.put(row("::ffff:0:0", 96, 100, 4)));
  MIF_CHECK(table.find(at("192.0.2.1")) == Policy{100, 4});
  MIF_CHECK(table.put(row("::ffff:0:0", 96, 36, 4)));
  MIF_CHECK(table.find(at("192.0.2.1")) == Policy{36, 4});
  // Bits behind the prefix do not make it another one.
  MIF_CHECK(table.put(row("::ffff:192.0.2.9", 96, 37, 4)));
  MIF_CHECK(table.find(at("198.51.100.1")) == Policy{37, 4});
}

MIF_TEST("selection/policy-table: automatic rows are added and never override a configured one (SAS-03)") {
  PolicyTable table = PolicyTable::standard();
  MIF_CHECK(table.addAutomatic(*siteRow(at("fd11:1111:1111:1::1"))));
  MIF_CHECK(table.find(at("fd11:1111:1111:2::2")) == Policy{45, 14});
  MIF_CHECK(table.find(at("fd22:2222:2222:2::2")) == Policy{3, 13});
  // What is there stays, from whomever.
  MIF_CHECK(!table.addAutomatic(row("fd11:1111:1111::", 48, 9, 9)));
  MIF_CHECK(!table.addAutomatic(row("fc00::", 7, 99, 9)));
  // Nor on a single interface, where it would win.
  MIF_CHECK(!table.addAutomatic(row("fc00::", 7, 99, 9, 2)));
  MIF_CHECK(table.find(at("fd22::1"), 2) == Policy{3, 13});
  // A configured row for one interface leaves the others to the automatic one.
  MIF_CHECK(table.put(row("fd33::", 48, 50, 50, 2)) && table.addAutomatic(*siteRow(at("fd33::1"))));
  MIF_CHECK(table.find(at("fd33::1"), 2) == Policy{50, 50});
  MIF_CHECK(table.find(at("fd33::1"), 3) == Policy{45, 14});
  // Who configures overrides what was automatic.
  MIF_CHECK(table.put(row("fd11:1111:1111::", 48, 4, 13)));
  MIF_CHECK(table.find(at("fd11:1111:1111:2::2")) == Policy{4, 13});
}

MIF_TEST("selection/policy-table: only unique local and 6to4 addresses make a site row (SAS-03)") {
  const auto siteOf = [](const char* address) {
    PolicyTable table;
    const auto made = siteRow(at(address));
    return made && table.addAutomatic(*made) && table.find(at(address)) == Policy{45, 14};
  };
  MIF_CHECK(siteOf("fd00::1") && siteOf("fc00::1") && siteOf("2002:c633:6401:1::1"));
  MIF_CHECK(!siteOf("2001:db8::1") && !siteOf("fe80::1") && !siteOf("fec0::1") && !siteOf("10.0.0.1"));
  MIF_CHECK(!siteOf("2003::1"));
  MIF_CHECK_EQUAL(siteRow(at("fd00:1:2:3::1"))->prefix.length, 48);
}

MIF_TEST("selection/policy-table: what no row is about has no label, and what is no prefix is no row (SAS-09)") {
  PolicyTable table;
  MIF_CHECK(table.find(at("2001:db8::1")) == Policy{0, kNoLabel});
  MIF_CHECK(PolicyTable::standard().find(IpAddress()) == Policy{0, kNoLabel});
  MIF_CHECK(!table.put({}) && !table.put(row("192.0.2.0", 33, 1, 1)) && !table.put(row("2001:db8::", 129, 1, 1)));
  MIF_CHECK(!table.addAutomatic(row("2001:db8::", 129, 1, 1)));
  MIF_CHECK(table.find(at("::")) == Policy{0, kNoLabel});
}

MIF_TEST("selection/policy-table: any table finds what trying every row finds (SAS-01, SAS-02)") {
  mif::test::RandomAddresses random(6724);
  for (int round = 0; round < 300; ++round) {
    PolicyTable table;
    std::vector<PolicyRow> rows;
    for (std::uint32_t i = 0; i < 12; ++i) {
      const IpAddress address = random.isTrue() ? random.ipv6() : random.ipv4();
      const PolicyRow made{{address, static_cast<std::uint8_t>(random.number(address.bits() + 1u))},
                           static_cast<std::uint8_t>(i),
                           i,
                           random.number(3)};
      MIF_CHECK(table.put(made));
      rows.push_back(made);
    }
    for (int i = 0; i < 30; ++i) {
      const IpAddress address = random.isTrue() ? random.ipv6() : random.ipv4();
      const bool isMapped = address.family() == 6 && Prefix{at("::ffff:0:0"), 96}.contains(address);
      const std::uint32_t interface = random.number(3);
      // Of equals the last: it took the place of the others.
      const PolicyRow* best = nullptr;
      const auto widthOf = [](const PolicyRow& candidate) {
        return candidate.prefix.length + (candidate.prefix.address.family() == 4 ? 96 : 0);
      };
      for (const PolicyRow& candidate : rows) {
        IpAddress asked = address;
        Prefix prefix = candidate.prefix;
        // Everything as text of IPv6, so that nothing here computes as the table does.
        if (asked.family() == 4) asked = at(("::ffff:" + asked.text()).c_str());
        if (prefix.address.family() == 4) {
          prefix = {at(("::ffff:" + prefix.address.text()).c_str()), static_cast<std::uint8_t>(prefix.length + 96)};
        }
        if (!prefix.contains(asked)) continue;
        const std::uint32_t zone = candidate.interface.value_or(0);
        if (zone != 0 && zone != interface) continue;
        const auto better = [&] {
          if (best == nullptr || widthOf(candidate) != widthOf(*best)) {
            return best == nullptr || widthOf(candidate) > widthOf(*best);
          }
          return zone != 0 || best->interface.value_or(0) == 0;
        };
        if (better()) best = &candidate;
      }
      const Policy expected = best == nullptr ? Policy{} : Policy{best->precedence, best->label};
      if (!(table.find(address, interface) == expected)) mif::test::fail(__FILE__, __LINE__, address.text());
      if (isMapped) MIF_CHECK(table.find(at(address.text().substr(7).c_str()), interface) == expected);
    }
  }
}
