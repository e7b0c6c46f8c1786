// SPDX-License-Identifier: MIT
#include "selection/destination-order.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "selection/candidates.h"
#include "selection/rfc6724.h"
#include "selection/source-address.h"
#include "test.h"

namespace {

using mif::address::IpAddress;
using mif::selection::Destination;
using mif::selection::DestinationRule;
using mif::selection::order;
using mif::selection::PolicyRow;
using mif::selection::PolicyTable;
using mif::selection::RankedDestination;
using mif::selection::SourceCandidate;
using mif::selection::SourcePreferences;
using mif::test::candidate;
using mif::test::candidates;
using mif::test::RandomAddresses;
using mif::test::rfc6724::compareDestinations;
using mif::test::rfc6724::Preferred;

std::vector<RankedDestination> ordered(const std::vector<Destination>& destinations, const PolicyTable& policy,
                                       const SourcePreferences& preferences = {}) {
  std::vector<RankedDestination> ranked(destinations.size());
  order(destinations, policy, preferences, ranked);
  return ranked;
}

PolicyTable with(std::initializer_list<PolicyRow> rows) {
  PolicyTable table = PolicyTable::standard();
  for (const PolicyRow& row : rows) table.put(row);
  return table;
}

PolicyRow row(const char* address, std::uint8_t length, std::uint8_t precedence, std::uint32_t label) {
  return {{IpAddress::parse(address), length}, precedence, label, std::nullopt};
}

// A row of SAS-46: what is to be tried first, with which source, and then.
struct Row {
  const char* sources;
  const char* first;
  const char* firstSource;
  const char* second;
  // Null when it has none.
  const char* secondSource;
  DestinationRule rule;
};

// Chooses the sources as a caller would, and orders both orders of what is given.
void checkRow(const Row& expected, const PolicyTable& policy, int line) {
  const std::vector<SourceCandidate> all = candidates(expected.sources, policy);
  const auto destination = [&](const char* text) {
    Destination made;
    made.address = IpAddress::parse(text);
    made.interface = 1;
    const auto best = choose(all, mif::selection::requestFor(made.address, 1, policy));
    if (best) made.source = &all[*best];
    return made;
  };
  const auto sourceText = [](const Destination& of) {
    return of.source == nullptr ? "none" : of.source->address.text();
  };
  const std::string where = std::string(expected.first) + " and " + expected.second + " from " + expected.sources;
  for (const bool isSwapped : {false, true}) {
    std::vector<Destination> both = {destination(expected.first), destination(expected.second)};
    if (isSwapped) std::swap(both[0], both[1]);
    const auto ranked = ordered(both, policy);
    const Destination& first = both[ranked[0].position];
    const Destination& second = both[ranked[1].position];
    if (first.address != IpAddress::parse(expected.first)) mif::test::fail(__FILE__, line, where + ": other order");
    if (sourceText(first) != expected.firstSource) mif::test::fail(__FILE__, line, where + ": " + sourceText(first));
    if (sourceText(second) != (expected.secondSource == nullptr ? "none" : expected.secondSource)) {
      mif::test::fail(__FILE__, line, where + ": " + sourceText(second));
    }
    if (ranked[0].before != expected.rule || ranked[1].before != DestinationRule::kNone) {
      mif::test::fail(__FILE__, line, where + ": rule " + mif::test::describe(ranked[0].before));
    }
  }
}

#define CHECK_ROW(policy, rule, ...) checkRow({__VA_ARGS__, DestinationRule::rule}, policy, __LINE__)

}  // namespace

