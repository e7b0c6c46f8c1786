// SPDX-License-Identifier: MIT
#include "selection/destination-order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "address/scope.h"

namespace mif::selection {

namespace {

// Bits of a rank that each rule takes, in order. A rule's number is larger for what it prefers; so ranks compare as the
// rules do, and the topmost bit that differs belongs to the rule that decides.
struct Field {
  DestinationRule rule;
  int bits;
};
constexpr std::array<Field, 9> kFields = {{
    {DestinationRule::kUsable, 1},
    {DestinationRule::kScope, 1},
    {DestinationRule::kDeprecated, 1},
    {DestinationRule::kHome, 2},
    {DestinationRule::kLabel, 1},
    {DestinationRule::kPrecedence, 8},
    {DestinationRule::kNative, 1},
    {DestinationRule::kSmallerScope, 4},
    {DestinationRule::kLongestPrefix, 8},
}};
constexpr int kPrefixBits = kFields.back().bits;

constexpr int kWidestScope = 15;

// What a rule gives a destination. Without a source it is given the least by the rules that ask about one.
int valueOf(DestinationRule rule, const Destination& destination, address::Scope scope, const Policy& policy,
            const SourcePreferences& preferences) {
  const SourceCandidate* source = destination.source;
  switch (rule) {
    case DestinationRule::kUsable:
      return destination.isReachable && source != nullptr;
    case DestinationRule::kScope:
      return source != nullptr && source->scope == scope;
    case DestinationRule::kDeprecated:
      return source != nullptr && !source->isDeprecated() && !source->isOptimistic();
    case DestinationRule::kHome:
      return source == nullptr ? 0 : mobilityRank(*source, preferences);
    case DestinationRule::kLabel:
      return source != nullptr && source->label == policy.label;
    case DestinationRule::kPrecedence:
      return policy.precedence;
    case DestinationRule::kNative:
      return !destination.isEncapsulated;
    case DestinationRule::kSmallerScope:
      return kWidestScope - static_cast<int>(scope);
    case DestinationRule::kLongestPrefix:
      return source == nullptr ? 0 : commonPrefixLength(*source, destination.address);
    case DestinationRule::kNone:
    case DestinationRule::kOriginal:
      break;
  }
  return 0;
}

std::uint32_t rankOf(const Destination& destination, const PolicyTable& table, const SourcePreferences& preferences) {
  const Policy policy = table.find(destination.address, destination.interface);
  const address::Scope scope = address::scopeOf(destination.address);
  std::uint32_t rank = 0;
  for (const Field& field : kFields) {
    const int value = valueOf(field.rule, destination, scope, policy, preferences);
    rank = rank << field.bits | static_cast<std::uint32_t>(value);
  }
  return rank;
}

// What rules 1 to 8 make of it. Rule 9 compares within a family only.
std::uint32_t classOf(const RankedDestination& destination) {
  return destination.rank >> kPrefixBits;
}

// Puts what rules 1 to 8 do not tell apart, and which is in its original order, in that of rule 9: each family among
// the places that it has, so that no two of one family are against the rule and both families come as they came.
void orderByPrefix(std::span<RankedDestination> equals) {
  for (std::size_t end = 1; end < equals.size(); ++end) {
    std::size_t place = end;
    for (std::size_t i = end; i-- > 0;) {
      if (equals[i].family != equals[place].family) continue;
      if (equals[i].rank >= equals[place].rank) break;
      std::swap(equals[i], equals[place]);
      place = i;
    }
  }
}

DestinationRule ruleBetween(const RankedDestination& first, const RankedDestination& second) {
  std::uint32_t difference = first.rank ^ second.rank;
  if (first.family != second.family) difference = difference >> kPrefixBits << kPrefixBits;
  int width = std::bit_width(difference);
  if (width == 0) return DestinationRule::kOriginal;
  for (auto field = kFields.rbegin(); field != kFields.rend(); ++field) {
    width -= field->bits;
    if (width <= 0) return field->rule;
  }
  return DestinationRule::kNone;
}

}  // namespace

void order(std::span<const Destination> destinations, const PolicyTable& policy, const SourcePreferences& preferences,
           std::span<RankedDestination> ranked) {
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    ranked[i] = {static_cast<std::uint32_t>(i), DestinationRule::kNone, rankOf(destinations[i], policy, preferences),
                 destinations[i].address.family()};
  }
  // Not stable_sort, which allocates.
  std::sort(ranked.begin(), ranked.end(), [](const RankedDestination& a, const RankedDestination& b) {
    return classOf(a) != classOf(b) ? classOf(a) > classOf(b) : a.position < b.position;
  });
  for (std::size_t begin = 0, end = 0; begin < ranked.size(); begin = end) {
    while (end < ranked.size() && classOf(ranked[end]) == classOf(ranked[begin])) ++end;
    orderByPrefix(ranked.subspan(begin, end - begin));
  }
  for (std::size_t i = 1; i < ranked.size(); ++i) ranked[i - 1].before = ruleBetween(ranked[i - 1], ranked[i]);
}

}  // namespace mif::selection
