// SPDX-License-Identifier: MIT
// The decisions about a batch, the form in which they cross to JavaScript (NativeSelector.selectMany of binding.d.ts):
// each once, and for each destination which of them it has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "contract/packer.h"
#include "selection/numbered-decisions.h"

namespace mif::selection {

class DecisionRows {
 public:
  // One of `rows` for each destination; decisions are packed as they come up. `batch` is of
  // NumberedDecisions::nextBatch.
  DecisionRows(std::span<std::uint32_t> rows, std::uint32_t batch, contract::Packer& packer)
      : rows_(rows), batch_(batch), packer_(packer) {}

  void write(std::size_t destination, NumberedDecision& decision) {
    if (decision.batch != batch_) {
      decision.batch = batch_;
      decision.row = count_++;
      contract::pack(decision.decision, packer_);
    }
    rows_[destination] = decision.row;
  }

 private:
  std::span<std::uint32_t> rows_;
  std::uint32_t batch_;
  std::uint32_t count_ = 0;
  contract::Packer& packer_;
};

}  // namespace mif::selection
