// SPDX-License-Identifier: MIT
#include <array>

#include "contract/change.h"
#include "test.h"
#include "wire/message-builder.h"
#include "wire/rtnetlink/decoded.h"

namespace {

using mif::test::decodedText;
using mif::test::kReceivedAt;
using mif::test::MessageBuilder;
using mif::wire::rtnetlink::decode;
using mif::wire::rtnetlink::Decoded;
using mif::wire::rtnetlink::Origin;

constexpr std::uint16_t kNewRoute = 24;
constexpr std::uint8_t kInet = 2;
constexpr std::uint8_t kInet6 = 10;

// struct rtmsg of a unicast route in the main table.
MessageBuilder route(std::uint8_t family, std::uint8_t length, std::uint32_t flags = 0, std::uint8_t sourceLength = 0) {
  return MessageBuilder(kNewRoute).raw(family, length, sourceLength, std::uint8_t{0}, std::uint8_t{254},
                                       std::uint8_t{4}, std::uint8_t{0}, std::uint8_t{1}, flags);
}

// struct rtnexthop with attributes behind it.
MessageBuilder hop(std::uint32_t index, std::uint8_t weightLessOne, const MessageBuilder& attributes = MessageBuilder(),
                   int claimed = -1) {
  const auto length =
      static_cast<std::uint16_t>(claimed >= 0 ? claimed : static_cast<int>(8 + attributes.payload().size()));
  MessageBuilder builder;
  builder.raw(length, std::uint8_t{0}, weightLessOne, index);
  for (const std::byte byte : attributes.payload()) builder.raw(byte);
  return builder;
}

MessageBuilder both(const MessageBuilder& a, const MessageBuilder& b) {
  MessageBuilder builder(a);
  for (const std::byte byte : b.payload()) builder.raw(byte);
  return builder;
}

// 10.0.0.0 and 192.0.2.254 as they lie in memory.
constexpr std::array<std::byte, 4> kTen = {std::byte{10}, std::byte{0}, std::byte{0}, std::byte{0}};
constexpr std::array<std::byte, 4> kGateway = {std::byte{192}, std::byte{0}, std::byte{2}, std::byte{254}};

MIF_TEST("wire/rtnetlink: IPv4 routes have their gateway of either family, table and metric (D10, D11, D13)") {
  MIF_CHECK_DECODED(
      "rtnetlink/route-ipv4", Origin::kNotification,
      {
          "put route 0.0.0.0/0 via 192.0.2.254 dev 3 type 1 table 254 proto 3 (add)",
          "put route 203.0.113.0/24 via 192.0.2.254 dev 3 type 1 table 254 proto 3 metric 100 src 192.0.2.1 "
          "rtax 2=1400 rtax 8=1300 (add)",
          "put route 203.0.113.0/24 via fe80::1 dev 3 type 1 table 100 proto 3 (add)",
          "put route 10.1.0.0/16 dev 3 type 1 table 4242 proto 16 scope 253 (add)",
          "put route 10.2.0.0/16 via 203.0.113.9 dev 3 type 1 table 254 proto 3 tos 16 flags 4 (add)",
          "remove route 0.0.0.0/0 via 192.0.2.254 dev 3 type 1 table 254 proto 3",
      });
}

MIF_TEST("wire/rtnetlink: a route that refuses is a route, with its type (D17)") {
  MIF_CHECK_DECODED("rtnetlink/route-ipv4-negative", Origin::kNotification,
                    {
                        "put route 10.1.0.0/16 type 6 table 254 proto 3 (add)",
                        "put route 10.2.0.0/16 type 7 table 254 proto 3 (add)",
                        "put route 10.3.0.0/16 type 8 table 254 proto 3 (add)",
                        "put route 10.4.0.0/16 type 9 table 254 proto 3 (add)",
                    });
}

MIF_TEST("wire/rtnetlink: hops have weight, flags and a gateway of either family of their own (D11)") {
  MIF_CHECK_DECODED("rtnetlink/route-ipv4-multipath", Origin::kNotification,
                    {
                        "put route 203.0.113.0/24 type 1 table 254 proto 3 hop 3 via 192.0.2.254 weight 3 "
                        "hop 2 via fe80::1 weight 1 (add)",
                        "put route 10.5.0.0/16 type 1 table 254 proto 3 hop 3 weight 256 "
                        "hop 2 via 198.51.100.9 weight 1 flags 4 (add)",
                    });
}

MIF_TEST("wire/rtnetlink: the flags of a notification say where among its equals a route went (D7)") {
  MIF_CHECK_DECODED("rtnetlink/route-ipv4-placement", Origin::kNotification,
                    {
                        "put route 203.0.113.0/24 via 192.0.2.254 dev 3 type 1 table 254 proto 3 (add)",
                        "put route 203.0.113.0/24 via 192.0.2.253 dev 3 type 1 table 254 proto 3 (append)",
                        "put route 203.0.113.0/24 via 192.0.2.252 dev 3 type 1 table 254 proto 3 (prepend)",
                        "put route 203.0.113.0/24 via 192.0.2.251 dev 3 type 1 table 254 proto 3 (replace)",
                        "put route 203.0.113.0/24 via 192.0.2.250 dev 3 type 1 table 254 proto 3 (replace)",
                    });
}

MIF_TEST("wire/rtnetlink: the same flags in a dump say nothing (D7)") {
  for (const int flags : {0x2, 0x22, 0x100, 0x400, 0x600, 0xc00}) {
    MessageBuilder message(kNewRoute, static_cast<std::uint16_t>(flags));
    message.raw(kInet, std::uint8_t{0}, std::uint8_t{0}, std::uint8_t{0}).zeros(8);
    MIF_CHECK_EQUAL(decodedText(message.message(), Origin::kDump), "put route 0.0.0.0/0");
  }
}

MIF_TEST("wire/rtnetlink: the notification of a route is never taken for a line of a dump (D7)") {
  MIF_CHECK_EQUAL(decodedText(route(kInet, 0).message()), "put route 0.0.0.0/0 type 1 table 254 proto 4 (append)");
}

MIF_TEST("wire/rtnetlink: a route by nexthop object has the id and the hops it expands to (D12)") {
  MIF_CHECK_DECODED("rtnetlink/route-ipv4-nexthop", Origin::kNotification,
                    {
                        "put route 203.0.113.0/24 via 192.0.2.254 dev 3 type 1 table 254 proto 3 nhid 10 (add)",
                        "put route 10.1.0.0/16 type 1 table 254 proto 3 nhid 20 hop 3 via 192.0.2.254 weight 3 "
                        "hop 2 via 198.51.100.9 weight 1 (add)",
                        "put route 10.2.0.0/16 via 192.0.2.254 dev 3 type 1 table 254 proto 3 nhid 21 (add)",
                    });
}

MIF_TEST("wire/rtnetlink: a group of one member is a plain route in both families (D12)") {
  MIF_CHECK_DECODED(
      "rtnetlink/route-ipv6-nexthop", Origin::kNotification,
      {
          "put route 2001:db8:99::/48 via fe80::1 dev 3 type 1 table 254 proto 3 metric 1024 nhid 10 pref 0 (add)",
          "put route 2001:db8:98::/48 via fe80::1 dev 3 type 1 table 254 proto 3 metric 1024 nhid 21 pref 0 (add)",
      });
}

MIF_TEST("wire/rtnetlink: a tunnel on a route is seen on the route and on a hop") {
  MIF_CHECK_DECODED("rtnetlink/route-ipv4-encap", Origin::kNotification,
                    {
                        "put route 10.1.0.0/16 dev 3 type 1 table 254 proto 3 scope 253 encap 2 (add)",
                        "put route 10.2.0.0/16 type 1 table 254 proto 3 encap 2 hop 3 weight 1 hop 2 weight 1 (add)",
                    });
}

MIF_TEST("wire/rtnetlink: a dump has the routes of every table, those of this host included (D10, D16)") {
  MIF_CHECK_DECODED("rtnetlink/route-ipv4-dump", Origin::kDump,
                    {
                        "put route 10.1.0.0/16 dev 3 type 1 table 4242 proto 3 scope 253",
                        "put route 0.0.0.0/0 via 192.0.2.254 dev 3 type 1 table 254 proto 3",
                        "put route 192.0.2.0/24 dev 3 type 1 table 254 proto 2 scope 253 src 192.0.2.1",
                        "put route 198.51.100.0/24 dev 2 type 1 table 254 proto 2 scope 253 src 198.51.100.1",
                        "put route 127.0.0.0/8 dev 1 type 2 table 255 proto 2 scope 254 src 127.0.0.1",
                        "put route 127.0.0.1/32 dev 1 type 2 table 255 proto 2 scope 254 src 127.0.0.1",
                        "put route 127.255.255.255/32 dev 1 type 3 table 255 proto 2 scope 253 src 127.0.0.1",
                        "put route 192.0.2.1/32 dev 3 type 2 table 255 proto 2 scope 254 src 192.0.2.1",
                        "put route 192.0.2.255/32 dev 3 type 3 table 255 proto 2 scope 253 src 192.0.2.1",
                        "put route 198.51.100.1/32 dev 2 type 2 table 255 proto 2 scope 254 src 198.51.100.1",
                        "put route 198.51.100.255/32 dev 2 type 3 table 255 proto 2 scope 253 src 198.51.100.1",
                    });
}

MIF_TEST("wire/rtnetlink: what a lookup or path discovery left behind is no route (D15, D19)") {
  MIF_CHECK_DECODED("rtnetlink/route-ipv4-lookup", Origin::kDump, {"ignored"});
  MIF_CHECK_EQUAL(decodedText(route(kInet6, 0, 0x200).message()), "ignored");
  MIF_CHECK_EQUAL(decodedText(route(128, 0).message()), "ignored");
}

MIF_TEST("wire/rtnetlink: IPv6 routes have source prefix, preference and expiry (D14, D17, D18)") {
  MIF_CHECK_DECODED(
      "rtnetlink/route-ipv6", Origin::kNotification,
      {
          "put route ::/0 via fe80::1 dev 3 type 1 table 254 proto 3 metric 1024 pref 0 (add)",
          "put route ::/0 from 2001:db8:1::/64 via fe80::2 dev 3 type 1 table 254 proto 3 metric 10 pref 0 (add)",
          // "expires 100" was asked for, in seconds: the wire counts hundredths.
          "put route 2001:db8:99::/48 via fe80::1 dev 3 type 1 table 4242 proto 3 metric 1024 pref 1 expires 100000 "
          "rtax 2=1300 (add)",
          "put route 2001:db8:66::/48 dev 1 type 6 table 254 proto 3 metric 1024 pref 0 (add)",
          "put route 2001:db8:67::/48 dev 1 type 7 table 254 proto 3 metric 1024 pref 0 (add)",
          "remove route ::/0 via fe80::1 dev 3 type 1 table 254 proto 3 metric 1024 pref 0",
      });
}

MIF_TEST("wire/rtnetlink: an advertised route lives as long as it was advertised and ranks as it was (D18)") {
  MIF_CHECK_DECODED("rtnetlink/route-ipv6-advertised", Origin::kNotification,
                    {
                        "put route ::/0 via fe80::ff:fe00:2 dev 3 type 1 table 254 proto 9 metric 1024 pref 1 "
                        "expires 1800000 (add)",
                        // The kernel sets the lifetime of a route information option after it announced the route.
                        "put route 2001:db8:77::/48 via fe80::ff:fe00:2 dev 3 type 1 table 254 proto 9 metric 1024 "
                        "pref 1 (add)",
                        "put route 2001:db8:5::/64 dev 3 type 1 table 254 proto 2 metric 256 pref 0 expires 600000 "
                        "(add)",
                        "remove route ::/0 via fe80::ff:fe00:2 dev 3 type 1 table 254 proto 9 metric 1024 pref 1 "
                        "rtax 10=64",
                        "put address 2001:db8:5::ff:fe00:1/64 dev 3 flags 256 origin 2 preferred 300000 valid 600000",
                        "put route 2001:db8:5::ff:fe00:1/128 dev 3 type 2 table 255 proto 2 pref 0 (add)",
                    });
}

MIF_TEST("wire/rtnetlink: IPv6 announces the whole set of hops, and the end of one by itself (D9)") {
  constexpr const char* kRoute = "put route 2001:db8:99::/48 type 1 table 254 proto 3 metric 1024 pref 0 ";
  MIF_CHECK_DECODED(
      "rtnetlink/route-ipv6-multipath", Origin::kNotification,
      {
          std::string(kRoute) + "hop 3 via fe80::1 weight 2 hop 2 via fe80::2 weight 1 (append)",
          std::string(kRoute) +
              "hop 3 via fe80::3 weight 1 hop 3 via fe80::1 weight 2 hop 2 via fe80::2 weight 1 (append)",
          // IPv6 has no order among equals: what was asked to go first did not displace them.
          std::string(kRoute) + "hop 3 via fe80::5 weight 1 hop 3 via fe80::1 weight 2 hop 2 via fe80::2 weight 1 "
                                "hop 3 via fe80::3 weight 1 (append)",
          "remove route 2001:db8:99::/48 via fe80::3 dev 3 type 1 table 254 proto 3 metric 1024 pref 0",
          "put route 2001:db8:99::/48 via fe80::4 dev 3 type 1 table 254 proto 3 metric 1024 pref 0 (replace)",
      });
}

MIF_TEST("wire/rtnetlink: an expiry in the past is past, and 0 is never (D18)") {
  mif::contract::Change change;
  const auto expiryOf = [&change](std::int32_t ticks) {
    const MessageBuilder info = MessageBuilder().zeros(8).raw(ticks).zeros(20);
    const MessageBuilder message = route(kInet6, 0).attribute(12, info);
    if (decode(message.message(), Origin::kDump, kReceivedAt, change) != Decoded::kChange) return std::int64_t{-1};
    return change.route.lifetime;
  };
  MIF_CHECK_EQUAL(expiryOf(0), mif::base::kForever);
  MIF_CHECK_EQUAL(expiryOf(150), kReceivedAt + 1500);
  MIF_CHECK_EQUAL(expiryOf(-150), kReceivedAt - 1500);
  MIF_CHECK_EQUAL(expiryOf(0x7fffffff), kReceivedAt + 0x7fffffff * std::int64_t{10});
}

MIF_TEST("wire/rtnetlink: a destination without its address is malformed, never a default route") {
  MIF_CHECK_EQUAL(decodedText(route(kInet, 8).message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(route(kInet, 8).attribute(1, std::uint16_t{10}).message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(route(kInet6, 8).attribute(1, kTen).message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(route(kInet, 33).attribute(1, kTen).message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(route(kInet6, 0, 0, 64).message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(route(kInet, 8).attribute(1, kTen).message(), Origin::kDump),
                  "put route 10.0.0.0/8 type 1 table 254 proto 4");
}

MIF_TEST("wire/rtnetlink: an attribute too short for its type is as if absent (J3)") {
  MIF_CHECK_EQUAL(decodedText(route(kInet, 0)
                                  .attribute(15, std::uint16_t{100})
                                  .attribute(4, std::uint8_t{3})
                                  .attribute(5, std::uint16_t{7})
                                  .attribute(20, mif::base::Bytes{})
                                  .attribute(20, std::uint8_t{9})
                                  .attribute(18, std::uint32_t{0xfe800a00})
                                  .message(),
                              Origin::kDump),
                  "put route 0.0.0.0/0 type 1 table 254 proto 4");
}

MIF_TEST("wire/rtnetlink: the name of a congestion control algorithm is not taken for a number") {
  MIF_CHECK_EQUAL(
      decodedText(route(kInet, 0)
                      .attribute(8, MessageBuilder().attribute(16, "cubic").attribute(2, std::uint32_t{1400}))
                      .message(),
                  Origin::kDump),
      "put route 0.0.0.0/0 type 1 table 254 proto 4 rtax 2=1400");
}

MIF_TEST("wire/rtnetlink: hops are nested in hops' own lengths, the last without padding (J2, J3)") {
  const MessageBuilder first = hop(3, 0, MessageBuilder().attribute(5, kGateway));
  // The gateway's value is one byte short of padding on purpose: the hop ends there.
  const MessageBuilder second = hop(4, 1, MessageBuilder().attribute(999, std::uint8_t{1}).cut(3));
  MIF_CHECK_EQUAL(decodedText(route(kInet, 0).attribute(9, both(first, second)).message(), Origin::kDump),
                  "put route 0.0.0.0/0 type 1 table 254 proto 4 hop 3 via 192.0.2.254 weight 1 hop 4 weight 2");
}

MIF_TEST("wire/rtnetlink: a hop that claims less than its header or more than there is is malformed (J5, J6)") {
  for (const int claimed : {0, 1, 3, 7, 17, 0xffff}) {
    const MessageBuilder lying = both(hop(3, 0), hop(4, 0, MessageBuilder(), claimed));
    MIF_CHECK_EQUAL(decodedText(route(kInet, 0).attribute(9, lying).message()), "malformed");
  }
  const MessageBuilder nested = hop(3, 0, MessageBuilder().attribute(5, kGateway, 2));
  MIF_CHECK_EQUAL(decodedText(route(kInet, 0).attribute(9, nested).message()), "malformed");
}

MIF_TEST("wire/rtnetlink: a hop does not reach into the attribute behind its list (J5)") {
  // What follows would pass for a gateway of the hop.
  const MessageBuilder reaching = hop(3, 0, MessageBuilder(), 16);
  MIF_CHECK_EQUAL(decodedText(route(kInet, 0).attribute(9, reaching).attribute(5, kGateway).message()), "malformed");
}

MIF_TEST("wire/rtnetlink: hops that repeat do not add up, and one hop is no list (J3)") {
  const MessageBuilder one = hop(3, 0, MessageBuilder().attribute(5, kGateway));
  MIF_CHECK_EQUAL(decodedText(route(kInet, 0).attribute(9, one).attribute(9, one).message(), Origin::kDump),
                  "put route 0.0.0.0/0 via 192.0.2.254 dev 3 type 1 table 254 proto 4");
}

MIF_TEST("wire/rtnetlink: a route message cut anywhere within its fixed part is malformed (J5)") {
  const MessageBuilder whole = route(kInet, 0);
  for (std::size_t missing = 1; missing <= whole.payload().size(); ++missing) {
    MIF_CHECK_EQUAL(decodedText(MessageBuilder(whole).cut(missing).message()), "malformed");
  }
}

}  // namespace
