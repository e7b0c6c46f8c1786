// SPDX-License-Identifier: MIT
// Generated from native/contract/contract.json by generate.mjs. Do not edit.
#include "contract/contract.gen.h"

#include "contract/packer.h"

namespace mif::contract {

namespace {

template <typename T>
bool sameList(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!sameContent(a[i], b[i])) return false;
  }
  return true;
}

template <typename T>
bool sameOptional(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a || sameContent(*a, *b));
}

}  // namespace

bool sameContent(const Hop& a, const Hop& b) {
  return a.index == b.index &&
         a.gateway == b.gateway &&
         a.weight == b.weight;
}

void pack(const Hop& record, Packer& packer) {
  std::uint32_t present = 0;
  if (record.index.has_value()) present |= 1u;
  if (record.gateway.isPresent()) present |= 2u;
  packer.word(present);
  if (record.index.has_value()) {
  packer.word(*record.index);
  }
  if (record.gateway.isPresent()) {
  packer.address(record.gateway);
  }
  packer.word(record.weight);
  packer.word(record.flags);
}

bool sameContent(const Selection& a, const Selection& b) {
  return a.verdict == b.verdict &&
         a.type == b.type &&
         a.index == b.index &&
         a.table == b.table &&
         a.metric == b.metric &&
         a.mtu == b.mtu &&
         a.prefixLength == b.prefixLength &&
         a.ways == b.ways &&
         a.source == b.source &&
         a.gateway == b.gateway &&
         a.isAssumedOnLink == b.isAssumedOnLink &&
         a.isBySource == b.isBySource &&
         a.doubts == b.doubts;
}

void pack(const Selection& record, Packer& packer) {
  std::uint32_t present = 0;
  if (record.index.has_value()) present |= 1u;
  if (record.source.isPresent()) present |= 2u;
  if (record.gateway.isPresent()) present |= 4u;
  packer.word(present);
  packer.word(static_cast<std::uint32_t>(record.verdict));
  packer.word(static_cast<std::uint32_t>(record.type));
  if (record.index.has_value()) {
  packer.word(*record.index);
  }
  packer.word(record.table);
  packer.word(record.metric);
  packer.word(record.mtu);
  packer.word(record.prefixLength);
  packer.word(record.ways);
  if (record.source.isPresent()) {
  packer.address(record.source);
  }
  if (record.gateway.isPresent()) {
  packer.address(record.gateway);
  }
  packer.word(record.isAssumedOnLink ? 1 : 0);
  packer.word(record.isBySource ? 1 : 0);
  packer.word(record.doubts);
}

bool sameContent(const GroupMember& a, const GroupMember& b) {
  return a.id == b.id &&
         a.weight == b.weight;
}

void pack(const GroupMember& record, Packer& packer) {
  packer.word(record.id);
  packer.word(record.weight);
}

bool sameContent(const MetricValue& a, const MetricValue& b) {
  return a.metric == b.metric &&
         a.value == b.value;
}

void pack(const MetricValue& record, Packer& packer) {
  packer.word(static_cast<std::uint32_t>(record.metric));
  packer.word(record.value);
}

bool sameContent(const Ipv4Settings& a, const Ipv4Settings& b) {
  return a.forwards == b.forwards &&
         a.reversePathFilter == b.reversePathFilter &&
         a.routesLocalnet == b.routesLocalnet &&
         a.ignoresRoutesWithLinkdown == b.ignoresRoutesWithLinkdown;
}

void pack(const Ipv4Settings& record, Packer& packer) {
  std::uint32_t present = 0;
  if (record.forwards.has_value()) present |= 1u;
  if (record.reversePathFilter.has_value()) present |= 2u;
  if (record.routesLocalnet.has_value()) present |= 4u;
  if (record.ignoresRoutesWithLinkdown.has_value()) present |= 8u;
  packer.word(present);
  if (record.forwards.has_value()) {
  packer.word(*record.forwards ? 1 : 0);
  }
  if (record.reversePathFilter.has_value()) {
  packer.word(static_cast<std::uint32_t>(*record.reversePathFilter));
  }
  if (record.routesLocalnet.has_value()) {
  packer.word(*record.routesLocalnet ? 1 : 0);
  }
  if (record.ignoresRoutesWithLinkdown.has_value()) {
  packer.word(*record.ignoresRoutesWithLinkdown ? 1 : 0);
  }
}

