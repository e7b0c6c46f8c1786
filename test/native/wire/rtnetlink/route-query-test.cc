// SPDX-License-Identifier: MIT
#include "wire/rtnetlink/route-query.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "test.h"
#include "vector.h"
#include "wire/message-builder.h"
#include "wire/netlink/attribute.h"
#include "wire/netlink/message.h"

namespace {

using mif::address::IpAddress;
using mif::contract::RouteQuestion;
using mif::contract::RouteType;
using mif::test::MessageBuilder;
using mif::wire::rtnetlink::readRouteAnswer;
using mif::wire::rtnetlink::routeRequest;

constexpr std::uint8_t kInet = 2;
constexpr std::uint8_t kInet6 = 10;

// struct rtmsg of an answer.
MessageBuilder answerOf(std::uint8_t family, std::uint8_t type, std::uint8_t table) {
  MessageBuilder builder(24);
  builder.raw(family, std::uint8_t{32}, std::uint8_t{0}, std::uint8_t{0}, table, std::uint8_t{0}, std::uint8_t{0}, type,
              std::uint32_t{0x200});
  return builder;
}

MIF_TEST("wire/route-query: a question says all that is told, ports in network order (E3)") {
  RouteQuestion question;
  question.destination = IpAddress::parse("192.0.2.7");
  question.source = IpAddress::parse("198.51.100.1");
  question.device = 7;
  question.mark = 0x10;
  question.uid = 1500;
  question.trafficClass = 0x10;
  question.protocol = 17;
  question.sourcePort = 5353;
  question.destinationPort = 53;
  const mif::wire::netlink::Request request = routeRequest(question, 9);
  MessageBuilder expected(26, 1);
  const std::array<std::uint8_t, 4> destination = {192, 0, 2, 7};
  const std::array<std::uint8_t, 4> source = {198, 51, 100, 1};
  const std::array<std::uint8_t, 2> sourcePort = {0x14, 0xe9};
  const std::array<std::uint8_t, 2> destinationPort = {0, 53};
  expected.raw(kInet, std::uint8_t{32}, std::uint8_t{32}, std::uint8_t{0x10}, std::uint32_t{0}, std::uint32_t{0x1000})
      .attribute(1, std::as_bytes(std::span(destination)))
      .attribute(2, std::as_bytes(std::span(source)))
      .attribute(4, std::uint32_t{7})
      .attribute(16, std::uint32_t{0x10})
      .attribute(25, std::uint32_t{1500})
      .attribute(27, std::uint8_t{17})
      .attribute(28, std::as_bytes(std::span(sourcePort)))
      .attribute(29, std::as_bytes(std::span(destinationPort)));
  mif::wire::netlink::Messages messages(request.bytes());
  mif::wire::netlink::Message message;
  MIF_REQUIRE(messages.next(message));
  MIF_CHECK_EQUAL(message.type, 26);
  MIF_CHECK_EQUAL(message.flags, 1);
  MIF_CHECK_EQUAL(message.sequence, 9u);
  MIF_CHECK(std::ranges::equal(message.payload, expected.payload()));
  MIF_CHECK(!messages.next(message) && messages.isComplete());
}

MIF_TEST("wire/route-query: what is not told is not asked, but for the user, who would be whoever asks") {
  RouteQuestion question;
  question.destination = IpAddress::parse("2001:db8::7");
  const mif::wire::netlink::Request request = routeRequest(question, 1);
  mif::wire::netlink::Messages messages(request.bytes());
  mif::wire::netlink::Message message;
  MIF_REQUIRE(messages.next(message));
  MIF_CHECK_EQUAL(mif::base::readAt<std::uint8_t>(message.payload, 0), std::optional(kInet6));
  MIF_CHECK_EQUAL(mif::base::readAt<std::uint8_t>(message.payload, 1), std::optional(std::uint8_t{128}));
  mif::wire::netlink::Attributes attributes(message.payload.subspan(12));
  mif::wire::netlink::Attribute attribute;
  std::vector<std::uint16_t> types;
  while (attributes.next(attribute)) types.push_back(attribute.type);
  MIF_CHECK(types == std::vector<std::uint16_t>{1, 25});
}

MIF_TEST("wire/route-query: an answer of the kernel is read, although it is no route (D15)") {
  const auto vector = mif::test::readVector("rtnetlink/route-ipv4-lookup");
  if (!vector.isHostOrder()) MIF_SKIP("the vectors are of the other order");
  MIF_REQUIRE(vector.datagrams.size() == 1);
  mif::wire::netlink::Messages messages(vector.datagrams.front());
  mif::wire::netlink::Message message;
  MIF_REQUIRE(messages.next(message));
  const auto answer = readRouteAnswer(message.payload);
  MIF_REQUIRE(answer.has_value());
  MIF_CHECK(answer->refusal == mif::contract::RouteRefusal::kNone);
  MIF_CHECK(answer->type == RouteType::kUnicast);
  MIF_CHECK_EQUAL(answer->index, std::optional<std::uint32_t>(3));
  MIF_CHECK_EQUAL(answer->table, 254u);
  MIF_CHECK_EQUAL(answer->source.text(), std::string("192.0.2.1"));
  MIF_CHECK(!answer->gateway.isPresent());
  MIF_CHECK_EQUAL(answer->mtu, 0u);
}

MIF_TEST("wire/route-query: table beyond eight bits, router of the other family, metric and MTU are read (D10, D11)") {
  const std::array<std::uint8_t, 16> router = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  MessageBuilder via;
  via.raw(std::uint16_t{kInet6}, router);
  MessageBuilder metrics;
  metrics.attribute(8, std::uint32_t{1400}).attribute(2, std::uint32_t{1280});
  const auto answer = readRouteAnswer(answerOf(kInet, 1, 252)
                                          .attribute(15, std::uint32_t{4242})
                                          .attribute(18, via)
                                          .attribute(6, std::uint32_t{30})
                                          .attribute(8, metrics)
                                          .payload());
  MIF_REQUIRE(answer.has_value());
  MIF_CHECK_EQUAL(answer->table, 4242u);
  MIF_CHECK_EQUAL(answer->gateway.text(), std::string("fe80::1"));
  MIF_CHECK_EQUAL(answer->metric, 30u);
  MIF_CHECK_EQUAL(answer->mtu, 1280u);
}

MIF_TEST("wire/route-query: what is cut, or of no internet family, is no answer (J3, J6)") {
  MIF_CHECK(!readRouteAnswer({}).has_value());
  MIF_CHECK(!readRouteAnswer(answerOf(kInet, 1, 254).cut(1).payload()).has_value());
  MIF_CHECK(!readRouteAnswer(answerOf(128, 1, 254).payload()).has_value());
  MIF_CHECK(!readRouteAnswer(answerOf(kInet, 1, 254).attribute(4, std::uint32_t{3}, 200).payload()).has_value());
  const auto shortRouter = readRouteAnswer(answerOf(kInet6, 1, 254).attribute(5, std::uint32_t{3}).payload());
  MIF_CHECK(shortRouter.has_value() && !shortRouter->gateway.isPresent());
}

}  // namespace
