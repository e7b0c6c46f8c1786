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