bool sameContent(const Ipv6Settings& a, const Ipv6Settings& b) {
  return a.isDisabled == b.isDisabled &&
         a.forwards == b.forwards &&
         a.acceptsAdvertisements == b.acceptsAdvertisements &&
         a.longestAdvertisedRoute == b.longestAdvertisedRoute &&
         a.temporaryAddresses == b.temporaryAddresses &&
         a.detectsOptimistically == b.detectsOptimistically &&
         a.usesOptimistic == b.usesOptimistic &&
         a.usesOwnAddressesOnly == b.usesOwnAddressesOnly &&
         a.ignoresRoutesWithLinkdown == b.ignoresRoutesWithLinkdown;
}

void pack(const Ipv6Settings& record, Packer& packer) {
  std::uint32_t present = 0;
  if (record.isDisabled.has_value()) present |= 1u;
  if (record.forwards.has_value()) present |= 2u;
  if (record.acceptsAdvertisements.has_value()) present |= 4u;
  if (record.longestAdvertisedRoute.has_value()) present |= 8u;
  if (record.temporaryAddresses.has_value()) present |= 16u;
  if (record.detectsOptimistically.has_value()) present |= 32u;
  if (record.usesOptimistic.has_value()) present |= 64u;
  if (record.usesOwnAddressesOnly.has_value()) present |= 128u;
  if (record.ignoresRoutesWithLinkdown.has_value()) present |= 256u;
  packer.word(present);
  if (record.isDisabled.has_value()) {
  packer.word(*record.isDisabled ? 1 : 0);
  }
  if (record.forwards.has_value()) {
  packer.word(*record.forwards ? 1 : 0);
  }
  if (record.acceptsAdvertisements.has_value()) {
  packer.word(static_cast<std::uint32_t>(*record.acceptsAdvertisements));
  }
  if (record.longestAdvertisedRoute.has_value()) {
  packer.word(static_cast<std::uint32_t>(*record.longestAdvertisedRoute));
  }
  if (record.temporaryAddresses.has_value()) {
  packer.word(static_cast<std::uint32_t>(*record.temporaryAddresses));
  }
  if (record.detectsOptimistically.has_value()) {
  packer.word(*record.detectsOptimistically ? 1 : 0);
  }
  if (record.usesOptimistic.has_value()) {
  packer.word(*record.usesOptimistic ? 1 : 0);
  }
  if (record.usesOwnAddressesOnly.has_value()) {
  packer.word(*record.usesOwnAddressesOnly ? 1 : 0);
  }
  if (record.ignoresRoutesWithLinkdown.has_value()) {
  packer.word(*record.ignoresRoutesWithLinkdown ? 1 : 0);
  }
}

bool sameContent(const InterfaceSettings& a, const InterfaceSettings& b) {
  return sameOptional(a.ipv4, b.ipv4) &&
         sameOptional(a.ipv6, b.ipv6);
}

void pack(const InterfaceSettings& record, Packer& packer) {
  std::uint32_t present = 0;
  if (record.ipv4.has_value()) present |= 1u;
  if (record.ipv6.has_value()) present |= 2u;
  packer.word(present);
  if (record.ipv4.has_value()) {
  pack(*record.ipv4, packer);
  }
  if (record.ipv6.has_value()) {
  pack(*record.ipv6, packer);
  }
}

bool sameIdentity(const Interface& a, const Interface& b) {
  return a.index == b.index &&
         a.generation == b.generation;
}

bool sameContent(const Interface& a, const Interface& b) {
  return a.index == b.index &&
         a.generation == b.generation &&
         a.name == b.name &&
         a.altNames == b.altNames &&
         a.kind == b.kind &&
         a.hardwareType == b.hardwareType &&
         a.mac == b.mac &&
         a.broadcast == b.broadcast &&
         a.mtu == b.mtu &&
         a.flags == b.flags &&
         a.operState == b.operState &&
         a.parentIndex == b.parentIndex &&
         a.parentNamespace == b.parentNamespace &&
         a.masterIndex == b.masterIndex &&
         a.group == b.group &&
         a.transmitQueueLength == b.transmitQueueLength &&
         sameOptional(a.settings, b.settings);
}

