// SPDX-License-Identifier: MIT
// IPv4 (fib_table_lookup). The first route that will do is taken: among those of one prefix the one for the service of
// the traffic comes before those for any, then the metric decides, then the order in which they came (traps D7, D8).
#include <span>

#include "selection/hops.h"
#include "selection/table-lookup.h"

namespace mif::selection {

namespace {

using contract::RouteFinding;
using contract::RouteType;
using table::kNoPosition;
using table::Position;
using table::Route4;

// The bits of the service field that a route is compared by (INET_DSCP_LEGACY_TOS_MASK).
constexpr std::uint8_t kTosBits = 0x1c;

bool isRefusal(RouteType type) {
  return type == RouteType::kUnreachable || type == RouteType::kProhibit || type == RouteType::kBlackhole;
}

class Ipv4Lookup {
 public:
  Ipv4Lookup(const Lookup<Route4>& lookup) : lookup_(lookup), routes_(lookup.network.routes<Route4>()) {}

  Answer ask(const table::Fib<Route4>::Trie& table) {
    const table::Fib<Route4>& fib = lookup_.network.fib<Route4>();
    const auto destination = lookup_.flow.destination.bytes().first<4>();
    for (auto match = table.find(destination); match; match = table.find(destination, match.length - 1)) {
      if (askPrefix(fib.lists(match.value)) == Step::kSettled) break;
    }
    return answer_;
  }

 private:
  // What comes after one route was looked at.
  enum class Step : std::uint8_t { kNextRoute, kNextPrefix, kSettled };

  Step askPrefix(std::span<const Position> heads) {
    for (const Position head : heads) {
      const Step step = askList(head);
      if (step != Step::kNextRoute) return step;
    }
    return Step::kNextPrefix;
  }

  Step askList(Position head) {
    const Route4& first = *routes_.rows().at(head);
    if (first.tos != 0 && first.tos != (lookup_.flow.trafficClass & kTosBits)) {
      trace(head, 0, RouteFinding::kTrafficClass);
      return Step::kNextRoute;
    }
    for (Position position = head; position != kNoPosition; position = routes_.next(position)) {
      const Step step = askRoute(position);
      if (step != Step::kNextRoute) return step;
    }
    return Step::kNextRoute;
  }

  Step askRoute(Position position) {
    const contract::Route& attributes = routes_.attributesAt(position);
    if (attributes.type == RouteType::kThrow) {
      trace(position, 0, RouteFinding::kLeavesTable);
      return Step::kSettled;
    }
    if (isRefusal(attributes.type)) {
      trace(position, 0, RouteFinding::kRefuses);
      take(position, attributes, Answer::Kind::kRefusal);
      return Step::kSettled;
    }
    std::uint16_t hops = 0;
    forEachHop(lookup_.network.tables, attributes,
               [&](std::uint16_t hop, std::uint32_t device, const address::IpAddress&, std::uint32_t flags) {
                 ++hops;
                 if ((flags & contract::NexthopFlag::kDead) != 0) {
                   trace(position, hop, RouteFinding::kDead);
                 } else if (lookup_.flow.device != 0 && device != lookup_.flow.device) {
                   trace(position, hop, RouteFinding::kOtherInterface);
                 } else {
                   trace(position, hop, answer_.ways == 0 ? RouteFinding::kChosen : RouteFinding::kNotReached);
                   if (answer_.ways++ == 0) answer_.hop = hop;
                 }
                 return true;
               });
    if (hops == 0) {
      answer_.doubts |= contract::SelectionDoubt::kMissingNexthop;
      trace(position, 0, RouteFinding::kMissingNexthop);
    }
    // Behind a route of a nexthop object that will not do, the kernel looks at no other of the prefix (trap D24).
    if (answer_.ways == 0) return attributes.nexthopId ? Step::kNextPrefix : Step::kNextRoute;
    take(position, attributes, Answer::Kind::kRoute);
    if (isOneOfEqualDefaults(position, attributes)) answer_.doubts |= contract::SelectionDoubt::kEqualDefaults;
    return Step::kSettled;
  }

  void take(Position position, const contract::Route& attributes, Answer::Kind kind) {
    const Route4& row = *routes_.rows().at(position);
    answer_.kind = kind;
    answer_.route = position;
    answer_.attributes = &attributes;
    answer_.metric = row.metric;
    answer_.length = row.length;
  }

  // Of several default routes by routers the kernel takes the next one when it believes a router to be dead, and
  // remembers where it is (fib_select_default). A route of several hops is no part of that.
  bool isOneOfEqualDefaults(Position position, const contract::Route& attributes) const {
    if (answer_.length != 0 || answer_.ways > 1 || attributes.type != RouteType::kUnicast) return false;
    const auto isByRouter = [](const contract::Route& route) {
      return route.type == RouteType::kUnicast && route.gateway.isPresent();
    };
    if (!isByRouter(attributes)) return false;
    for (Position other = routes_.next(position); other != kNoPosition; other = routes_.next(other)) {
      if (isByRouter(routes_.attributesAt(other))) return true;
    }
    return false;
  }

  void trace(Position position, std::uint16_t hop, RouteFinding finding) const {
    if (lookup_.trace != nullptr) lookup_.trace->routes.push_back({position, hop, finding, lookup_.rule});
  }

  const Lookup<Route4>& lookup_;
  const table::RouteLists<Route4>& routes_;
  Answer answer_;
};

}  // namespace

template <>
Answer Lookup<Route4>::ask(const table::Fib<Route4>::Trie& table) const {
  return Ipv4Lookup(*this).ask(table);
}

Way wayOf(const contract::Route& attributes, std::uint16_t hop, const Network& network) {
  Way way;
  forEachHop(network.tables, attributes,
             [&](std::uint16_t at, std::uint32_t device, const address::IpAddress& gateway, std::uint32_t flags) {
               if (at == hop) way = {device, gateway, flags};
               return at != hop;
             });
  return way;
}

}  // namespace mif::selection
