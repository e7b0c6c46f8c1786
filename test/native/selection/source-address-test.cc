// SPDX-License-Identifier: MIT
#include "selection/source-address.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "selection/candidates.h"
#include "selection/rfc6724.h"
#include "test.h"

namespace {

using mif::address::IpAddress;
using mif::selection::candidateOf;
using mif::selection::choose;
using mif::selection::compare;
using mif::selection::explain;
using mif::selection::FromNextHop;
using mif::selection::isCandidate;
using mif::selection::PolicyTable;
using mif::selection::preferencesOf;
using mif::selection::requestFor;
using mif::selection::SourceCandidate;
using mif::selection::SourcePreferences;
using mif::selection::SourceRequest;
using mif::selection::SourceRule;
using mif::test::candidate;
using mif::test::candidates;
using mif::test::RandomAddresses;
using Privacy = SourcePreferences::Privacy;

const PolicyTable& standard() {
  static const PolicyTable table = PolicyTable::standard();
  return table;
}

SourceRequest to(const char* destination, SourcePreferences preferences = {}) {
  SourceRequest request = requestFor(IpAddress::parse(destination), 1, standard());
  request.preferences = preferences;
  return request;
}

// Checks what is chosen and by which rule each other lost to it, in every order of the candidates.
void checkChoice(const SourceRequest& request, const char* text, const char* chosen, SourceRule rule, int line) {
  std::vector<SourceCandidate> all = candidates(text);
  const auto isLess = [](const SourceCandidate& a, const SourceCandidate& b) {
    return std::pair(a.address, a.interface) < std::pair(b.address, b.interface);
  };
  std::sort(all.begin(), all.end(), isLess);
  do {
    std::vector<SourceRule> lostBy(all.size());
    const auto best = explain(all, request, lostBy);
    const std::string where = request.destination.text() + " from " + text;
    if (best != choose(all, request)) mif::test::fail(__FILE__, line, where + ": choose and explain differ");
    if (!best || all[*best].address != IpAddress::parse(chosen)) {
      mif::test::fail(__FILE__, line, where + ": chose " + (best ? all[*best].address.text() : "none"));
      continue;
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      const SourceRule expected = i == *best ? SourceRule::kNone : rule;
      if (lostBy[i] != expected) mif::test::fail(__FILE__, line, where + ": rule " + mif::test::describe(lostBy[i]));
    }
  } while (std::next_permutation(all.begin(), all.end(), isLess));
}

#define CHECK_CHOICE(request, text, chosen, rule) checkChoice(request, text, chosen, SourceRule::rule, __LINE__)

bool hasNone(const SourceRequest& request, const char* text) {
  return !choose(candidates(text), request);
}

}  // namespace

MIF_TEST("selection/source-address: the examples of RFC 6724 section 10.1 and 10.6 (SAS-45)") {
  CHECK_CHOICE(to("2001:db8:1::1"), "2001:db8:3::1, fe80::1", "2001:db8:3::1", kScope);
  CHECK_CHOICE(to("ff05::1"), "2001:db8:3::1, fe80::1", "2001:db8:3::1", kScope);
  CHECK_CHOICE(to("2001:db8:1::1"), "2001:db8:1::1 deprecated, 2001:db8:2::1", "2001:db8:1::1", kSameAddress);
  CHECK_CHOICE(to("fe80::1"), "fe80::2 deprecated, 2001:db8:1::1", "fe80::2", kScope);
  CHECK_CHOICE(to("2001:db8:1::1"), "2001:db8:1::2, 2001:db8:3::2", "2001:db8:1::2", kLongestPrefix);
  CHECK_CHOICE(to("2001:db8:1::1"), "2001:db8:1::2 care-of, 2001:db8:3::2 home", "2001:db8:3::2", kHome);
  CHECK_CHOICE(to("2002:c633:6401::1"), "2002:c633:6401::d5e3:7953:13eb:22e8 temporary, 2001:db8:1::2",
               "2002:c633:6401::d5e3:7953:13eb:22e8", kLabel);
  CHECK_CHOICE(to("2001:db8:1::d5e3:0:0:1"), "2001:db8:1::2, 2001:db8:1::d5e3:7953:13eb:22e8 temporary",
               "2001:db8:1::d5e3:7953:13eb:22e8", kTemporary);
  CHECK_CHOICE(to("ff00::1"), "2001:db8:1::1, fd11:1111:1111:1::1", "2001:db8:1::1", kLabel);
}

