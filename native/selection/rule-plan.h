// SPDX-License-Identifier: MIT
// The rules as far as they concern some traffic, whatever its destination and source. Most of what a rule asks is the
// same for all destinations that one socket, or one batch, is about: deciding it once leaves two tables to look into on
// an ordinary host. The semantics are the kernel's (fib_rules_lookup), traps E1 to E6.
#pragma once

#include <cstdint>
#include <vector>

#include "contract/contract.gen.h"
#include "selection/flow.h"
#include "selection/inventory.h"
#include "table/fib.h"

namespace mif::selection {

struct Step {
  // Among Inventory::rules() of the family.
  std::uint32_t rule = 0;
  // kAsked for one that applies, as far as its prefixes let it; else why it never does.
  contract::RuleFinding finding{};
  // Whether its source or destination has to be looked at.
  bool hasPrefixes = false;
  // Where a jump leads, among the steps; one past the last leads out.
  std::uint32_t target = 0;
};

template <typename Row>
class RulePlan {
 public:
  using Trie = typename table::Fib<Row>::Trie;

  struct TableStep : Step {
    contract::RuleAction action{};
    // The table it names; null when that has no routes.
    const Trie* trie = nullptr;
  };

  // `keepsAll`: also the rules that never apply, for an explanation.
  RulePlan(const Inventory& inventory, const table::Fib<Row>& fib, const Flow& flow, bool keepsAll);

  const std::vector<TableStep>& steps() const { return steps_; }
  // Whether any step looks at the source.
  bool looksAtSource() const { return looksAtSource_; }
  // Whether it is a list of tables, to be asked one after the other whatever the destination and the source.
  bool isSameForAll() const { return isSameForAll_; }
  // contract::SelectionDoubt, of the rules that were left out.
  std::uint32_t doubts() const { return doubts_; }

 private:
  std::vector<TableStep> steps_;
  std::uint32_t doubts_ = 0;
  bool looksAtSource_ = false;
  bool isSameForAll_ = false;
};

extern template class RulePlan<table::Route4>;
extern template class RulePlan<table::Route6>;

// kAsked when the prefixes of a rule let the flow through, with its inversion applied; else which does not.
contract::RuleFinding judgePrefixes(const contract::Rule& rule, const Flow& flow);

}  // namespace mif::selection