void pack(const Interface& record, Packer& packer) {
  std::uint32_t present = 0;
  if (!record.kind.empty()) present |= 1u;
  if (record.mac.isPresent()) present |= 2u;
  if (record.broadcast.isPresent()) present |= 4u;
  if (record.parentIndex.has_value()) present |= 8u;
  if (record.parentNamespace.has_value()) present |= 16u;
  if (record.masterIndex.has_value()) present |= 32u;
  if (record.settings.has_value()) present |= 64u;
  packer.word(present);
  packer.word(record.index);
  packer.word(record.generation);
  packer.string(record.name);
  packer.word(static_cast<std::uint32_t>(record.altNames.size()));
  for (const auto& item : record.altNames) packer.string(item);
  if (!record.kind.empty()) {
  packer.string(record.kind);
  }
  packer.word(static_cast<std::uint32_t>(record.hardwareType));
  if (record.mac.isPresent()) {
  packer.mac(record.mac);
  }
  if (record.broadcast.isPresent()) {
  packer.mac(record.broadcast);
  }
  packer.word(record.mtu);
  packer.word(record.flags);
  packer.word(static_cast<std::uint32_t>(record.operState));
  if (record.parentIndex.has_value()) {
  packer.word(*record.parentIndex);
  }
  if (record.parentNamespace.has_value()) {
  packer.word(static_cast<std::uint32_t>(*record.parentNamespace));
  }
  if (record.masterIndex.has_value()) {
  packer.word(*record.masterIndex);
  }
  packer.word(record.group);
  packer.word(record.transmitQueueLength);
  if (record.settings.has_value()) {
  pack(*record.settings, packer);
  }
}

bool sameIdentity(const Address& a, const Address& b) {
  return a.index == b.index &&
         a.address == b.address &&
         a.prefixLength == b.prefixLength &&
         a.peer == b.peer;
}

bool sameContent(const Address& a, const Address& b) {
  return a.index == b.index &&
         a.family == b.family &&
         a.address == b.address &&
         a.prefixLength == b.prefixLength &&
         a.peer == b.peer &&
         a.broadcast == b.broadcast &&
         a.label == b.label &&
         a.scope == b.scope &&
         a.flags == b.flags &&
         a.origin == b.origin &&
         a.metric == b.metric;
}

void pack(const Address& record, Packer& packer) {
  std::uint32_t present = 0;
  if (record.peer.isPresent()) present |= 1u;
  if (record.broadcast.isPresent()) present |= 2u;
  if (!record.label.empty()) present |= 4u;
  if (record.origin.has_value()) present |= 8u;
  if (record.metric.has_value()) present |= 16u;
  packer.word(present);
  packer.word(record.index);
  packer.word(record.family);
  packer.address(record.address);
  packer.word(record.prefixLength);
  if (record.peer.isPresent()) {
  packer.address(record.peer);
  }
  if (record.broadcast.isPresent()) {
  packer.address(record.broadcast);
  }
  if (!record.label.empty()) {
  packer.string(record.label);
  }
  packer.word(static_cast<std::uint32_t>(record.scope));
  packer.word(record.flags);
  if (record.origin.has_value()) {
  packer.word(static_cast<std::uint32_t>(*record.origin));
  }
  if (record.metric.has_value()) {
  packer.word(*record.metric);
  }
  packer.lifetime(record.preferredLifetime);
  packer.lifetime(record.validLifetime);
}

bool sameIdentity(const Nexthop& a, const Nexthop& b) {
  return a.id == b.id;
}

bool sameContent(const Nexthop& a, const Nexthop& b) {
  return a.id == b.id &&
         a.family == b.family &&
         a.index == b.index &&
         a.gateway == b.gateway &&
         a.isBlackhole == b.isBlackhole &&
         a.isFdb == b.isFdb &&
         sameList(a.group, b.group) &&
         a.groupType == b.groupType &&
         a.protocol == b.protocol &&
         a.scope == b.scope;
}

