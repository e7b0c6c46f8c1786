// SPDX-License-Identifier: MIT
#include "test.h"
#include "wire/message-builder.h"
#include "wire/rtnetlink/decoded.h"

namespace {

using mif::test::decodedText;
using mif::test::MessageBuilder;
using mif::wire::rtnetlink::Origin;

constexpr std::uint16_t kNewRule = 32;
constexpr std::uint8_t kInet = 2;

// struct fib_rule_hdr of a rule that looks up the main table.
MessageBuilder rule(std::uint8_t family, std::uint8_t sourceLength = 0, std::uint8_t destinationLength = 0) {
  return MessageBuilder(kNewRule).raw(family, destinationLength, sourceLength, std::uint8_t{0}, std::uint8_t{254},
                                      std::uint8_t{0}, std::uint8_t{0}, std::uint8_t{1}, std::uint32_t{0});
}

MIF_TEST("wire/rtnetlink: every selector of a rule is decoded, uids, ports and tunnel included (E2, D10)") {
  MIF_CHECK_DECODED(
      "rtnetlink/rule-ipv4", Origin::kNotification,
      {
          "put rule 4 priority 100 action 1 table 4242 from 10.1.0.0/16 to 10.2.0.0/15 iif lo oif v0 mark 17 mask 255 "
          "tos 16 suppress 0 suppress-group 5 proto 4",
          "put rule 4 priority 101 action 1 table 254 ipproto 6 sport 80 - 80 dport 1000 - 2000 uid 1000 - 1999 "
          "flags 2",
          "put rule 4 priority 102 action 2 goto 200 flags 4",
          "put rule 4 priority 103 action 6 tunnel 77",
          "put rule 4 priority 104 action 1 l3mdev proto 2",
          "remove rule 4 priority 102 action 2 goto 200 flags 4",
      });
}

MIF_TEST("wire/rtnetlink: rules of both families are rules (E5)") {
  MIF_CHECK_DECODED("rtnetlink/rule-ipv6", Origin::kNotification,
                    {
                        "put rule 6 priority 100 action 1 table 4242 from 2001:db8:1::/64",
                        "put rule 6 priority 101 action 8 to 2001:db8:2::/48",
                        "remove rule 6 priority 100 action 1 table 4242 from 2001:db8:1::/64",
                    });
}

MIF_TEST("wire/rtnetlink: the rules that every host has suppress nothing (E2)") {
  MIF_CHECK_DECODED("rtnetlink/rule-ipv4-dump", Origin::kDump,
                    {
                        "put rule 4 priority 0 action 1 table 255 proto 2",
                        "put rule 4 priority 32766 action 1 table 254 proto 2",
                        "put rule 4 priority 32767 action 1 table 253 proto 2",
                    });
  MIF_CHECK_DECODED("rtnetlink/rule-ipv6-dump", Origin::kDump,
                    {
                        "put rule 6 priority 0 action 1 table 255 proto 2",
                        "put rule 6 priority 32766 action 1 table 254 proto 2",
                    });
}

MIF_TEST("wire/rtnetlink: a mask over the whole field is no selector, a narrower one is counted (E2)") {
  MIF_CHECK_DECODED("rtnetlink/rule-newer", Origin::kNotification,
                    {
                        "put rule 4 priority 300 action 1 table 254 dscp 46",
                        "put rule 4 priority 301 action 1 table 254 ipproto 6 sport 80 - 80 unknown 1",
                    });
  MIF_CHECK_EQUAL(decodedText(rule(kInet)
                                  .attribute(28, std::uint16_t{0xffff})
                                  .attribute(29, std::uint16_t{0xfff0})
                                  .attribute(30, std::uint8_t{0x3e})
                                  .message()),
                  "put rule 4 priority 0 action 1 table 254 unknown 2");
}

MIF_TEST("wire/rtnetlink: every selector of a newer kernel is counted, up to the limit of the count (E2)") {
  MessageBuilder message = rule(kInet);
  message.attribute(26, std::uint32_t{1}).attribute(27, std::uint32_t{1}).attribute(200, std::uint32_t{1});
  MIF_CHECK_EQUAL(decodedText(message.message()), "put rule 4 priority 0 action 1 table 254 unknown 3");
  for (int i = 0; i < 70000; ++i) message.attribute(201, mif::base::Bytes{});
  MIF_CHECK_EQUAL(decodedText(message.message()), "put rule 4 priority 0 action 1 table 254 unknown 65535");
}

MIF_TEST("wire/rtnetlink: a realm and padding are no selectors") {
  MIF_CHECK_EQUAL(decodedText(rule(kInet).attribute(11, std::uint32_t{1}).attribute(18, mif::base::Bytes{}).message()),
                  "put rule 4 priority 0 action 1 table 254");
}

MIF_TEST("wire/rtnetlink: a prefix without its address is malformed, never any address") {
  MIF_CHECK_EQUAL(decodedText(rule(kInet, 8).message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(rule(kInet, 0, 8).message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(rule(kInet, 40).attribute(2, std::uint32_t{10}).message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(rule(10, 64).attribute(2, std::uint32_t{10}).message()), "malformed");
}

MIF_TEST("wire/rtnetlink: ports of a rule are in host order, its tunnel in network order (J4)") {
  MessageBuilder tunnel;
  tunnel.zeros(7).raw(std::uint8_t{77});
  MessageBuilder ports;
  ports.raw(std::uint16_t{80}, std::uint16_t{443});
  MIF_CHECK_EQUAL(decodedText(rule(kInet).attribute(12, tunnel).attribute(23, ports).message()),
                  "put rule 4 priority 0 action 1 table 254 sport 80 - 443 tunnel 77");
}

MIF_TEST("wire/rtnetlink: ranges and numbers that are too short are as if absent (J3)") {
  MIF_CHECK_EQUAL(decodedText(rule(kInet)
                                  .attribute(20, std::uint32_t{1000})
                                  .attribute(23, std::uint16_t{80})
                                  .attribute(12, std::uint32_t{1})
                                  .attribute(19, mif::base::Bytes{})
                                  .message()),
                  "put rule 4 priority 0 action 1 table 254");
}

MIF_TEST("wire/rtnetlink: rules of multicast routing are none of ours, and a cut one is malformed (J5)") {
  MIF_CHECK_EQUAL(decodedText(rule(128).message()), "ignored");
  MIF_CHECK_EQUAL(decodedText(rule(129).message()), "ignored");
  const MessageBuilder whole = rule(kInet);
  for (std::size_t missing = 1; missing <= whole.payload().size(); ++missing) {
    MIF_CHECK_EQUAL(decodedText(MessageBuilder(whole).cut(missing).message()), "malformed");
  }
}

}  // namespace
