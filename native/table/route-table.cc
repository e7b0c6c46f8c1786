// SPDX-License-Identifier: MIT
#include "table/route-table.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace mif::table {

namespace {

using contract::Placement;

constexpr std::uint32_t kMarks = contract::NexthopFlag::kDead | contract::NexthopFlag::kLinkdown;

// Notifications and dumps order the hops of an IPv6 route differently (trap D9), so the table has an order of its own.
void sortHops(std::vector<contract::Hop>& hops) {
  std::sort(hops.begin(), hops.end(), [](const contract::Hop& a, const contract::Hop& b) {
    return std::tie(a.index, a.gateway, a.weight) < std::tie(b.index, b.gateway, b.weight);
  });
}

// Whether the kernel merges this route with others of its key: it has a router, and neither a router advertisement nor
// a nexthop object made it. A key has at most one route of this sort, of one hop or of many; each notification
// that puts it names all its hops.
bool isMergeable(const contract::Route& attributes) {
  if (attributes.nexthopId || attributes.protocol == contract::RouteProtocol::kRa) return false;
  if (attributes.hops.empty()) return attributes.gateway.isPresent();
  return std::all_of(attributes.hops.begin(), attributes.hops.end(),
                     [](const contract::Hop& hop) { return hop.gateway.isPresent(); });
}

bool isHop(const contract::Hop& hop, const contract::Route& single) {
  return hop.index == single.index && hop.gateway == single.gateway;
}

bool leavesThrough(const contract::Route& attributes, std::uint32_t index) {
  return attributes.index == index || std::any_of(attributes.hops.begin(), attributes.hops.end(),
                                                  [&](const contract::Hop& hop) { return hop.index == index; });
}

// Whether it exists only as long as it leaves through the interfaces that it does (InterfaceUse::kAlone).
bool isTiedToItsInterfaces(const contract::Route& attributes) {
  return !attributes.nexthopId && (attributes.family == 4 || attributes.hops.empty());
}

bool hasHop(const contract::Route& attributes, const contract::Hop& hop) {
  return std::any_of(attributes.hops.begin(), attributes.hops.end(), [&](const contract::Hop& other) {
    return other.index == hop.index && other.gateway == hop.gateway;
  });
}

// The first route of the list for which the condition on its attributes holds, or kNoPosition.
template <typename Row, typename Condition>
Position findIn(const RouteLists<Row>& lists, Position first, Condition&& condition) {
  Position position = first;
  while (position != kNoPosition && !condition(position, lists.attributesAt(position))) {
    position = lists.next(position);
  }
  return position;
}

// A dump lists equals in the order in which the kernel uses them: what it has listed is the beginning of the list, and
// what it lists next belongs behind that.
template <typename Row>
Position firstUnlisted(const RouteLists<Row>& lists, Position first) {
  return findIn(lists, first,
                [&](Position position, const contract::Route&) { return !lists.sweep.isListed(position); });
}

}  // namespace

Applied RouteTable::put(const contract::Route& route, Placement placement, bool isListed) {
  if (placement == Placement::kUnclear && !isListed) {
    isAmbiguous_ = true;
    return Applied::kNothing;
  }
  parted_.assign(route);
  if (route.family == 4) return put(v4_, placement, isListed);
  sortHops(parted_.attributes.hops);
  return put(v6_, placement, isListed);
}

Applied RouteTable::remove(const contract::Route& route) {
  parted_.assign(route);
  if (route.family == 4) return remove(v4_);
  sortHops(parted_.attributes.hops);
  return remove(v6_);
}

template <typename Row>
Applied RouteTable::put(RouteLists<Row>& lists, Placement placement, bool isListed) {
  const Position first = lists.first(parted_);
  // The kernel refuses a second route with the same content, so this is what we know already: a dump, a notification
  // that the dump has overtaken, or a change of what is no event.
  const Position known = findIn(lists, first, [&](Position, const contract::Route& attributes) {
    return contract::sameContent(attributes, parted_.attributes);
  });
  if (known == kNoPosition) return isListed ? list(lists, first) : add(lists, placement, first);
  if (isListed) {
    if (isOrderTold_ && lists.move(known, first, firstUnlisted(lists, first))) isReordered_ = true;
    lists.sweep.mark(known);
  }
  return refresh(lists, known);
}

// A route that a dump lists and that is not known as it is.
template <typename Row>
Applied RouteTable::list(RouteLists<Row>& lists, Position first) {
  // Another content of a route that the dump has not listed yet is a change of it, not a route of its own.
  const Position changed = findIn(lists, first, [&](Position position, const contract::Route& attributes) {
    return !lists.sweep.isListed(position) && contract::sameIdentity(attributes, parted_.attributes);
  });
  const Position behind = isOrderTold_ ? firstUnlisted(lists, first) : kNoPosition;
  if (changed == kNoPosition) {
    // Among equals of other interfaces its place is not told.
    if (!isOrderTold_ && first != kNoPosition) isAmbiguous_ = true;
    lists.sweep.mark(lists.insert(parted_, first, behind));
    return Applied::kEvent;
  }
  if (isOrderTold_ && lists.move(changed, first, behind)) isReordered_ = true;
  lists.sweep.mark(changed);
  return refresh(lists, changed);
}

