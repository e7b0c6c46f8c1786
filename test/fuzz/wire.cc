// SPDX-License-Identifier: MIT
#include "target.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "contract/change.h"
#include "contract/packer.h"
#include "vector.h"
#include "wire/netlink/attribute.h"
#include "wire/netlink/message.h"
#include "wire/netlink/reply.h"
#include "wire/rtnetlink/decode.h"

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

void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

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

// One Change for the whole run, as the kernel source has it: what one input leaves behind meets the next.
Change& sharedChange() {
  static Change change;
  return change;
}

Reach decodeOne(const Message& message, Origin origin) {
  Change& change = sharedChange();
  switch (decode(message, origin, kReceivedAt, change)) {
    case Decoded::kMalformed:
      return Reach::kRefused;
    case Decoded::kIgnored:
      return Reach::kIgnored;
    case Decoded::kChange:
      break;
  }
  require(
      (change.placement != contract::Placement::kListed) ==
          (change.kind == RecordKind::kRoute && change.verb == contract::Verb::kPut && origin == Origin::kNotification),
      "only the notification of a route says where it went");
  check(change);
  return Reach::kAccepted;
}

Reach runDecoder(const Target& target, base::Bytes input) {
  Message message;
  message.payload = input;
  message.type = target.put;
  const Reach put = decodeOne(message, Origin::kDump);
  message.type = target.remove;
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

bool isFor(const Target& target, const Message& message) {
  if (target.name == kReply) {
    return message.type == wire::netlink::kNLMSG_ERROR || message.type == wire::netlink::kNLMSG_DONE;
  }
  return message.type == target.put || message.type == target.remove;
}

}  // namespace

const std::vector<Target>& targets() {
  static const std::vector<Target> all = [] {
    std::vector<Target> list = {{kDatagram}, {kReply}};
    for (const auto& decoder : wire::rtnetlink::decoders()) list.push_back({decoder.name, decoder.put, decoder.remove});
    return list;
  }();
  return all;
}

Reach run(const Target& target, base::Bytes input) {
  if (target.name == kDatagram) return runDatagram(input);
  if (target.name == kReply) return runReply(input);
  return runDecoder(target, input);
}

std::vector<std::vector<std::byte>> seeds(const Target& target) {
  std::vector<std::vector<std::byte>> result;
  for (const std::string& name : test::vectorNames("rtnetlink")) {
    std::string problem;
    const test::Vector vector = test::parseVector(name, problem);
    require(problem.empty(), problem.c_str());
    if (!vector.isHostOrder()) continue;
    for (const auto& datagram : vector.datagrams) {
      if (target.name == kDatagram) {
        result.push_back(datagram);
        continue;
      }
      Messages messages(datagram);
      Message message;
      while (messages.next(message)) {
        if (isFor(target, message)) result.emplace_back(message.payload.begin(), message.payload.end());
      }
    }
  }
  return result;
}

}  // namespace mif::fuzz
