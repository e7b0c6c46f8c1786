// SPDX-License-Identifier: MIT
// IPv6 (fib6_table_lookup, rt6_select). Among the routes of one destination those for the longest source prefix come
// first; among these the lowest metric; among equals the router preference of RFC 4191 section 2.1, then the order in
// which they came. A router that is known not to answer is passed over while there is another way.
#include <cstddef>
#include <optional>
#include <span>

#include "base/clock.h"
#include "selection/hops.h"
#include "selection/table-lookup.h"

namespace mif::selection {

namespace {

using contract::RouteFinding;
using contract::RouteType;
using table::kNoPosition;
using table::Position;
using table::Route6;

constexpr int kBits = 128;
// What makes one route better than another of its metric (rt6_score_route).
constexpr int kRightInterface = 2;
constexpr int kPreferenceShift = 2;
constexpr int kUnfit = -1;

bool isRefusal(RouteType type) {
  return type == RouteType::kUnreachable || type == RouteType::kProhibit || type == RouteType::kBlackhole;
}

// Low 1, medium 2, high 3; the reserved value below all (IPV6_DECODE_PREF).
int rankOf(contract::RouterPreference preference) {
  return static_cast<int>(static_cast<std::uint32_t>(preference) ^ 2U);
}

// Goes through what the kernel looks at: for each destination prefix, longest first, the routes for each source prefix
// that contains the source, longest first, and then those for any source.
class Descent {
 public:
  // Heads of lists.
  using Lists = std::span<const Position>;

  Descent(const Lookup<Route6>& lookup, const table::Fib<Route6>::Trie& table)
      : routes_(lookup.network.routes<Route6>()),
        fib_(lookup.network.fib<Route6>()),
        table_(table),
        flow_(lookup.flow) {
    enter(kBits);
  }

  std::optional<Lists> next(Trace* trace, std::uint32_t rule) {
    for (; hasLevel_; enter(length_ - 1)) {
      while (at_ < lists_.size()) {
        const Lists run = takeRun();
        if (!isFor(run)) continue;
        if (isStart_ && isHidden(run)) {
          for (const Position head : run) {
            if (trace != nullptr) trace->routes.push_back({head, 0, RouteFinding::kHidden, rule});
          }
          continue;
        }
        isStart_ = false;
        return run;
      }
    }
    return std::nullopt;
  }

 private:
  const address::Prefix& sourceOf(Position head) const { return routes_.attributesAt(head).source; }

  void enter(int longest) {
    const auto match = table_.find(flow_.destination.bytes().first<16>(), longest);
    hasLevel_ = static_cast<bool>(match);
    if (!hasLevel_) return;
    length_ = match.length;
    value_ = match.value;
    lists_ = fib_.lists(value_);
    at_ = 0;
  }

  // The lists for the next source.
  Lists takeRun() {
    const std::size_t begin = at_;
    const address::Prefix& source = sourceOf(lists_[begin]);
    while (at_ < lists_.size() && sourceOf(lists_[at_]) == source) ++at_;
    return lists_.subspan(begin, at_ - begin);
  }

  bool isFor(Lists run) const {
    const address::Prefix& source = sourceOf(run.front());
    return !source.isPresent() || source.contains(flow_.source);
  }

  // Where there are routes for some sources, but not for this one, the kernel goes on at a shorter prefix without a
  // look at those for any source, unless it is at ::/0 (fib6_node_lookup_1; trap D23). When it comes back from a longer
  // prefix that had something for the flow, it does look (fib6_backtrack).
  bool isHidden(Lists run) const {
    return length_ != 0 && !sourceOf(run.front()).isPresent() && sourceOf(lists_.front()).isPresent();
  }

  const table::RouteLists<Route6>& routes_;
  const table::Fib<Route6>& fib_;
  const table::Fib<Route6>::Trie& table_;
  const Flow& flow_;
  // Of the present prefix; a single list is in here.
  std::uint32_t value_ = 0;
  // All at the present prefix, and the next of them.
  Lists lists_;
  std::size_t at_ = 0;
  int length_ = 0;
  bool hasLevel_ = false;
  bool isStart_ = true;
};

class Ipv6Lookup {
 public:
  explicit Ipv6Lookup(const Lookup<Route6>& lookup)
      : lookup_(lookup),
        routes_(lookup.network.routes<Route6>()),
        mindsRouters_(!lookup.network.inventory.forwardsIpv6()) {}

  Answer ask(const table::Fib<Route6>::Trie& table) {
    const std::size_t traced = lookup_.trace == nullptr ? 0 : lookup_.trace->routes.size();
    if (descend(table) || !hasPassedOver_) return answer_;
    // Nobody is known to answer, so whoever is next may be tried.
    if (lookup_.trace != nullptr) lookup_.trace->routes.resize(traced);
    mindsRouters_ = false;
    descend(table);
    return answer_;
  }

 private:
  struct Best {
    Position route = kNoPosition;
    std::uint16_t hop = 0;
    int score = kUnfit;
    std::size_t traced = 0;
  };

  // Whether that settles it.
  bool descend(const table::Fib<Route6>::Trie& table) {
    Descent descent(lookup_, table);
    while (const std::optional<Descent::Lists> lists = descent.next(lookup_.trace, lookup_.rule)) {
      best_ = Best();
      askRun(*lists);
      if (best_.route != kNoPosition) {
        take();
        return true;
      }
    }
    return false;
  }

