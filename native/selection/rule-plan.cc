// SPDX-License-Identifier: MIT
#include "selection/rule-plan.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace mif::selection {

namespace {

using contract::Rule;
using contract::RuleAction;
using contract::RuleFinding;

// What is sent from here has the loopback interface as its input interface (fib_rules(7), `iif lo`).
constexpr std::string_view kOwnTraffic = "lo";
// The bits of the service field that an IPv4 rule of old looks at (INET_DSCP_LEGACY_TOS_MASK).
constexpr std::uint8_t kLegacyTosBits = 0x1c;
constexpr int kBitsBelowCodePoint = 2;

bool isWithin(std::uint32_t value, std::uint32_t first, std::uint32_t last) {
  return first <= value && value <= last;
}

bool hasFlag(const Rule& rule, std::uint32_t flag) {
  return (rule.flags & flag) != 0;
}

bool isOfThisService(const Rule& rule, const Flow& flow) {
  if (rule.dscp) return *rule.dscp == flow.trafficClass >> kBitsBelowCodePoint;
  if (rule.tos == 0) return true;
  if (rule.family == 4) return rule.tos == (flow.trafficClass & kLegacyTosBits);
  return rule.tos >> kBitsBelowCodePoint == flow.trafficClass >> kBitsBelowCodePoint;
}

// What everything but the prefixes says, before inversion.
RuleFinding judgeSelectors(const Rule& rule, const Inventory& inventory, const Flow& flow) {
  if (!rule.inputInterface.empty() && rule.inputInterface != kOwnTraffic) return RuleFinding::kInputInterface;
  if (!rule.outputInterface.empty()) {
    const Device* bound = inventory.device(flow.device);
    if (bound == nullptr || bound->name != rule.outputInterface) return RuleFinding::kOutputInterface;
  }
  const std::uint32_t mask = rule.markMask.value_or(rule.mark ? 0xffffffff : 0);
  if (((rule.mark.value_or(0) ^ flow.mark) & mask) != 0) return RuleFinding::kMark;
  if (rule.tunnelId && *rule.tunnelId != 0) return RuleFinding::kTunnel;
  if (rule.uidFirst && !isWithin(flow.uid, *rule.uidFirst, rule.uidLast.value_or(*rule.uidFirst))) {
    return RuleFinding::kUser;
  }
  if (!isOfThisService(rule, flow)) return RuleFinding::kTrafficClass;
  if (rule.ipProtocol && *rule.ipProtocol != 0 && *rule.ipProtocol != flow.protocol) return RuleFinding::kProtocol;
  if (rule.sourcePortFirst && !isWithin(flow.sourcePort, *rule.sourcePortFirst, *rule.sourcePortLast)) {
    return RuleFinding::kSourcePort;
  }
  if (rule.destinationPortFirst &&
      !isWithin(flow.destinationPort, *rule.destinationPortFirst, *rule.destinationPortLast)) {
    return RuleFinding::kDestinationPort;
  }
  return RuleFinding::kAsked;
}

// What keeps it from ever applying to the flow, whatever the destination and the source; kAsked when nothing does.
RuleFinding judge(const Rule& rule, const Inventory& inventory, const Flow& flow, std::uint32_t& doubts) {
  if (rule.isL3mdev) {
    const Device* bound = inventory.device(flow.device);
    if (bound != nullptr && bound->isOfVrf) doubts |= contract::SelectionDoubt::kVrf;
    return RuleFinding::kVrf;
  }
  if (rule.unknownAttributes > 0) {
    doubts |= contract::SelectionDoubt::kUnknownRule;
    return RuleFinding::kUnknown;
  }
  const RuleFinding finding = judgeSelectors(rule, inventory, flow);
  if (!hasFlag(rule, contract::RuleFlag::kInvert)) return finding;
  if (finding != RuleFinding::kAsked) return RuleFinding::kAsked;
  const bool hasPrefixes = rule.source.isPresent() || rule.destination.isPresent();
  return hasPrefixes ? RuleFinding::kAsked : RuleFinding::kInverted;
}

bool mayHoldOn(const Rule& rule) {
  return !hasFlag(rule, contract::RuleFlag::kUnresolved);
}

// Whether the prefixes of a rule still matter for the flow: not when it is inverted and something else, which does not
// match, makes it apply already.
bool looksAtPrefixes(const Rule& rule, const Inventory& inventory, const Flow& flow) {
  if (!rule.source.isPresent() && !rule.destination.isPresent()) return false;
  return !hasFlag(rule, contract::RuleFlag::kInvert) || judgeSelectors(rule, inventory, flow) == RuleFinding::kAsked;
}

}  // namespace

