// SPDX-License-Identifier: MIT
#include "kernel/linux/interface-lookup.h"

#include <cerrno>

#include "base/clock.h"
#include "kernel/linux/netlink-socket.h"
#include "kernel/linux/system-error.h"
#include "wire/netlink/message.h"
#include "wire/netlink/reply.h"
#include "wire/rtnetlink/decode.h"
#include "wire/rtnetlink/request.h"

namespace mif::kernel {

namespace {

constexpr std::uint32_t kSequence = 1;
constexpr std::size_t kReplySize = 64 * 1024;

}  // namespace

base::Result<bool> lookUpInterface(const std::string& name, contract::Change& change) {
  base::Result<NetlinkSocket> opened = NetlinkSocket::open();
  if (!opened) return opened.error();
  NetlinkSocket socket = opened.take();
  const wire::netlink::Request request = wire::rtnetlink::interfaceRequest(name, kSequence);
  const base::Result<base::Done> sent = socket.send(request.bytes());
  if (!sent) return sent.error();
  DatagramReader reader(1, kReplySize);
  for (;;) {
    const base::Result<std::size_t> got = reader.readOne(socket);
    if (!got) return got.error();
    const Datagram datagram = reader.at(0);
    if (datagram.isForeign) continue;
    wire::netlink::Messages messages(datagram.bytes);
    wire::netlink::Message message;
    while (messages.next(message)) {
      if (message.sequence != kSequence || message.port != socket.port()) continue;
      using wire::rtnetlink::Decoded;
      using wire::rtnetlink::Origin;
      if (message.type != wire::netlink::kNLMSG_ERROR) {
        return wire::rtnetlink::decode(message, Origin::kNotification, base::now(), change) == Decoded::kChange;
      }
      const std::optional<wire::netlink::Reply> reply = wire::netlink::readReply(message);
      const int number = reply ? reply->systemError : EBADMSG;
      if (number == ENODEV || number == 0) return false;
      return systemError("recvmmsg", "look an interface up", number);
    }
    return false;
  }
}

}  // namespace mif::kernel
