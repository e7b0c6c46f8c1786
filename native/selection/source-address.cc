// SPDX-License-Identifier: MIT
#include "selection/source-address.h"

#include <array>

namespace mif::selection {

namespace {

using contract::AddressFlag::kDadFailed;
using contract::AddressFlag::kOptimistic;
using contract::AddressFlag::kSecondary;
using contract::AddressFlag::kTentative;

// RFC 6724 section 5 (SAS-13), then SAS-14.
constexpr std::array kRules6 = {
    SourceRule::kSameAddress,       SourceRule::kScope,    SourceRule::kDeprecated, SourceRule::kHome,
    SourceRule::kOutgoingInterface, SourceRule::kNextHop,  SourceRule::kLabel,      SourceRule::kTemporary,
    SourceRule::kLongestPrefix,     SourceRule::kLifetime,
};

// SAS-17.
constexpr std::array kRules4 = {
    SourceRule::kSubnet,  SourceRule::kRouteSource, SourceRule::kScope, SourceRule::kOutgoingInterface,
    SourceRule::kPrimary,
};

// Rule 2 as a number: enough is better than too little; of what is enough the least, of what is too little the most.
int scopeRank(address::Scope source, address::Scope destination) {
  const int reach = static_cast<int>(source);
  constexpr int kMoreThanAny = 16;
  return source >= destination ? 2 * kMoreThanAny - reach : reach;
}

bool wantsTemporary(const SourceCandidate& candidate, const SourcePreferences& preferences) {
  if (preferences.privacy == SourcePreferences::Privacy::kSystem) return candidate.prefersTemporary;
  return preferences.privacy == SourcePreferences::Privacy::kTemporary;
}

// What a rule gives a candidate; the larger number is preferred.
std::int64_t rank(SourceRule rule, const SourceCandidate& candidate, const SourceRequest& request) {
  switch (rule) {
    case SourceRule::kSameAddress:
      return candidate.address == request.destination;
    case SourceRule::kScope:
      return scopeRank(candidate.scope, request.scope);
    case SourceRule::kDeprecated:
      return !candidate.isDeprecated() && !candidate.isOptimistic();
    case SourceRule::kHome:
      return mobilityRank(candidate, request.preferences);
    case SourceRule::kOutgoingInterface:
      return candidate.interface == request.interface;
    case SourceRule::kNextHop:
      // Nobody knows is no reason to be out: a static address came from no router.
      return candidate.fromNextHop != FromNextHop::kNo;
    case SourceRule::kLabel:
      return candidate.label == request.label;
    case SourceRule::kTemporary:
      return candidate.isTemporary() == wantsTemporary(candidate, request.preferences);
    case SourceRule::kLongestPrefix:
      return commonPrefixLength(candidate, request.destination);
    case SourceRule::kLifetime:
      return candidate.preferredUntil;
    case SourceRule::kSubnet:
      return candidate.subnet.contains(request.destination);
    case SourceRule::kRouteSource:
      return candidate.address == request.routeSource;
    case SourceRule::kPrimary:
      return !candidate.has(kSecondary);
    // What no number expresses, or is no rule of these.
    default:
      break;
  }
  return 0;
}

template <std::size_t count>
std::optional<SourceDecision> firstThatDecides(const std::array<SourceRule, count>& rules, const SourceCandidate& first,
                                               const SourceCandidate& second, const SourceRequest& request) {
  for (const SourceRule rule : rules) {
    const std::weak_ordering preference = rank(rule, first, request) <=> rank(rule, second, request);
    if (preference != 0) return SourceDecision{preference, rule};
  }
  return std::nullopt;
}

bool staysOnLink(const address::IpAddress& destination) {
  return address::isMulticast(destination) || address::isLinkLocal(destination);
}

}  // namespace

SourceRequest requestFor(const address::IpAddress& destination, std::uint32_t interface, const PolicyTable& policy) {
  SourceRequest request;
  request.destination = destination;
  request.interface = interface;
  request.scope = address::scopeOf(destination);
  request.label = policy.find(destination, interface).label;
  return request;
}

bool isCandidate(const SourceCandidate& candidate, const SourceRequest& request) {
  const address::IpAddress& address = candidate.address;
  if (!address.isPresent() || address.family() != request.destination.family()) return false;
  if (address::isUnspecified(address) || address::isMulticast(address)) return false;
  if (candidate.has(kDadFailed)) return false;
  if (candidate.has(kTentative) && !candidate.has(kOptimistic)) return false;
  if (!staysOnLink(request.destination)) return true;
  return request.interface != 0 && candidate.interface == request.interface;
}

SourceDecision compare(const SourceCandidate& first, const SourceCandidate& second, const SourceRequest& request) {
  if (request.destination.family() == 4) {
    const auto decision = firstThatDecides(kRules4, first, second, request);
    return decision.value_or(SourceDecision{std::weak_ordering::equivalent, SourceRule::kFirst});
  }
  if (const auto decision = firstThatDecides(kRules6, first, second, request)) return *decision;
  // The same address may be on two interfaces (trap C11).
  if (first.address != second.address) return {second.address <=> first.address, SourceRule::kLowest};
  return {second.interface <=> first.interface, SourceRule::kLowest};
}

std::optional<std::size_t> choose(std::span<const SourceCandidate> candidates, const SourceRequest& request) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!isCandidate(candidates[i], request)) continue;
    if (!best || compare(candidates[i], candidates[*best], request).preference > 0) best = i;
  }
  return best;
}

std::optional<std::size_t> explain(std::span<const SourceCandidate> candidates, const SourceRequest& request,
                                   std::span<SourceRule> lostBy) {
  const std::optional<std::size_t> best = choose(candidates, request);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (i == best) {
      lostBy[i] = SourceRule::kNone;
    } else if (!isCandidate(candidates[i], request)) {
      lostBy[i] = SourceRule::kNotCandidate;
    } else {
      lostBy[i] = compare(candidates[*best], candidates[i], request).rule;
    }
  }
  return best;
}

}  // namespace mif::selection
