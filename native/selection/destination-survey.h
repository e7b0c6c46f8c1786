// SPDX-License-Identifier: MIT
// What each of many destinations would be reached by, and with that their order: the way and the source come from where
// a single question is answered, the order from destination-order.h. The rules ask about the source, so it comes first
// (SAS-34).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "address/ip-address.h"
#include "selection/decision.h"
#include "selection/destination-order.h"
#include "selection/flow.h"
#include "selection/policy-table.h"
#include "selection/selector.h"
#include "selection/source-candidate.h"
#include "table/tables.h"

namespace mif::selection {

// What a socket would be held to.
struct Carrier {
  std::uint32_t device = 0;
  // Of both families, that will do; all that the interface has where there is none of either.
  std::vector<address::IpAddress> sources;
  std::vector<Advertised> advertised = {};
};

struct ZonedAddress {
  address::IpAddress address;
  // Index of the interface that the zone names; 0 without one.
  std::uint32_t zone = 0;
};

struct SurveyedDestination {
  static constexpr std::uint32_t kNoCarrier = 0xffffffff;

  ZonedAddress asked;
  Decision decision;
  // Position of the carrier that is used.
  std::uint32_t carrier = kNoCarrier;
  std::optional<SourceCandidate> source;
  Policy policy;
  // There is a way, and the interface is running.
  bool isReachable = false;
  bool isEncapsulated = false;
};

class DestinationSurvey {
 public:
  // What all destinations have in common: everything of `flow` but destination, source and device.
  DestinationSurvey(const Flow& flow, const PolicyTable& policy) : flow_(flow), policy_(policy) {}

  // Carriers in order of preference, of which each destination uses the first that reaches it; none for sockets that
  // nobody binds but to a zone.
  void addCarrier(Carrier carrier) { carriers_.push_back(std::move(carrier)); }
  // Finds out, and keeps what it needs of the tables.
  void add(const table::Tables& tables, Selector& selector, const ZonedAddress& asked);

  std::span<const SurveyedDestination> destinations() const { return destinations_; }
  // Best first; positions are those of destinations().
  std::vector<RankedDestination> ordered() const;

 private:
  void decide(const table::Tables& tables, Selector& selector, SurveyedDestination& destination) const;
  // As Selector::bind, but for what a socket that is held to an interface never reaches.
  Decision bind(const table::Tables& tables, Selector& selector, const Flow& flow, const Carrier& carrier) const;
  std::optional<SourceCandidate> sourceOf(const Inventory& inventory, const Decision& decision) const;

  Flow flow_;
  const PolicyTable& policy_;
  std::vector<Carrier> carriers_;
  std::vector<SurveyedDestination> destinations_;
};

}  // namespace mif::selection
