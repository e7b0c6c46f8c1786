// SPDX-License-Identifier: MIT
#include "table/lifetime.h"

#include <algorithm>
#include <cstdlib>

namespace mif::table {

namespace {

// MIF-41.
constexpr base::Deadline kWorthTellingMs = 60'000;
constexpr base::Deadline kWorthTellingShare = 10;

// What lifetimes are told in, milliseconds.
constexpr base::Deadline kGranularityMs = 1000;

}  // namespace

bool isSameMoment(base::Deadline a, base::Deadline b) {
  if (a == base::kForever || b == base::kForever) return a == b;
  return std::abs(a - b) < kGranularityMs;
}

bool isWorthTelling(base::Deadline reported, base::Deadline present, base::Deadline now) {
  if (reported == base::kForever || present == base::kForever) return reported != present;
  const base::Deadline leftBefore = std::max<base::Deadline>(reported - now, 0);
  const base::Deadline leftNow = std::max<base::Deadline>(present - now, 0);
  return std::abs(leftNow - leftBefore) > std::max(kWorthTellingMs, leftBefore / kWorthTellingShare);
}

}  // namespace mif::table
