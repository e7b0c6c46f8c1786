// SPDX-License-Identifier: MIT
#include "selection/kernel-source.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "selection/candidates.h"
#include "test.h"

namespace {

using mif::address::IpAddress;
using mif::contract::AddressScope;
using mif::selection::chooseAsKernel4;
using mif::selection::chooseAsKernel6;
using mif::selection::explainAsKernel4;
using mif::selection::explainAsKernel6;
using mif::selection::KernelRequest4;
using mif::selection::KernelTraits;
using mif::selection::PolicyTable;
using mif::selection::requestFor;
using mif::selection::SourceCandidate;
using mif::selection::SourcePreferences;
using mif::selection::SourceRule;
using mif::test::candidates;
using Privacy = SourcePreferences::Privacy;

const PolicyTable& labels() {
  static const PolicyTable table = PolicyTable::kernelLabels();
  return table;
}

struct Asked {
  const char* destination;
  std::uint32_t interface = 1;
  SourcePreferences preferences = {};
  KernelTraits traits = {};
};

// What is chosen of two, whichever the kernel lists first; "first" or "last" when that decides.
std::string chosenOfTwo(const Asked& asked, const char* text, bool (*prepare)(SourceCandidate&) = nullptr) {
  std::array<std::string, 2> chosen;
  for (const bool isTurned : {false, true}) {
    std::vector<SourceCandidate> all = candidates(text, labels());
    if (prepare != nullptr) {
      for (SourceCandidate& one : all) prepare(one);
    }
    if (isTurned) std::swap(all[0], all[1]);
    auto request = requestFor(IpAddress::parse(asked.destination), asked.interface, labels());
    request.preferences = asked.preferences;
    const auto best = chooseAsKernel6(all, request, asked.traits);
    chosen[isTurned] = best ? all[*best].address.text() : "none";
  }
  if (chosen[0] == chosen[1]) return chosen[0];
  return chosen[0] == candidates(text)[0].address.text() ? "first" : "last";
}

}  // namespace

MIF_TEST("selection/kernel-source: the rules of Linux, each before the next (SAS-10)") {
  // Same address, before scope and state.
  MIF_CHECK_EQUAL(chosenOfTwo({"fe80::1"}, "fe80::1 deprecated, fe80::2"), "fe80::1");
  // Scope: enough before too little, then the nearest.
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8::9"}, "2001:db8:1::1 deprecated, fe80::1"), "2001:db8:1::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8::9"}, "fec0::1 deprecated, fe80::1"), "fec0::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"fec0::9"}, "fec0::1 deprecated, 2001:db8::1"), "fec0::1");
  // Deprecated, before home.
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "2001:db8:1::1 deprecated home, 2001:db8:2::1"), "2001:db8:2::1");
  // Home, before the interface.
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "2001:db8:1::1, 2001:db8:2::1 home if2"), "2001:db8:2::1");
  // Interface, before the label.
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "2001:db8:1::1 if2, fd00::1"), "fd00::1");
  // Label, before privacy.
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "2001:db8:1::1, fd00::1 temporary"), "2001:db8:1::1");
  // Privacy, before ORCHID.
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "2001:db8:1::1, 2001:db8:2::1 temporary"), "2001:db8:2::1");
  // Prefix, within the prefix of the address; then whether it is optimistic; then the kernel's order.
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "2001:db8:1::1, 2001:db8:2::1"), "2001:db8:1::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "2001:db8:1::1/32, 2001:db8:2::8"), "2001:db8:2::8");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "2001:db8:1::1, 2001:db8:1::8"), "first");
}

