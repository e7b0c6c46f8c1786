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

constexpr std::array kRules = {
    sameAddress, scope, preferred, home, outgoingInterface, label, privacy, orchid, longestPrefix, notOptimistic,
};

bool isBetter(const SourceCandidate& candidate, const SourceCandidate& best, const Question6& asked) {
  for (const auto& rule : kRules) {
    const int challenger = rule(candidate, asked);
    const int defender = rule(best, asked);
    if (challenger != defender) return challenger > defender;
  }
  return false;
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

}  // namespace

std::optional<std::size_t> chooseAsKernel6(std::span<const SourceCandidate> candidates, const SourceRequest& request,
                                           const KernelTraits& traits) {
  const address::IpAddress& destination = request.destination;
  const Question6 asked{request, traits, address::isUnspecified(destination) ? -1 : static_cast<int>(request.scope)};
  const bool staysOnLink =
      address::isMulticast(destination) || asked.scope <= static_cast<int>(address::Scope::kLinkLocal);
  const bool isBound = request.interface != 0 && (staysOnLink || traits.onlyOutgoing);
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!isSource6(candidates[i]) || (isBound && candidates[i].interface != request.interface)) continue;
    if (!best || isBetter(candidates[i], candidates[*best], asked)) best = i;
  }
  return best;
}

std::optional<std::size_t> chooseAsKernel4(std::span<const SourceCandidate> candidates, const KernelRequest4& request) {
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].interface != request.interface || !isSource4(candidates[i])) continue;
    if (scopeOn(candidates[i], request) > request.scope) continue;
    if (!request.router.isPresent() || candidates[i].subnet.contains(request.router)) return i;
    if (!first) first = i;
  }
  if (first) return first;
  // Nothing there: any other interface will do, but not an address that means nothing beyond its link.
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const AddressScope scope = candidates[i].kernelScope;
    if (isSource4(candidates[i]) && scope != AddressScope::kLink && scope <= request.scope) return i;
  }
  return std::nullopt;
}

}  // namespace mif::selection
