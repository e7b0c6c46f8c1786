// SPDX-License-Identifier: MIT
#include "monitor/audits.h"

#include <algorithm>

namespace mif::monitor {

using contract::RecordKind;

void Audits::compared(RecordKind kind, Moment now, std::chrono::nanoseconds duration) {
  dueAt(kind) = now + std::max<std::chrono::nanoseconds>(pace_.pause, duration * pace_.rest);
}

void Audits::disturbed(RecordKind kind, Moment now, std::chrono::nanoseconds duration) {
  dueAt(kind) = now + std::max<std::chrono::nanoseconds>(pace_.retry, duration * pace_.rest);
}

std::optional<RecordKind> Audits::due(Moment now) const {
  const std::optional<Moment> when = next();
  if (!when || now < *when) return std::nullopt;
  const auto first = std::min_element(dueAt_.begin(), dueAt_.end());
  return static_cast<RecordKind>(first - dueAt_.begin());
}

std::optional<Audits::Moment> Audits::next() const {
  const Moment first = *std::min_element(dueAt_.begin(), dueAt_.end());
  if (first == Moment::max()) return std::nullopt;
  return std::max(first, quietAt_);
}

}  // namespace mif::monitor