void pack(const Nexthop& record, Packer& packer) {
  std::uint32_t present = 0;
  if (record.family.has_value()) present |= 1u;
  if (record.index.has_value()) present |= 2u;
  if (record.gateway.isPresent()) present |= 4u;
  if (record.groupType.has_value()) present |= 8u;
  packer.word(present);
  packer.word(record.id);
  if (record.family.has_value()) {
  packer.word(*record.family);
  }
  if (record.index.has_value()) {
  packer.word(*record.index);
  }
  if (record.gateway.isPresent()) {
  packer.address(record.gateway);
  }
  packer.word(record.isBlackhole ? 1 : 0);
  packer.word(record.isFdb ? 1 : 0);
  packer.word(static_cast<std::uint32_t>(record.group.size()));
  for (const auto& item : record.group) pack(item, packer);
  if (record.groupType.has_value()) {
  packer.word(*record.groupType);
  }
  packer.word(static_cast<std::uint32_t>(record.protocol));
  packer.word(static_cast<std::uint32_t>(record.scope));
  packer.word(record.flags);
}

bool sameIdentity(const Route& a, const Route& b) {
  return a.destination == b.destination &&
         a.type == b.type &&
         a.table == b.table &&
         a.metric == b.metric &&
         a.tos == b.tos &&
         a.gateway == b.gateway &&
         a.index == b.index &&
         a.source == b.source &&
         sameList(a.hops, b.hops) &&
         a.nexthopId == b.nexthopId;
}

bool sameContent(const Route& a, const Route& b) {
  return a.family == b.family &&
         a.destination == b.destination &&
         a.type == b.type &&
         a.table == b.table &&
         a.protocol == b.protocol &&
         a.scope == b.scope &&
         a.metric == b.metric &&
         a.tos == b.tos &&
         a.gateway == b.gateway &&
         a.index == b.index &&
         a.preferredSource == b.preferredSource &&
         a.source == b.source &&
         sameList(a.hops, b.hops) &&
         a.nexthopId == b.nexthopId &&
         sameList(a.metrics, b.metrics) &&
         a.preference == b.preference &&
         a.encapsulation == b.encapsulation;
}

void pack(const Route& record, Packer& packer) {
  std::uint32_t present = 0;
  if (record.gateway.isPresent()) present |= 1u;
  if (record.index.has_value()) present |= 2u;
  if (record.preferredSource.isPresent()) present |= 4u;
  if (record.source.isPresent()) present |= 8u;
  if (!record.hops.empty()) present |= 16u;
  if (record.nexthopId.has_value()) present |= 32u;
  if (!record.metrics.empty()) present |= 64u;
  if (record.preference.has_value()) present |= 128u;
  if (record.lifetime != base::kForever) present |= 256u;
  if (record.encapsulation.has_value()) present |= 512u;
  packer.word(present);
  packer.word(record.family);
  packer.prefix(record.destination);
  packer.word(static_cast<std::uint32_t>(record.type));
  packer.word(record.table);
  packer.word(static_cast<std::uint32_t>(record.protocol));
  packer.word(static_cast<std::uint32_t>(record.scope));
  packer.word(record.metric);
  packer.word(record.tos);
  if (record.gateway.isPresent()) {
  packer.address(record.gateway);
  }
  if (record.index.has_value()) {
  packer.word(*record.index);
  }
  if (record.preferredSource.isPresent()) {
  packer.address(record.preferredSource);
  }
  if (record.source.isPresent()) {
  packer.prefix(record.source);
  }
  if (!record.hops.empty()) {
  packer.word(static_cast<std::uint32_t>(record.hops.size()));
    for (const auto& item : record.hops) pack(item, packer);
  }
  if (record.nexthopId.has_value()) {
  packer.word(*record.nexthopId);
  }
  packer.word(record.flags);
  if (!record.metrics.empty()) {
  packer.word(static_cast<std::uint32_t>(record.metrics.size()));
    for (const auto& item : record.metrics) pack(item, packer);
  }
  if (record.preference.has_value()) {
  packer.word(static_cast<std::uint32_t>(*record.preference));
  }
  if (record.lifetime != base::kForever) {
  packer.lifetime(record.lifetime);
  }
  if (record.encapsulation.has_value()) {
  packer.word(*record.encapsulation);
  }
}

