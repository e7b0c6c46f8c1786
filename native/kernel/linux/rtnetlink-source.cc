// SPDX-License-Identifier: MIT
#include "kernel/linux/rtnetlink-source.h"

#include <linux/netlink.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "base/clock.h"
#include "kernel/linux/interface-lookup.h"
#include "kernel/linux/rtnetlink-route-query.h"
#include "kernel/linux/system-error.h"
#include "wire/netlink/reply.h"
#include "wire/rtnetlink/address-label.h"
#include "wire/rtnetlink/constants.h"
#include "wire/rtnetlink/decode.h"
#include "wire/rtnetlink/request.h"

namespace mif::kernel {

namespace {

using contract::RecordKind;
using wire::netlink::Message;
using wire::netlink::Messages;
using wire::netlink::Reply;
using wire::netlink::Request;
using wire::rtnetlink::Decoded;
using wire::rtnetlink::Origin;
using wire::rtnetlink::versionOf;

// Bytes to read replies with. The kernel fills them up to 32 KiB once it has seen a buffer that large (trap A7); a
// single message may be longer. The others are for dumps that were disturbed: what is lost, is lost at the seams of
// datagrams, so the next attempt has them elsewhere.
constexpr std::array<std::size_t, 5> kReplySizes = {64 * 1024, 23 * 1024, 29 * 1024, 19 * 1024, 26 * 1024};

// Tables that are dumped one by one.
constexpr std::size_t kMostTableDumps = 16;

// Somebody who changes address labels does not do so without a rest.
constexpr std::uint32_t kLabelAttempts = 3;

// The loopback interface has this index in every namespace (LOOPBACK_IFINDEX).
constexpr std::uint32_t kLoopbackIndex = 1;

// 0 for kinds that have no family.
std::uint8_t versionOf(const contract::Change& change) {
  switch (change.kind) {
    case RecordKind::kAddress:
      return change.address.family;
    case RecordKind::kRoute:
      return change.route.family;
    case RecordKind::kRule:
      return change.rule.family;
    case RecordKind::kNeighbour:
      return change.neighbour.family;
    case RecordKind::kInterface:
    case RecordKind::kNexthop:
      break;
  }
  return 0;
}

// Errors by which the kernel says that there is nothing of that sort (trap A15).
bool meansEmpty(int number) {
  return number == ENOENT || number == ENODEV || number == EOPNOTSUPP || number == EAFNOSUPPORT;
}

base::Error refusal(const Reply& reply) {
  base::Error error = systemError("recvmmsg", "read the kernel's tables", reply.systemError);
  error.kernelMessage = std::string(reply.text);
  return error;
}

base::Error givenUp() {
  base::Error error;
  error.code = base::ErrorCode::kClosed;
  error.message = "reading the kernel's tables was given up";
  return error;
}

}  // namespace

RtnetlinkSource::RtnetlinkSource(const SourceOptions& options)
    : options_(options), notifications_(options, counters_), replyReader_(1, kReplySizes[0]) {}

base::Result<std::unique_ptr<Source>> RtnetlinkSource::open(const SourceOptions& options) {
  std::unique_ptr<RtnetlinkSource> source(new RtnetlinkSource(options));
  Capabilities& capabilities = source->capabilities_;
  const base::Result<base::Done> subscribed = source->notifications_.open(capabilities);
  if (!subscribed) return subscribed.error();
  capabilities.hasTables = true;
  capabilities.hasRules = true;
  capabilities.hasAddressLifetimes = true;
  capabilities.announcesLoss = true;
  capabilities.hasBindToDevice = true;

  const base::Result<base::Done> requests = source->openRequests();
  if (!requests) return requests.error();
  return std::unique_ptr<Source>(std::move(source));
}

base::Result<base::Done> RtnetlinkSource::openRequests() {
  if (requests_.isOpen()) return base::Done{};
  base::Result<NetlinkSocket> opened = NetlinkSocket::open();
  if (!opened) return opened.error();
  requests_ = opened.take();
  requests_.enable(NETLINK_EXT_ACK);
  capabilities_.hasStrictChecking = requests_.enable(NETLINK_GET_STRICT_CHK);
  return base::Done{};
}

base::Result<Drained> RtnetlinkSource::drain(Sink& sink, std::uint32_t limit) {
  const base::Result<Drained> drained = notifications_.drain(
      limit, [&](base::Bytes datagram, base::Deadline receivedAt) { pass(datagram, receivedAt, sink); });
  lookahead_.flush(sink);
  return drained;
}

base::Result<base::Done> RtnetlinkSource::discard() {
  return notifications_.discard();
}

bool RtnetlinkSource::isObserved(contract::Change& change) const {
  if (change.kind != RecordKind::kRoute) return true;
  const contract::Observation& observation = options_.observation;
  if (change.placement == contract::Placement::kReplace && observation.dividesEqualsOf(change.route)) {
    change.placement = contract::Placement::kUnclear;
    return true;
  }
  return observation.includes(change.route);
}

void RtnetlinkSource::pass(base::Bytes datagram, base::Deadline receivedAt, Sink& sink) {
  Messages messages(datagram);
  Message message;
  while (messages.next(message)) {
    contract::Change& change = lookahead_.place(sink);
    switch (wire::rtnetlink::decode(message, Origin::kNotification, receivedAt, change)) {
      case Decoded::kChange:
        if (!isObserved(change)) {
          ++counters_.ignored;
          break;
        }
        ++counters_.messages;
        lookahead_.push(sink);
        break;
      case Decoded::kIgnored:
        ++counters_.ignored;
        break;
      case Decoded::kMalformed:
        ++counters_.malformed;
        break;
    }
  }
  if (!messages.isComplete()) ++counters_.malformed;
}

base::Result<Dumped> RtnetlinkSource::dump(const contract::Extent& extent, Sink& sink, bool (*breathe)(void*),
                                           void* context) {
  const base::Result<base::Done> opened = openRequests();
  if (!opened) return opened.error();
  ++counters_.dumps;
  const base::Result<base::Done> ready = waitForWriters();
  bool isConsistent = true;
  base::Result<Dumped> result = ready ? base::Result<Dumped>(Dumped::kConsistent) : ready.error();
  for (const std::uint8_t family : wire::rtnetlink::dumpFamilies(extent.kind)) {
    if (!result || notifications_.isLost()) break;
    if (extent.family != 0 && versionOf(family) != extent.family) continue;
    result = extent.kind == RecordKind::kRoute ? dumpRoutes(extent, family, sink, breathe, context)
                                               : dumpSubject({extent.kind, family}, sink, breathe, context);
    isConsistent = isConsistent && result && result.value() == Dumped::kConsistent;
    // Proxy entries are a dump of their own.
    if (result && extent.kind == RecordKind::kNeighbour) {
      result = dumpSubject({.kind = extent.kind, .family = family, .isProxy = true}, sink, breathe, context);
      isConsistent = isConsistent && result && result.value() == Dumped::kConsistent;
    }
  }
  if (!result) {
    // The rest of the replies would be in the way of the next dump, or refuse it (trap A8).
    requests_.close();
    return result;
  }
  if (notifications_.isLost()) return Dumped::kLost;
  if (isConsistent) {
    if (replySize_ != 0) useReplySize(0);
    return Dumped::kConsistent;
  }
  ++counters_.unstableDumps;
  useReplySize((replySize_ + 1) % kReplySizes.size());
  // It remembers the largest read that it has seen.
  requests_.close();
  return Dumped::kUnstable;
}

void RtnetlinkSource::useReplySize(std::size_t size) {
  replySize_ = size;
  replyReader_ = DatagramReader(1, std::max(kReplySizes[size], leastReply_));
}

// A link's "down" is announced before its IPv4 routes go, an address's end before the routes that need it, and so on,
// all under one lock of the kernel (rtnl). A request for one link takes that lock, so its answer comes after whatever
// was under way. It is also what lets the kernel use large datagrams from the first dump on (trap A7).
base::Result<base::Done> RtnetlinkSource::waitForWriters() {
  const Request request = wire::rtnetlink::interfaceRequest(kLoopbackIndex, ++sequence_);
  const base::Result<base::Done> sent = requests_.send(request.bytes());
  if (!sent) return sent.error();
  const base::Result<Replies> replies =
      readReplies(request.sequence(), false, [](const Message&, base::Deadline) {}, nullptr, nullptr);
  if (!replies) return replies.error();
  return base::Done{};
}

base::Result<Dumped> RtnetlinkSource::dumpRoutes(const contract::Extent& extent, std::uint8_t family, Sink& sink,
                                                 bool (*breathe)(void*), void* context) {
  const std::vector<std::uint32_t>& tables = options_.observation.tables;
  // Each is a request of its own; beyond a few, reading all and dropping most is cheaper.
  if (tables.empty() || tables.size() > kMostTableDumps || !capabilities_.hasStrictChecking) {
    return dumpSubject({extent.kind, family, extent.index}, sink, breathe, context);
  }
  Dumped all = Dumped::kConsistent;
  for (const std::uint32_t table : tables) {
    const base::Result<Dumped> one = dumpSubject({extent.kind, family, extent.index, table}, sink, breathe, context);
    if (!one) return one;
    if (one.value() == Dumped::kUnstable) all = Dumped::kUnstable;
  }
  return all;
}

base::Result<Dumped> RtnetlinkSource::dumpSubject(const Subject& subject, Sink& sink, bool (*breathe)(void*),
                                                  void* context) {
  wire::rtnetlink::DumpFilter filter;
  filter.index = subject.index;
  filter.table = subject.table;
  filter.isProxy = subject.isProxy;
  // Closed where the answer about another subject was cut.
  const base::Result<base::Done> opened = openRequests();
  if (!opened) return opened.error();
  const Request request = wire::rtnetlink::dumpRequest(subject.kind, subject.family, ++sequence_, filter);
  notifications_.hold(disturbance_);
  disturbance_.begin(subject.kind, versionOf(subject.family));
  const base::Result<base::Done> sent = requests_.send(request.bytes());
  if (!sent) return sent.error();
  const base::Result<Replies> replies = readReplies(
      request.sequence(), true,
      [&](const Message& message, base::Deadline receivedAt) { acceptDumped(message, subject, receivedAt, sink); },
      breathe, context);
  if (!replies) {
    lookahead_.clear();
    return replies.error();
  }
  lookahead_.flush(sink);
  notifications_.hold(disturbance_);
  const bool isConsistent = replies.value() != Replies::kInterrupted && !disturbance_.isDisturbed();
  return isConsistent ? Dumped::kConsistent : Dumped::kUnstable;
}

template <typename Accept>
base::Result<RtnetlinkSource::Replies> RtnetlinkSource::readReplies(std::uint32_t sequence, bool isDump,
                                                                    Accept&& accept, bool (*breathe)(void*),
                                                                    void* context) {
  Replies replies = Replies::kWhole;
  for (;;) {
    const base::Result<std::size_t> got = replyReader_.readOne(requests_);
    if (!got) return got.error();
    const base::Deadline receivedAt = base::now();
    const Datagram datagram = replyReader_.at(0);
    ++counters_.datagrams;
    if (datagram.isForeign) {
      ++counters_.foreignSender;
      continue;
    }
    bool isOver = false;
    std::size_t records = 0;
    Messages messages(datagram.bytes);
    Message message;
    while (messages.next(message)) {
      // Something that was asked before and given up, or not a reply at all (trap A10).
      if (message.sequence != sequence || message.port != requests_.port()) continue;
      if (message.isDumpInterrupted()) replies = Replies::kInterrupted;
      const bool isDone = message.type == wire::netlink::kNLMSG_DONE;
      if (isDone || message.type == wire::netlink::kNLMSG_ERROR) {
        const std::optional<Reply> reply = wire::netlink::readReply(message);
        const int number = reply ? reply->systemError : EBADMSG;
        if (number != 0 && !meansEmpty(number)) return refusal(reply.value_or(Reply{number, {}, {}}));
        if (number != 0) replies = Replies::kNone;
        isOver = true;
      } else {
        ++records;
        accept(message, receivedAt);
        isOver = isOver || !isDump;
      }
    }
    if (records > 0) disturbance_.datagramEnded();
    if (datagram.isTruncated) {
      ++counters_.truncated;
      leastReply_ = 2 * replyReader_.size();
      useReplySize(replySize_);
      // The end of the answer may be what was cut off: waiting for it would be in vain. What follows, if anything,
      // would be in the way of the next dump (trap A8).
      requests_.close();
      return Replies::kInterrupted;
    }
    if (!messages.isComplete()) ++counters_.malformed;
    if (isOver) return replies;
    if (!isDump) continue;
    notifications_.hold(disturbance_);
    if (!breathe(context)) return givenUp();
  }
}

void RtnetlinkSource::acceptDumped(const Message& message, const Subject& subject, base::Deadline receivedAt,
                                   Sink& sink) {
  contract::Change& change = lookahead_.place(sink);
  switch (wire::rtnetlink::decode(message, Origin::kDump, receivedAt, change)) {
    case Decoded::kChange:
      // A family that the kernel does not know is answered with all that it does know.
      if (change.kind != subject.kind || change.verb != contract::Verb::kPut ||
          versionOf(change) != versionOf(subject.family) ||
          (change.kind == RecordKind::kRoute && !options_.observation.includes(change.route))) {
        ++counters_.ignored;
        return;
      }
      ++counters_.messages;
      change.placement = contract::Placement::kListed;
      disturbance_.listed(change);
      lookahead_.push(sink);
      return;
    case Decoded::kIgnored:
      ++counters_.ignored;
      return;
    case Decoded::kMalformed:
      ++counters_.malformed;
      return;
  }
}

base::Result<contract::AddressLabels> RtnetlinkSource::addressLabels() {
  for (std::uint32_t attempt = 1;; ++attempt) {
    const base::Result<base::Done> opened = openRequests();
    if (!opened) return opened.error();
    const Request request = wire::rtnetlink::addressLabelsRequest(++sequence_);
    const base::Result<base::Done> sent = requests_.send(request.bytes());
    if (!sent) return sent.error();
    std::vector<contract::AddressLabel> labels;
    const auto accept = [&](const Message& message, base::Deadline) {
      if (const auto label = wire::rtnetlink::readAddressLabel(message)) labels.push_back(*label);
    };
    const base::Result<Replies> replies =
        readReplies(request.sequence(), true, accept, [](void*) { return true; }, nullptr);
    if (!replies) {
      requests_.close();
      return replies.error();
    }
    // Without IPv6.
    if (replies.value() == Replies::kNone) return contract::AddressLabels{};
    if (replies.value() == Replies::kWhole || attempt == kLabelAttempts) return contract::AddressLabels(labels);
  }
}

base::Result<bool> RtnetlinkSource::lookUpInterface(const std::string& name, Sink& sink) {
  contract::Change change;
  const base::Result<bool> found = kernel::lookUpInterface(name, change);
  if (found && found.value()) sink.accept(change);
  return found;
}

base::Result<std::unique_ptr<RouteQuery>> RtnetlinkSource::openRouteQuery() {
  return RtnetlinkRouteQuery::open();
}

}  // namespace mif::kernel