MIF_TEST("selection/kernel-source: ORCHID goes with ORCHID where a label does not say so already (SAS-10)") {
  PolicyTable same;
  same.put({{IpAddress::parse("::"), 0}, 0, 1, std::nullopt});
  for (const bool isTurned : {false, true}) {
    std::vector<SourceCandidate> all = candidates("2001:10::1/128, 2001:11::1/8", same);
    if (isTurned) std::swap(all[0], all[1]);
    const auto to = [&](const char* destination) {
      const auto best = chooseAsKernel6(all, requestFor(IpAddress::parse(destination), 1, same), {});
      return best ? all[*best].address.text() : "none";
    };
    // 2001:1f:: is within 2001:10::/28, as both are.
    MIF_CHECK_EQUAL(to("2001:1f::9"), "2001:10::1");
    all[isTurned ? 0 : 1].address = IpAddress::parse("2001:db8::1");
    MIF_CHECK_EQUAL(to("2001:1f::9"), "2001:10::1");
    // More common bits do not help.
    MIF_CHECK_EQUAL(to("2001:20::9"), "2001:db8::1");
  }
}

MIF_TEST("selection/kernel-source: optimistic addresses are avoided unless their interface uses them (SAS-10)") {
  const auto use = [](SourceCandidate& one) { return one.usesOptimistic = true; };
  const char* const kTwo = "2001:db8:1::1 tentative optimistic, 2001:db8:2::1";
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, kTwo), "2001:db8:2::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, kTwo, use), "2001:db8:1::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "2001:db8:1::1 optimistic, 2001:db8:1::2", use), "2001:db8:1::2");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "2001:db8:1::1 deprecated, 2001:db8:2::1", use), "2001:db8:2::1");
}

MIF_TEST(
    "selection/kernel-source: compatible, mapped and loopback addresses count as preferred, translated do not "
    "(SAS-07)") {
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "::192.0.2.1 deprecated, 2001:db8:1::1 deprecated"), "::c000:201");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "::ffff:192.0.2.1 deprecated, 2001:db8:1::1 deprecated"),
                  "::ffff:192.0.2.1");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "::ffff:0:192.0.2.1 deprecated, 2001:db8:1::1 deprecated"),
                  "2001:db8:1::1");
}

MIF_TEST(
    "selection/kernel-source: temporary addresses are as the socket asks, else as their interface does (SAS-18, "
    "SAS-20)") {
  const auto publicly = [](SourceCandidate& one) { return one.prefersTemporary = false; };
  const char* const kTwo = "2001:db8:1::1, 2001:db8:1::2 temporary";
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, kTwo), "2001:db8:1::2");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, kTwo, publicly), "2001:db8:1::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9", 1, {Privacy::kPublic}, {}}, kTwo), "2001:db8:1::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9", 1, {Privacy::kTemporary}, {}}, kTwo, publicly), "2001:db8:1::2");
}

MIF_TEST("selection/kernel-source: home addresses matter where the kernel knows them (SAS-10, SAS-18)") {
  const char* const kTwo = "2001:db8:1::1, 2001:db8:2::1 home";
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, kTwo), "2001:db8:2::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9", 1, {}, {.hasMobility = false}}, kTwo), "2001:db8:1::1");
  SourcePreferences careOf;
  careOf.prefersCareOf = true;
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:2::9", 1, careOf, {}}, kTwo), "2001:db8:1::1");
}

MIF_TEST("selection/kernel-source: what may be a source at all (SAS-10, SAS-11)") {
  const char* const kOther = "2001:db8:1::1 if2, fe80::1 if1";
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, kOther), "2001:db8:1::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9", 1, {}, {.onlyOutgoing = true}}, kOther), "fe80::1");
  for (const char* destination : {"fe80::9", "ff0e::1", "::1", "::"}) {
    MIF_CHECK_EQUAL(chosenOfTwo({destination, 2}, "2001:db8:1::1 if2, fe80::1 if1"), "2001:db8:1::1");
  }
  // :: has less scope than any: the nearest reaches it, on the outgoing interface.
  MIF_CHECK_EQUAL(chosenOfTwo({"::", 1}, "2001:db8:1::1, fe80::1"), "fe80::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"::", 1}, "2001:db8:1::1, fe80::1 if2"), "2001:db8:1::1");
  // Unlike RFC 6724, anything when the interface is not known.
  MIF_CHECK_EQUAL(chosenOfTwo({"fe80::9", 0}, "2001:db8:1::1 if2, fe80::1 if1"), "fe80::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "2001:db8:1::1 tentative, fe80::1"), "fe80::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"ff02::1"}, "ff02::1, fe80::1"), "fe80::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"::"}, "::, fe80::1"), "fe80::1");
  MIF_CHECK_EQUAL(chosenOfTwo({"2001:db8:1::9"}, "192.0.2.1, ::"), "none");
}

