// SPDX-License-Identifier: MIT
#include "table/rule-table.h"

#include "table/hash.h"

namespace mif::table {

std::uint64_t RuleKind::hash(const Record& record) {
  // A part of the identity that tells almost all rules of a host apart; sameIdentity compares the rest.
  return Hash()
      .add(record.family)
      .add(record.priority)
      .add(record.table)
      .add(record.source)
      .add(record.destination)
      .add(record.mark)
      .add(record.inputInterface)
      .add(record.outputInterface)
      .value();
}

}  // namespace mif::table
