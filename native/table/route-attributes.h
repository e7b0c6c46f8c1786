// SPDX-License-Identifier: MIT
// What many routes have in common, kept once: everything of a route but its destination, type of service and
// metric. A table of a million routes has a handful of these. Views share them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "contract/contract.gen.h"
#include "table/chunked.h"
#include "table/position-index.h"

namespace mif::table {

// A route whose destination (but not its family), tos and metric are left at their defaults. Never changes, so two
// equal pointers mean equal attributes, in whatever views they are.
using SharedAttributes = std::shared_ptr<const contract::Route>;
using AttributesRows = Chunked<SharedAttributes, 64>;
// Position in AttributesRows. The next owner of an id may mean something else by it; pointers tell.
using AttributesId = Position;

// Whether two sets say the same, also in what is no event (contract::sameContent leaves out flags and lifetimes).
// Lifetimes that mean one moment are the same.
bool sameAttributes(const contract::Route& a, const contract::Route& b);

// The live pool: counts how many routes use each set. Those counts, and the index, are not part of a view.
class AttributesPool {
 public:
  const AttributesRows& rows() const { return rows_; }
  const contract::Route& at(AttributesId id) const { return **rows_.at(id); }

  // The id of these attributes, for one more user.
  AttributesId acquire(const contract::Route& attributes);
  void release(AttributesId id);

  // Whether any route in use satisfies the condition; asks each set once, not each route.
  template <typename Condition>
  bool any(Condition&& condition) const {
    bool found = false;
    rows_.forEach([&](AttributesId, const SharedAttributes& attributes) {
      found = condition(*attributes);
      return !found;
    });
    return found;
  }

 private:
  // Ids that were acquired lately, at places that their routers and interfaces choose: most routes go to a few of
  // these, and to compare is less work than to hash. An id may have been given up since, or have another meaning.
  static constexpr std::size_t kRecent = 32;
  std::array<AttributesId, kRecent> recent_{};

  AttributesRows rows_;
  PositionIndex index_;
  // Routes that use each id.
  std::vector<std::uint32_t> users_;
};

}  // namespace mif::table