namespace {

KernelRequest4 on(std::uint32_t interface, const char* router, AddressScope scope) {
  return {interface, IpAddress::parse(router), scope};
}

// The numbers of `scopes` are those of the candidates, in their order.
std::string chosen4(const KernelRequest4& request, const char* text, std::vector<AddressScope> scopes = {}) {
  std::vector<SourceCandidate> all = candidates(text, labels());
  for (std::size_t i = 0; i < scopes.size(); ++i) all[i].kernelScope = scopes[i];
  const auto best = chooseAsKernel4(all, request);
  return best ? all[*best].address.text() : "none";
}

}  // namespace

MIF_TEST("selection/kernel-source: IPv4 takes the router's subnet, else the first primary address (SAS-10)") {
  constexpr AddressScope kGlobal = AddressScope::kGlobal;
  const char* const kThree = "10.0.0.1 if2, 192.0.2.1 if1, 192.0.2.2 secondary if1, 198.51.100.1 if1";
  MIF_CHECK_EQUAL(chosen4(on(1, "198.51.100.9", kGlobal), kThree), "198.51.100.1");
  MIF_CHECK_EQUAL(chosen4(on(1, "203.0.113.9", kGlobal), kThree), "192.0.2.1");
  MIF_CHECK_EQUAL(chosen4(on(1, "", kGlobal), kThree), "192.0.2.1");
  MIF_CHECK_EQUAL(chosen4(on(1, "", kGlobal), "192.0.2.2 secondary, 2001:db8::1, 198.51.100.1"), "198.51.100.1");
  MIF_CHECK_EQUAL(chosen4(on(1, "", kGlobal), "192.0.2.2 secondary, 2001:db8::1"), "none");
}

MIF_TEST("selection/kernel-source: IPv4 keeps to addresses whose scope is no narrower than wanted (SAS-10)") {
  constexpr AddressScope kGlobal = AddressScope::kGlobal, kLink = AddressScope::kLink, kHost = AddressScope::kHost;
  const char* const kTwo = "192.0.2.1, 198.51.100.1";
  MIF_CHECK_EQUAL(chosen4(on(1, "", kGlobal), kTwo, {kLink, kGlobal}), "198.51.100.1");
  MIF_CHECK_EQUAL(chosen4(on(1, "", kLink), kTwo, {kLink, kGlobal}), "192.0.2.1");
  MIF_CHECK_EQUAL(chosen4(on(1, "", kLink), kTwo, {kHost, kGlobal}), "198.51.100.1");
  MIF_CHECK_EQUAL(chosen4(on(1, "", kHost), kTwo, {kHost, kGlobal}), "192.0.2.1");
  // More than the host counts as the host, and as the link where the interface routes 127/8.
  MIF_CHECK_EQUAL(chosen4(on(1, "", kHost), kTwo, {AddressScope::kNowhere, kGlobal}), "192.0.2.1");
  KernelRequest4 localnet = on(1, "", kLink);
  localnet.routesLocalnet = true;
  MIF_CHECK_EQUAL(chosen4(localnet, kTwo, {kHost, kGlobal}), "192.0.2.1");
}

