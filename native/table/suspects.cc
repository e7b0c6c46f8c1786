// SPDX-License-Identifier: MIT
#include "table/suspects.h"

#include <algorithm>

namespace mif::table {

using contract::Extent;
using contract::RecordKind;

std::vector<Extent> Suspects::of(RecordKind kind) const {
  if (!kinds_.has(kind)) return {};
  if (kind == RecordKind::kRoute && !parts_.empty()) return parts_;
  return {Extent(kind)};
}

void Suspects::add(const Extent& extent) {
  const bool isWholeSuspect = kinds_.has(extent.kind) && (extent.kind != RecordKind::kRoute || parts_.empty());
  if (isWholeSuspect) return;
  kinds_.add(extent.kind);
  if (extent.isWhole()) {
    if (extent.kind == RecordKind::kRoute) parts_.clear();
    return;
  }
  if (std::any_of(parts_.begin(), parts_.end(), [&](const Extent& part) { return part.includes(extent); })) return;
  std::erase_if(parts_, [&](const Extent& part) { return extent.includes(part); });
  parts_.push_back(extent);
  if (parts_.size() > kMostParts) parts_.clear();
}

void Suspects::remove(const Extent& extent) {
  if (!extent.isWhole()) {
    // All of them are suspect, or none: a part does not settle that.
    if (parts_.empty()) return;
    std::erase_if(parts_, [&](const Extent& part) { return extent.includes(part); });
    if (!parts_.empty()) return;
  } else if (extent.kind == RecordKind::kRoute) {
    parts_.clear();
  }
  kinds_.remove(extent.kind);
}

}  // namespace mif::table