// IPv4: position is everything (traps D6 to D8).
Applied RouteTable::add(RouteLists<Route4>& lists, Placement placement, Position first) {
  if (placement == Placement::kReplace && first != kNoPosition) {
    // A change of a nexthop object is announced as a replacement of each route that uses it, not of the first one
    // (trap D12). Anything else replaces the first of its equals, whatever that is.
    const Position user = findIn(lists, first, [&](Position, const contract::Route& attributes) {
      return attributes.nexthopId && attributes.nexthopId == parted_.attributes.nexthopId;
    });
    return supplant(lists, user != kNoPosition ? user : first);
  }
  lists.insert(parted_, first, placement == Placement::kPrepend ? first : kNoPosition);
  return Applied::kEvent;
}

// IPv6: what can be merged is one route, of which this is the present state (trap D9); the others stand side by side.
Applied RouteTable::add(RouteLists<Route6>& lists, Placement placement, Position first) {
  const contract::Route& route = parted_.attributes;
  const bool isOneOfMerged = isMergeable(route);
  const bool isOneOfSeveral = first != kNoPosition && lists.next(first) != kNoPosition;
  const Position mate = findIn(lists, first, [&](Position, const contract::Route& attributes) {
    if (isOneOfMerged) return isMergeable(attributes);
    return contract::sameIdentity(attributes, route) ||
           (route.nexthopId.has_value() && attributes.nexthopId == route.nexthopId);
  });
  const bool mayBeOneOfSeveral = isOneOfSeveral || isPerLink(parted_.destination.address);
  if (placement == Placement::kReplace && mayBeOneOfSeveral && !(isOneOfMerged && mate != kNoPosition)) {
    // The kernel replaces the first route that can be merged, or cannot, as this one; else the first one (trap D6).
    // There is one that can, so that is clear; of the others their order is the kernel's secret, and a dump tells.
    // Those to what is there on each link are not even in one list.
    isAmbiguous_ = true;
  }
  if (isOneOfMerged && mate != kNoPosition && placement != Placement::kReplace && !route.hops.empty()) {
    // Each hop keeps what it was added with; this message shows that of the hop it is about, a dump that of the first.
    contract::Route known = lists.attributesAt(mate);
    known.hops = route.hops;
    known.index = route.index;
    known.gateway = route.gateway;
    known.flags = route.flags;
    if (!sameAttributes(known, route)) isAmbiguous_ = true;
  }
  if (mate != kNoPosition) return supplant(lists, mate);
  if (placement == Placement::kReplace && first != kNoPosition) return supplant(lists, first);
  lists.insert(parted_, first, kNoPosition);
  return Applied::kEvent;
}

template <typename Row>
Applied RouteTable::remove(RouteLists<Row>& lists) {
  const Position first = lists.first(parted_);
  if (isCatchingUp_ && replacedKeys_.contains(parted_.hash)) isAmbiguous_ = true;
  // Duplicates differ in what identity leaves out, so the whole content is tried first.
  Position position = findIn(lists, first, [&](Position, const contract::Route& attributes) {
    return contract::sameContent(attributes, parted_.attributes);
  });
  if (position == kNoPosition) {
    position = findIn(lists, first, [&](Position, const contract::Route& attributes) {
      return contract::sameIdentity(attributes, parted_.attributes);
    });
  }
  if (position != kNoPosition) {
    uncover(lists.attributesAt(position));
    lists.erase(position, first);
    return Applied::kEvent;
  }
  if constexpr (std::is_same_v<Row, Route6>) return removeHops(first);
  return Applied::kMissed;
}

// The kernel announces the end of one hop of a multipath route as the end of a route with that hop (trap D9).
Applied RouteTable::removeHops(Position first) {
  const contract::Route& gone = parted_.attributes;
  const Position position = findIn(v6_, first, [&](Position, const contract::Route& attributes) {
    if (attributes.hops.empty() || !isMergeable(attributes)) return false;
    if (!gone.hops.empty()) {
      return std::all_of(gone.hops.begin(), gone.hops.end(),
                         [&](const contract::Hop& hop) { return hasHop(attributes, hop); });
    }
    return std::any_of(attributes.hops.begin(), attributes.hops.end(),
                       [&](const contract::Hop& hop) { return isHop(hop, gone); });
  });
  if (position == kNoPosition) return Applied::kMissed;

  contract::Route rest = v6_.attributesAt(position);
  std::erase_if(rest.hops, [&](const contract::Hop& hop) { return isHop(hop, gone) || hasHop(gone, hop); });
  if (rest.hops.empty()) {
    uncover(v6_.attributesAt(position));
    v6_.erase(position, first);
    return Applied::kEvent;
  }
  if (rest.hops.size() == 1) {
    // A dump shows the last hop as a route without a list.
    const contract::Hop last = rest.hops.front();
    rest.hops.clear();
    rest.index = last.index;
    rest.gateway = last.gateway;
    rest.flags = last.flags;
  }
  // Each hop keeps what it was added with, and messages and dumps show that of the first hop as the route's. Which that
  // is now, and what it was added with, only a dump tells.
  isAmbiguous_ = true;
  v6_.assign(position, rest);
  return Applied::kEvent;
}

