// SPDX-License-Identifier: MIT
// When to compare a kind with the kernel as a whole although nothing called for it: an audit. Some of what the kernel
// changes in silence follows from nothing that it announces (traps B2, D18, D22); an audit bounds how long the mirror
// does not know. One kind at a time, at rest, and so rarely that it costs a thousandth of a processor.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

#include "contract/contract.gen.h"
#include "monitor/limits.h"
#include "table/kinds.h"

namespace mif::monitor {

// As in limits.h; tests are in more of a hurry.
struct AuditPace {
  std::chrono::milliseconds pause = limits::kAuditPause;
  int rest = limits::kAuditRest;
  std::chrono::milliseconds quiet = limits::kAuditQuiet;
  std::chrono::milliseconds retry = limits::kAuditRetry;
};

class Audits {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  explicit Audits(const AuditPace& pace) : pace_(pace) { dueAt_.fill(Moment::max()); }

  // A consistent dump of the whole kind, for whatever reason, took so long and ends now.
  void compared(contract::RecordKind kind, Moment now, std::chrono::nanoseconds duration);
  // An audit took so long and was in vain.
  void disturbed(contract::RecordKind kind, Moment now, std::chrono::nanoseconds duration);
  // Something was announced.
  void heard(Moment now) { quietAt_ = now + pace_.quiet; }

  // What to audit now. Nothing that was not compared before: the first dump is not the audits' to make.
  std::optional<contract::RecordKind> due(Moment now) const;
  // When to ask next.
  std::optional<Moment> next() const;

 private:
  Moment& dueAt(contract::RecordKind kind) { return dueAt_[static_cast<std::size_t>(kind)]; }

  const AuditPace pace_;
  // By kind.
  std::array<Moment, table::Kinds::kCount> dueAt_;
  Moment quietAt_{};
};

}  // namespace mif::monitor
