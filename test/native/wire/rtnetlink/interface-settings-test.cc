// SPDX-License-Identifier: MIT
#include "test.h"
#include "wire/message-builder.h"
#include "wire/rtnetlink/decoded.h"

namespace {

using mif::contract::Interface;
using mif::test::decodedText;
using mif::test::MessageBuilder;
using mif::wire::rtnetlink::Origin;

constexpr std::uint16_t kFamilies = 26;
constexpr std::uint16_t kIpv6Part = 12;
constexpr std::uint16_t kInet = 2;
constexpr std::uint16_t kInet6 = 10;

// A message about an Ethernet interface with one attribute, as a record.
MessageBuilder link(std::uint8_t family, std::uint16_t type, const MessageBuilder& nested) {
  return MessageBuilder(16)
      .raw(family, std::uint8_t{0}, std::uint16_t{1}, std::uint32_t{3}, std::uint32_t{0x1003}, std::uint32_t{0})
      .attribute(type, nested);
}

Interface decoded(const MessageBuilder& builder) {
  mif::contract::Change change;
  const auto result = decode(builder.message(), Origin::kNotification, mif::test::kReceivedAt, change);
  MIF_CHECK(result == mif::wire::rtnetlink::Decoded::kChange);
  return change.interface;
}

// The first `count` settings of a family, each its own place in the array.
MessageBuilder numbered(std::uint16_t type, std::int32_t count) {
  MessageBuilder values;
  for (std::int32_t n = 0; n < count; ++n) values.raw(n);
  return MessageBuilder().attribute(type, values);
}

MIF_TEST("wire/rtnetlink: settings of an interface come with each of its messages, and those of IPv6 also alone (B5)") {
  constexpr const char* kStart =
      "link 3 name v0 kind veth type 1 mac 02:00:00:00:00:01 broadcast ff:ff:ff:ff:ff:ff mtu ";
  constexpr const char* kRest = " flags 69699 state 6 parent 2 queue ";
  constexpr const char* kIpv4 = " forwards-4 1 rp-filter 2 localnet 1 ignores-linkdown-4 1";
  constexpr const char* kIpv6 =
      " forwards-6 1 ra 2 ra-route 48 temporary 2 optimistic-dad 1 use-optimistic 1 own-only 1 ignores-linkdown-6 1";
  const std::string put = std::string("put ") + kStart;
  const auto ipv6 = [&](bool isDisabled) { return std::string(isDisabled ? " disabled-6 1" : "") + kIpv6; };
  MIF_CHECK_DECODED(
      "rtnetlink/link-settings", Origin::kNotification,
      {
          put + "1400" + kRest + "1000" + kIpv4 + " ra 1",
          "partial link 3 name v0 type 1 mac 02:00:00:00:00:01 mtu 1400 flags 69699 state 6" + ipv6(false),
          put + "1400" + kRest + "1000" + kIpv4 + ipv6(false),
          put + "1401" + kRest + "1000" + kIpv4 + ipv6(true),
          // IPv6 ends with that MTU, but after the message.
          put + "1000" + kRest + "1000" + kIpv4 + ipv6(true),
          put + "1000" + kRest + "7" + kIpv4,
      });
}

MIF_TEST("wire/rtnetlink: a link without settings says nothing of them, one with none of a family cannot have it") {
  MIF_CHECK(!decoded(link(0, 999, MessageBuilder())).settings);
  const Interface without = decoded(link(0, kFamilies, MessageBuilder()));
  MIF_CHECK(without.settings.has_value());
  MIF_CHECK(without.settings && !without.settings->ipv4 && !without.settings->ipv6);
  const Interface bare = decoded(link(0, kFamilies, MessageBuilder().attribute(kInet6, MessageBuilder())));
  MIF_CHECK(bare.settings && !bare.settings->ipv4 && bare.settings->ipv6 && !bare.settings->ipv6->forwards);
}

MIF_TEST(
    "wire/rtnetlink: settings that an older kernel does not have are absent, those of a newer one do no harm (J3)") {
  for (std::int32_t count = 0; count < 80; ++count) {
    const MessageBuilder families = MessageBuilder()
                                        .attribute(kInet, numbered(1, count))
                                        .attribute(kInet6, numbered(2, count))
                                        .attribute(28, numbered(1, count));
    const auto settings = decoded(link(0, kFamilies, families)).settings;
    MIF_CHECK(settings && settings->ipv4 && settings->ipv6);
    if (!settings || !settings->ipv4 || !settings->ipv6) return;
    const auto& [ipv4, ipv6] = *settings;
    // IPv4 counts from 1, the array from 0: the first is not filtering but forwarding.
    MIF_CHECK(ipv4->forwards == (count > 0 ? std::optional(false) : std::nullopt));
    MIF_CHECK(ipv4->reversePathFilter ==
              (count > 7 ? std::optional(static_cast<mif::contract::ReversePathFilter>(7)) : std::nullopt));
    MIF_CHECK_EQUAL(ipv4->routesLocalnet.has_value(), count > 25);
    MIF_CHECK_EQUAL(ipv4->ignoresRoutesWithLinkdown.has_value(), count > 28);
    MIF_CHECK_EQUAL(ipv6->forwards.has_value(), count > 0);
    MIF_CHECK_EQUAL(ipv6->acceptsAdvertisements.value_or(-1), count > 3 ? 3 : -1);
    MIF_CHECK_EQUAL(ipv6->temporaryAddresses.value_or(-1), count > 10 ? 10 : -1);
    MIF_CHECK_EQUAL(ipv6->longestAdvertisedRoute.value_or(-1), count > 21 ? 21 : -1);
    MIF_CHECK_EQUAL(ipv6->detectsOptimistically.has_value(), count > 23);
    MIF_CHECK_EQUAL(ipv6->isDisabled.has_value(), count > 26);
    MIF_CHECK_EQUAL(ipv6->usesOptimistic.has_value(), count > 34);
    MIF_CHECK_EQUAL(ipv6->usesOwnAddressesOnly.has_value(), count > 37);
    MIF_CHECK_EQUAL(ipv6->ignoresRoutesWithLinkdown.has_value(), count > 39);
  }
}

MIF_TEST("wire/rtnetlink: what a bridge says of its port under the same number is no setting of IPv6 (B4)") {
  const MessageBuilder port = MessageBuilder().attribute(2, std::uint32_t{0xffffffff});
  MIF_CHECK(!decoded(link(0, kIpv6Part, port)).settings);
  MIF_CHECK_EQUAL(decodedText(link(7, kIpv6Part, port).message()), "ignored");
}

MIF_TEST("wire/rtnetlink: a lie about a length within settings makes the link malformed (J2, J6)") {
  const MessageBuilder lie = MessageBuilder().attribute(1, std::uint32_t{0x41}, 2);
  MIF_CHECK_EQUAL(decodedText(link(0, kFamilies, lie).message()), "malformed");
  for (const std::uint16_t family : {kInet, kInet6}) {
    MIF_CHECK_EQUAL(decodedText(link(0, kFamilies, MessageBuilder().attribute(family, lie)).message()), "malformed");
  }
  MIF_CHECK_EQUAL(decodedText(link(10, kIpv6Part, lie).message()), "malformed");
}

}  // namespace
