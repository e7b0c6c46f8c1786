// SPDX-License-Identifier: MIT
#include "test.h"
#include "wire/message-builder.h"
#include "wire/rtnetlink/decoded.h"

namespace {

using mif::test::decodedText;
using mif::test::MessageBuilder;
using mif::wire::rtnetlink::Origin;

// struct nhmsg with an id behind it.
MessageBuilder nexthop(std::uint8_t family, std::uint32_t id) {
  return MessageBuilder(104)
      .raw(family, std::uint8_t{0}, std::uint8_t{0}, std::uint8_t{0}, std::uint32_t{0})
      .attribute(1, id);
}

MIF_TEST("wire/rtnetlink: nexthop objects of every form, groups with their weights (D3, D12)") {
  MIF_CHECK_DECODED("rtnetlink/nexthop", Origin::kNotification,
                    {
                        "put nexthop 10 family 4 dev 3 via 192.0.2.254 proto 4 scope 253",
                        "put nexthop 11 family 4 dev 2 scope 254",
                        "put nexthop 12 family 4 blackhole",
                        "put nexthop 13 family 6 dev 3 via fe80::1 scope 253",
                        "put nexthop 20 group-type 0 member 10*3 member 11*255",
                        "put nexthop 30 family 4 via 192.0.2.7 fdb scope 253",
                        "remove nexthop 20 group-type 0 member 10*3 member 11*255",
                    });
  MIF_CHECK_DECODED("rtnetlink/nexthop-resilient", Origin::kNotification, {"put nexthop 20 group-type 1 member 10*1"});
}

MIF_TEST("wire/rtnetlink: a weight has 16 bits since Linux 6.12 and does not wrap") {
  const auto groupOf = [](std::uint8_t low, std::uint8_t high) {
    const MessageBuilder member = MessageBuilder().raw(std::uint32_t{7}, low, high, std::uint16_t{0});
    return decodedText(nexthop(0, 20).attribute(2, member).message());
  };
  MIF_CHECK_EQUAL(groupOf(0, 1), "put nexthop 20 member 7*257");
  MIF_CHECK_EQUAL(groupOf(0xfe, 0xff), "put nexthop 20 member 7*65535");
  MIF_CHECK_EQUAL(groupOf(0xff, 0xff), "put nexthop 20 member 7*65535");
}

MIF_TEST("wire/rtnetlink: a group that is not whole members is malformed (J5)") {
  for (std::size_t size = 1; size < 8; ++size) {
    MIF_CHECK_EQUAL(decodedText(nexthop(0, 20).attribute(2, MessageBuilder().zeros(8 + size)).message()), "malformed");
  }
}

MIF_TEST("wire/rtnetlink: a nexthop without an id, or cut, is malformed; one of another family is none of ours") {
  MIF_CHECK_EQUAL(decodedText(nexthop(2, 0).message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(nexthop(7, 1).message()), "ignored");
  for (std::size_t missing = 1; missing <= 16; ++missing) {
    MIF_CHECK_EQUAL(decodedText(nexthop(2, 1).cut(missing).message()), "malformed");
  }
}

}  // namespace
