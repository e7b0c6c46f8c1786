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
#include "selection/policy-table.h"
#include "selection/source-candidate.h"
#include "selection/source-preferences.h"

namespace mif::selection {

// What decides between two candidates.
enum class SourceRule : std::uint8_t {
  kNone,               // Nothing: it is the one chosen.
  kSameAddress,        // Rule 1: it is the destination.
  kScope,              // Rule 2: it reaches as far as needed and no further.
  kDeprecated,         // Rule 3: the other is deprecated, or optimistic.
  kHome,               // Rule 4: home before care-of.
  kOutgoingInterface,  // Rule 5: it is on the interface that the packet leaves by.
  kNextHop,            // Rule 5.5: the other came from another router than the next hop (SAS-16).
  kLabel,              // Rule 6: its label is the destination's.
  kTemporary,          // Rule 7: temporary before public, or as asked.
  kLongestPrefix,      // Rule 8: it has more leading bits in common.
  kLifetime,           // It is preferred for longer (SAS-14).
  kLowest,             // It is the numerically lower one (SAS-14).
  kSubnet,             // IPv4: the destination is in its subnet (SAS-17).
  kRouteSource,        // IPv4: the route prefers it (SAS-17).
  kPrimary,            // IPv4: the other is secondary (SAS-17).
  kFirst,              // IPv4: the kernel lists it before the other (SAS-17).
  kNotCandidate,       // It cannot be the source of this packet (SAS-11).
};

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
