// SPDX-License-Identifier: MIT
#include "selection/numbered-decisions.h"

#include <cstdint>
#include <memory>
#include <set>
#include <utility>

#include "test.h"

namespace {

namespace contract = mif::contract;
using mif::selection::Decision;
using mif::selection::NumberedDecision;
using mif::selection::NumberedDecisions;

Decision decisionWith(std::uint32_t metric, std::uint32_t index = 2) {
  Decision decision;
  decision.verdict = contract::Verdict::kPath;
  decision.index = index;
  decision.table = 254;
  decision.metric = metric;
  return decision;
}

// A slot and its number, which is all that whoever has read a decision knows.
std::pair<std::uint32_t, std::uint64_t> nameOf(const NumberedDecision& decision) {
  return {decision.slot, decision.number};
}

MIF_TEST("selection/numbered-decisions: the same decision has the same number, whatever route was taken") {
  const auto decisions = std::make_unique<NumberedDecisions>();
  Decision decision = decisionWith(100);
  decision.route = 7;
  const auto first = nameOf(decisions->of(decision));
  decision.route = 8;
  MIF_CHECK(nameOf(decisions->of(decision)) == first);
  MIF_CHECK(decisions->find(first.first, first.second) != nullptr);
  MIF_CHECK_EQUAL(decisions->find(first.first, first.second)->decision.metric, 100u);
}

MIF_TEST("selection/numbered-decisions: no two have the same number, however many take each other's slots") {
  const auto decisions = std::make_unique<NumberedDecisions>();
  const auto first = nameOf(decisions->of(decisionWith(0)));
  std::set<std::uint64_t> numbers{first.second};
  constexpr std::uint32_t kMany = 20 * NumberedDecisions::kCount;
  for (std::uint32_t metric = 1; metric < kMany; ++metric) {
    const NumberedDecision& decision = decisions->of(decisionWith(metric));
    MIF_CHECK_EQUAL(decision.decision.metric, metric);
    MIF_CHECK(numbers.insert(decision.number).second);
  }
  // Its slot was taken: who asks by its number is not told of another one.
  MIF_CHECK(decisions->find(first.first, first.second) == nullptr);
  MIF_CHECK(!numbers.contains(decisions->of(decisionWith(0)).number));
}

MIF_TEST("selection/numbered-decisions: what differs in a doubt alone is another one") {
  const auto decisions = std::make_unique<NumberedDecisions>();
  const std::uint64_t clear = decisions->of(decisionWith(100)).number;
  Decision doubted = decisionWith(100);
  doubted.doubts = contract::SelectionDoubt::kUnsynced;
  MIF_CHECK(decisions->of(doubted).number != clear);
}

}  // namespace