MIF_TEST("selection/destination-order: the examples of RFC 6724 section 10.2 (SAS-46)") {
  const PolicyTable table = PolicyTable::standard();
  CHECK_ROW(table, kScope, "2001:db8:1::2, fe80::1, 169.254.13.78", "2001:db8:1::1", "2001:db8:1::2", "198.51.100.121",
            "169.254.13.78");
  CHECK_ROW(table, kScope, "fe80::1, 198.51.100.117", "198.51.100.121", "198.51.100.117", "2001:db8:1::1", "fe80::1");
  CHECK_ROW(table, kPrecedence, "2001:db8:1::2, fe80::1, 10.1.2.4", "2001:db8:1::1", "2001:db8:1::2", "10.1.2.3",
            "10.1.2.4");
  CHECK_ROW(table, kSmallerScope, "2001:db8:1::2, fe80::2", "fe80::1", "fe80::2", "2001:db8:1::1", "2001:db8:1::2");
  CHECK_ROW(table, kHome, "2001:db8:1::2 care-of, 2001:db8:3::1 home, fe80::2 care-of", "2001:db8:1::1",
            "2001:db8:3::1", "fe80::1", "fe80::2");
  CHECK_ROW(table, kDeprecated, "2001:db8:1::2, fe80::2 deprecated", "2001:db8:1::1", "2001:db8:1::2", "fe80::1",
            "fe80::2");
  CHECK_ROW(table, kLongestPrefix, "2001:db8:1::2, 2001:db8:3f44::2, fe80::2", "2001:db8:1::1", "2001:db8:1::2",
            "2001:db8:3ffe::1", "2001:db8:3f44::2");
  CHECK_ROW(table, kLabel, "2002:c633:6401::2, fe80::2", "2002:c633:6401::1", "2002:c633:6401::2", "2001:db8:1::1",
            "2002:c633:6401::2");
  CHECK_ROW(table, kPrecedence, "2002:c633:6401::2, 2001:db8:1::2, fe80::2", "2001:db8:1::1", "2001:db8:1::2",
            "2002:c633:6401::1", "2002:c633:6401::2");
}

MIF_TEST("selection/destination-order: the examples of RFC 6724 section 10.3, IPv4 preferred (SAS-46)") {
  const PolicyTable table = with({row("::ffff:0:0", 96, 100, 4)});
  CHECK_ROW(table, kScope, "2001:db8::2, fe80::1, 169.254.13.78", "2001:db8::1", "2001:db8::2", "198.51.100.121",
            "169.254.13.78");
  CHECK_ROW(table, kScope, "fe80::1, 198.51.100.117", "198.51.100.121", "198.51.100.117", "2001:db8::1", "fe80::1");
  CHECK_ROW(table, kPrecedence, "2001:db8::2, fe80::1, 10.1.2.4", "10.1.2.3", "10.1.2.4", "2001:db8::1", "2001:db8::2");
}

MIF_TEST("selection/destination-order: the examples of RFC 6724 section 10.4, larger scope preferred (SAS-46)") {
  const PolicyTable table = with({row("fe80::", 10, 33, 1)});
  CHECK_ROW(table, kPrecedence, "2001:db8::2, fe80::2", "2001:db8::1", "2001:db8::2", "fe80::1", "fe80::2");
  CHECK_ROW(table, kDeprecated, "2001:db8::2 deprecated, fe80::2", "fe80::1", "fe80::2", "2001:db8::1", "2001:db8::2");
}

MIF_TEST("selection/destination-order: the examples of RFC 6724 section 10.5, a site with two prefixes (SAS-46)") {
  const char* const kSources = "2001:db8:1aaa::a, 2001:db8:70aa::a, fe80::a";
  const PolicyTable standard = PolicyTable::standard();
  CHECK_ROW(standard, kLongestPrefix, kSources, "2001:db8:70bb::b", "2001:db8:70aa::a", "2001:db8:1bbb::b",
            "2001:db8:1aaa::a");
  CHECK_ROW(standard, kLongestPrefix, kSources, "2001:db8:1ccc::c", "2001:db8:1aaa::a", "2001:db8:6ccc::c",
            "2001:db8:70aa::a");
  const PolicyTable table = with({row("2001:db8:1aaa::", 48, 43, 6), row("2001:db8:1bbb::", 48, 43, 6)});
  CHECK_ROW(table, kPrecedence, kSources, "2001:db8:1bbb::b", "2001:db8:1aaa::a", "2001:db8:70bb::b",
            "2001:db8:70aa::a");
  CHECK_ROW(table, kLongestPrefix, kSources, "2001:db8:6ccc::c", "2001:db8:70aa::a", "2001:db8:1ccc::c",
            "2001:db8:70aa::a");
}

