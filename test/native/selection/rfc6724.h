// SPDX-License-Identifier: MIT
// RFC 6724 read aloud: sections 2 to 6 sentence by sentence, slow, and with nothing of native/selection or
// native/address but the values that it is asked about. What native/selection decides is compared with this.
#pragma once

#include "selection/destination-order.h"
#include "selection/source-address.h"
#include "selection/source-candidate.h"

namespace mif::test::rfc6724 {

enum class Preferred { kFirst, kSecond, kNeither };

struct Verdict {
  Preferred preferred;
  // 1 to 10; 55 for rule 5.5; 0 when no rule decides.
  int rule;
};

// Section 5, of IPv6 candidates, with the default policy table.
Verdict compareSources(const selection::SourceCandidate& sa, const selection::SourceCandidate& sb,
                       const selection::SourceRequest& request);

// Section 6 up to rule 9, with the default policy table; rule 0 leaves it to rule 10.
Verdict compareDestinations(const selection::Destination& da, const selection::Destination& db,
                            const selection::SourcePreferences& preferences);

}  // namespace mif::test::rfc6724