RuleFinding judgePrefixes(const Rule& rule, const Flow& flow) {
  RuleFinding finding = RuleFinding::kAsked;
  // A flow whose source is still to be chosen has none, which only a prefix of length 0 contains.
  const bool isOfSource = !rule.source.isPresent() || rule.source.length == 0 || rule.source.contains(flow.source);
  if (!isOfSource) finding = RuleFinding::kSource;
  if (finding == RuleFinding::kAsked && rule.destination.isPresent() && !rule.destination.contains(flow.destination)) {
    finding = RuleFinding::kDestination;
  }
  if (!hasFlag(rule, contract::RuleFlag::kInvert)) return finding;
  return finding == RuleFinding::kAsked ? RuleFinding::kInverted : RuleFinding::kAsked;
}

template <typename Row>
RulePlan<Row>::RulePlan(const Inventory& inventory, const table::Fib<Row>& fib, const Flow& flow, bool keepsAll) {
  const std::span<const Rule> rules = inventory.rules(flow.family());
  // Where each rule stands among the steps, or the next one that does.
  std::vector<std::uint32_t> stepOf(rules.size() + 1);
  for (std::uint32_t at = 0; at < rules.size(); ++at) {
    const Rule& rule = rules[at];
    stepOf[at] = static_cast<std::uint32_t>(steps_.size());
    TableStep step;
    step.rule = at;
    step.action = rule.action;
    step.finding = judge(rule, inventory, flow, doubts_);
    if (step.finding == RuleFinding::kAsked) {
      step.hasPrefixes = looksAtPrefixes(rule, inventory, flow);
      looksAtSource_ = looksAtSource_ || (step.hasPrefixes && rule.source.isPresent());
      if (rule.action == RuleAction::kToTable) {
        step.trie = fib.table(rule.table);
      }
      const bool isIdle = rule.action == RuleAction::kNop || (rule.action == RuleAction::kGoto && !mayHoldOn(rule)) ||
                          (rule.action == RuleAction::kToTable && step.trie == nullptr);
      if (isIdle && !keepsAll) continue;
    } else if (!keepsAll) {
      continue;
    }
    steps_.push_back(step);
  }
  stepOf.back() = static_cast<std::uint32_t>(steps_.size());

  for (TableStep& step : steps_) {
    const Rule& rule = rules[step.rule];
    if (step.action != RuleAction::kGoto || !mayHoldOn(rule)) continue;
    const auto target =
        std::lower_bound(rules.begin(), rules.end(), rule.gotoPriority.value_or(0),
                         [](const Rule& other, std::uint32_t priority) { return other.priority < priority; });
    step.target = stepOf[static_cast<std::size_t>(target - rules.begin())];
  }

  isSameForAll_ =
      doubts_ == 0 && std::all_of(steps_.begin(), steps_.end(), [&](const TableStep& step) {
        const Rule& rule = rules[step.rule];
        return step.trie != nullptr && !step.hasPrefixes && !rule.suppressPrefixLength && !rule.suppressGroup;
      });
}

template class RulePlan<table::Route4>;
template class RulePlan<table::Route6>;

}  // namespace mif::selection
