// SPDX-License-Identifier: MIT
#include "kernel/linux/rtnetlink-route-query.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "kernel/linux/system-error.h"
#include "wire/netlink/message.h"
#include "wire/netlink/reply.h"
#include "wire/rtnetlink/constants.h"
#include "wire/rtnetlink/route-query.h"

namespace mif::kernel {

namespace {

using contract::RouteAnswer;
using contract::RouteRefusal;

constexpr const char* kPurpose = "ask the kernel for a way";

base::Result<RouteAnswer> refusalBy(int number) {
  RouteAnswer answer;
  switch (number) {
    case ENETUNREACH:
      answer.refusal = RouteRefusal::kNoRoute;
      return answer;
    case EHOSTUNREACH:
      answer.refusal = RouteRefusal::kUnreachable;
      return answer;
    case EACCES:
      answer.refusal = RouteRefusal::kProhibited;
      return answer;
    case EINVAL:
      answer.refusal = RouteRefusal::kInvalid;
      return answer;
    case ENODEV:
      answer.refusal = RouteRefusal::kNoDevice;
      return answer;
    default:
      break;
  }
  base::Error error = systemError("recvfrom", kPurpose, number);
  if (number == EOPNOTSUPP) {
    // Rules may name any protocol all the same.
    error.code = base::ErrorCode::kUnsupported;
    error.message = "the kernel can be asked for TCP, UDP and ICMP of the family only";
  }
  return error;
}

}  // namespace

base::Result<std::unique_ptr<RouteQuery>> RtnetlinkRouteQuery::open() {
  base::Result<NetlinkSocket> opened = NetlinkSocket::open();
  if (!opened) return opened.error();
  return std::unique_ptr<RouteQuery>(new RtnetlinkRouteQuery(opened.take()));
}

base::Result<RouteAnswer> RtnetlinkRouteQuery::ask(const contract::RouteQuestion& question) {
  const wire::netlink::Request request = wire::rtnetlink::routeRequest(question, ++sequence_);
  const base::Result<base::Done> sent = socket_.send(request.bytes());
  if (!sent) return sent.error();
  for (;;) {
    const base::Result<Datagram> received = receive();
    if (!received) return received.error();
    const Datagram& datagram = received.value();
    // A process may send what looks like the answer (trap A11).
    if (datagram.isForeign) continue;
    wire::netlink::Messages messages(datagram.bytes);
    wire::netlink::Message message;
    while (messages.next(message)) {
      // The answer to a question that was given up may come late (trap A10).
      if (message.sequence != request.sequence() || message.port != socket_.port()) continue;
      if (message.type == wire::netlink::kNLMSG_ERROR) {
        const std::optional<wire::netlink::Reply> reply = wire::netlink::readReply(message);
        return refusalBy(reply && reply->systemError != 0 ? reply->systemError : EBADMSG);
      }
      if (message.type != wire::rtnetlink::kRTM_NEWROUTE) continue;
      const std::optional<RouteAnswer> answer = wire::rtnetlink::readRouteAnswer(message.payload);
      if (!answer) return systemError("recvfrom", kPurpose, EBADMSG);
      return *answer;
    }
    // The rest, which may be the answer, is lost (trap A13); to wait for another would be to wait for ever.
    if (datagram.isTruncated || !messages.isComplete()) return systemError("recvfrom", kPurpose, EMSGSIZE);
  }
}

base::Result<Datagram> RtnetlinkRouteQuery::receive() {
  for (;;) {
    sockaddr_nl sender{};
    socklen_t length = sizeof(sender);
    // MSG_TRUNC: the length that it has, not that which fits.
    const ssize_t size = ::recvfrom(socket_.fd(), answer_.data(), answer_.size(), MSG_TRUNC,
                                    reinterpret_cast<sockaddr*>(&sender), &length);
    if (size >= 0) {
      const auto whole = static_cast<std::size_t>(size);
      Datagram datagram;
      datagram.bytes = base::Bytes(answer_).first(std::min(whole, answer_.size()));
      datagram.isForeign = length != sizeof(sender) || sender.nl_pid != 0;
      datagram.isTruncated = whole > answer_.size();
      return datagram;
    }
    if (errno != EINTR) return systemError("recvfrom", kPurpose);
  }
}

}  // namespace mif::kernel
