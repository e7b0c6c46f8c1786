// SPDX-License-Identifier: MIT
// Routes of every table and type, live. Both families keep, for each key (table, destination, source, tos, metric), a
// list, but mean different things by it: IPv4 has duplicates whose order decides (traps D6 to D8), IPv6 merges hops
// into one multipath route whose parts it may remove one by one (trap D9).
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <unordered_set>

#include "address/ip-address.h"
#include "contract/change.h"
#include "contract/contract.gen.h"
#include "contract/extent.h"
#include "table/applied.h"
#include "table/fib.h"
#include "table/route-attributes.h"
#include "table/route-lists.h"
#include "table/route-rows.h"

namespace mif::table {

// How routes use an interface.
enum class InterfaceUse : std::uint8_t {
  kNone,
  // Those that do go with it or stay with it: to list what leaves through it is to list them all.
  kAlone,
  // Some may go on without it, so that what leaves through it does not tell whether they exist: IPv6 routes whose hops
  // come and go one by one (trap D9), and those of a nexthop object (trap D3).
  kWithOthers,
};

class RouteTable {
 public:
  RouteTable() : v4_(pool_), v6_(pool_) {}
  RouteTable(const RouteTable&) = delete;
  RouteTable& operator=(const RouteTable&) = delete;

  // A copy that shares the memory; see chunked.h.
  RouteRows rows() const { return {v4_.rows(), v6_.rows(), pool_.rows()}; }

  // `isListed`: by the dump under way, whatever the placement says.
  Applied put(const contract::Route& route, contract::Placement placement, bool isListed);
  Applied remove(const contract::Route& route);
  // As Tables::expect.
  void expect(const contract::Route& route) const { route.family == 4 ? v4_.expect(route) : v6_.expect(route); }

  void beginSweep(const contract::Extent& extent);
  bool sweepRepeated() const { return v4_.sweep.repeated() || v6_.sweep.repeated(); }
  // How many were removed.
  std::size_t endSweep(const contract::Extent& extent, bool isConsistent);
  void abandonSweep();
  // Whether the dump under way has moved a route among its equals: one that skips some of them does so wrongly.
  bool sweepReordered() const { return isReordered_; }

  // While notifications older than the dump are applied (see Tables::beginCatchUp).
  void beginCatchUp();
  void endCatchUp();
  // Whether, since the last call, a change was applied whose effect depends on an order that the table cannot know.
  // Another dump tells.
  bool takeAmbiguity();

  // How the routes of a family use an interface.
  InterfaceUse useOf(std::uint32_t index, std::uint8_t family) const;
  // Whether a hop through an interface, or a route of such, is marked as dead or without carrier.
  bool isMarkedThrough(std::uint32_t index) const;
  // Whether a route with a lifetime leaves through an interface.
  bool expiresThrough(std::uint32_t index) const;
  bool usesNexthop(std::uint32_t id) const;
  bool prefersSource(const address::IpAddress& source, std::uint8_t family) const;

  // Makes what leads from an address to its routes, and keeps it from now on. Not before it is asked for: a million
  // routes take a fifth of a second and a third of their memory.
  void indexDestinations();
  // The routes of a family.
  template <typename Row>
  const RouteLists<Row>& lists() const {
    if constexpr (std::is_same_v<Row, Route4>) {
      return v4_;
    } else {
      return v6_;
    }
  }
  // Null before indexDestinations().
  const Fib<Route4>* fib4() const { return v4_.fib(); }
  const Fib<Route6>* fib6() const { return v6_.fib(); }

  // Bytes that the indexes take.
  std::size_t indexBytes() const { return v4_.indexBytes() + v6_.indexBytes(); }

 private:
  template <typename Row>
  Applied put(RouteLists<Row>& lists, contract::Placement placement, bool isListed);
  template <typename Row>
  Applied list(RouteLists<Row>& lists, Position first);
  Applied add(RouteLists<Route4>& lists, contract::Placement placement, Position first);
  Applied add(RouteLists<Route6>& lists, contract::Placement placement, Position first);
  template <typename Row>
  Applied remove(RouteLists<Row>& lists);
  Applied removeHops(Position first);
  void uncover(const contract::Route& gone);

  // Makes a known route say what the parted one says.
  template <typename Row>
  Applied refresh(RouteLists<Row>& lists, Position position);
  // The same for a route that another takes the place of.
  template <typename Row>
  Applied supplant(RouteLists<Row>& lists, Position position);
  template <typename Row>
  std::size_t endSweep(RouteLists<Row>& lists, const contract::Extent& extent, bool isConsistent);

  AttributesPool pool_;
  RouteLists<Route4> v4_;
  RouteLists<Route6> v6_;
  // The route that is being applied.
  PartedRoute parted_;

  // Whether the dump under way lists all routes of a key, so that their order is the kernel's.
  bool isOrderTold_ = true;
  // It has moved a route among its equals.
  bool isReordered_ = false;
  bool isCatchingUp_ = false;
  bool isAmbiguous_ = false;
  // Hashes of the keys in which a replacement took place while catching up.
  std::unordered_set<std::uint64_t> replacedKeys_;
};

}  // namespace mif::table
