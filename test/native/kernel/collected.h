// SPDX-License-Identifier: MIT
// What a source gives away, kept.
#pragma once

#include <cstddef>
#include <vector>

#include "contract/change.h"
#include "kernel/source.h"

namespace mif::test {

class Collected final : public kernel::Sink {
 public:
  void accept(const contract::Change& change) override { changes.push_back(change); }

  std::size_t count(contract::RecordKind kind, contract::Verb verb) const {
    std::size_t found = 0;
    for (const contract::Change& change : changes) found += change.kind == kind && change.verb == verb;
    return found;
  }

  std::vector<contract::Change> changes;
};

// For a dump that nobody gives up.
inline bool goOn(void*) {
  return true;
}

}  // namespace mif::test
