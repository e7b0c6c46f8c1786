// SPDX-License-Identifier: MIT
// Addresses of interfaces. The same address may be on several interfaces (trap C11). Every router advertisement
// announces each of its addresses again with new lifetimes only (trap C6), which is not worth an event until the
// lifetime has moved by more than MIF-41 allows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "base/clock.h"
#include "contract/contract.gen.h"
#include "table/applied.h"
#include "table/record-table.h"

namespace mif::table {

struct AddressRow {
  contract::Address record;
  // What the last event said of the lifetimes; a difference compares these.
  base::Deadline reportedPreferred = base::kForever;
  base::Deadline reportedValid = base::kForever;
};

struct AddressKind {
  using Record = contract::Address;
  using Row = AddressRow;
  static constexpr std::size_t kSlots = 32;

  static std::uint64_t hash(const Record& record);
  static std::uint64_t hashOf(const Row& row) { return hash(row.record); }
  // An interface has an IPv6 address once, whatever its peer, which may be changed; IPv4 keeps it once for each prefix
  // and peer.
  static bool isSame(const Row& row, const Record& record) {
    if (record.family != 6) return contract::sameIdentity(row.record, record);
    return row.record.index == record.index && row.record.address == record.address;
  }
  static Row rowOf(const Record& record) { return {record, record.preferredLifetime, record.validLifetime}; }
  static Applied compare(const Row& row, const Record& record);
  static void update(Row& row, const Record& record, Applied applied);
  // Among those of its interface and scope; where IPv4 primaries of several scopes are, those of wider ones are behind.
  static bool goesFirst(const Record& record) { return record.family == 6; }
  static bool goesLast(const Row& row, const Record& record) { return isPromotion(row.record, record); }
  // From secondary to primary, because the primary was deleted (trap C9).
  static bool isPromotion(const Record& before, const Record& after) {
    constexpr std::uint32_t kSecondary = contract::AddressFlag::kSecondary;
    return after.family == 4 && (before.flags & kSecondary) != 0 && (after.flags & kSecondary) == 0;
  }
  // Whether it stands in one list with the other and neither before nor behind it by what it is.
  static bool isOrderedWith(const Record& one, const Record& other) {
    return one.family == other.family && one.index == other.index && one.scope == other.scope;
  }
};

using AddressRows = RecordTable<AddressKind>::Rows;

class AddressTable : public RecordTable<AddressKind> {
 public:
  Applied put(const contract::Address& address, bool isListed);
  Applied remove(const contract::Address& address);
  std::size_t endSweep(bool isConsistent);

  // Whether an interface has an IPv4 address: with its first and its last one the kernel changes routes in silence
  // (traps B3, D2), and a host may have tens of thousands.
  bool hasIpv4(std::uint32_t index) const { return ipv4_.contains(index); }

 private:
  void countIpv4();

  // Of each interface that has any, how many.
  std::unordered_map<std::uint32_t, std::uint32_t> ipv4_;
};

}  // namespace mif::table