template <typename Row>
Applied RouteTable::refresh(RouteLists<Row>& lists, Position position) {
  const contract::Route& before = lists.attributesAt(position);
  if (sameAttributes(before, parted_.attributes)) return Applied::kNothing;
  const bool isEvent = !contract::sameContent(before, parted_.attributes);
  lists.assign(position, parted_.attributes);
  return isEvent ? Applied::kEvent : Applied::kSilent;
}

template <typename Row>
Applied RouteTable::supplant(RouteLists<Row>& lists, Position position) {
  if (isCatchingUp_) replacedKeys_.insert(parted_.hash);
  if (parted_.attributes.hops.empty()) uncover(lists.attributesAt(position));
  return refresh(lists, position);
}

// While an IPv6 route has several hops, dumps skip what stands between them, so such a route may be back now (trap
// D20).
void RouteTable::uncover(const contract::Route& gone) {
  if (gone.family == 6 && !gone.hops.empty()) isAmbiguous_ = true;
}

void RouteTable::beginSweep(const contract::Extent& extent) {
  isOrderTold_ = extent.index == 0;
  isReordered_ = false;
  v4_.sweep.begin();
  v6_.sweep.begin();
}

std::size_t RouteTable::endSweep(const contract::Extent& extent, bool isConsistent) {
  return endSweep(v4_, extent, isConsistent) + endSweep(v6_, extent, isConsistent);
}

template <typename Row>
std::size_t RouteTable::endSweep(RouteLists<Row>& lists, const contract::Extent& extent, bool isConsistent) {
  constexpr std::uint8_t kFamily = std::is_same_v<Row, Route4> ? 4 : 6;
  const bool isAbout = extent.family == 0 || extent.family == kFamily;
  const auto isOfExtent = [&](const Row& row) {
    if (extent.index == 0) return true;
    const contract::Route& attributes = pool_.at(row.attributes);
    return leavesThrough(attributes, extent.index) && isTiedToItsInterfaces(attributes);
  };
  const std::vector<Position> gone =
      isAbout ? lists.sweep.end(lists.rows(), isConsistent, isOfExtent) : std::vector<Position>();
  lists.sweep = Sweep();
  contract::Route route;
  for (const Position position : gone) {
    RouteRows::fill(*lists.rows().at(position), lists.attributesAt(position), route);
    parted_.assign(route);
    lists.erase(position, lists.first(parted_));
  }
  return gone.size();
}

void RouteTable::abandonSweep() {
  v4_.sweep = Sweep();
  v6_.sweep = Sweep();
}

void RouteTable::beginCatchUp() {
  isCatchingUp_ = true;
  replacedKeys_.clear();
}

void RouteTable::endCatchUp() {
  isCatchingUp_ = false;
  replacedKeys_.clear();
}

bool RouteTable::takeAmbiguity() {
  return std::exchange(isAmbiguous_, false);
}

void RouteTable::indexDestinations() {
  v4_.indexDestinations();
  v6_.indexDestinations();
}

InterfaceUse RouteTable::useOf(std::uint32_t index, std::uint8_t family) const {
  InterfaceUse use = InterfaceUse::kNone;
  pool_.any([&](const contract::Route& attributes) {
    if (attributes.family != family || !leavesThrough(attributes, index)) return false;
    use = isTiedToItsInterfaces(attributes) ? InterfaceUse::kAlone : InterfaceUse::kWithOthers;
    return use == InterfaceUse::kWithOthers;
  });
  return use;
}

bool RouteTable::isMarkedThrough(std::uint32_t index) const {
  return pool_.any([&](const contract::Route& attributes) {
    if (!leavesThrough(attributes, index)) return false;
    return (attributes.flags & kMarks) != 0 ||
           std::any_of(attributes.hops.begin(), attributes.hops.end(),
                       [](const contract::Hop& hop) { return (hop.flags & kMarks) != 0; });
  });
}

bool RouteTable::expiresThrough(std::uint32_t index) const {
  return pool_.any([&](const contract::Route& attributes) {
    return attributes.lifetime != base::kForever && attributes.index == index;
  });
}

bool RouteTable::usesNexthop(std::uint32_t id) const {
  return pool_.any([&](const contract::Route& attributes) { return attributes.nexthopId == id; });
}

bool RouteTable::prefersSource(const address::IpAddress& source, std::uint8_t family) const {
  return pool_.any([&](const contract::Route& attributes) {
    return attributes.family == family && attributes.preferredSource == source;
  });
}

}  // namespace mif::table