MIF_TEST("selection/kernel-source: IPv4 borrows from another interface what means something beyond its link (SAS-10)") {
  constexpr AddressScope kGlobal = AddressScope::kGlobal, kLink = AddressScope::kLink, kHost = AddressScope::kHost;
  const char* const kFour = "127.0.0.1 if1, 192.0.2.1 if2, 192.0.2.2 secondary if2, 198.51.100.1 if3";
  MIF_CHECK_EQUAL(chosen4(on(4, "198.51.100.9", kGlobal), kFour, {kHost, kLink, kGlobal, kGlobal}), "198.51.100.1");
  MIF_CHECK_EQUAL(chosen4(on(4, "", kLink), kFour, {kHost, kLink, kGlobal, kGlobal}), "198.51.100.1");
  MIF_CHECK_EQUAL(chosen4(on(4, "", kHost), kFour, {kHost, kLink, kGlobal, kGlobal}), "127.0.0.1");
  MIF_CHECK_EQUAL(chosen4(on(4, "", kGlobal), "192.0.2.1 if2", {kLink}), "none");
}

MIF_TEST("selection/kernel-source: the explanation names the rule that decided, and the choice is the same (SAS-10)") {
  const auto all = candidates(
      "2001:db8:1::1, 2001:db8:1::2 deprecated, fd00::1, fe80::1, 2001:db8:1::3 if2, 2001:db8:1::4 tentative",
      labels());
  const auto request = requestFor(IpAddress::parse("2001:db8:1::9"), 1, labels());
  std::vector<SourceRule> lostBy(all.size());
  const auto best = explainAsKernel6(all, request, {}, lostBy);
  MIF_CHECK(best == chooseAsKernel6(all, request, {}));
  MIF_CHECK(best == 0u);
  const std::vector<SourceRule> expected = {
      SourceRule::kNone,  SourceRule::kDeprecated,        SourceRule::kLabel,
      SourceRule::kScope, SourceRule::kOutgoingInterface, SourceRule::kNotCandidate};
  MIF_CHECK(lostBy == expected);
  // What does not leave the link is chosen there.
  const auto near = requestFor(IpAddress::parse("fe80::9"), 2, labels());
  const auto nearest = explainAsKernel6(all, near, {}, lostBy);
  MIF_CHECK(nearest == 4u && nearest == chooseAsKernel6(all, near, {}));
  MIF_CHECK(lostBy[0] == SourceRule::kOtherLink);
  // None will do.
  const auto nowhere = requestFor(IpAddress::parse("fe80::9"), 7, labels());
  MIF_CHECK(!explainAsKernel6(all, nowhere, {}, lostBy));
  MIF_CHECK(lostBy[0] == SourceRule::kOtherLink && lostBy[5] == SourceRule::kNotCandidate);
}

MIF_TEST("selection/kernel-source: of IPv4 addresses, too, the explanation is that of the choice (SAS-17)") {
  auto all = candidates("192.0.2.1/24, 192.0.2.2/24, 198.51.100.1/24, 203.0.113.1/24 if2, 192.0.2.3/24", labels());
  all[1].flags |= mif::contract::AddressFlag::kSecondary;
  all[4].kernelScope = AddressScope::kHost;
  KernelRequest4 request;
  request.interface = 1;
  request.router = IpAddress::parse("198.51.100.254");
  std::vector<SourceRule> lostBy(all.size());
  const auto best = explainAsKernel4(all, request, lostBy);
  MIF_CHECK(best == 2u && best == chooseAsKernel4(all, request));
  const std::vector<SourceRule> expected = {SourceRule::kSubnet, SourceRule::kPrimary, SourceRule::kNone,
                                            SourceRule::kOutgoingInterface, SourceRule::kScope};
  MIF_CHECK(lostBy == expected);
  // Another interface lends one.
  request.interface = 3;
  MIF_CHECK(explainAsKernel4(all, request, lostBy) == chooseAsKernel4(all, request));
  MIF_CHECK(lostBy[0] == SourceRule::kNone && lostBy[3] == SourceRule::kFirst && lostBy[4] == SourceRule::kScope);
}
