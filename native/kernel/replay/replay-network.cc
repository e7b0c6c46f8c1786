// SPDX-License-Identifier: MIT
#include "kernel/replay/replay-network.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "kernel/replay/replay-source.h"
#include "wire/netlink/message.h"
#include "wire/rtnetlink/decode.h"

namespace mif::kernel {

namespace {

using contract::Change;
using contract::RecordKind;
using contract::Verb;
using wire::rtnetlink::Decoded;
using wire::rtnetlink::Origin;

// Whether two changes of one kind are about one record.
bool isSame(const Change& a, const Change& b) {
  switch (a.kind) {
    case RecordKind::kInterface:
      return a.interface.index == b.interface.index;
    case RecordKind::kAddress:
      return contract::sameIdentity(a.address, b.address);
    case RecordKind::kNexthop:
      return contract::sameIdentity(a.nexthop, b.nexthop);
    case RecordKind::kRoute:
      return contract::sameIdentity(a.route, b.route);
    case RecordKind::kRule:
      return contract::sameIdentity(a.rule, b.rule);
    case RecordKind::kNeighbour:
      return contract::sameIdentity(a.neighbour, b.neighbour);
  }
  return false;
}

}  // namespace

base::Result<std::shared_ptr<ReplayNetwork>> ReplayNetwork::create() {
  base::Result<WakeDescriptor> waiting = WakeDescriptor::open();
  if (!waiting) return waiting.error();
  return std::shared_ptr<ReplayNetwork>(new ReplayNetwork(waiting.take()));
}

std::unique_ptr<Source> ReplayNetwork::source() {
  return std::make_unique<ReplaySource>(shared_from_this());
}

void ReplayNetwork::announce(const Change& change) {
  const std::lock_guard lock(mutex_);
  happen(change);
  queue({change, {}});
}

void ReplayNetwork::change(const Change& change) {
  const std::lock_guard lock(mutex_);
  happen(change);
}

void ReplayNetwork::mention(const Change& change) {
  const std::lock_guard lock(mutex_);
  queue({change, {}});
}

void ReplayNetwork::announceDatagram(base::Bytes datagram) {
  const std::lock_guard lock(mutex_);
  wire::netlink::Messages messages(datagram);
  wire::netlink::Message message;
  Change change;
  while (messages.next(message)) {
    const Decoded decoded = wire::rtnetlink::decode(message, Origin::kNotification, base::now(), change);
    if (decoded == Decoded::kChange) happen(change);
  }
  queue({{}, {datagram.begin(), datagram.end()}});
}

void ReplayNetwork::loadDump(base::Bytes datagram) {
  const std::lock_guard lock(mutex_);
  wire::netlink::Messages messages(datagram);
  wire::netlink::Message message;
  Change change;
  while (messages.next(message)) {
    const Decoded decoded = wire::rtnetlink::decode(message, Origin::kDump, base::now(), change);
    if (decoded == Decoded::kChange) happen(change);
  }
}

void ReplayNetwork::lose() {
  const std::lock_guard lock(mutex_);
  isLost_ = true;
  waiting_.raise();
}

void ReplayNetwork::disturbDumps(RecordKind kind, std::uint32_t count) {
  const std::lock_guard lock(mutex_);
  faultsOf(kind).disturbed = count;
}

void ReplayNetwork::refuseDumps(RecordKind kind, std::uint32_t count, base::Error error) {
  const std::lock_guard lock(mutex_);
  faultsOf(kind).refused = count;
  faultsOf(kind).refusal = std::move(error);
}

void ReplayNetwork::onDumping(std::function<void(RecordKind, std::size_t)> callback) {
  const std::lock_guard lock(mutex_);
  onDumping_ = std::move(callback);
}

void ReplayNetwork::happen(const Change& change) {
  // A part of an interface's settings, or the end of them, is neither an interface nor its end (traps B4, B5).
  if (change.isPartial) return;
  std::vector<Change>& records = recordsOf(change.kind);
  const auto known =
      std::find_if(records.begin(), records.end(), [&](const Change& record) { return isSame(record, change); });
  if (change.verb == Verb::kRemove) {
    if (known != records.end()) records.erase(known);
  } else if (known != records.end()) {
    *known = change;
  } else {
    records.push_back(change);
  }
}

void ReplayNetwork::queue(Announcement announcement) {
  announcements_.push_back(std::move(announcement));
  waiting_.raise();
}

}  // namespace mif::kernel
