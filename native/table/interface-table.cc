// SPDX-License-Identifier: MIT
#include "table/interface-table.h"

#include <algorithm>
#include <utility>

namespace mif::table {

namespace {

// Indexes without a device that are remembered. A host that makes and ends containers for months would otherwise
// remember each of them: indexes count up and are reused only after they wrap or when somebody asks for one.
constexpr std::size_t kRememberedIndexes = 4096;

// Whether what a dump lists under a known index is another device whose predecessor's end was lost (trap B9). Nothing
// in the message tells; a device cannot change its kind, and rarely changes name and link-layer address at once.
bool isAnotherDevice(const contract::Interface& known, const contract::Interface& listed) {
  // A first notification may have lacked the kind (trap B6).
  if (known.kind != listed.kind && !known.kind.empty() && !listed.kind.empty()) return true;
  return known.name != listed.name && known.mac.isPresent() && known.mac != listed.mac;
}

contract::Interface merged(const contract::Interface& known, const contract::Interface& partial) {
  contract::Interface result = known;
  result.hardwareType = partial.hardwareType;
  result.flags = partial.flags;
  result.operState = partial.operState;
  if (!partial.name.empty()) result.name = partial.name;
  if (partial.mac.isPresent()) result.mac = partial.mac;
  if (partial.mtu != 0) result.mtu = partial.mtu;
  if (partial.parentIndex) result.parentIndex = partial.parentIndex;
  if (partial.settings) {
    if (!result.settings) result.settings.emplace();
    result.settings->ipv6 = partial.settings->ipv6;
  }
  return result;
}

}  // namespace

const contract::Interface* InterfaceTable::find(std::uint32_t index) const {
  const auto found = byIndex_.find(index);
  return found == byIndex_.end() ? nullptr : rows_.at(found->second.position);
}

Applied InterfaceTable::put(const contract::Interface& interface, bool isPartial, bool isListed) {
  const contract::Interface* known = find(interface.index);
  if (known == nullptr) {
    // The whole message follows: the kernel announces a device before it gives it IPv6 settings.
    if (isPartial) return Applied::kMissed;
    Incarnations& incarnations = byIndex_[interface.index];
    contract::Interface record = interface;
    record.generation = nextGeneration(incarnations);
    incarnations.position = rows_.insert(std::move(record));
    if (isListed) sweep_.mark(incarnations.position);
    return Applied::kEvent;
  }

  Incarnations& incarnations = byIndex_[interface.index];
  if (isListed) sweep_.mark(incarnations.position);
  contract::Interface record = isPartial ? merged(*known, interface) : interface;
  record.generation = known->generation;
  if (isListed && isAnotherDevice(*known, record)) {
    record.generation = nextGeneration(incarnations);
  } else if (!record.settings) {
    // Not every message says anything of them; one that does names the families that are left.
    record.settings = known->settings;
  }
  if (contract::sameContent(*known, record)) return Applied::kNothing;
  rows_.edit(incarnations.position) = std::move(record);
  return Applied::kEvent;
}

Applied InterfaceTable::remove(std::uint32_t index) {
  const auto found = byIndex_.find(index);
  if (found == byIndex_.end() || found->second.position == kNoPosition) return Applied::kMissed;
  const Position position = std::exchange(found->second.position, kNoPosition);
  sweep_.forget(position);
  rows_.erase(position);
  forgetOldIndexes();
  return Applied::kEvent;
}

std::size_t InterfaceTable::endSweep(bool isConsistent) {
  const std::vector<Position> gone = sweep_.end(rows_, isConsistent, [](const contract::Interface&) { return true; });
  for (const Position position : gone) remove(rows_.at(position)->index);
  return gone.size();
}

std::uint32_t InterfaceTable::nextGeneration(Incarnations& incarnations) const {
  incarnations.count = std::max(incarnations.count, forgottenCount_) + 1;
  return incarnations.count;
}

void InterfaceTable::forgetOldIndexes() {
  if (byIndex_.size() - rows_.size() <= kRememberedIndexes) return;
  for (auto entry = byIndex_.begin(); entry != byIndex_.end();) {
    if (entry->second.position != kNoPosition) {
      ++entry;
      continue;
    }
    // Whoever gets this index next starts above every generation that it can have had.
    forgottenCount_ = std::max(forgottenCount_, entry->second.count);
    entry = byIndex_.erase(entry);
  }
}

}  // namespace mif::table
