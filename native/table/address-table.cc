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

}  // namespace mif::table
