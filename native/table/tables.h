// SPDX-License-Identifier: MIT
// The mirror of the kernel's tables: applies changes, counts generations, knows which tables an event has made
// doubtful. Fed by the monitor; knows neither bytes nor sockets nor threads. Its owner guards it with a lock,
// and hands out views, which need none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "contract/address-label.h"
#include "contract/change.h"
#include "contract/extent.h"
#include "table/applied.h"
#include "table/fib.h"
#include "table/kinds.h"
#include "table/route-table.h"
#include "table/suspects.h"
#include "table/view.h"

namespace mif::table {

class Tables {
 public:
  Tables() = default;
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;

  // Applies one change: between beginSweep and endSweep of its kind a record of the dump, else a notification.
  void apply(const contract::Change& change);
  // Fetches, without waiting, the memory that applying this soon will need.
  void expect(const contract::Change& change) const {
    if (change.kind == contract::RecordKind::kRoute) routes_.expect(change.route);
  }

  // Begins to apply a dump; changes of its kind have this cause until endSweep, and the kernel as their cause
  // otherwise. Records keep their positions, so a dump that finds what was known changes nothing (MIF-84). What it is
  // about is no longer suspect. Beginning again before the end is another attempt. One sweep of a kind at a time.
  void beginSweep(const contract::Extent& extent, contract::ChangeCause cause);
  // Whether the dump under way listed a record twice, as dumps under churn do (trap A6).
  bool sweepRepeated(contract::RecordKind kind) const;
  // Ends it. After a consistent dump, what it is about and did not list is removed; else only what no attempt listed,
  // and something may be left that is gone, or missing that exists. How many were removed.
  std::size_t endSweep(const contract::Extent& extent, bool isConsistent);

  // Ends it without removing anything, because the dump failed or is not to be believed. If it changed anything, the
  // kind is suspect: that may be wrong in the light of what the dump did not list.
  void abandonSweep(contract::RecordKind kind);

  // What the kernel may have changed in silence, by what the events since the last sweep of it imply (traps B6, B10, D1
  // to D6, E1, E6). Dump it.
  const Suspects& suspects() const { return suspects_; }

  // While notifications are applied that may be older than a dump which has been applied already. Almost all then say
  // what is known, and what they change, later ones change back. But a replaced route is not (trap D6), and neither is
  // what the kernel did in silence between a notification and the dump: a route that is announced, and goes with its
  // link, is here again and the link no news. Where that can be, the kind is suspect, and the next dump decides.
  void beginCatchUp();
  void endCatchUp();

  // As they were when everything was last read: no change of them is announced (trap C16).
  const contract::AddressLabels& labels() const { return labels_; }
  void setLabels(contract::AddressLabels labels) {
    labels_ = std::move(labels);
    ++inventoryGeneration_;
  }

  // Everything as it is now, without epoch and isSynced, which are the monitor's to know. Costs one pointer per 256
  // routes and, later, one copy of each chunk that changes while the view lives.
  View view() const;

  // The live tables of each kind, which know the kernel's order, as views do not. As live as this.
  const InterfaceTable& interfaces() const { return interfaces_; }
  const AddressTable& addresses() const { return addresses_; }
  const NexthopTable& nexthops() const { return nexthops_; }
  const RouteTable& routes() const { return routes_; }
  const RuleTable& rules() const { return rules_; }
  const NeighbourTable& neighbours() const { return neighbours_; }

  // As RouteTable::indexDestinations: what leads from an address to its routes costs nothing until it is asked for.
  void indexDestinations() { routes_.indexDestinations(); }

  // As in View.
  std::uint64_t generation() const { return generation_; }
  // Grows with every change of interfaces, addresses, rules or labels, events or not.
  std::uint64_t inventoryGeneration() const { return inventoryGeneration_; }
  // Generation of the last change that is an event.
  std::uint64_t eventGeneration() const { return eventGeneration_; }
  // Changes about what was not there. Some are normal: the kernel announces the end of neighbours that it never
  // announced.
  std::uint64_t missed() const { return missed_; }

 private:
  Applied applyInterface(const contract::Change& change);
  Applied applyAddress(const contract::Change& change);
  Applied applyNexthop(const contract::Change& change);
  Applied applyRoute(const contract::Change& change);
  Applied applyRule(const contract::Change& change);
  Applied applyNeighbour(const contract::Change& change);

  void suspectAfterChange(const contract::Interface& before, const contract::Interface& after);
  void suspectAfterEnd(std::uint32_t index);
  void suspectLinksFromElsewhere(const contract::Interface& arrived);
  void suspectRoutesThrough(std::uint32_t index, std::uint8_t family);
  // One whose lifetime has an end, on the interface and in the prefix of this one.
  bool hasPassingAddressInPrefixOf(const contract::Address& address) const;
  void suspectExpiringRoutesThrough(std::uint32_t index);
  void suspectNexthopsThrough(std::uint32_t index);
  void suspectUsersOfNexthop(std::uint32_t id);
  // Where its announcement may not tell the order of a new record (traps C15, E7).
  void suspectOrderOf(const contract::Address& address);
  void suspectOrderOf(const contract::Rule& rule);
  void suspectRulesThatNameInterfaces();
  void suspectRulesThatJump(std::uint8_t family);
  bool isListed(contract::RecordKind kind) const { return sweeping_.has(kind); }
  void count(Applied applied, contract::RecordKind kind);

  InterfaceTable interfaces_;
  AddressTable addresses_;
  NexthopTable nexthops_;
  RouteTable routes_;
  RuleTable rules_;
  NeighbourTable neighbours_;
  contract::AddressLabels labels_;

  std::uint64_t generation_ = 0;
  std::uint64_t eventGeneration_ = 0;
  std::uint64_t inventoryGeneration_ = 0;
  std::array<std::uint64_t, kCauses> causeGenerations_{};
  std::uint64_t missed_ = 0;
  Suspects suspects_;
  Kinds sweeping_;
  std::array<contract::ChangeCause, Kinds::kCount> sweepCauses_{};
  // The generations at which they began.
  std::array<std::uint64_t, Kinds::kCount> sweepGenerations_{};
  bool isCatchingUp_ = false;
  // What was removed since that began.
  Kinds removedCatchingUp_;
  // The kernel may hold a rule twice, the table holds it once.
  bool mayHaveEqualRules_ = false;
};

}  // namespace mif::table