MIF_TEST(
    "selection/destination-order: the examples of RFC 6724 sections 10.6 and 10.7, ULA and 6to4 (SAS-46, SAS-03)") {
  const char* const kSources = "2001:db8:1::1, fd11:1111:1111:1::1";
  CHECK_ROW(PolicyTable::standard(), kPrecedence, kSources, "2001:db8:2::2", "2001:db8:1::1", "fd22:2222:2222:2::2",
            "fd11:1111:1111:1::1");
  PolicyTable table = PolicyTable::standard();
  MIF_CHECK(table.addAutomatic(*mif::selection::siteRow(IpAddress::parse("fd11:1111:1111:1::1"))));
  // The RFC names precedence, but labels differ already: fd11::/48 is no longer with the other ULA.
  CHECK_ROW(table, kLabel, kSources, "2001:db8:2::2", "2001:db8:1::1", "fd22:2222:2222:2::2", "fd11:1111:1111:1::1");
  CHECK_ROW(table, kPrecedence, kSources, "fd11:1111:1111:2::2", "fd11:1111:1111:1::1", "2001:db8:2::2",
            "2001:db8:1::1");
  const char* const kSixToFour = "2002:c633:6401:1::1, 10.1.2.3";
  CHECK_ROW(PolicyTable::standard(), kLabel, kSixToFour, "203.0.113.1", "10.1.2.3", "2001:db8:1::1",
            "2002:c633:6401:1::1");
  table = PolicyTable::standard();
  MIF_CHECK(table.addAutomatic(*mif::selection::siteRow(IpAddress::parse("2002:c633:6401:1::1"))));
  CHECK_ROW(table, kPrecedence, kSixToFour, "2002:c633:6401:2::2", "2002:c633:6401:1::1", "203.0.113.1", "10.1.2.3");
}

MIF_TEST(
    "selection/destination-order: rule 1 avoids what has no source or is known not to be reached (SAS-29, SAS-33)") {
  const PolicyTable table = PolicyTable::standard();
  CHECK_ROW(table, kUsable, "10.1.2.4", "10.1.2.3", "10.1.2.4", "2001:db8:1::1", nullptr);
  const SourceCandidate source6 = candidate("2001:db8:1::2");
  const SourceCandidate source4 = candidate("10.1.2.4");
  Destination v6{IpAddress::parse("2001:db8:1::1"), 1, &source6};
  const Destination v4{IpAddress::parse("10.1.2.3"), 1, &source4};
  MIF_CHECK_EQUAL(ordered({v4, v6}, table)[0].position, 1u);
  v6.isReachable = false;
  MIF_CHECK_EQUAL(ordered({v4, v6}, table)[0].position, 0u);
  MIF_CHECK_EQUAL(ordered({v4, v6}, table)[0].before, DestinationRule::kUsable);
}

MIF_TEST("selection/destination-order: rule 7 prefers native transport, after precedence and before scope (SAS-29)") {
  const PolicyTable table = PolicyTable::standard();
  const SourceCandidate source = candidate("2001:db8:1::2");
  const SourceCandidate local = candidate("fe80::2");
  const Destination tunnelled{IpAddress::parse("2001:db8:1::1"), 1, &source, true, true};
  const Destination native{IpAddress::parse("2001:db8:2::1"), 1, &source, true, false};
  for (const auto& both : {std::vector{tunnelled, native}, std::vector{native, tunnelled}}) {
    const auto ranked = ordered(both, table);
    MIF_CHECK(!both[ranked[0].position].isEncapsulated);
    MIF_CHECK_EQUAL(ranked[0].before, DestinationRule::kNative);
  }
  const Destination tunnelledNear{IpAddress::parse("fe80::1"), 1, &local, true, true};
  MIF_CHECK_EQUAL(ordered({tunnelledNear, native}, table)[0].before, DestinationRule::kNative);
  const SourceCandidate source4 = candidate("10.1.2.4");
  const Destination v4{IpAddress::parse("10.1.2.3"), 1, &source4};
  MIF_CHECK_EQUAL(ordered({v4, tunnelled}, table)[0].before, DestinationRule::kPrecedence);
}

MIF_TEST("selection/destination-order: care-of destinations come first for whoever prefers them (SAS-21)") {
  const SourceCandidate home = candidate("2001:db8:3::1 home");
  const SourceCandidate careOf = candidate("2001:db8:1::1 care-of");
  const std::vector<Destination> both = {{IpAddress::parse("2001:db8:3::9"), 1, &home},
                                         {IpAddress::parse("2001:db8:1::9"), 1, &careOf}};
  MIF_CHECK_EQUAL(ordered(both, PolicyTable::standard())[0].position, 0u);
  SourcePreferences preferences;
  preferences.prefersCareOf = true;
  MIF_CHECK_EQUAL(ordered(both, PolicyTable::standard(), preferences)[0].position, 1u);
}