MIF_TEST("selection/source-address: rule 2 takes the least scope that reaches, else the most (SAS-13)") {
  CHECK_CHOICE(to("fec0::9"), "2001:db8::1, fec0::1", "fec0::1", kScope);
  CHECK_CHOICE(to("fec0::9"), "2001:db8::1, fe80::1", "2001:db8::1", kScope);
  CHECK_CHOICE(to("2001:db8::9"), "fec0::1, fe80::1", "fec0::1", kScope);
  CHECK_CHOICE(to("fe80::9"), "fec0::1, fe80::1, 2001:db8::1", "fe80::1", kScope);
  // Before the address is looked at more closely.
  CHECK_CHOICE(to("2001:db8::9"), "2001:db8:1::1 deprecated, fe80::1", "2001:db8:1::1", kScope);
}

MIF_TEST("selection/source-address: rule 3 avoids deprecated addresses, and optimistic ones as if they were (SAS-11)") {
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::1 deprecated, 2001:db8:2::1", "2001:db8:2::1", kDeprecated);
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::1 tentative optimistic, 2001:db8:2::1", "2001:db8:2::1", kDeprecated);
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::1 deprecated, 2001:db8:2::1 optimistic", "2001:db8:1::1",
               kLongestPrefix);
}

MIF_TEST(
    "selection/source-address: mapped, compatible, translated and loopback addresses are never deprecated (SAS-07)") {
  for (const char* address : {"::ffff:192.0.2.1", "::192.0.2.1", "::ffff:0:192.0.2.1", "::1", "192.0.2.1"}) {
    MIF_CHECK(!candidate(std::string(address) + " deprecated").isDeprecated());
    MIF_CHECK(!candidate(std::string(address) + " optimistic").isOptimistic());
  }
  for (const char* address : {"2001:db8::1", "fe80::1", "2002:c000:201::1", "::1:0:0:1", "1::"}) {
    MIF_CHECK(candidate(std::string(address) + " deprecated").isDeprecated());
    MIF_CHECK(candidate(std::string(address) + " optimistic").isOptimistic());
  }
}

MIF_TEST("selection/source-address: rule 4 prefers an address that is both, then home, or care-of if asked (SAS-13)") {
  SourcePreferences careOf;
  careOf.prefersCareOf = true;
  const char* const kThree = "2001:db8:1::1 home care-of, 2001:db8:2::1 home, 2001:db8:9::1 care-of";
  CHECK_CHOICE(to("2001:db8:9::9"), kThree, "2001:db8:1::1", kHome);
  CHECK_CHOICE(to("2001:db8:9::9", careOf), kThree, "2001:db8:1::1", kHome);
  const char* const kTwo = "2001:db8:2::1 home, 2001:db8:9::1 care-of";
  CHECK_CHOICE(to("2001:db8:9::9"), kTwo, "2001:db8:2::1", kHome);
  CHECK_CHOICE(to("2001:db8:2::9", careOf), kTwo, "2001:db8:9::1", kHome);
  // Nobody said that it is care-of, but beside a home address what else.
  CHECK_CHOICE(to("2001:db8:9::9"), "2001:db8:2::1 home, 2001:db8:9::1", "2001:db8:2::1", kHome);
  CHECK_CHOICE(to("2001:db8:9::9"), "2001:db8:2::1 care-of, 2001:db8:9::1", "2001:db8:9::1", kLongestPrefix);
}

MIF_TEST("selection/source-address: rule 5 prefers the outgoing interface (SAS-13)") {
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::1 if2, 2001:db8:2::1 if1", "2001:db8:2::1", kOutgoingInterface);
}

MIF_TEST("selection/source-address: rule 5.5 prefers the next hop's prefix to a longer match (SAS-16)") {
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::1 from-another, 2001:db8:2::1 from-next-hop", "2001:db8:2::1",
               kNextHop);
  // Before the label, after the interface.
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::1 from-another, fd00::1 from-next-hop", "fd00::1", kNextHop);
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::1 from-another, 2001:db8:2::1 if2 from-next-hop", "2001:db8:1::1",
               kOutgoingInterface);
  // What nobody knows is not held against an address.
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::1, 2001:db8:2::1 from-next-hop", "2001:db8:1::1", kLongestPrefix);
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::1 from-another, 2001:db8:2::1", "2001:db8:2::1", kNextHop);
}

