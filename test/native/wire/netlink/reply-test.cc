// SPDX-License-Identifier: MIT
#include "wire/netlink/reply.h"

#include <limits>

#include "test.h"
#include "vector.h"
#include "wire/message-builder.h"

namespace {

using mif::test::MessageBuilder;
using mif::wire::netlink::Message;
using mif::wire::netlink::Messages;
using mif::wire::netlink::readReply;
using mif::wire::netlink::Reply;

constexpr int kENOENT = 2;
constexpr int kENODEV = 19;
constexpr int kEINVAL = 22;

// The reply within the only datagram of a vector; the text is copied because the datagram is not kept.
struct Recorded {
  int systemError = -1;
  std::string text;
};

Recorded recordedReply(const char* name) {
  const auto vector = mif::test::readVector(name);
  Recorded result;
  for (const auto& datagram : vector.datagrams) {
    Messages messages(datagram);
    Message message;
    while (messages.next(message)) {
      if (const auto reply = readReply(message)) result = {reply->systemError, std::string(reply->text)};
    }
  }
  return result;
}

MIF_TEST("wire/netlink: a dump refused by strict checking says so within NLMSG_DONE, with the kernel's words (A15)") {
  if (!mif::test::readVector("rtnetlink/reply-done-text").isHostOrder()) MIF_SKIP("the vector is of the other order");
  const Recorded refused = recordedReply("rtnetlink/reply-done-text");
  MIF_CHECK_EQUAL(refused.systemError, kEINVAL);
  MIF_CHECK_EQUAL(refused.text, "ipv4: Invalid values in header for address dump request");
  const Recorded noTable = recordedReply("rtnetlink/reply-done-no-table");
  MIF_CHECK_EQUAL(noTable.systemError, kENOENT);
  MIF_CHECK_EQUAL(noTable.text, "ipv4: FIB table does not exist");
  MIF_CHECK_EQUAL(recordedReply("rtnetlink/reply-done-no-device").systemError, kENODEV);
}

MIF_TEST("wire/netlink: the kernel's words are found behind the request that NLMSG_ERROR repeats (A15)") {
  if (!mif::test::readVector("rtnetlink/reply-error").isHostOrder()) MIF_SKIP("the vector is of the other order");
  const Recorded refused = recordedReply("rtnetlink/reply-error-text");
  MIF_CHECK_EQUAL(refused.systemError, kEINVAL);
  MIF_CHECK_EQUAL(refused.text, "ipv4: Invalid values in header for route get request");
  const Recorded noDevice = recordedReply("rtnetlink/reply-error");
  MIF_CHECK_EQUAL(noDevice.systemError, kENODEV);
  MIF_CHECK_EQUAL(noDevice.text, "");
}

// An error that repeats a request of a header and `body` bytes, then carries text and offset.
MessageBuilder errorBehind(std::uint16_t flags, std::uint32_t echoed, std::size_t body) {
  MessageBuilder builder(2, flags);
  builder.raw(std::int32_t{-kEINVAL}, echoed, std::uint16_t{18}, std::uint16_t{5}, std::uint32_t{1}, std::uint32_t{0});
  return builder.zeros(body).attribute(1, "no such thing").attribute(2, std::uint32_t{20});
}

MIF_TEST("wire/netlink: a capped error repeats the header of the request only") {
  const MessageBuilder whole = errorBehind(0x200, 16 + 8, 8);
  const auto reply = readReply(whole.message());
  MIF_REQUIRE(reply.has_value());
  MIF_CHECK_EQUAL(reply->text, "no such thing");
  MIF_CHECK_EQUAL(reply->requestOffset, std::optional<std::uint32_t>(20));
  const MessageBuilder capped = errorBehind(0x300, 16 + 8, 0);
  const auto cappedReply = readReply(capped.message());
  MIF_REQUIRE(cappedReply.has_value());
  MIF_CHECK_EQUAL(cappedReply->text, "no such thing");
}

MIF_TEST("wire/netlink: a repeated request of a lying length hides the words, not the error (J5)") {
  for (const std::uint32_t claimed : {0u, 15u, 0x7fffffffu, 0xffffffffu}) {
    const MessageBuilder builder = errorBehind(0x200, claimed, 8);
    const auto reply = readReply(builder.message());
    MIF_REQUIRE(reply.has_value());
    MIF_CHECK_EQUAL(reply->systemError, kEINVAL);
    MIF_CHECK_EQUAL(reply->text, "");
  }
}

MIF_TEST("wire/netlink: a request is never shorter than its header, so its own bytes are not taken for words (J5)") {
  // The last number of the repeated header reads as an attribute of 8 bytes, text, where the header says 12 bytes.
  MessageBuilder builder(2, 0x200);
  builder.raw(std::int32_t{-kEINVAL}, std::uint32_t{12}, std::uint32_t{0}, std::uint32_t{0}, std::uint16_t{8},
              std::uint16_t{1});
  builder.raw(std::uint32_t{0x41414141});
  const auto reply = readReply(builder.message());
  MIF_REQUIRE(reply.has_value());
  MIF_CHECK_EQUAL(reply->text, "");
}

MIF_TEST("wire/netlink: an error of 0 is success, and no error number overflows") {
  const auto errorOf = [](std::int32_t error) {
    const MessageBuilder builder = MessageBuilder(2).raw(error).zeros(16);
    const auto reply = readReply(builder.message());
    return reply ? reply->systemError : -1;
  };
  MIF_CHECK_EQUAL(errorOf(0), 0);
  MIF_CHECK_EQUAL(errorOf(-kENOENT), kENOENT);
  MIF_CHECK_EQUAL(errorOf(5), 0);
  MIF_CHECK_EQUAL(errorOf(std::numeric_limits<std::int32_t>::min()), std::numeric_limits<std::int32_t>::max());
}

MIF_TEST("wire/netlink: only NLMSG_ERROR and NLMSG_DONE are replies, and an error needs its number") {
  const MessageBuilder route = MessageBuilder(24).zeros(12);
  MIF_CHECK(!readReply(route.message()).has_value());
  const MessageBuilder cut = MessageBuilder(2).zeros(3);
  MIF_CHECK(!readReply(cut.message()).has_value());
  // Linux before 4.14 ends a dump without a number.
  const MessageBuilder done(3);
  const auto reply = readReply(done.message());
  MIF_REQUIRE(reply.has_value());
  MIF_CHECK_EQUAL(reply->systemError, 0);
}

}  // namespace