bool sameIdentity(const Rule& a, const Rule& b) {
  return a.family == b.family &&
         a.priority == b.priority &&
         a.action == b.action &&
         a.table == b.table &&
         a.source == b.source &&
         a.destination == b.destination &&
         a.inputInterface == b.inputInterface &&
         a.outputInterface == b.outputInterface &&
         a.mark == b.mark &&
         a.markMask == b.markMask &&
         a.tos == b.tos &&
         a.dscp == b.dscp &&
         a.ipProtocol == b.ipProtocol &&
         a.sourcePortFirst == b.sourcePortFirst &&
         a.sourcePortLast == b.sourcePortLast &&
         a.destinationPortFirst == b.destinationPortFirst &&
         a.destinationPortLast == b.destinationPortLast &&
         a.uidFirst == b.uidFirst &&
         a.uidLast == b.uidLast &&
         a.gotoPriority == b.gotoPriority &&
         a.suppressPrefixLength == b.suppressPrefixLength &&
         a.suppressGroup == b.suppressGroup &&
         a.tunnelId == b.tunnelId &&
         a.isL3mdev == b.isL3mdev &&
         a.protocol == b.protocol;
}

bool sameContent(const Rule& a, const Rule& b) {
  return a.family == b.family &&
         a.priority == b.priority &&
         a.action == b.action &&
         a.table == b.table &&
         a.source == b.source &&
         a.destination == b.destination &&
         a.inputInterface == b.inputInterface &&
         a.outputInterface == b.outputInterface &&
         a.mark == b.mark &&
         a.markMask == b.markMask &&
         a.tos == b.tos &&
         a.dscp == b.dscp &&
         a.ipProtocol == b.ipProtocol &&
         a.sourcePortFirst == b.sourcePortFirst &&
         a.sourcePortLast == b.sourcePortLast &&
         a.destinationPortFirst == b.destinationPortFirst &&
         a.destinationPortLast == b.destinationPortLast &&
         a.uidFirst == b.uidFirst &&
         a.uidLast == b.uidLast &&
         a.gotoPriority == b.gotoPriority &&
         a.suppressPrefixLength == b.suppressPrefixLength &&
         a.suppressGroup == b.suppressGroup &&
         a.tunnelId == b.tunnelId &&
         a.isL3mdev == b.isL3mdev &&
         a.protocol == b.protocol &&
         a.flags == b.flags &&
         a.unknownAttributes == b.unknownAttributes;
}

void pack(const Rule& record, Packer& packer) {
  std::uint32_t present = 0;
  if (record.source.isPresent()) present |= 1u;
  if (record.destination.isPresent()) present |= 2u;
  if (!record.inputInterface.empty()) present |= 4u;
  if (!record.outputInterface.empty()) present |= 8u;
  if (record.mark.has_value()) present |= 16u;
  if (record.markMask.has_value()) present |= 32u;
  if (record.dscp.has_value()) present |= 64u;
  if (record.ipProtocol.has_value()) present |= 128u;
  if (record.sourcePortFirst.has_value()) present |= 256u;
  if (record.sourcePortLast.has_value()) present |= 512u;
  if (record.destinationPortFirst.has_value()) present |= 1024u;
  if (record.destinationPortLast.has_value()) present |= 2048u;
  if (record.uidFirst.has_value()) present |= 4096u;
  if (record.uidLast.has_value()) present |= 8192u;
  if (record.gotoPriority.has_value()) present |= 16384u;
  if (record.suppressPrefixLength.has_value()) present |= 32768u;
  if (record.suppressGroup.has_value()) present |= 65536u;
  if (record.tunnelId.has_value()) present |= 131072u;
  packer.word(present);
  packer.word(record.family);
  packer.word(record.priority);
  packer.word(static_cast<std::uint32_t>(record.action));
  packer.word(record.table);
  if (record.source.isPresent()) {
  packer.prefix(record.source);
  }
  if (record.destination.isPresent()) {
  packer.prefix(record.destination);
  }
  if (!record.inputInterface.empty()) {
  packer.string(record.inputInterface);
  }
  if (!record.outputInterface.empty()) {
  packer.string(record.outputInterface);
  }
  if (record.mark.has_value()) {
  packer.word(*record.mark);
  }
  if (record.markMask.has_value()) {
  packer.word(*record.markMask);
  }
  packer.word(record.tos);
  if (record.dscp.has_value()) {
  packer.word(*record.dscp);
  }
  if (record.ipProtocol.has_value()) {
  packer.word(*record.ipProtocol);
  }
  if (record.sourcePortFirst.has_value()) {
  packer.word(*record.sourcePortFirst);
  }
  if (record.sourcePortLast.has_value()) {
  packer.word(*record.sourcePortLast);
  }
  if (record.destinationPortFirst.has_value()) {
  packer.word(*record.destinationPortFirst);
  }
  if (record.destinationPortLast.has_value()) {
  packer.word(*record.destinationPortLast);
  }
  if (record.uidFirst.has_value()) {
  packer.word(*record.uidFirst);
  }
  if (record.uidLast.has_value()) {
  packer.word(*record.uidLast);
  }
  if (record.gotoPriority.has_value()) {
  packer.word(*record.gotoPriority);
  }
  if (record.suppressPrefixLength.has_value()) {
  packer.word(*record.suppressPrefixLength);
  }
  if (record.suppressGroup.has_value()) {
  packer.word(*record.suppressGroup);
  }
  if (record.tunnelId.has_value()) {
  packer.word(*record.tunnelId);
  }
  packer.word(record.isL3mdev ? 1 : 0);
  packer.word(static_cast<std::uint32_t>(record.protocol));
  packer.word(record.flags);
  packer.word(record.unknownAttributes);
}