MIF_TEST("selection/source-address: rule 6 comes before rule 7 and rule 7 before rule 8 (SAS-13)") {
  CHECK_CHOICE(to("fd00::9"), "2001:db8::1 temporary, fd11::1", "fd11::1", kLabel);
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::1, 2001:db8:2::1 temporary", "2001:db8:2::1", kTemporary);
}

MIF_TEST(
    "selection/source-address: rule 7 is as the application asks, else as the interface is set up (SAS-15, SAS-20)") {
  const char* const kTwo = "2001:db8:1::1, 2001:db8:1::2 temporary";
  CHECK_CHOICE(to("2001:db8:1::9"), kTwo, "2001:db8:1::2", kTemporary);
  CHECK_CHOICE(to("2001:db8:1::9", {Privacy::kTemporary}), kTwo, "2001:db8:1::2", kTemporary);
  CHECK_CHOICE(to("2001:db8:1::9", {Privacy::kPublic}), kTwo, "2001:db8:1::1", kTemporary);
  std::vector<SourceCandidate> all = candidates(kTwo);
  for (SourceCandidate& one : all) one.prefersTemporary = false;
  MIF_CHECK_EQUAL(choose(all, to("2001:db8:1::9")).value_or(9), 0u);
  MIF_CHECK_EQUAL(choose(all, to("2001:db8:1::9", {Privacy::kTemporary})).value_or(9), 1u);
}

MIF_TEST("selection/source-address: rule 8 counts no more bits than the source's prefix has (SAS-08)") {
  // 127 bits of the second are the destination's, but 64 are its prefix.
  CHECK_CHOICE(to("2001:db8:1::4"), "2001:db8:1::1, 2001:db8:1::5", "2001:db8:1::1", kLowest);
  CHECK_CHOICE(to("2001:db8:1::4"), "2001:db8:1::1, 2001:db8:1::5/128", "2001:db8:1::5", kLongestPrefix);
  CHECK_CHOICE(to("2001:db8:1::4"), "2001:db8:1::1/40, 2001:db8:1:1::5/64", "2001:db8:1:1::5", kLongestPrefix);
}

MIF_TEST(
    "selection/source-address: a tie goes to the longest preferred lifetime, then to the lowest address (SAS-14)") {
  std::vector<SourceCandidate> all = candidates("2001:db8:1::1, 2001:db8:1::2, 2001:db8:1::3");
  const auto chosen = [&](std::size_t longest) {
    for (SourceCandidate& one : all) one.preferredUntil = 1000;
    all[longest].preferredUntil = 1001;
    std::array<SourceRule, 3> lostBy{};
    const auto best = explain(all, to("2001:db8:1::9"), lostBy);
    MIF_CHECK(best && lostBy[(*best + 1) % 3] == SourceRule::kLifetime);
    return best;
  };
  for (std::size_t i = 0; i < 3; ++i) MIF_CHECK_EQUAL(chosen(i).value_or(9), i);
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::3, 2001:db8:1::2, 2001:db8:1::1", "2001:db8:1::1", kLowest);
  // One address on two interfaces, neither of which is known to be the way out (trap C11).
  SourceRequest request = requestFor(IpAddress::parse("2001:db8:9::9"), 0, standard());
  for (const char* text : {"fe80::1 if3, fe80::1 if2", "fe80::1 if2, fe80::1 if3"}) {
    const std::vector<SourceCandidate> two = candidates(text);
    const auto best = choose(two, request);
    MIF_CHECK(best && two[*best].interface == 2);
  }
}

