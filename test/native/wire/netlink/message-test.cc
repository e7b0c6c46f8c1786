// SPDX-License-Identifier: MIT
#include "wire/netlink/message.h"

#include "test.h"
#include "wire/message-builder.h"

namespace {

using mif::test::MessageBuilder;
using mif::wire::netlink::Message;
using mif::wire::netlink::Messages;
using Datagram = std::vector<std::byte>;

struct Walk {
  std::size_t count = 0;
  bool isComplete = false;
  std::size_t lastPayload = 0;
};

Walk walk(const Datagram& datagram) {
  // A copy of exactly its size, so that a sanitizer sees a read beyond it.
  const Datagram exact(datagram);
  Messages messages(exact);
  Message message;
  Walk result;
  while (messages.next(message)) {
    ++result.count;
    result.lastPayload = message.payload.size();
  }
  result.isComplete = messages.isComplete();
  return result;
}

Datagram joined(const Datagram& a, const Datagram& b) {
  Datagram whole(a);
  whole.resize((whole.size() + 3) / 4 * 4);
  whole.insert(whole.end(), b.begin(), b.end());
  return whole;
}

MIF_TEST("wire/netlink: every message of a datagram is seen, with its header and without its padding") {
  const Datagram datagram =
      joined(MessageBuilder(24, 0x600).zeros(5).datagram(), MessageBuilder(25, 0x12).zeros(8).datagram());
  Messages messages(datagram);
  Message message;
  MIF_REQUIRE(messages.next(message));
  MIF_CHECK_EQUAL(message.type, 24);
  MIF_CHECK_EQUAL(message.flags, 0x600);
  MIF_CHECK_EQUAL(message.sequence, 7u);
  MIF_CHECK_EQUAL(message.port, 4711u);
  MIF_CHECK_EQUAL(message.payload.size(), 5u);
  MIF_CHECK(!message.isDumpInterrupted());
  MIF_REQUIRE(messages.next(message));
  MIF_CHECK_EQUAL(message.type, 25);
  MIF_CHECK_EQUAL(message.payload.size(), 8u);
  MIF_CHECK(message.isDumpInterrupted());
  MIF_CHECK(!messages.next(message));
  MIF_CHECK(messages.isComplete());
}

MIF_TEST("wire/netlink: the last message may lack its padding") {
  for (std::size_t payload = 0; payload < 8; ++payload) {
    const Walk seen = walk(MessageBuilder(24).zeros(payload).datagram());
    MIF_CHECK_EQUAL(seen.count, 1u);
    MIF_CHECK_EQUAL(seen.lastPayload, payload);
    MIF_CHECK(seen.isComplete);
  }
}

MIF_TEST("wire/netlink: a length of 0 ends the walk instead of standing still (J6)") {
  const Walk seen = walk(MessageBuilder(24).zeros(16).datagram(0));
  MIF_CHECK_EQUAL(seen.count, 0u);
  MIF_CHECK(!seen.isComplete);
}

MIF_TEST("wire/netlink: a length shorter than a header or longer than the datagram is malformed (J5)") {
  for (const std::int64_t claimed : {1L, 3L, 4L, 15L, 33L, 0x7fffffffL, 0xfffffffcL, 0xffffffffL}) {
    const Walk seen = walk(joined(MessageBuilder(24).datagram(), MessageBuilder(24).zeros(16).datagram(claimed)));
    MIF_CHECK_EQUAL(seen.count, 1u);
    MIF_CHECK(!seen.isComplete);
  }
}

MIF_TEST("wire/netlink: a datagram cut anywhere but at its end is not complete (A13)") {
  const Datagram whole = MessageBuilder(24).zeros(12).datagram();
  for (std::size_t length = 1; length < whole.size(); ++length) {
    const Walk seen = walk(Datagram(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    MIF_CHECK_EQUAL(seen.count, 0u);
    MIF_CHECK(!seen.isComplete);
  }
  MIF_CHECK(walk({}).isComplete);
}

MIF_TEST("wire/netlink: an interrupted dump and a filtered one are told by their flags (A5, A14)") {
  Message message;
  message.flags = 0x2;
  MIF_CHECK(!message.isDumpInterrupted() && !message.isDumpFiltered());
  message.flags = 0x12;
  MIF_CHECK(message.isDumpInterrupted() && !message.isDumpFiltered());
  message.flags = 0x22;
  MIF_CHECK(!message.isDumpInterrupted() && message.isDumpFiltered());
}

}  // namespace