MIF_TEST("selection/destination-order: rule 9 holds within a family, and families keep their places (SAS-29, SAS-30)") {
  // IPv4 and native IPv6 of one precedence: rules 1 to 8 decide nothing.
  const PolicyTable table = with({row("::ffff:0:0", 96, 40, 4)});
  const SourceCandidate source6 = candidate("2001:db8:1::2");
  const SourceCandidate source4 = candidate("192.0.2.2");
  const Destination far6{IpAddress::parse("2001:db9::1"), 1, &source6};
  const Destination near6{IpAddress::parse("2001:db8:1::1"), 1, &source6};
  const Destination far4{IpAddress::parse("10.0.0.1"), 1, &source4};
  const Destination near4{IpAddress::parse("192.0.2.1"), 1, &source4};
  const auto positions = [&](const std::vector<Destination>& destinations) {
    std::string text;
    for (const RankedDestination& one : ordered(destinations, table)) text += std::to_string(one.position);
    return text;
  };
  // The pairwise rules go round in a circle here: 2 before 0 by rule 9, 0 before 1 and 1 before 2 by rule 10.
  MIF_CHECK_EQUAL(positions({far6, near4, near6}), "210");
  const auto ranked = ordered({far6, near4, near6}, table);
  MIF_CHECK(ranked[0].before == DestinationRule::kOriginal && ranked[1].before == DestinationRule::kOriginal);
  MIF_CHECK_EQUAL(positions({far6, near6, near4}), "102");
  MIF_CHECK_EQUAL(ordered({far6, near6, near4}, table)[0].before, DestinationRule::kLongestPrefix);
  MIF_CHECK_EQUAL(positions({far6, far4, near4, near6}), "3210");
  // The same number of common bits is no reason to leave the original order, nor is more of the other family.
  MIF_CHECK_EQUAL(positions({far6, far6, far4, far6}), "0123");
  MIF_CHECK_EQUAL(positions({far4, near6}), "01");
  MIF_CHECK_EQUAL(positions({near4, near6}), "01");
}

MIF_TEST("selection/destination-order: none and one are ordered too (SAS-30)") {
  MIF_CHECK(ordered({}, PolicyTable::standard()).empty());
  const auto one = ordered({Destination{}}, PolicyTable::standard());
  MIF_CHECK(one[0].position == 0 && one[0].before == DestinationRule::kNone);
}

namespace {

// Destinations whose sources are few, so that many are equal. `sources` must not grow later.
std::vector<Destination> randomDestinations(RandomAddresses& random, const std::vector<SourceCandidate>& sources,
                                            std::uint32_t count) {
  std::vector<Destination> all;
  while (all.size() < count) {
    Destination made;
    made.source = random.number(8) == 0 ? nullptr : &sources[random.number(static_cast<std::uint32_t>(sources.size()))];
    const bool isIpv4 = made.source == nullptr ? random.isTrue() : made.source->address.family() == 4;
    made.address = isIpv4 ? random.ipv4() : random.ipv6();
    made.isReachable = random.number(8) != 0;
    made.isEncapsulated = random.number(4) == 0;
    made.interface = random.number(3);
    all.push_back(made);
  }
  return all;
}

std::vector<SourceCandidate> randomSources(RandomAddresses& random, const PolicyTable& policy) {
  std::vector<SourceCandidate> sources;
  const bool isMobile = random.isTrue();
  for (int i = 0; i < 6; ++i) {
    sources.push_back(random.candidate(random.number(3) == 0 ? random.ipv4() : random.ipv6(), policy));
    SourceCandidate& made = sources.back();
    // What docs/adr/0013 decides and the RFC does not is left out.
    if (!isMobile) made.flags &= ~mif::contract::AddressFlag::kHomeAddress;
    if (isMobile && !made.has(mif::contract::AddressFlag::kHomeAddress)) made.isCareOf = true;
  }
  return sources;
}

}  // namespace

