// SPDX-License-Identifier: MIT
#include "selection/source-candidate.h"

#include <algorithm>

namespace mif::selection {

namespace {

// RFC 6724 sections 3.2 to 3.4: IPv4, and the IPv4-compatible (with ::1), mapped and translated ones, have no preferred
// lifetime of their own.
bool isAlwaysPreferred(const address::IpAddress& address) {
  if (address.family() == 4) return true;
  if (address.group(0) != 0 || address.group(1) != 0) return false;
  return address.group(2) == 0 || address.group(2) == 0xffff || address.group(2) == 0xffff0000;
}

}  // namespace

bool SourceCandidate::isDeprecated() const {
  return has(contract::AddressFlag::kDeprecated) && !isAlwaysPreferred(address);
}

bool SourceCandidate::isOptimistic() const {
  return has(contract::AddressFlag::kOptimistic) && !isAlwaysPreferred(address);
}

SourceCandidate candidateOf(const contract::Address& record, const PolicyTable& policy) {
  SourceCandidate candidate;
  candidate.address = record.address;
  const bool isFarNet = record.family == 4 && record.peer.isPresent();
  candidate.subnet = {isFarNet ? record.peer : record.address, record.prefixLength};
  candidate.interface = record.index;
  candidate.flags = record.flags;
  candidate.kernelScope = record.scope;
  candidate.scope = address::scopeOf(record.address);
  candidate.label = policy.find(record.address, record.index).label;
  candidate.preferredUntil = record.preferredLifetime;
  return candidate;
}

int commonPrefixLength(const SourceCandidate& candidate, const address::IpAddress& destination) {
  return std::min(address::commonPrefixLength(candidate.address, destination), candidate.subnet.length);
}

int mobilityRank(const SourceCandidate& candidate, const SourcePreferences& preferences) {
  const bool isHome = candidate.has(contract::AddressFlag::kHomeAddress);
  if (isHome && candidate.isCareOf) return 2;
  return isHome != preferences.prefersCareOf ? 1 : 0;
}

}  // namespace mif::selection
