// SPDX-License-Identifier: MIT
// Which source address a packet should have: RFC 6724 section 5 for IPv6, and for IPv4, of which the RFC says nothing,
// the order of SAS-17. Each rule gives each candidate a number, and the first rule whose numbers differ decides; so
// preference is transitive, whatever the candidates (docs/adr/0013). What Linux itself does: kernel-source.h.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "address/ip-address.h"
#include "address/scope.h"
#include "contract/contract.gen.h"
#include "selection/policy-table.h"
#include "selection/source-candidate.h"
#include "selection/source-preferences.h"

namespace mif::selection {

// What decides between two candidates.
using contract::SourceRule;

// What a source is wanted for.
struct SourceRequest {
  address::IpAddress destination;
  // That the packet leaves by. 0: not known, which is no answer for link-local and multicast destinations (SAS-39).
  std::uint32_t interface = 0;
  // IPv4: what the route says, where it does.
  address::IpAddress routeSource;
  SourcePreferences preferences;
  // Of the destination.
  address::Scope scope = address::Scope::kGlobal;
  std::uint32_t label = kNoLabel;
};

// A request with scope and label filled in. The policy is the one that the candidates have their labels from.
SourceRequest requestFor(const address::IpAddress& destination, std::uint32_t interface, const PolicyTable& policy);

// Whether an address may be the source at all (SAS-11): unicast, of the family, its own beyond doubt or optimistic, and
// for a destination that does not leave the link, on that link. A link is an interface here; a site is the whole host.
bool isCandidate(const SourceCandidate& candidate, const SourceRequest& request);

struct SourceDecision {
  // Greater: the first is preferred. Equivalent only for the same address on the same interface, or for IPv4.
  std::weak_ordering preference;
  SourceRule rule;
};

// Which of two candidates is preferred, and by which rule.
SourceDecision compare(const SourceCandidate& first, const SourceCandidate& second, const SourceRequest& request);

// The position of the best, if any may be the source. Of IPv4 candidates that no rule tells apart the first.
std::optional<std::size_t> choose(std::span<const SourceCandidate> candidates, const SourceRequest& request);

// The same, and for each candidate the rule by which it lost to the one that is returned. `lostBy` is as long as
// `candidates`.
std::optional<std::size_t> explain(std::span<const SourceCandidate> candidates, const SourceRequest& request,
                                   std::span<SourceRule> lostBy);

}  // namespace mif::selection
