// SPDX-License-Identifier: MIT
#include "wire/rtnetlink/route-query.h"

#include <array>
#include <span>

#include "wire/netlink/attribute.h"
#include "wire/rtnetlink/constants.h"
#include "wire/rtnetlink/layout.h"
#include "wire/rtnetlink/record.h"

namespace mif::wire::rtnetlink {

namespace {

using contract::RouteAnswer;
using contract::RouteQuestion;
using netlink::Attribute;
using netlink::Attributes;
using netlink::Request;

void add(Request& request, std::uint16_t type, const address::IpAddress& address) {
  request.attribute(type, std::as_bytes(address.bytes()));
}

// Ports are the only numbers of routing netlink in network order.
void addPort(Request& request, std::uint16_t type, std::uint16_t port) {
  if (port == 0) return;
  const std::array<std::uint8_t, 2> bytes = {static_cast<std::uint8_t>(port >> 8), static_cast<std::uint8_t>(port)};
  request.attribute(type, std::as_bytes(std::span(bytes)));
}

std::uint32_t mtuOf(const Attribute& metrics) {
  Attributes attributes(metrics.value);
  Attribute attribute;
  while (attributes.next(attribute)) {
    if (attribute.type == kRTAX_MTU) return attribute.number<std::uint32_t>().value_or(0);
  }
  return 0;
}

}  // namespace

Request routeRequest(const RouteQuestion& question, std::uint32_t sequence) {
  using namespace layout::rtmsg;
  const address::IpAddress& destination = question.destination;
  Request request(kRTM_GETROUTE, 0, sequence, kSize);
  request.put(rtm_family, destination.family() == 4 ? kAF_INET : kAF_INET6);
  request.put(rtm_dst_len, destination.bits());
  request.put(rtm_src_len, question.source.bits());
  request.put(rtm_tos, question.trafficClass);
  // Else the answer names the main table, whichever it was.
  request.put(rtm_flags, kRTM_F_LOOKUP_TABLE);
  add(request, kRTA_DST, destination);
  if (question.source.isPresent()) add(request, kRTA_SRC, question.source);
  if (question.device != 0) request.attribute(kRTA_OIF, question.device);
  if (question.mark != 0) request.attribute(kRTA_MARK, question.mark);
  request.attribute(kRTA_UID, question.uid);
  if (question.protocol != 0) {
    request.attribute(kRTA_IP_PROTO, std::as_bytes(std::span(&question.protocol, 1)));
  }
  addPort(request, kRTA_SPORT, question.sourcePort);
  addPort(request, kRTA_DPORT, question.destinationPort);
  return request;
}

std::optional<RouteAnswer> readRouteAnswer(base::Bytes payload) {
  using namespace layout::rtmsg;
  if (payload.size() < kSize) return std::nullopt;
  const auto header = [payload](std::size_t offset) { return base::readAt<std::uint8_t>(payload, offset).value_or(0); };
  const std::uint8_t version = versionOf(header(rtm_family));
  if (version == 0) return std::nullopt;
  RouteAnswer answer;
  answer.type = static_cast<contract::RouteType>(header(rtm_type));
  answer.table = header(rtm_table);
  Attributes attributes(payload.subspan(kSize));
  Attribute attribute;
  while (attributes.next(attribute)) {
    switch (attribute.type) {
      case kRTA_OIF:
        answer.index = attribute.number<std::uint32_t>();
        break;
      case kRTA_GATEWAY:
        answer.gateway = addressAt(attribute.value, version);
        break;
      case kRTA_VIA:
        answer.gateway = gatewayVia(attribute.value);
        break;
      case kRTA_PRIORITY:
        answer.metric = attribute.number<std::uint32_t>().value_or(0);
        break;
      case kRTA_PREFSRC:
        answer.source = addressAt(attribute.value, version);
        break;
      case kRTA_TABLE:
        answer.table = attribute.number<std::uint32_t>().value_or(answer.table);
        break;
      case kRTA_METRICS:
        answer.mtu = mtuOf(attribute);
        break;
      default:
        break;
    }
  }
  if (!attributes.isComplete()) return std::nullopt;
  return answer;
}

}  // namespace mif::wire::rtnetlink