MIF_TEST("selection/source-address: what is no unicast address of this host for sure is no candidate (SAS-11)") {
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::1 tentative, 2001:db8:2::1 deprecated", "2001:db8:2::1",
               kNotCandidate);
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::1 failed, 2001:db8:2::1 deprecated", "2001:db8:2::1", kNotCandidate);
  CHECK_CHOICE(to("2001:db8:1::9"), "2001:db8:1::1 tentative optimistic failed, fe80::1", "fe80::1", kNotCandidate);
  CHECK_CHOICE(to("ff02::1"), "ff02::1, ::, 192.0.2.1, fe80::1", "fe80::1", kNotCandidate);
  CHECK_CHOICE(to("192.0.2.9"), "0.0.0.0, 224.0.0.1, ::ffff:192.0.2.1, 10.0.0.1", "10.0.0.1", kNotCandidate);
  MIF_CHECK(hasNone(to("2001:db8::1"), "") && hasNone(to("2001:db8::1"), "192.0.2.1") &&
            hasNone(to("2001:db8::1"), "2001:db8::1 tentative"));
  std::vector<SourceRule> lostBy(1);
  MIF_CHECK(!explain(candidates("192.0.2.1"), to("2001:db8::1"), lostBy));
  MIF_CHECK_EQUAL(lostBy[0], SourceRule::kNotCandidate);
  // Absent is no address.
  MIF_CHECK(!isCandidate(SourceCandidate(), SourceRequest()));
}

MIF_TEST(
    "selection/source-address: what stays on the link has a source of that link, which must be known (SAS-11, "
    "SAS-39)") {
  for (const char* destination : {"fe80::9", "ff02::1", "ff0e::1"}) {
    CHECK_CHOICE(to(destination), "fe80::1 if2, 2001:db8::1 if2, 2001:db8:1::1 if1 deprecated", "2001:db8:1::1",
                 kNotCandidate);
    SourceRequest anywhere = requestFor(IpAddress::parse(destination), 0, standard());
    MIF_CHECK(hasNone(anywhere, "fe80::1 if2, 2001:db8::1 if1"));
  }
  for (const char* destination : {"169.254.9.9", "224.0.0.251", "239.1.1.1"}) {
    CHECK_CHOICE(to(destination), "169.254.1.1/16 if2, 10.0.0.1 if1", "10.0.0.1", kNotCandidate);
    SourceRequest anywhere = requestFor(IpAddress::parse(destination), 0, standard());
    MIF_CHECK(hasNone(anywhere, "169.254.1.1 if2"));
  }
}

MIF_TEST(
    "selection/source-address: IPv4 takes the subnet, then the route's source, then scope, then the first (SAS-17)") {
  SourceRequest request = to("198.51.100.9");
  request.routeSource = IpAddress::parse("10.0.0.1");
  CHECK_CHOICE(request, "198.51.100.1, 10.0.0.1", "198.51.100.1", kSubnet);
  CHECK_CHOICE(request, "192.0.2.1, 10.0.0.1, 169.254.1.1", "10.0.0.1", kRouteSource);
  CHECK_CHOICE(to("198.51.100.9"), "192.0.2.1 secondary if2, 169.254.1.1", "192.0.2.1", kScope);
  CHECK_CHOICE(to("198.51.100.9"), "192.0.2.1 if2, 10.0.0.1 secondary", "10.0.0.1", kOutgoingInterface);
  CHECK_CHOICE(to("198.51.100.9"), "192.0.2.1 secondary, 10.0.0.1", "10.0.0.1", kPrimary);
  for (const char* text : {"192.0.2.1, 10.0.0.1", "10.0.0.1, 192.0.2.1"}) {
    std::array<SourceRule, 2> lostBy{};
    MIF_CHECK_EQUAL(explain(candidates(text), to("198.51.100.9"), lostBy).value_or(9), 0u);
    MIF_CHECK_EQUAL(lostBy[1], SourceRule::kFirst);
  }
}

MIF_TEST(
    "selection/source-address: an IPv4 link-local source serves link-local destinations and else the last need "
    "(SAS-36)") {
  CHECK_CHOICE(to("169.254.9.9"), "10.0.0.1, 169.254.1.1", "169.254.1.1", kScope);
  CHECK_CHOICE(to("169.254.9.9"), "10.0.0.1, 169.254.1.1/16", "169.254.1.1", kSubnet);
  CHECK_CHOICE(to("198.51.100.9"), "10.0.0.1, 169.254.1.1/16", "10.0.0.1", kScope);
  CHECK_CHOICE(to("198.51.100.9"), "169.254.1.1/16", "169.254.1.1", kScope);
}