MIF_TEST("selection/destination-order: any two destinations are ordered as the sentences of RFC 6724 say (SAS-29)") {
  RandomAddresses random(29);
  const PolicyTable table = PolicyTable::standard();
  std::array<int, 11> decidedBy{};
  for (int round = 0; round < 20'000; ++round) {
    const auto sources = randomSources(random, table);
    const SourcePreferences preferences{SourcePreferences::Privacy::kSystem, random.isTrue()};
    const auto two = randomDestinations(random, sources, 2);
    // Without a source the RFC stops at rule 1; what comes behind is ours, and tested below.
    const bool isSourceless = two[0].source == nullptr && two[1].source == nullptr;
    if (!isSourceless && (two[0].source == nullptr || two[1].source == nullptr) &&
        !(two[0].source == nullptr ? two[1] : two[0]).isReachable) {
      continue;
    }
    const auto said = compareDestinations(two[0], two[1], preferences);
    const auto expectedRule = static_cast<DestinationRule>(said.rule == 0 ? 10 : said.rule);
    const auto ranked = ordered(two, table, preferences);
    const std::uint32_t expectedFirst = said.preferred == Preferred::kSecond ? 1 : 0;
    if (ranked[0].position != expectedFirst || ranked[0].before != expectedRule) {
      mif::test::fail(__FILE__, __LINE__,
                      two[0].address.text() + " and " + two[1].address.text() + " by rule " +
                          mif::test::describe(ranked[0].before) + ", not " + std::to_string(said.rule));
    }
    ++decidedBy[static_cast<std::size_t>(ranked[0].before)];
    // The other order of what is given matters to rule 10 only.
    const auto turned = ordered({two[1], two[0]}, table, preferences);
    const bool isSame = turned[0].position == ranked[1].position;
    MIF_CHECK_EQUAL(isSame, expectedRule != DestinationRule::kOriginal);
    MIF_CHECK_EQUAL(turned[0].before, ranked[0].before);
  }
  for (std::size_t rule = 1; rule < decidedBy.size(); ++rule) MIF_CHECK(decidedBy[rule] > 50);
}

MIF_TEST(
    "selection/destination-order: any number is ordered so that every pair of it is, but for rule 10 (SAS-29, "
    "SAS-30)") {
  RandomAddresses random(30);
  for (int round = 0; round < 4'000; ++round) {
    PolicyTable table = PolicyTable::standard();
    // Often of one precedence, so that families meet in rules 9 and 10.
    if (random.isTrue()) table.put(row("::ffff:0:0", 96, 40, 1));
    const auto sources = randomSources(random, table);
    const auto all = randomDestinations(random, sources, random.number(24));
    const auto ranked = ordered(all, table);
    std::vector<bool> isThere(all.size());
    for (const RankedDestination& one : ranked) isThere[one.position] = true;
    MIF_CHECK(std::find(isThere.begin(), isThere.end(), false) == isThere.end());
    for (std::size_t i = 0; i < ranked.size(); ++i) {
      for (std::size_t j = i + 1; j < ranked.size(); ++j) {
        const std::uint32_t first = ranked[i].position, second = ranked[j].position;
        // Alone, the two are as they are here.
        const auto pair = ordered({all[first], all[second]}, table);
        MIF_CHECK_EQUAL(pair[0].position, 0u);
        const bool isOfOneFamily = all[first].address.family() == all[second].address.family();
        if (pair[0].before == DestinationRule::kOriginal && isOfOneFamily) MIF_CHECK(first < second);
        if (j == i + 1) MIF_CHECK_EQUAL(ranked[i].before, pair[0].before);
      }
    }
  }
}

MIF_TEST("selection/destination-order: rule 10 alone depends on the order of what is given (SAS-30)") {
  RandomAddresses random(10);
  const PolicyTable table = PolicyTable::standard();
  for (int round = 0; round < 2'000; ++round) {
    const auto sources = randomSources(random, table);
    auto all = randomDestinations(random, sources, 2 + random.number(12));
    // But for IPv4-mapped ones, IPv4 has a precedence of its own, so that families are apart.
    std::erase_if(all, [](const Destination& one) {
      return one.address.family() == 6 && PolicyTable::standard().find(one.address).precedence == 35;
    });
    std::vector<Destination> turned(all.rbegin(), all.rend());
    const auto ranked = ordered(all, table), other = ordered(turned, table);
    for (std::size_t i = 0; i < all.size(); ++i) {
      // Only equals change places.
      MIF_CHECK_EQUAL(ranked[i].rank, other[i].rank);
      MIF_CHECK_EQUAL(ranked[i].before, other[i].before);
    }
  }
}

MIF_TEST("selection/destination-order: ordering allocates nothing") {
  if (!mif::test::allocations()) MIF_SKIP("a sanitizer brings its own allocator");
  RandomAddresses random(1);
  const PolicyTable table = PolicyTable::standard();
  const auto sources = randomSources(random, table);
  const auto all = randomDestinations(random, sources, 40);
  std::vector<RankedDestination> ranked(all.size());
  const auto before = mif::test::allocations();
  order(all, table, {}, ranked);
  MIF_CHECK_EQUAL(mif::test::allocations(), before);
}
