// SPDX-License-Identifier: MIT
#include "kernel/replay/replay-source.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "wire/netlink/message.h"
#include "wire/rtnetlink/decode.h"

namespace mif::kernel {

using contract::Change;
using contract::RecordKind;
using wire::rtnetlink::Decoded;

namespace {

bool isOf(const contract::Extent& extent, const Change& record) {
  if (record.kind != RecordKind::kRoute) return true;
  const contract::Route& route = record.route;
  if (extent.family != 0 && route.family != extent.family) return false;
  return extent.index == 0 || route.index == extent.index ||
         std::any_of(route.hops.begin(), route.hops.end(),
                     [&](const contract::Hop& hop) { return hop.index == extent.index; });
}

}  // namespace

ReplaySource::ReplaySource(std::shared_ptr<ReplayNetwork> network) : network_(std::move(network)) {
  capabilities_.hasTables = true;
  capabilities_.hasRules = true;
  capabilities_.hasNexthops = true;
  capabilities_.hasAddressLifetimes = true;
  capabilities_.hasStrictChecking = true;
  capabilities_.announcesLoss = true;
}

base::Result<Drained> ReplaySource::drain(Sink& sink, std::uint32_t limit) {
  std::vector<ReplayNetwork::Announcement> batch;
  bool isMore = false;
  {
    const std::lock_guard lock(network_->mutex_);
    if (std::exchange(network_->isLost_, false)) {
      ++counters_.overruns;
      return Drained::kLost;
    }
    auto& waiting = network_->announcements_;
    const std::size_t count = std::min<std::size_t>(limit, waiting.size());
    const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(count);
    batch.assign(std::make_move_iterator(waiting.begin()), std::make_move_iterator(end));
    waiting.erase(waiting.begin(), end);
    isMore = !waiting.empty();
    if (!isMore) network_->waiting_.clear();
  }
  for (const ReplayNetwork::Announcement& announcement : batch) pass(announcement, sink);
  return isMore ? Drained::kMore : Drained::kEmpty;
}

void ReplaySource::pass(const ReplayNetwork::Announcement& announcement, Sink& sink) {
  ++counters_.datagrams;
  if (announcement.datagram.empty()) {
    ++counters_.messages;
    sink.accept(announcement.change);
    return;
  }
  wire::netlink::Messages messages(announcement.datagram);
  wire::netlink::Message message;
  Change change;
  while (messages.next(message)) {
    switch (wire::rtnetlink::decode(message, wire::rtnetlink::Origin::kNotification, base::now(), change)) {
      case Decoded::kChange:
        ++counters_.messages;
        sink.accept(change);
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

base::Result<base::Done> ReplaySource::discard() {
  const std::lock_guard lock(network_->mutex_);
  network_->announcements_.clear();
  network_->isLost_ = false;
  network_->waiting_.clear();
  return base::Done{};
}

base::Result<Dumped> ReplaySource::dump(const contract::Extent& extent, Sink& sink, bool (*breathe)(void*),
                                        void* context) {
  const RecordKind kind = extent.kind;
  ++counters_.dumps;
  std::vector<Change> records;
  std::function<void(RecordKind, std::size_t)> onDumping;
  bool isDisturbed = false;
  {
    const std::lock_guard lock(network_->mutex_);
    ReplayNetwork::Faults& faults = network_->faultsOf(kind);
    if (faults.refused > 0) {
      --faults.refused;
      return faults.refusal;
    }
    isDisturbed = faults.disturbed > 0;
    if (isDisturbed) --faults.disturbed;
    records = network_->recordsOf(kind);
    onDumping = network_->onDumping_;
  }
  std::erase_if(records, [&](const Change& record) { return !isOf(extent, record); });
  if (isDisturbed && !records.empty()) records.pop_back();
  for (std::size_t n = 0; n < records.size(); ++n) {
    if (onDumping) onDumping(kind, n);
    Change listed = records[n];
    listed.verb = contract::Verb::kPut;
    listed.placement = contract::Placement::kListed;
    ++counters_.messages;
    sink.accept(listed);
    if (!breathe(context)) {
      base::Error error;
      error.code = base::ErrorCode::kClosed;
      error.message = "reading the network was given up";
      return error;
    }
  }
  if (isDisturbed) ++counters_.unstableDumps;
  return isDisturbed ? Dumped::kUnstable : Dumped::kConsistent;
}

base::Result<bool> ReplaySource::lookUpInterface(const std::string& name, Sink& sink) {
  std::vector<Change> records;
  {
    const std::lock_guard lock(network_->mutex_);
    records = network_->recordsOf(RecordKind::kInterface);
  }
  const auto found = std::find_if(records.begin(), records.end(), [&](const Change& record) {
    const std::vector<std::string>& names = record.interface.altNames;
    return record.interface.name == name || std::find(names.begin(), names.end(), name) != names.end();
  });
  if (found == records.end()) return false;
  sink.accept(*found);
  return true;
}

base::Result<std::unique_ptr<RouteQuery>> ReplaySource::openRouteQuery() {
  base::Error error;
  error.code = base::ErrorCode::kUnsupported;
  error.message = "cannot ask the kernel for a way: these records are played, and have none";
  return error;
}

}  // namespace mif::kernel