MIF_TEST("selection/source-address: the subnet of a point-to-point address is its peer's in IPv4 (C2)") {
  mif::contract::Address record;
  record.index = 1;
  record.family = 4;
  record.address = IpAddress::parse("10.0.0.1");
  record.peer = IpAddress::parse("192.0.2.9");
  record.prefixLength = 32;
  const std::array<SourceCandidate, 2> two = {candidate("10.9.9.9"), candidateOf(record, standard())};
  std::array<SourceRule, 2> lostBy{};
  MIF_CHECK_EQUAL(explain(two, to("192.0.2.9"), lostBy).value_or(9), 1u);
  MIF_CHECK_EQUAL(lostBy[0], SourceRule::kSubnet);
}

MIF_TEST("selection/source-address: a candidate is what the kernel's record says (SAS-44)") {
  mif::contract::Address record;
  record.index = 7;
  record.family = 6;
  record.address = IpAddress::parse("fec0::1");
  record.peer = IpAddress::parse("2001:db8::9");
  record.prefixLength = 64;
  record.flags = mif::contract::AddressFlag::kSecondary;
  record.preferredLifetime = 5000;
  const SourceCandidate made = candidateOf(record, standard());
  MIF_CHECK(made.isTemporary() && !made.isDeprecated());
  MIF_CHECK_EQUAL(made.interface, 7u);
  MIF_CHECK_EQUAL(made.label, 11u);
  MIF_CHECK_EQUAL(made.scope, mif::address::Scope::kSiteLocal);
  MIF_CHECK_EQUAL(made.preferredUntil, 5000);
  // The peer is on link, but it is not what the address has in common with destinations.
  MIF_CHECK_EQUAL(made.subnet, mif::address::Prefix{record.address, 64});
  MIF_CHECK(!candidate("192.0.2.1 secondary").isTemporary());
}

MIF_TEST("selection/source-preferences: flags become preferences, contradictions nothing (SAS-18, SAS-19)") {
  MIF_CHECK(preferencesOf(0) == SourcePreferences());
  MIF_CHECK(preferencesOf(0x0100) == SourcePreferences());
  MIF_CHECK((preferencesOf(0x0001) == SourcePreferences{Privacy::kTemporary, false}));
  MIF_CHECK((preferencesOf(0x0002 | 0x0004) == SourcePreferences{Privacy::kPublic, true}));
  MIF_CHECK((preferencesOf(0x0400 | 0x0008) == SourcePreferences{Privacy::kSystem, false}));
  for (const std::uint32_t flags :
       {0x0001u | 0x0002u, 0x0001u | 0x0100u, 0x0002u | 0x0100u, 0x0004u | 0x0400u, 0x0008u | 0x0800u}) {
    MIF_CHECK(!preferencesOf(flags));
  }
  // Unknown flags are ignored.
  MIF_CHECK(preferencesOf(0x40000000) == SourcePreferences());
}

namespace {

SourceRequest randomRequest(RandomAddresses& random, const IpAddress& destination) {
  SourceRequest request = requestFor(destination, random.number(3), standard());
  request.preferences = {static_cast<Privacy>(random.number(3)), random.isTrue()};
  request.routeSource = random.ipv4();
  return request;
}

}  // namespace

MIF_TEST("selection/source-address: preference is an order for any three candidates (SAS-13, SAS-14)") {
  RandomAddresses random(5);
  std::size_t cycles = 0;
  for (int round = 0; round < 200'000; ++round) {
    const bool isIpv4 = random.number(4) == 0;
    const auto any = [&] { return isIpv4 ? random.ipv4() : random.ipv6(); };
    const SourceRequest request = randomRequest(random, any());
    const std::array<SourceCandidate, 3> three = {
        random.candidate(any(), standard()), random.candidate(any(), standard()), random.candidate(any(), standard())};
    const auto& [a, b, c] = three;
    const auto ab = compare(a, b, request), ba = compare(b, a, request);
    const auto bc = compare(b, c, request), ac = compare(a, c, request);
    MIF_CHECK(ab.rule == ba.rule && (ab.preference > 0) == (ba.preference < 0));
    if (ab.preference >= 0 && bc.preference >= 0) cycles += ac.preference < 0;
    if (ab.preference == 0) {
      MIF_CHECK((ac.preference > 0) == (bc.preference > 0) && (ac.preference < 0) == (bc.preference < 0));
    }
    // Only IPv4 leaves it to the order of the candidates.
    if (!isIpv4 && ab.preference == 0) MIF_CHECK(a.address == b.address && a.interface == b.interface);
  }
  MIF_CHECK_EQUAL(cycles, 0u);
}

