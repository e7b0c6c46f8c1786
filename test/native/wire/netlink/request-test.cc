// SPDX-License-Identifier: MIT
#include "wire/netlink/request.h"

#include "test.h"
#include "wire/netlink/attribute.h"
#include "wire/netlink/message.h"

namespace {

using namespace mif::wire::netlink;

MIF_TEST("wire/netlink: a request reads back as the message that it is") {
  Request request(26, kNLM_F_DUMP, 42, 12);
  request.put(0, std::uint8_t{10});
  request.attribute(15, 4242);
  request.attribute(4, 7);
  Messages messages(request.bytes());
  Message message;
  MIF_REQUIRE(messages.next(message));
  MIF_CHECK_EQUAL(message.type, 26);
  MIF_CHECK_EQUAL(message.flags, kNLM_F_DUMP | kNLM_F_REQUEST);
  MIF_CHECK_EQUAL(message.sequence, 42u);
  MIF_CHECK_EQUAL(message.port, 0u);
  MIF_CHECK_EQUAL(message.payload.size(), 12u + 16u);
  MIF_CHECK_EQUAL(mif::base::readAt<std::uint8_t>(message.payload, 0).value_or(0), 10);
  Attributes attributes(message.payload.subspan(12));
  Attribute attribute;
  MIF_REQUIRE(attributes.next(attribute));
  MIF_CHECK_EQUAL(attribute.number<std::uint32_t>(), std::optional<std::uint32_t>(4242));
  MIF_REQUIRE(attributes.next(attribute));
  MIF_CHECK_EQUAL(attribute.type, 4);
  MIF_CHECK(!attributes.next(attribute) && attributes.isComplete());
  MIF_CHECK(!messages.next(message) && messages.isComplete());
}

MIF_TEST("wire/netlink: what does not fit into a request is left out, and its length stays true") {
  Request request(26, 0, 1, 16);
  for (int i = 0; i < 64; ++i) request.attribute(1, 1);
  request.put(300, std::uint32_t{0xffffffff});
  MIF_CHECK(request.bytes().size() <= Request::kCapacity);
  Messages messages(request.bytes());
  Message message;
  MIF_REQUIRE(messages.next(message));
  Attributes attributes(message.payload.subspan(16));
  Attribute attribute;
  std::size_t count = 0;
  while (attributes.next(attribute)) ++count;
  MIF_CHECK(attributes.isComplete());
  MIF_CHECK_EQUAL(count, (Request::kCapacity - 32) / 8);
}

}  // namespace
