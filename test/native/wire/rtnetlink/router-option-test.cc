// SPDX-License-Identifier: MIT
#include "wire/rtnetlink/router-option.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "test.h"
#include "wire/message-builder.h"

namespace {

using mif::test::MessageBuilder;
using mif::wire::rtnetlink::Decoded;
using mif::wire::rtnetlink::readRouterOption;
using mif::wire::rtnetlink::RouterOption;

constexpr std::uint16_t kNewPrefix = 52;
constexpr std::uint16_t kNewUserOption = 68;

// fe80::a:1 and 2001:db8:1::, in network order.
constexpr std::uint8_t kRouter[16] = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a, 0, 1};
constexpr std::uint8_t kPrefix[16] = {0x20, 0x01, 0x0d, 0xb8, 0, 1};

// struct nduseroptmsg of interface 7, and behind it an option of one unit.
MessageBuilder userOption(std::uint8_t family = 10, std::uint16_t length = 8, std::uint8_t type = 134) {
  MessageBuilder builder(kNewUserOption);
  builder.raw(family, std::uint8_t{0}, length, std::uint32_t{7}, type).zeros(7);
  builder.raw(std::uint8_t{38}, std::uint8_t{1}, std::uint16_t{0}, std::uint32_t{0});
  return builder;
}

// struct prefixmsg of interface 7.
MessageBuilder prefix(std::uint8_t flags) {
  MessageBuilder builder(kNewPrefix);
  builder.raw(std::uint8_t{10}, std::uint8_t{0}, std::uint16_t{0}, std::uint32_t{7}, std::uint8_t{3}, std::uint8_t{64},
              flags, std::uint8_t{0});
  builder.attribute(1, std::as_bytes(std::span(kPrefix)));
  const std::uint32_t lifetimes[] = {1800, 0xffffffff};
  builder.attribute(2, std::as_bytes(std::span(lifetimes)));
  return builder;
}

std::string hexadecimal(const std::vector<std::byte>& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<int>(byte) >> 4];
    text += kDigits[std::to_integer<int>(byte) & 15];
  }
  return text;
}

// What a message says: interface, router, octets.
std::string said(const mif::wire::netlink::Message& message) {
  RouterOption option;
  switch (readRouterOption(message, option)) {
    case Decoded::kIgnored:
      return "ignored";
    case Decoded::kMalformed:
      return "malformed";
    default:
      return std::to_string(option.interfaceIndex) + " " + option.router.text() + " " + hexadecimal(option.bytes);
  }
}

MIF_TEST("wire/rtnetlink: an option of an advertisement has its router where the kernel says it (G1)") {
  const MessageBuilder without = userOption();
  MIF_CHECK_EQUAL(said(without.message()), "7  2601000000000000");
  MIF_CHECK_EQUAL(said(MessageBuilder(without).attribute(1, std::as_bytes(std::span(kRouter))).message()),
                  "7 fe80::a:1 2601000000000000");
}

MIF_TEST("wire/rtnetlink: an option of something else than an advertisement is ignored") {
  MIF_CHECK_EQUAL(said(userOption(2).message()), "ignored");
  MIF_CHECK_EQUAL(said(userOption(10, 8, 137).message()), "ignored");
  MIF_CHECK_EQUAL(said(MessageBuilder(16).zeros(64).message()), "ignored");
}

MIF_TEST("wire/rtnetlink: an option that is cut, or claims to be longer than its message, is malformed (J5)") {
  MIF_CHECK_EQUAL(said(userOption(10, 9).message()), "malformed");
  MIF_CHECK_EQUAL(said(userOption(10, 0xffff).message()), "malformed");
  const MessageBuilder whole = userOption();
  for (std::size_t missing = 1; missing <= whole.payload().size(); ++missing) {
    MIF_CHECK_EQUAL(said(MessageBuilder(whole).cut(missing).message()), "malformed");
  }
  MIF_CHECK_EQUAL(said(MessageBuilder(whole).attribute(1, std::as_bytes(std::span(kRouter)), 99).message()),
                  "malformed");
}

MIF_TEST("wire/rtnetlink: a prefix that was advertised is the option that it came from") {
  const std::string rest =
      "ffffffff00000708"
      "00000000"
      "20010db8000100000000000000000000";
  MIF_CHECK_EQUAL(said(prefix(0xc0).message()), "7  030440c0" + rest);
  MIF_CHECK_EQUAL(said(prefix(0xd0).message()), "7  030440d0" + rest);
}

MIF_TEST("wire/rtnetlink: flags of a prefix are the same as older kernels number them") {
  MIF_CHECK_EQUAL(said(prefix(0x03).message()), said(prefix(0xc0).message()));
  MIF_CHECK_EQUAL(said(prefix(0x01).message()), said(prefix(0x80).message()));
  MIF_CHECK_EQUAL(said(prefix(0x02).message()), said(prefix(0x40).message()));
}

MIF_TEST("wire/rtnetlink: a prefix without address or lifetimes is malformed") {
  const MessageBuilder whole = prefix(0xc0);
  for (std::size_t missing = 1; missing <= whole.payload().size(); ++missing) {
    MIF_CHECK_EQUAL(said(MessageBuilder(whole).cut(missing).message()), "malformed");
  }
}

}  // namespace