  // Those of the lowest metric; if none of them will do, all the others, whatever their metric (find_rr_leaf).
  void askRun(Descent::Lists lists) {
    const auto metricOf = [this](Position head) { return routes_.rows().at(head)->metric; };
    const std::uint32_t metric = metricOf(lists.front());
    std::size_t at = 0;
    for (; at < lists.size() && metricOf(lists[at]) == metric; ++at) askList(lists[at]);
    const bool isFound = best_.route != kNoPosition;
    for (; at < lists.size(); ++at) {
      if (!isFound) {
        askList(lists[at]);
      } else if (lookup_.trace != nullptr) {
        trace(lists[at], 0, RouteFinding::kNotReached);
      } else {
        return;
      }
    }
  }

  void askList(Position head) {
    for (Position position = head; position != kNoPosition; position = routes_.next(position)) {
      const contract::Route& attributes = routes_.attributesAt(position);
      if (attributes.lifetime != base::kForever && attributes.lifetime <= base::now()) {
        trace(position, 0, RouteFinding::kExpired);
        continue;
      }
      bool hasHops = false;
      forEachHop(lookup_.network.tables, attributes,
                 [&](std::uint16_t hop, std::uint32_t device, const address::IpAddress& gateway, std::uint32_t flags) {
                   hasHops = true;
                   askHop(position, attributes, hop, {device, gateway, flags});
                   return true;
                 });
      if (hasHops) continue;
      answer_.doubts |= contract::SelectionDoubt::kMissingNexthop;
      trace(position, 0, RouteFinding::kMissingNexthop);
    }
  }

  void askHop(Position position, const contract::Route& attributes, std::uint16_t hop, const Way& way) {
    const std::optional<RouteFinding> unfit = whyUnfit(way);
    if (unfit) return trace(position, hop, *unfit);
    const auto preference = attributes.preference.value_or(contract::RouterPreference::kMedium);
    const int score = kRightInterface | rankOf(preference) << kPreferenceShift;
    if (score <= best_.score) {
      return trace(position, hop, score < best_.score ? RouteFinding::kLessPreferred : RouteFinding::kNotReached);
    }
    if (lookup_.trace != nullptr) {
      if (best_.route != kNoPosition) lookup_.trace->routes[best_.traced].finding = RouteFinding::kLessPreferred;
      best_.traced = lookup_.trace->routes.size();
    }
    best_ = {position, hop, score, best_.traced};
    trace(position, hop, RouteFinding::kChosen);
  }

  std::optional<RouteFinding> whyUnfit(const Way& way) {
    if ((way.flags & contract::NexthopFlag::kDead) != 0) return RouteFinding::kDead;
    if (lookup_.flow.device != 0 && way.device != lookup_.flow.device) return RouteFinding::kOtherInterface;
    if (!mindsRouters_ || !way.gateway.isPresent() || !isFailed(way)) return std::nullopt;
    hasPassedOver_ = true;
    return RouteFinding::kFailedRouter;
  }

  bool isFailed(const Way& way) const {
    contract::Neighbour wanted;
    wanted.index = way.device;
    wanted.family = 6;
    wanted.address = way.gateway;
    const contract::Neighbour* neighbour = lookup_.network.tables.neighbours().find(wanted);
    return neighbour != nullptr && (neighbour->state & contract::NeighbourState::kFailed) != 0;
  }

  void take() {
    const contract::Route& attributes = routes_.attributesAt(best_.route);
    if (attributes.type == RouteType::kThrow) return retrace(RouteFinding::kLeavesTable);
    const Route6& row = *routes_.rows().at(best_.route);
    answer_.kind = isRefusal(attributes.type) ? Answer::Kind::kRefusal : Answer::Kind::kRoute;
    if (answer_.kind == Answer::Kind::kRefusal) retrace(RouteFinding::kRefuses);
    answer_.route = best_.route;
    answer_.attributes = &attributes;
    answer_.metric = row.metric;
    answer_.length = row.length;
    answer_.hop = best_.hop;
    forEachHop(lookup_.network.tables, attributes,
               [&](std::uint16_t, std::uint32_t device, const address::IpAddress& gateway, std::uint32_t flags) {
                 if (!whyUnfit({device, gateway, flags})) ++answer_.ways;
                 return true;
               });
  }

  void trace(Position position, std::uint16_t hop, RouteFinding finding) const {
    if (lookup_.trace != nullptr) lookup_.trace->routes.push_back({position, hop, finding, lookup_.rule});
  }

  void retrace(RouteFinding finding) const {
    if (lookup_.trace != nullptr) lookup_.trace->routes[best_.traced].finding = finding;
  }

  const Lookup<Route6>& lookup_;
  const table::RouteLists<Route6>& routes_;
  Answer answer_;
  Best best_;
  // Whether a router that does not answer is passed over. A host that forwards does not do that (RFC 4861 section 2.1).
  bool mindsRouters_;
  bool hasPassedOver_ = false;
};

}  // namespace

template <>
Answer Lookup<Route6>::ask(const table::Fib<Route6>::Trie& table) const {
  return Ipv6Lookup(*this).ask(table);
}

}  // namespace mif::selection
