// SPDX-License-Identifier: MIT
#include "table/address-table.h"

#include "table/hash.h"
#include "table/lifetime.h"

namespace mif::table {

std::uint64_t AddressKind::hash(const Record& record) {
  return Hash().add(record.index).add(record.address).value();
}

Applied AddressKind::compare(const Row& row, const Record& record) {
  if (!contract::sameContent(row.record, record)) return Applied::kEvent;
  const base::Deadline now = base::now();
  if (isWorthTelling(row.reportedPreferred, record.preferredLifetime, now) ||
      isWorthTelling(row.reportedValid, record.validLifetime, now)) {
    return Applied::kEvent;
  }
  const bool isUnmoved = isSameMoment(row.record.preferredLifetime, record.preferredLifetime) &&
                         isSameMoment(row.record.validLifetime, record.validLifetime);
  return isUnmoved ? Applied::kNothing : Applied::kSilent;
}

void AddressKind::update(Row& row, const Record& record, Applied applied) {
  row.record = record;
  if (applied != Applied::kEvent) return;
  row.reportedPreferred = record.preferredLifetime;
  row.reportedValid = record.validLifetime;
}

Applied AddressTable::put(const contract::Address& address, bool isListed) {
  if (address.family == 4 && find(address) == nullptr) ++ipv4_[address.index];
  return RecordTable::put(address, isListed);
}

Applied AddressTable::remove(const contract::Address& address) {
  const Applied applied = RecordTable::remove(address);
  if (applied != Applied::kEvent || address.family != 4) return applied;
  if (const auto count = ipv4_.find(address.index); --count->second == 0) ipv4_.erase(count);
  return applied;
}

std::size_t AddressTable::endSweep(bool isConsistent) {
  const std::size_t removed = RecordTable::endSweep(isConsistent);
  if (removed > 0) countIpv4();
  return removed;
}

void AddressTable::countIpv4() {
  ipv4_.clear();
  rows().forEach([this](Position, const AddressRow& row) {
    if (row.record.family == 4) ++ipv4_[row.record.index];
    return true;
  });
}

}  // namespace mif::table
