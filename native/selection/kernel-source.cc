// SPDX-License-Identifier: MIT
#include "selection/kernel-source.h"

#include <algorithm>
#include <array>

#include "address/scope.h"

namespace mif::selection {

namespace {

using contract::AddressScope;
using contract::AddressFlag::kDeprecated;
using contract::AddressFlag::kHomeAddress;
using contract::AddressFlag::kOptimistic;
using contract::AddressFlag::kSecondary;
using contract::AddressFlag::kTentative;
using Privacy = SourcePreferences::Privacy;

struct Question6 {
  const SourceRequest& request;
  const KernelTraits& traits;
  // Of the destination; -1 for ::, so that any source reaches it.
  int scope;
};

// Each of ipv6_get_saddr_eval()'s rules, in order: what it gives a candidate; larger wins.

int sameAddress(const SourceCandidate& candidate, const Question6& asked) {
  return candidate.address == asked.request.destination;
}

int scope(const SourceCandidate& candidate, const Question6& asked) {
  const int reach = static_cast<int>(candidate.scope);
  constexpr int kBelowAnyThatReaches = 128;
  return reach >= asked.scope ? -reach : reach - kBelowAnyThatReaches;
}

// IPv4-compatible, IPv4-mapped and loopback addresses count as preferred.
int preferred(const SourceCandidate& candidate, const Question6&) {
  const address::IpAddress& address = candidate.address;
  const bool isSpecial =
      address.group(0) == 0 && address.group(1) == 0 && (address.group(2) == 0 || address.group(2) == 0xffff);
  const std::uint32_t avoided = candidate.usesOptimistic ? kDeprecated : kDeprecated | kOptimistic;
  return isSpecial || !candidate.has(avoided);
}

int home(const SourceCandidate& candidate, const Question6& asked) {
  return asked.traits.hasMobility && candidate.has(kHomeAddress) != asked.request.preferences.prefersCareOf;
}

int outgoingInterface(const SourceCandidate& candidate, const Question6& asked) {
  return candidate.interface == asked.request.interface;
}

int label(const SourceCandidate& candidate, const Question6& asked) {
  return candidate.label == asked.request.label;
}

// Unlike the others it compares what each candidate's own interface prefers.
int privacy(const SourceCandidate& candidate, const Question6& asked) {
  const Privacy asks = asked.request.preferences.privacy;
  const bool wantsTemporary = asks == Privacy::kSystem ? candidate.prefersTemporary : asks == Privacy::kTemporary;
  return candidate.isTemporary() == wantsTemporary;
}

// RFC 4843: 2001:10::/28.
bool isOrchid(const address::IpAddress& address) {
  return address.group(0) >> 4 == 0x02001001;
}

int orchid(const SourceCandidate& candidate, const Question6& asked) {
  return isOrchid(candidate.address) == isOrchid(asked.request.destination);
}

int longestPrefix(const SourceCandidate& candidate, const Question6& asked) {
  return commonPrefixLength(candidate, asked.request.destination);
}

int notOptimistic(const SourceCandidate& candidate, const Question6&) {
  return !candidate.has(kOptimistic);
}

struct KernelRule {
  int (*rank)(const SourceCandidate& candidate, const Question6& asked);
  SourceRule name;
};

constexpr std::array<KernelRule, 10> kRules = {{
    {sameAddress, SourceRule::kSameAddress},
    {scope, SourceRule::kScope},
    {preferred, SourceRule::kDeprecated},
    {home, SourceRule::kHome},
    {outgoingInterface, SourceRule::kOutgoingInterface},
    {label, SourceRule::kLabel},
    {privacy, SourceRule::kTemporary},
    {orchid, SourceRule::kOrchid},
    {longestPrefix, SourceRule::kLongestPrefix},
    {notOptimistic, SourceRule::kOptimistic},
}};

struct Comparison6 {
  bool isBetter = false;
  // That decided; kFirst when none did, and the earlier one stays.
  SourceRule rule = SourceRule::kFirst;
};

Comparison6 compare6(const SourceCandidate& candidate, const SourceCandidate& best, const Question6& asked) {
  for (const KernelRule& rule : kRules) {
    const int challenger = rule.rank(candidate, asked);
    const int defender = rule.rank(best, asked);
    if (challenger != defender) return {challenger > defender, rule.name};
  }
  return {};
}

bool isSource6(const SourceCandidate& candidate) {
  if (candidate.address.family() != 6) return false;
  if (address::isUnspecified(candidate.address) || address::isMulticast(candidate.address)) return false;
  return !candidate.has(kTentative) || candidate.has(kOptimistic);
}

bool isSource4(const SourceCandidate& candidate) {
  return candidate.address.family() == 4 && !candidate.has(kSecondary);
}

// What of this host alone is worth on an interface: the numbers of narrower scopes are larger.
AddressScope scopeOn(const SourceCandidate& candidate, const KernelRequest4& request) {
  return std::min(candidate.kernelScope, request.routesLocalnet ? AddressScope::kLink : AddressScope::kHost);
}

// One choice for an IPv6 destination.
class Choice6 {
 public:
  Choice6(const SourceRequest& request, const KernelTraits& traits)
      : asked_{request, traits, address::isUnspecified(request.destination) ? -1 : static_cast<int>(request.scope)} {
    const bool staysOnLink =
        address::isMulticast(request.destination) || asked_.scope <= static_cast<int>(address::Scope::kLinkLocal);
    isBound_ = request.interface != 0 && (staysOnLink || traits.onlyOutgoing);
  }