MIF_TEST("selection/source-address: any two candidates are decided as the sentences of RFC 6724 say (SAS-13, SAS-16)") {
  using mif::test::rfc6724::Preferred;
  using mif::test::rfc6724::Verdict;
  RandomAddresses random(13);
  std::array<int, 12> decidedBy{};
  for (int round = 0; round < 200'000; ++round) {
    SourceRequest request = randomRequest(random, random.ipv6());
    std::array<SourceCandidate, 2> two = {random.candidate(random.ipv6(), standard()),
                                          random.candidate(random.ipv6(), standard())};
    // Where the RFC leaves open what is preferred, docs/adr/0013 decides; here is what it does not leave open.
    const bool isMobile = random.isTrue();
    const bool isKnown = random.isTrue();
    for (SourceCandidate& one : two) {
      if (!isMobile) one.flags &= ~mif::contract::AddressFlag::kHomeAddress;
      if (isMobile && !one.has(mif::contract::AddressFlag::kHomeAddress)) one.isCareOf = true;
      if (isKnown && one.fromNextHop == FromNextHop::kUnknown) one.fromNextHop = FromNextHop::kNo;
      if (!isKnown) one.fromNextHop = FromNextHop::kUnknown;
      one.prefersTemporary = true;
    }
    const Verdict said = mif::test::rfc6724::compareSources(two[0], two[1], request);
    const auto decided = compare(two[0], two[1], request);
    const int rule = static_cast<int>(decided.rule);
    // Ours count 5.5, so that those behind are one further.
    const int expected = said.rule == 55 ? 6 : said.rule >= 6 ? said.rule + 1 : said.rule;
    if (said.rule == 0) {
      MIF_CHECK(decided.rule == SourceRule::kLifetime || decided.rule == SourceRule::kLowest);
    } else if (rule != expected || (decided.preference > 0) != (said.preferred == Preferred::kFirst)) {
      mif::test::fail(__FILE__, __LINE__,
                      two[0].address.text() + " and " + two[1].address.text() + " for " + request.destination.text());
    }
    ++decidedBy[static_cast<std::size_t>(rule)];
  }
  // Every rule has had its say.
  for (std::size_t rule = 1; rule < decidedBy.size(); ++rule) MIF_CHECK(decidedBy[rule] > 100);
}

MIF_TEST("selection/source-address: the one chosen is preferred to every other candidate (SAS-13)") {
  RandomAddresses random(45);
  for (int round = 0; round < 5'000; ++round) {
    std::vector<SourceCandidate> all;
    const std::uint32_t count = random.number(12);
    for (std::uint32_t i = 0; i < count; ++i) {
      all.push_back(random.candidate(random.number(4) == 0 ? random.ipv4() : random.ipv6(), standard()));
    }
    const SourceRequest request = randomRequest(random, random.isTrue() ? random.ipv6() : random.ipv4());
    std::vector<SourceRule> lostBy(all.size());
    const auto best = explain(all, request, lostBy);
    MIF_CHECK(best == choose(all, request));
    for (std::size_t i = 0; i < all.size(); ++i) {
      MIF_CHECK_EQUAL(lostBy[i] == SourceRule::kNotCandidate, !isCandidate(all[i], request));
      MIF_CHECK_EQUAL(lostBy[i] == SourceRule::kNone, best == i);
      if (!isCandidate(all[i], request) || best == i) continue;
      MIF_REQUIRE(best.has_value());
      const auto decided = compare(all[*best], all[i], request);
      MIF_CHECK(decided.preference > 0 || (decided.preference == 0 && *best < i));
      MIF_CHECK_EQUAL(decided.rule, lostBy[i]);
    }
  }
}

MIF_TEST("selection/source-address: choosing allocates nothing") {
  if (!mif::test::allocations()) MIF_SKIP("a sanitizer brings its own allocator");
  const auto all = candidates("2001:db8:1::1, 2001:db8:2::1 temporary, fe80::1, fd00::1");
  std::array<SourceRule, 4> lostBy{};
  const IpAddress destination = IpAddress::parse("2001:db8:1::9");
  const auto before = mif::test::allocations();
  const auto best = explain(all, requestFor(destination, 1, standard()), lostBy);
  MIF_CHECK_EQUAL(mif::test::allocations(), before);
  MIF_CHECK_EQUAL(best.value_or(9), 1u);
}
