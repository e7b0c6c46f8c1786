// SPDX-License-Identifier: MIT
#include "wire.h"

#include <array>
#include <cstddef>

#include "contract/change.h"
#include "contract/packer.h"
#include "promise.h"
#include "wire/netlink/attribute.h"
#include "wire/netlink/message.h"
#include "wire/netlink/reply.h"
#include "wire/rtnetlink/constants.h"
#include "wire/rtnetlink/decode.h"
#include "wire/rtnetlink/router-option.h"

namespace mif::fuzz {

namespace {

using contract::Change;
using contract::RecordKind;
using wire::netlink::Message;
using wire::netlink::Messages;
using wire::rtnetlink::decode;
using wire::rtnetlink::Decoded;
using wire::rtnetlink::Origin;

constexpr base::Deadline kReceivedAt = 1'000'000'000;
constexpr const char* kDatagram = "datagram";
constexpr const char* kReply = "reply";

bool isWhole(const address::Prefix& prefix) {
  return prefix.length <= prefix.address.bits();
}

void checkRoute(const contract::Route& route) {
  require(route.destination.isPresent() && isWhole(route.destination), "a route has a whole destination");
  require(route.destination.address.family() == route.family, "a destination is of the route's family");
  require(isWhole(route.source), "a source prefix is whole");
  require(route.hops.size() != 1, "a route of one hop has no list");
  for (const auto& hop : route.hops) require(hop.weight >= 1 && hop.weight <= 256, "a hop weighs 1 to 256");
}

void checkAddress(const contract::Address& address) {
  require(address.address.family() == address.family, "an address is of its family");
  require(address.prefixLength <= address.address.bits(), "an address is as long as its prefix");
  require(!(address.peer == address.address), "an address is not its own peer");
}

void checkRule(const contract::Rule& rule) {
  require(isWhole(rule.source) && isWhole(rule.destination), "prefixes are whole");
}

// Every record can be packed, and equals itself.
template <typename Record>
void checkRecord(const Record& record) {
  contract::Packer packer;
  pack(record, packer);
  require(packer.size() > 0, "a record has words");
  require(sameContent(record, record) && sameIdentity(record, record), "a record equals itself");
}

void check(const Change& change) {
  switch (change.kind) {
    case RecordKind::kInterface:
      require(change.interface.index != 0, "a link has an index");
      return checkRecord(change.interface);
    case RecordKind::kAddress:
      checkAddress(change.address);
      return checkRecord(change.address);
    case RecordKind::kNexthop:
      require(change.nexthop.id != 0, "a nexthop has an id");
      return checkRecord(change.nexthop);
    case RecordKind::kRoute:
      checkRoute(change.route);
      return checkRecord(change.route);
    case RecordKind::kRule:
      checkRule(change.rule);
      return checkRecord(change.rule);
    case RecordKind::kNeighbour:
      require(change.neighbour.address.isPresent(), "a neighbour has an address");
      return checkRecord(change.neighbour);
  }
}

// A Change that other messages have been decoded into, with something in every member that keeps its capacity or may be
// absent: a decoder that forgets to clear one would pass on what another message said.
Change used() {
  Change change;
  change.kind = RecordKind::kNeighbour;
  change.verb = contract::Verb::kRemove;
  change.placement = contract::Placement::kReplace;
  change.isPartial = true;
  const address::IpAddress address = address::IpAddress::parse("2001:db8::1");
  const std::array<std::byte, 6> mac = {std::byte{2}};
  change.interface.index = change.interface.generation = 7;
  change.interface.name = "before";
  change.interface.altNames = {"earlier"};
  change.interface.kind = "vlan";
  change.interface.mac = address::LinkAddress::fromBytes(mac);
  change.interface.broadcast = change.interface.mac;
  change.interface.mtu = change.interface.flags = change.interface.group = 7;
  change.interface.parentIndex = change.interface.masterIndex = 7;
  change.interface.parentNamespace = 7;
  change.address.peer = change.address.broadcast = address;
  change.address.label = "before";
  change.address.flags = 7;
  change.address.origin = contract::AddressOrigin::kKernelLo;
  change.address.metric = 7;
  change.address.validLifetime = change.address.preferredLifetime = 7;
  change.nexthop.family = 6;
  change.nexthop.index = 7;
  change.nexthop.gateway = address;
  change.nexthop.isBlackhole = change.nexthop.isFdb = true;
  change.nexthop.group = {{7, 7}};
  change.nexthop.groupType = 1;
  change.nexthop.flags = 7;
  change.route.gateway = change.route.preferredSource = address;
  change.route.metric = change.route.flags = 7;
  change.route.tos = 7;
  change.route.index = change.route.nexthopId = 7;
  change.route.source = {address, 64};
  change.route.hops = {{7, address, 7, 7}, {8, address, 7, 7}};
  change.route.metrics = {{contract::RouteMetric::kMtu, 7}};
  change.route.preference = contract::RouterPreference::kHigh;
  change.route.lifetime = 7;
  change.route.encapsulation = 7;
  change.rule.source = change.rule.destination = {address, 64};
  change.rule.inputInterface = change.rule.outputInterface = "before";
  change.rule.mark = change.rule.markMask = change.rule.uidFirst = change.rule.uidLast = 7;
  change.rule.tos = 7;
  change.rule.dscp = change.rule.ipProtocol = 7;
  change.rule.sourcePortFirst = change.rule.sourcePortLast = 7;
  change.rule.destinationPortFirst = change.rule.destinationPortLast = 7;
  change.rule.gotoPriority = change.rule.suppressPrefixLength = change.rule.suppressGroup = change.rule.tunnelId = 7;
  change.rule.isL3mdev = true;
  change.rule.flags = 7;
  change.rule.unknownAttributes = 7;
  change.neighbour.mac = change.interface.mac;
  change.neighbour.state = change.neighbour.flags = 7;
  change.neighbour.protocol = contract::RouteProtocol::kBird;
  return change;
}

void packChange(const Change& change, contract::Packer& packer) {
  packer.word(static_cast<std::uint32_t>(change.kind));
  packer.word(static_cast<std::uint32_t>(change.verb));
  packer.word(static_cast<std::uint32_t>(change.placement));
  packer.word(change.isPartial);
  switch (change.kind) {
    case RecordKind::kInterface:
      return pack(change.interface, packer);
    case RecordKind::kAddress:
      return pack(change.address, packer);
    case RecordKind::kNexthop:
      return pack(change.nexthop, packer);
    case RecordKind::kRoute:
      return pack(change.route, packer);
    case RecordKind::kRule:
      return pack(change.rule, packer);
    case RecordKind::kNeighbour:
      return pack(change.neighbour, packer);
  }
}

Reach decodeOne(const Message& message, Origin origin) {
  Change change;
  const Decoded decoded = decode(message, origin, kReceivedAt, change);
  Change again = used();
  require(decode(message, origin, kReceivedAt, again) == decoded, "what was decoded before decides nothing");
  if (decoded != Decoded::kChange) return decoded == Decoded::kIgnored ? Reach::kIgnored : Reach::kRefused;
  require(
      (change.placement != contract::Placement::kListed) ==
          (change.kind == RecordKind::kRoute && change.verb == contract::Verb::kPut && origin == Origin::kNotification),
      "only the notification of a route says where it went");
  check(change);
  contract::Packer fresh;
  contract::Packer reused;
  packChange(change, fresh);
  packChange(again, reused);
  require(fresh.words() == reused.words(), "a record has nothing of those decoded before");
  return Reach::kAccepted;
}

// What listeners to routers read: no record, so no decoder of the list. It gets the bytes of every one of them.
void readOption(Message message) {
  constexpr std::size_t kPrefixInformationSize = 32;
  for (const std::uint16_t type : {wire::rtnetlink::kRTM_NEWNDUSEROPT, wire::rtnetlink::kRTM_NEWPREFIX}) {
    message.type = type;
    wire::rtnetlink::RouterOption option;
    if (readRouterOption(message, option) != Decoded::kChange) continue;
    require(option.bytes.size() <= message.payload.size() || option.bytes.size() == kPrefixInformationSize,
            "an option is of its message");
    require(option.router.family() != 4, "routers that advertise have IPv6");
  }
}

Reach runDecoder(const WirePart& part, base::Bytes input) {
  Message message;
  message.payload = input;
  readOption(message);
  message.type = part.put;
  const Reach put = decodeOne(message, Origin::kDump);
  message.type = part.remove;
  decodeOne(message, Origin::kNotification);
  return put;
}

Reach runReply(base::Bytes input) {
  Message message;
  message.payload = input;
  Reach reach = Reach::kRefused;
  for (const std::uint16_t type : {wire::netlink::kNLMSG_ERROR, wire::netlink::kNLMSG_DONE}) {
    for (const int flags : {0x200, 0x300}) {
      message.type = type;
      message.flags = static_cast<std::uint16_t>(flags);
      const auto reply = wire::netlink::readReply(message);
      if (!reply) continue;
      require(reply->systemError >= 0, "an error number is not negative");
      if (!reply->text.empty()) reach = Reach::kAccepted;
    }
  }
  return reach;
}

Reach runDatagram(base::Bytes input) {
  Messages messages(input);
  Message message;
  std::size_t read = 0;
  while (messages.next(message)) {
    read += wire::netlink::kHeaderSize + message.payload.size();
    require(read <= input.size(), "messages do not overlap");
    decodeOne(message, Origin::kNotification);
    static_cast<void>(wire::netlink::readReply(message));
  }
  return messages.isComplete() && read != 0 ? Reach::kAccepted : Reach::kRefused;
}

}  // namespace

const std::vector<WirePart>& wireParts() {
  static const std::vector<WirePart> all = [] {
    std::vector<WirePart> list = {{kDatagram}, {kReply}};
    for (const auto& decoder : wire::rtnetlink::decoders()) list.push_back({decoder.name, decoder.put, decoder.remove});
    return list;
  }();
  return all;
}

const WirePart& wirePartOf(base::Bytes input) {
  const std::size_t choice = input.empty() ? 0 : std::to_integer<std::size_t>(input.front());
  return wireParts()[choice % wireParts().size()];
}

Reach runWire(base::Bytes input) {
  if (input.empty()) return Reach::kRefused;
  const WirePart& part = wirePartOf(input);
  const base::Bytes rest = input.subspan(1);
  if (part.name == kDatagram) return runDatagram(rest);
  if (part.name == kReply) return runReply(rest);
  return runDecoder(part, rest);
}

}  // namespace mif::fuzz