  // What keeps a candidate out of it; kNone when nothing does.
  SourceRule exclusionOf(const SourceCandidate& candidate) const {
    if (!isSource6(candidate)) return SourceRule::kNotCandidate;
    if (!isBound_ || candidate.interface == asked_.request.interface) return SourceRule::kNone;
    return asked_.traits.onlyOutgoing ? SourceRule::kOutgoingInterface : SourceRule::kOtherLink;
  }

  std::optional<std::size_t> best(std::span<const SourceCandidate> candidates) const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (exclusionOf(candidates[i]) != SourceRule::kNone) continue;
      if (!best || compare6(candidates[i], candidates[*best], asked_).isBetter) best = i;
    }
    return best;
  }

  // By what a candidate loses to the best.
  SourceRule defeatOf(const SourceCandidate& candidate, const SourceCandidate& best) const {
    const SourceRule exclusion = exclusionOf(candidate);
    return exclusion == SourceRule::kNone ? compare6(candidate, best, asked_).rule : exclusion;
  }

 private:
  Question6 asked_;
  bool isBound_ = false;
};

// What keeps an IPv4 address of the outgoing interface from being the source; kNone when nothing does.
SourceRule exclusionThere(const SourceCandidate& candidate, const KernelRequest4& request) {
  if (!isSource4(candidate)) return SourceRule::kPrimary;
  return scopeOn(candidate, request) > request.scope ? SourceRule::kScope : SourceRule::kNone;
}

// And one of any other, when that has none: it may not be an address that means nothing beyond its link.
SourceRule exclusionElsewhere(const SourceCandidate& candidate, const KernelRequest4& request) {
  if (!isSource4(candidate)) return SourceRule::kPrimary;
  const AddressScope scope = candidate.kernelScope;
  return scope == AddressScope::kLink || scope > request.scope ? SourceRule::kScope : SourceRule::kNone;
}

bool isBesideRouter(const SourceCandidate& candidate, const KernelRequest4& request) {
  return !request.router.isPresent() || candidate.subnet.contains(request.router);
}

SourceRule defeatOf(const SourceCandidate& candidate, const SourceCandidate& best, const KernelRequest4& request) {
  if (candidate.interface != request.interface) {
    if (best.interface == request.interface) return SourceRule::kOutgoingInterface;
    const SourceRule exclusion = exclusionElsewhere(candidate, request);
    return exclusion == SourceRule::kNone ? SourceRule::kFirst : exclusion;
  }
  const SourceRule exclusion = exclusionThere(candidate, request);
  if (exclusion != SourceRule::kNone) return exclusion;
  return isBesideRouter(best, request) && !isBesideRouter(candidate, request) ? SourceRule::kSubnet
                                                                              : SourceRule::kFirst;
}

}  // namespace

std::optional<std::size_t> chooseAsKernel6(std::span<const SourceCandidate> candidates, const SourceRequest& request,
                                           const KernelTraits& traits) {
  return Choice6(request, traits).best(candidates);
}

std::optional<std::size_t> explainAsKernel6(std::span<const SourceCandidate> candidates, const SourceRequest& request,
                                            const KernelTraits& traits, std::span<SourceRule> lostBy) {
  const Choice6 choice(request, traits);
  const std::optional<std::size_t> best = choice.best(candidates);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    lostBy[i] = i == best ? SourceRule::kNone
                : best    ? choice.defeatOf(candidates[i], candidates[*best])
                          : choice.exclusionOf(candidates[i]);
  }
  return best;
}

std::optional<std::size_t> chooseAsKernel4(std::span<const SourceCandidate> candidates, const KernelRequest4& request) {
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].interface != request.interface) continue;
    if (exclusionThere(candidates[i], request) != SourceRule::kNone) continue;
    if (isBesideRouter(candidates[i], request)) return i;
    if (!first) first = i;
  }
  if (first) return first;
  // Nothing there: any other interface will do.
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (exclusionElsewhere(candidates[i], request) == SourceRule::kNone) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> explainAsKernel4(std::span<const SourceCandidate> candidates, const KernelRequest4& request,
                                            std::span<SourceRule> lostBy) {
  const std::optional<std::size_t> best = chooseAsKernel4(candidates, request);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    lostBy[i] = i == best ? SourceRule::kNone
                : best    ? defeatOf(candidates[i], candidates[*best], request)
                          : exclusionElsewhere(candidates[i], request);
  }
  return best;
}

}  // namespace mif::selection
