// SPDX-License-Identifier: MIT
#include "wire/rtnetlink/decode.h"

#include <algorithm>
#include <array>

#include "record-text.h"
#include "test.h"
#include "wire/message-builder.h"
#include "wire/rtnetlink/decoded.h"

namespace {

using mif::contract::Change;
using mif::test::Datagram;
using mif::test::kReceivedAt;
using mif::test::MessageBuilder;
using mif::test::textOf;
using mif::wire::netlink::Message;
using mif::wire::netlink::Messages;
using mif::wire::rtnetlink::decode;
using mif::wire::rtnetlink::Decoded;
using mif::wire::rtnetlink::decoders;
using mif::wire::rtnetlink::Origin;

// Every datagram of every vector, kept for the length of a test.
std::vector<Datagram> everyDatagram() {
  std::vector<Datagram> all;
  for (const std::string& name : mif::test::vectorNames("rtnetlink")) {
    auto vector = mif::test::readVector(name);
    if (!vector.isHostOrder()) continue;
    std::ranges::move(vector.datagrams, std::back_inserter(all));
  }
  return all;
}

template <typename Visit>
void forEachMessage(const std::vector<Datagram>& datagrams, Visit&& visit) {
  for (const Datagram& datagram : datagrams) {
    Messages messages(datagram);
    Message message;
    while (messages.next(message)) visit(message);
  }
}

MIF_TEST("wire/rtnetlink: the vectors reach every decoder, by both of its message types") {
  const auto datagrams = everyDatagram();
  for (const auto& decoder : decoders()) {
    for (const std::uint16_t type : {decoder.put, decoder.remove}) {
      std::size_t reached = 0;
      forEachMessage(datagrams, [&](const Message& message) {
        Change change;
        if (message.type != type) return;
        if (decode(message, Origin::kNotification, kReceivedAt, change) != Decoded::kChange) return;
        if (change.kind == decoder.kind) ++reached;
      });
      if (reached == 0) mif::test::fail(__FILE__, __LINE__, std::string(decoder.name) + ' ' + std::to_string(type));
    }
  }
}

MIF_TEST("wire/rtnetlink: there is one decoder for each kind of record, in their order") {
  MIF_REQUIRE(decoders().size() == 6);
  for (std::size_t i = 0; i < decoders().size(); ++i) {
    MIF_CHECK_EQUAL(static_cast<std::size_t>(decoders()[i].kind), i);
    MIF_CHECK_EQUAL(decoders()[i].remove, decoders()[i].put + 1);
  }
}

MIF_TEST("wire/rtnetlink: no golden message is malformed") {
  forEachMessage(everyDatagram(), [](const Message& message) {
    Change change;
    if (decode(message, Origin::kDump, kReceivedAt, change) == Decoded::kMalformed) {
      mif::test::fail(__FILE__, __LINE__, "type " + std::to_string(message.type));
    }
  });
}

MIF_TEST("wire/rtnetlink: nothing of the record before shows through") {
  const auto datagrams = everyDatagram();
  Change reused;
  // Twice and backwards the second time, so that the rich come before the poor and the poor before the rich.
  std::vector<Message> messages;
  forEachMessage(datagrams, [&](const Message& message) { messages.push_back(message); });
  for (int pass = 0; pass < 2; ++pass) {
    for (const Message& message : messages) {
      Change fresh;
      const Decoded expected = decode(message, Origin::kNotification, kReceivedAt, fresh);
      MIF_CHECK(decode(message, Origin::kNotification, kReceivedAt, reused) == expected);
      if (expected != Decoded::kChange) continue;
      const std::string text = textOf(fresh, kReceivedAt);
      MIF_CHECK_EQUAL(textOf(reused, kReceivedAt), text);
    }
    std::ranges::reverse(messages);
  }
}

MIF_TEST("wire/rtnetlink: a type that is not of the mirror is ignored, and so are the ends of requests") {
  for (const int type : {1, 2, 3, 4, 15, 18, 19, 22, 23, 26, 30, 36, 64, 80, 103, 106, 116, 0xffff}) {
    const MessageBuilder message = MessageBuilder(static_cast<std::uint16_t>(type)).zeros(64);
    Change change;
    MIF_CHECK(decode(message.message(), Origin::kNotification, kReceivedAt, change) == Decoded::kIgnored);
  }
}

MIF_TEST("wire/rtnetlink: a dump of many records allocates only for the first of its kind") {
  if (!mif::test::allocations()) MIF_SKIP("a sanitizer brings its own allocator");
  const std::array<std::vector<Datagram>, 3> dumps = {mif::test::readVector("rtnetlink/route-ipv4-dump").datagrams,
                                                      mif::test::readVector("rtnetlink/route-ipv6-multipath").datagrams,
                                                      mif::test::readVector("rtnetlink/rule-ipv4").datagrams};
  Change change;
  const auto decodeAll = [&] {
    std::size_t count = 0;
    for (const auto& datagrams : dumps) {
      forEachMessage(datagrams, [&](const Message& message) {
        if (decode(message, Origin::kDump, kReceivedAt, change) == Decoded::kChange) ++count;
      });
    }
    return count;
  };
  decodeAll();
  const auto before = mif::test::allocations();
  std::size_t count = 0;
  for (int i = 0; i < 100; ++i) count += decodeAll();
  MIF_CHECK_EQUAL(mif::test::allocations(), before);
  MIF_CHECK(count > 1000);
}

MIF_TEST("wire/rtnetlink: cut or changed anywhere, a golden message is decoded or refused, never read beyond (J1-J6)") {
  Change change;
  std::size_t refused = 0;
  forEachMessage(everyDatagram(), [&](const Message& message) {
    // Copies of exactly the size that they claim, so that a sanitizer sees a read beyond them.
    for (std::size_t length = 0; length < message.payload.size(); length += 1 + length / 64) {
      const Datagram cut(message.payload.begin(), message.payload.begin() + static_cast<std::ptrdiff_t>(length));
      Message shorter = message;
      shorter.payload = cut;
      refused += decode(shorter, Origin::kDump, kReceivedAt, change) == Decoded::kMalformed;
    }
    Datagram changed(message.payload.begin(), message.payload.end());
    Message other = message;
    other.payload = changed;
    for (std::size_t at = 0; at < changed.size(); at += 1 + at / 64) {
      const std::byte kept = changed[at];
      for (const int value : {0, 1, 3, 4, 0x7f, 0xff}) {
        changed[at] = static_cast<std::byte>(value);
        refused += decode(other, Origin::kDump, kReceivedAt, change) == Decoded::kMalformed;
      }
      changed[at] = kept;
    }
  });
  MIF_CHECK(refused > 0);
}

}  // namespace
