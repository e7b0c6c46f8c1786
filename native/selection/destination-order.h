// SPDX-License-Identifier: MIT
// In which order destinations should be tried: RFC 6724 section 6, both families together (SAS-29, SAS-30). The sources
// have been chosen before, for instance by source-address.h. How the pairwise rules of the RFC, which may contradict
// each other across families, become one order: docs/adr/0013.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "address/ip-address.h"
#include "selection/policy-table.h"
#include "selection/source-candidate.h"
#include "selection/source-preferences.h"

namespace mif::selection {

// What puts one destination before another: the numbers of RFC 6724 section 6.
enum class DestinationRule : std::uint8_t {
  kNone = 0,           // Nothing: it is the last.
  kUsable = 1,         // The other is unreachable or has no source.
  kScope = 2,          // Its source has its scope.
  kDeprecated = 3,     // The other's source is deprecated.
  kHome = 4,           // Its source is a home address.
  kLabel = 5,          // Its source has its label.
  kPrecedence = 6,     // The policy table says so.
  kNative = 7,         // The other is reached through encapsulation.
  kSmallerScope = 8,   // It is nearer.
  kLongestPrefix = 9,  // It has more leading bits in common with its source.
  kOriginal = 10,      // It came before the other.
};

struct Destination {
  address::IpAddress address;
  // Its zone, or the interface that leads to it; 0 when not known.
  std::uint32_t interface = 0;
  // Null when there is none. Its label is of the table that orders.
  const SourceCandidate* source = nullptr;
  // Whether anything is known to be against it, a broken family or domain included (SAS-33).
  bool isReachable = true;
  // By a transition mechanism that encapsulates, such as 6to4.
  bool isEncapsulated = false;
};

struct RankedDestination {
  // In what was given.
  std::uint32_t position = 0;
  // Why it is before the next.
  DestinationRule before = DestinationRule::kNone;
  // Rules 1 to 9 as one number: what is larger comes first. Of no meaning to others than the sort.
  std::uint32_t rank = 0;
  std::uint8_t family = 0;
};

// Fills `ranked`, which is as long as `destinations`, best first. Allocates nothing. Takes time by the square of the
// number of those that rules 1 to 8 do not tell apart.
void order(std::span<const Destination> destinations, const PolicyTable& policy, const SourcePreferences& preferences,
           std::span<RankedDestination> ranked);

}  // namespace mif::selection
