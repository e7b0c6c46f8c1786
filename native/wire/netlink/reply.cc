// SPDX-License-Identifier: MIT
#include "wire/netlink/reply.h"

#include <limits>

#include "wire/netlink/attribute.h"

namespace mif::wire::netlink {

namespace {

// The kernel writes errors negative. The smallest number has no positive twin.
int positiveErrno(std::int32_t error) {
  if (error >= 0) return 0;
  if (error == std::numeric_limits<std::int32_t>::min()) return std::numeric_limits<std::int32_t>::max();
  return -error;
}

// How much of an NLMSG_ERROR payload, behind the error number, repeats the request: its header, and unless the
// message is capped its body.
std::size_t echoSize(base::Bytes echo, std::uint16_t flags) {
  if ((flags & kNLM_F_CAPPED) != 0) return kHeaderSize;
  const auto length = base::readAt<std::uint32_t>(echo, kHeaderLength);
  if (!length || *length < kHeaderSize || *length > echo.size()) return echo.size();
  return static_cast<std::size_t>(aligned(*length));
}

void readExtended(base::Bytes bytes, Reply& reply) {
  Attributes attributes(bytes);
  Attribute attribute;
  while (attributes.next(attribute)) {
    if (attribute.type == kNLMSGERR_ATTR_MSG) reply.text = attribute.text();
    if (attribute.type == kNLMSGERR_ATTR_OFFS) reply.requestOffset = attribute.number<std::uint32_t>();
  }
}

}  // namespace

// NLMSG_ERROR: i32 error, the request's header, its body unless NLM_F_CAPPED, attributes if NLM_F_ACK_TLVS.
// NLMSG_DONE:  i32 error (since Linux 4.14), attributes if NLM_F_ACK_TLVS.
std::optional<Reply> readReply(const Message& message) {
  if (message.type != kNLMSG_ERROR && message.type != kNLMSG_DONE) return std::nullopt;
  base::Cursor cursor(message.payload);
  const auto error = cursor.read<std::int32_t>();
  Reply reply;
  if (!error) return message.type == kNLMSG_DONE ? std::optional(reply) : std::nullopt;
  reply.systemError = positiveErrno(*error);
  if ((message.flags & kNLM_F_ACK_TLVS) == 0) return reply;
  if (message.type == kNLMSG_ERROR) cursor.skip(echoSize(cursor.rest(), message.flags));
  readExtended(cursor.rest(), reply);
  return reply;
}

}  // namespace mif::wire::netlink
