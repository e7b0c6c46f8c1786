// SPDX-License-Identifier: MIT
#include "table/tables.h"

#include <algorithm>
#include <string>

#include "address/prefix.h"

namespace mif::table {

namespace {

using contract::Change;
using contract::ChangeCause;
using contract::Extent;
using contract::RecordKind;
using contract::Verb;

constexpr std::array<std::uint8_t, 2> kFamilies = {4, 6};

std::size_t indexOf(RecordKind kind) {
  return static_cast<std::size_t>(kind);
}

bool isUp(const contract::Interface& interface) {
  return (interface.flags & contract::InterfaceFlag::kUp) != 0;
}

bool hasCarrier(const contract::Interface& interface) {
  return isUp(interface) && (interface.flags & contract::InterfaceFlag::kLowerUp) != 0;
}

// Whether the first message about a device lacks what it will have (trap B6): of a pair, the first one is announced
// before there is a second to name, and nothing follows.
bool isIncomplete(const contract::Interface& interface) {
  const bool isOneOfPair = interface.kind == "veth" || interface.kind == "netkit";
  return interface.name.empty() || (isOneOfPair && !interface.parentIndex);
}

// While catching up, what an interface was before an event is not known: the dump may have shown it as it is after. So
// it is taken to have been the opposite.
contract::Interface whatItMayHaveBeen(const contract::Interface& interface) {
  constexpr std::uint32_t kUsable = contract::InterfaceFlag::kUp | contract::InterfaceFlag::kLowerUp;
  contract::Interface before = interface;
  before.flags = hasCarrier(interface) ? before.flags & ~kUsable : before.flags | kUsable;
  before.masterIndex.reset();
  before.mtu = 0;
  before.name.clear();
  return before;
}

bool isMember(const contract::Nexthop& group, std::uint32_t id) {
  return std::any_of(group.group.begin(), group.group.end(),
                     [id](const contract::GroupMember& member) { return member.id == id; });
}

template <typename Rows, typename Condition>
bool any(const Rows& rows, Condition&& condition) {
  bool found = false;
  rows.forEach([&](Position, const auto& row) {
    found = condition(row);
    return !found;
  });
  return found;
}

}  // namespace

void Tables::apply(const Change& change) {
  switch (change.kind) {
    case RecordKind::kInterface:
      return count(applyInterface(change), change.kind);
    case RecordKind::kAddress:
      return count(applyAddress(change), change.kind);
    case RecordKind::kNexthop:
      return count(applyNexthop(change), change.kind);
    case RecordKind::kRoute:
      return count(applyRoute(change), change.kind);
    case RecordKind::kRule:
      return count(applyRule(change), change.kind);
    case RecordKind::kNeighbour:
      return count(applyNeighbour(change), change.kind);
  }
}

Applied Tables::applyInterface(const Change& change) {
  const std::uint32_t index = change.interface.index;
  if (change.verb == Verb::kRemove) {
    // The end of a part of its settings is not the end of the interface (trap B4).
    if (change.isPartial) return Applied::kNothing;
    const Applied applied = interfaces_.remove(index);
    if (applied == Applied::kEvent || isCatchingUp_) suspectAfterEnd(index);
    return applied;
  }
  const contract::Interface* known = interfaces_.find(index);
  const bool isNew = known == nullptr;
  const contract::Interface before = isNew ? contract::Interface{} : *known;
  const Applied applied = interfaces_.put(change.interface, change.isPartial, isListed(change.kind));
  const contract::Interface* after = interfaces_.find(index);
  if (after == nullptr) return applied;
  // B3: not every hop is marked as without carrier when it is made, or freed of the mark when it comes back; any event
  // of its link does that, also one that changes nothing that is known here.
  const bool isRunning = (after->flags & contract::InterfaceFlag::kRunning) != 0;
  if (!isListed(change.kind) && isUp(*after) && (!isRunning || routes_.isMarkedThrough(index))) {
    suspectRoutesThrough(index, 0);
  }
  if (applied != Applied::kEvent && !isCatchingUp_) return applied;
  if (!isListed(change.kind) && isIncomplete(*after)) suspects_.add(RecordKind::kInterface);
  if (isNew) {
    suspectRulesThatNameInterfaces();
    if (!isListed(change.kind)) suspectLinksFromElsewhere(*after);
  } else {
    suspectAfterChange(isCatchingUp_ ? whatItMayHaveBeen(*after) : before, *after);
  }
  return applied;
}

void Tables::suspectAfterChange(const contract::Interface& before, const contract::Interface& after) {
  // D1: on the way down its IPv4 routes are gone, unannounced. B3: what hops are dead or without carrier changes
  // unannounced, down and up. The message comes before they go, so look only when the kernel's writers are done
  // (kernel/source.h, dump). The flag of the carrier may be told early, by a message about something else; the
  // operational state changes when the kernel gets to it, up to a second later, and routes follow then.
  const bool hasSettled = before.operState != after.operState;
  if (isUp(before) != isUp(after) || hasCarrier(before) != hasCarrier(after) || hasSettled) {
    suspectRoutesThrough(after.index, 0);
  }
  // A nexthop object goes with its carrier, unannounced; a route stays and is used (trap B2).
  if (!hasCarrier(after) && (hasCarrier(before) || hasSettled)) suspectNexthopsThrough(after.index);
  // D21: MTUs of IPv6 routes that equalled the link's or now exceed it become the link's, unannounced.
  if (before.mtu != after.mtu) suspectRoutesThrough(after.index, 6);
  // E6: routes move to the table of a VRF.
  if (before.masterIndex != after.masterIndex) suspectRoutesThrough(after.index, 0);
  // Rules name interfaces; whether they found one is among their flags, whose change is not announced.
  if (before.name != after.name) suspectRulesThatNameInterfaces();
}

void Tables::suspectAfterEnd(std::uint32_t index) {
  // D5. Addresses, neighbours and IPv6 routes of an interface end with announcements of their own.
  suspectRoutesThrough(index, 4);
  suspectNexthopsThrough(index);
  suspectRulesThatNameInterfaces();
  // B10: if it moved to another namespace, its number means something else to those that named it.
  if (any(interfaces_.rows(), [index](const contract::Interface& interface) {
        return interface.parentIndex == index && !interface.parentNamespace;
      })) {
    suspects_.add(RecordKind::kInterface);
  }
}

void Tables::suspectLinksFromElsewhere(const contract::Interface& arrived) {
  // B10, the other way round: if it came from another namespace, those that named it there now name it here.
  if (any(interfaces_.rows(), [&arrived](const contract::Interface& interface) {
        return interface.parentIndex && interface.parentNamespace && interface.index != arrived.index;
      })) {
    suspects_.add(RecordKind::kInterface);
  }
}

void Tables::suspectRoutesThrough(std::uint32_t index, std::uint8_t family) {
  for (const std::uint8_t one : kFamilies) {
    if (family != 0 && family != one) continue;
    switch (routes_.useOf(index, one)) {
      case InterfaceUse::kNone:
        break;
      case InterfaceUse::kAlone:
        suspects_.add(Extent::routes(one, index));
        break;
      case InterfaceUse::kWithOthers:
        suspects_.add(Extent::routes(one, 0));
        break;
    }
  }
}

void Tables::suspectExpiringRoutesThrough(std::uint32_t index) {
  if (routes_.expiresThrough(index)) suspects_.add(Extent::routes(6, index));
}

void Tables::suspectNexthopsThrough(std::uint32_t index) {
  const bool isUsed =
      any(nexthops_.rows(), [index](const contract::Nexthop& nexthop) { return nexthop.index == index; });
  if (!isUsed) return;
  suspects_.add(RecordKind::kNexthop);
  // With an object go the routes that name it (trap D3); which ones the dump of nexthops would tell too late.
  suspectRoutesThrough(index, 0);
}

void Tables::suspectUsersOfNexthop(std::uint32_t id) {
  bool isUsed = routes_.usesNexthop(id);
  nexthops_.rows().forEach([&](Position, const contract::Nexthop& nexthop) {
    if (!isMember(nexthop, id)) return true;
    suspects_.add(RecordKind::kNexthop);
    isUsed = isUsed || routes_.usesNexthop(nexthop.id);
    return true;
  });
  if (isUsed) suspects_.add(RecordKind::kRoute);
}

void Tables::suspectRulesThatNameInterfaces() {
  if (any(rules_.rows(),
          [](const contract::Rule& rule) { return !rule.inputInterface.empty() || !rule.outputInterface.empty(); })) {
    suspects_.add(RecordKind::kRule);
  }
}

void Tables::suspectRulesThatJump(std::uint8_t family) {
  if (any(rules_.rows(), [family](const contract::Rule& rule) {
        return rule.family == family && rule.action == contract::RuleAction::kGoto;
      })) {
    suspects_.add(RecordKind::kRule);
  }
}

void Tables::suspectOrderOf(const contract::Address& address) {
  const AddressRow* known = addresses_.find(address);
  bool isUnclear = false;
  if (known != nullptr) {
    // It goes to the end of the primaries, but for where it does not.
    isUnclear = AddressKind::isPromotion(known->record, address);
  } else {
    // C3: one from a router advertisement, or set without duplicate address detection, is announced up to seconds after
    // it has taken its place; what is announced at once is tentative.
    const bool isLate = address.family == 6 && (address.flags & contract::AddressFlag::kTentative) == 0;
    // The dump may have shown what is announced again now, and those that are behind it.
    isUnclear =
        (isLate || removedCatchingUp_.has(RecordKind::kAddress)) &&
        any(addresses_.rows(), [&](const AddressRow& row) { return AddressKind::isOrderedWith(row.record, address); });
  }
  if (isUnclear) suspects_.add(RecordKind::kAddress);
}

void Tables::suspectOrderOf(const contract::Rule& rule) {
  if (!removedCatchingUp_.has(RecordKind::kRule) || rules_.find(rule) != nullptr) return;
  if (any(rules_.rows(), [&](const contract::Rule& other) { return RuleKind::isOrderedWith(other, rule); })) {
    suspects_.add(RecordKind::kRule);
  }
}

Applied Tables::applyAddress(const Change& change) {
  const contract::Address& address = change.address;
  if (change.verb == Verb::kPut) {
    if (!isListed(change.kind)) suspectOrderOf(address);
    // C6: each router advertisement announces again the addresses that came of one, and only them. It also moves the
    // lifetimes of its routes and sets their hop limit, unannounced (D18).
    if (!isListed(change.kind) && address.family == 6) {
      const bool isLasting = address.validLifetime == base::kForever;
      // A lasting one clears the end of the route of its prefix, whichever address gave it that.
      suspectExpiringRoutesThrough(address.index);
      // The same for the route of its prefix when it begins or ceases to have an end, also because a lasting address
      // joins a passing one.
      const AddressRow* known = addresses_.find(address);
      const bool hasTurned = known != nullptr ? (known->record.validLifetime == base::kForever) != isLasting
                                              : isLasting && hasPassingAddressInPrefixOf(address);
      if (hasTurned) suspectRoutesThrough(address.index, 6);
    }
    const bool isFirst = address.family == 4 && !isListed(change.kind) && !addresses_.hasIpv4(address.index);
    // B3: with its first IPv4 address dead hops through an interface are of use again, unannounced.
    if (isFirst) suspectRoutesThrough(address.index, 4);
    return addresses_.put(address, isListed(change.kind));
  }
  const Applied applied = addresses_.remove(address);
  if (applied != Applied::kEvent && !isCatchingUp_) return applied;
  if (isCatchingUp_) removedCatchingUp_.add(change.kind);
  if (address.family == 4) {
    // D2: with its last IPv4 address an interface loses routes, unannounced.
    if (!addresses_.hasIpv4(address.index)) suspectRoutesThrough(address.index, 4);
  } else if (routes_.prefersSource(address.address, 6)) {
    // D4: IPv6 routes lose it as their preferred source, unannounced; IPv4 routes go, announced.
    suspects_.add(Extent::routes(6, 0));
  } else {
    // The route of a prefix outlives this address of it while others are left, and takes the lifetime of the longest
    // of them, unannounced.
    if (hasPassingAddressInPrefixOf(address)) suspectRoutesThrough(address.index, 6);
  }
  return applied;
}

bool Tables::hasPassingAddressInPrefixOf(const contract::Address& address) const {
  const address::Prefix prefix{address.address, address.prefixLength};
  return any(addresses_.rows(), [&](const AddressRow& row) {
    const contract::Address& other = row.record;
    return other.index == address.index && other.prefixLength == prefix.length && prefix.contains(other.address) &&
           other.validLifetime != base::kForever;
  });
}

Applied Tables::applyNexthop(const Change& change) {
  const contract::Nexthop& nexthop = change.nexthop;
  if (change.verb == Verb::kRemove) {
    // D3: IPv4 routes go with it, unannounced, and groups shrink.
    suspectUsersOfNexthop(nexthop.id);
    return nexthops_.remove(nexthop);
  }
  const bool isNew = nexthops_.find(nexthop) == nullptr;
  const Applied applied = nexthops_.put(nexthop, isListed(change.kind));
  // D12: whether its users are announced depends on a setting of the kernel (nexthop_compat_mode).
  if (applied == Applied::kEvent && !isNew) suspectUsersOfNexthop(nexthop.id);
  return applied;
}

Applied Tables::applyRoute(const Change& change) {
  const Applied applied = change.verb == Verb::kPut ? routes_.put(change.route, change.placement, isListed(change.kind))
                                                    : routes_.remove(change.route);
  if (routes_.takeAmbiguity()) suspects_.add(Extent::routes(change.route.family, 0));
  // D18: announced before the advertisement's hop limit is set on it.
  if (applied == Applied::kEvent && !isListed(change.kind) && change.verb == Verb::kPut &&
      change.route.protocol == contract::RouteProtocol::kRa) {
    suspects_.add(Extent::routes(6, change.route.index.value_or(0)));
  }
  return applied;
}

Applied Tables::applyRule(const Change& change) {
  const contract::Rule& rule = change.rule;
  if (change.verb == Verb::kRemove) {
    if (mayHaveEqualRules_) suspects_.add(RecordKind::kRule);
    const Applied applied = rules_.remove(rule);
    if (isCatchingUp_) removedCatchingUp_.add(change.kind);
    // E1: a rule that jumped to it is now unresolved, unannounced.
    if (applied == Applied::kEvent || isCatchingUp_) suspectRulesThatJump(rule.family);
    return applied;
  }
  if (!isListed(change.kind)) suspectOrderOf(rule);
  const Applied applied = rules_.put(rule, isListed(change.kind));
  if (isListed(change.kind)) return applied;
  if (applied == Applied::kNothing && !isCatchingUp_) mayHaveEqualRules_ = true;
  if (applied == Applied::kEvent || isCatchingUp_) suspectRulesThatJump(rule.family);
  return applied;
}

Applied Tables::applyNeighbour(const Change& change) {
  if (change.verb == Verb::kPut) return neighbours_.put(change.neighbour, isListed(change.kind));
  return neighbours_.remove(change.neighbour);
}

void Tables::beginSweep(const Extent& extent, ChangeCause cause) {
  suspects_.remove(extent);
  sweeping_.add(extent.kind);
  sweepCauses_[indexOf(extent.kind)] = cause;
  sweepGenerations_[indexOf(extent.kind)] = generation_;
  switch (extent.kind) {
    case RecordKind::kInterface:
      return interfaces_.beginSweep();
    case RecordKind::kAddress:
      return addresses_.beginSweep();
    case RecordKind::kNexthop:
      return nexthops_.beginSweep();
    case RecordKind::kRoute:
      return routes_.beginSweep(extent);
    case RecordKind::kRule:
      return rules_.beginSweep();
    case RecordKind::kNeighbour:
      return neighbours_.beginSweep();
  }
}

bool Tables::sweepRepeated(RecordKind kind) const {
  switch (kind) {
    case RecordKind::kInterface:
      return interfaces_.sweepRepeated();
    case RecordKind::kAddress:
      return addresses_.sweepRepeated();
    case RecordKind::kNexthop:
      return nexthops_.sweepRepeated();
    case RecordKind::kRoute:
      return routes_.sweepRepeated();
    case RecordKind::kRule:
      // The kernel lets equal rules stand beside each other, so this says nothing.
      return false;
    case RecordKind::kNeighbour:
      return neighbours_.sweepRepeated();
  }
  return false;
}

std::size_t Tables::endSweep(const Extent& extent, bool isConsistent) {
  std::size_t removed = 0;
  switch (extent.kind) {
    case RecordKind::kInterface:
      removed = interfaces_.endSweep(isConsistent);
      break;
    case RecordKind::kAddress:
      removed = addresses_.endSweep(isConsistent);
      break;
    case RecordKind::kNexthop:
      removed = nexthops_.endSweep(isConsistent);
      break;
    case RecordKind::kRoute:
      removed = routes_.endSweep(extent, isConsistent);
      break;
    case RecordKind::kRule:
      mayHaveEqualRules_ = rules_.sweepRepeated();
      removed = rules_.endSweep(isConsistent);
      break;
    case RecordKind::kNeighbour:
      removed = neighbours_.endSweep(isConsistent);
      break;
  }
  if (removed > 0) {
    count(Applied::kEvent, extent.kind);
  } else if (extent.kind == RecordKind::kRoute && routes_.sweepReordered()) {
    // No record says otherwise than before, but another one is used.
    count(Applied::kSilent, extent.kind);
  }
  sweeping_.remove(extent.kind);
  return removed;
}

void Tables::abandonSweep(RecordKind kind) {
  sweeping_.remove(kind);
  const bool isReordered = kind == RecordKind::kRoute && routes_.sweepReordered();
  if (isReordered || generation_ != sweepGenerations_[indexOf(kind)]) suspects_.add(kind);
  switch (kind) {
    case RecordKind::kInterface:
      return interfaces_.abandonSweep();
    case RecordKind::kAddress:
      return addresses_.abandonSweep();
    case RecordKind::kNexthop:
      return nexthops_.abandonSweep();
    case RecordKind::kRoute:
      return routes_.abandonSweep();
    case RecordKind::kRule:
      return rules_.abandonSweep();
    case RecordKind::kNeighbour:
      return neighbours_.abandonSweep();
  }
}

void Tables::beginCatchUp() {
  isCatchingUp_ = true;
  removedCatchingUp_ = Kinds();
  routes_.beginCatchUp();
}

void Tables::endCatchUp() {
  isCatchingUp_ = false;
  removedCatchingUp_ = Kinds();
  routes_.endCatchUp();
}

View Tables::view() const {
  View view;
  view.generation = generation_;
  view.causeGenerations = causeGenerations_;
  view.interfaces = interfaces_.rows();
  view.addresses = addresses_.rows();
  view.nexthops = nexthops_.rows();
  view.routes = routes_.rows();
  view.rules = rules_.rows();
  view.neighbours = neighbours_.rows();
  return view;
}

void Tables::count(Applied applied, RecordKind kind) {
  if (applied == Applied::kMissed) ++missed_;
  if (applied == Applied::kNothing || applied == Applied::kMissed) return;
  ++generation_;
  const bool isOfInventory =
      kind == RecordKind::kInterface || kind == RecordKind::kAddress || kind == RecordKind::kRule;
  if (isOfInventory) ++inventoryGeneration_;
  if (applied == Applied::kSilent) return;
  const ChangeCause cause = sweeping_.has(kind) ? sweepCauses_[indexOf(kind)] : ChangeCause::kKernel;
  causeGenerations_[static_cast<std::size_t>(cause)] = generation_;
  eventGeneration_ = generation_;
}

}  // namespace mif::table
