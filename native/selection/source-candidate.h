// SPDX-License-Identifier: MIT
// An address of this host as the choice of a source sees it: a value that has all that the rules ask about, computed
// once, when the address or the policy changes, and not with each choice.
#pragma once

#include <cstdint>

#include "address/ip-address.h"
#include "address/prefix.h"
#include "address/scope.h"
#include "base/clock.h"
#include "contract/contract.gen.h"
#include "selection/policy-table.h"
#include "selection/source-preferences.h"

namespace mif::selection {

// Whether the address, or its prefix, came from the router that the packet is to be handed to.
enum class FromNextHop : std::uint8_t {
  kUnknown,  // Nobody has said who it came from.
  kYes,
  kNo,  // It came from another router.
};

struct SourceCandidate {
  address::IpAddress address;
  // What is on link beside it: around the peer of an IPv4 point-to-point address (trap C2). Its length limits what
  // counts as common with a destination (SAS-08).
  address::Prefix subnet;
  std::uint32_t interface = 0;
  // contract::AddressFlag.
  std::uint32_t flags = 0;
  // As the administrator said, IPv4: what the kernel goes by.
  contract::AddressScope kernelScope = contract::AddressScope::kGlobal;
  // As RFC 6724 section 3 says.
  address::Scope scope = address::Scope::kGlobal;
  // Of the table that decides.
  std::uint32_t label = kNoLabel;
  base::Deadline preferredUntil = base::kForever;
  FromNextHop fromNextHop = FromNextHop::kUnknown;
  // Whether it can be reached where the host is now. Only asked of home addresses: a host that is at home has one
  // that is both.
  bool isCareOf = false;
  // How the interface is set up: temporary addresses before public ones (use_tempaddr 2; the RFC's default), and
  // optimistic ones as good as others (use_optimistic).
  bool prefersTemporary = true;
  bool usesOptimistic = false;

  bool has(std::uint32_t flag) const { return (flags & flag) != 0; }
  // The same flag means `secondary` in IPv4.
  bool isTemporary() const { return address.family() == 6 && has(contract::AddressFlag::kSecondary); }
  // Past its preferred lifetime. IPv4 addresses never are (SAS-06), nor those with IPv4 inside or loopback (SAS-07).
  bool isDeprecated() const;
  // Not known to be its own yet, by the same exceptions.
  bool isOptimistic() const;
};

// The candidate that an address makes. What its interface's settings and the routers say is to be added.
SourceCandidate candidateOf(const contract::Address& address, const PolicyTable& policy);

// How many leading bits it shares with a destination, no more than those of its prefix (SAS-08).
int commonPrefixLength(const SourceCandidate& candidate, const address::IpAddress& destination);

// How well it serves mobility, larger is better: both home and care-of, then home, then care-of; the latter two the
// other way round for whoever prefers care-of (SAS-18). An address that is said to be neither counts as care-of: beside
// a home address that is what it is, and where there is none all are equal.
int mobilityRank(const SourceCandidate& candidate, const SourcePreferences& preferences);

}  // namespace mif::selection