bool sameIdentity(const Neighbour& a, const Neighbour& b) {
  return a.index == b.index &&
         a.address == b.address &&
         (a.flags & NeighbourFlag::kProxy) == (b.flags & NeighbourFlag::kProxy);
}

bool sameContent(const Neighbour& a, const Neighbour& b) {
  return a.index == b.index &&
         a.family == b.family &&
         a.address == b.address &&
         a.mac == b.mac &&
         a.state == b.state &&
         a.flags == b.flags &&
         a.protocol == b.protocol;
}

void pack(const Neighbour& record, Packer& packer) {
  std::uint32_t present = 0;
  if (record.mac.isPresent()) present |= 1u;
  if (record.protocol.has_value()) present |= 2u;
  packer.word(present);
  packer.word(record.index);
  packer.word(record.family);
  packer.address(record.address);
  if (record.mac.isPresent()) {
  packer.mac(record.mac);
  }
  packer.word(record.state);
  packer.word(record.flags);
  if (record.protocol.has_value()) {
  packer.word(static_cast<std::uint32_t>(*record.protocol));
  }
}

bool sameContent(const RuleAccount& a, const RuleAccount& b) {
  return a.finding == b.finding &&
         sameContent(a.rule, b.rule);
}

void pack(const RuleAccount& record, Packer& packer) {
  packer.word(static_cast<std::uint32_t>(record.finding));
  pack(record.rule, packer);
}

bool sameContent(const RouteAccount& a, const RouteAccount& b) {
  return a.finding == b.finding &&
         a.index == b.index &&
         a.gateway == b.gateway &&
         a.priority == b.priority &&
         sameContent(a.route, b.route);
}

void pack(const RouteAccount& record, Packer& packer) {
  std::uint32_t present = 0;
  if (record.index.has_value()) present |= 1u;
  if (record.gateway.isPresent()) present |= 2u;
  packer.word(present);
  packer.word(static_cast<std::uint32_t>(record.finding));
  if (record.index.has_value()) {
  packer.word(*record.index);
  }
  if (record.gateway.isPresent()) {
  packer.address(record.gateway);
  }
  packer.word(record.priority);
  pack(record.route, packer);
}

bool sameContent(const SourceAccount& a, const SourceAccount& b) {
  return a.index == b.index &&
         a.address == b.address &&
         a.rule == b.rule;
}

void pack(const SourceAccount& record, Packer& packer) {
  packer.word(record.index);
  packer.address(record.address);
  packer.word(static_cast<std::uint32_t>(record.rule));
}

bool sameContent(const SelectionAccount& a, const SelectionAccount& b) {
  return sameContent(a.selection, b.selection) &&
         sameList(a.rules, b.rules) &&
         sameList(a.routes, b.routes) &&
         sameList(a.sources, b.sources);
}

void pack(const SelectionAccount& record, Packer& packer) {
  pack(record.selection, packer);
  packer.word(static_cast<std::uint32_t>(record.rules.size()));
  for (const auto& item : record.rules) pack(item, packer);
  packer.word(static_cast<std::uint32_t>(record.routes.size()));
  for (const auto& item : record.routes) pack(item, packer);
  packer.word(static_cast<std::uint32_t>(record.sources.size()));
  for (const auto& item : record.sources) pack(item, packer);
}

}  // namespace mif::contract
