// SPDX-License-Identifier: MIT
#include "wire/netlink/attribute.h"

#include "test.h"
#include "wire/message-builder.h"

namespace {

using mif::test::MessageBuilder;
using mif::wire::netlink::Attribute;
using mif::wire::netlink::Attributes;

struct Walk {
  std::vector<std::uint16_t> types;
  bool isComplete = false;
};

Walk walk(const MessageBuilder& builder) {
  const std::vector<std::byte> exact(builder.payload());
  Attributes attributes(exact);
  Attribute attribute;
  Walk result;
  while (attributes.next(attribute)) result.types.push_back(attribute.type);
  result.isComplete = attributes.isComplete();
  return result;
}

MIF_TEST("wire/netlink: attributes of any length are walked in order") {
  MessageBuilder builder;
  for (std::uint16_t length = 0; length < 9; ++length) {
    builder.attribute(static_cast<std::uint16_t>(length + 1), std::string_view("12345678").substr(0, length));
  }
  const Walk seen = walk(builder);
  MIF_CHECK(seen.types == std::vector<std::uint16_t>{1, 2, 3, 4, 5, 6, 7, 8, 9});
  MIF_CHECK(seen.isComplete);
}

MIF_TEST("wire/netlink: the last attribute may lack its padding") {
  MessageBuilder builder;
  builder.attribute(1, std::uint32_t{7}).attribute(2, std::uint8_t{9}).cut(3);
  const Walk seen = walk(builder);
  MIF_CHECK(seen.types == std::vector<std::uint16_t>{1, 2});
  MIF_CHECK(seen.isComplete);
}

MIF_TEST("wire/netlink: an attribute of length 0 to 3 ends the walk as malformed (J6)") {
  for (const int claimed : {0, 1, 2, 3}) {
    MessageBuilder builder;
    builder.attribute(1, std::uint32_t{7}).attribute(2, std::uint32_t{8}, claimed);
    const Walk seen = walk(builder);
    MIF_CHECK(seen.types == std::vector<std::uint16_t>{1});
    MIF_CHECK(!seen.isComplete);
  }
}

MIF_TEST("wire/netlink: an attribute that claims more than there is ends the walk as malformed (J5)") {
  for (const int claimed : {9, 12, 0x7fff, 0xffff}) {
    MessageBuilder builder;
    builder.attribute(1, std::uint32_t{7}).attribute(2, std::uint32_t{8}, claimed);
    const Walk seen = walk(builder);
    MIF_CHECK(seen.types == std::vector<std::uint16_t>{1});
    MIF_CHECK(!seen.isComplete);
  }
}

MIF_TEST("wire/netlink: up to three bytes behind the last attribute are padding, four are not") {
  MessageBuilder builder;
  builder.attribute(1, std::uint32_t{7});
  for (int extra = 1; extra <= 3; ++extra) MIF_CHECK(walk(builder.zeros(1)).isComplete);
  MIF_CHECK(!walk(builder.zeros(1)).isComplete);
}

MIF_TEST("wire/netlink: the bits above a type are kept apart from it (J2)") {
  MessageBuilder builder;
  builder.attribute(0x8000 | 18, std::uint32_t{1}).attribute(0x4000 | 5, std::uint32_t{2});
  Attributes attributes(builder.payload());
  Attribute attribute;
  MIF_REQUIRE(attributes.next(attribute));
  MIF_CHECK_EQUAL(attribute.type, 18);
  MIF_CHECK(attribute.isNested && !attribute.isNetworkByteOrder);
  MIF_REQUIRE(attributes.next(attribute));
  MIF_CHECK_EQUAL(attribute.type, 5);
  MIF_CHECK(!attribute.isNested && attribute.isNetworkByteOrder);
}

MIF_TEST("wire/netlink: a value longer than its type is read, a shorter one is as if absent (J3)") {
  MessageBuilder builder;
  builder.attribute(1, std::uint64_t{0x1111111111111111}).attribute(2, std::uint16_t{7});
  Attributes attributes(builder.payload());
  Attribute attribute;
  MIF_REQUIRE(attributes.next(attribute));
  MIF_CHECK_EQUAL(attribute.number<std::uint32_t>(), std::optional<std::uint32_t>(0x11111111));
  MIF_REQUIRE(attributes.next(attribute));
  MIF_CHECK(!attribute.number<std::uint32_t>().has_value());
  MIF_CHECK_EQUAL(attribute.number<std::uint16_t>(), std::optional<std::uint16_t>(7));
}

MIF_TEST("wire/netlink: a 64-bit number at a multiple of 4 is read whole (J1)") {
  MessageBuilder builder;
  // Four bytes of header put the first value at 4 and the second at 16 of what vector gives us 16-aligned.
  builder.attribute(1, std::uint64_t{0x0102030405060708}).attribute(2, std::uint64_t{0x1112131415161718});
  Attributes attributes(builder.payload());
  Attribute attribute;
  MIF_REQUIRE(attributes.next(attribute));
  MIF_CHECK(reinterpret_cast<std::uintptr_t>(attribute.value.data()) % 8 != 0);
  MIF_CHECK_EQUAL(attribute.number<std::uint64_t>(), std::optional<std::uint64_t>(0x0102030405060708));
}

MIF_TEST("wire/netlink: text ends at its NUL, or at the end of the value when it has none") {
  const auto textOf = [](const MessageBuilder& builder) {
    Attributes attributes(builder.payload());
    Attribute attribute;
    return attributes.next(attribute) ? std::string(attribute.text()) : std::string("no attribute");
  };
  MIF_CHECK_EQUAL(textOf(MessageBuilder().attribute(3, "wlan0")), "wlan0");
  MIF_CHECK_EQUAL(textOf(MessageBuilder().attribute(3, std::uint32_t{0x41414141})), "AAAA");
  MIF_CHECK_EQUAL(textOf(MessageBuilder().attribute(3, mif::base::Bytes{})), "");
}

}  // namespace
