// SPDX-License-Identifier: MIT
// A question for the order of destinations as it comes from JavaScript (NativeSelector.sort of binding.d.ts): words, of
// which none is believed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "selection/destination-survey.h"
#include "selection/flow.h"
#include "selection/policy-table.h"

namespace mif::binding {

struct DestinationQuestion {
  // Without destination, source and device.
  selection::Flow flow;
  selection::PolicyTable policy;
  std::vector<selection::Carrier> carriers;
  std::vector<selection::ZonedAddress> destinations;
};

// Nothing when the words are no question, or their preferences contradict each other (SAS-19).
std::optional<DestinationQuestion> readDestinationQuestion(std::span<const std::uint32_t> words);

}  // namespace mif::binding
