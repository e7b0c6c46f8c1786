// SPDX-License-Identifier: MIT
#include "selection/known-ways.h"

#include <algorithm>

#include "selection/kernel-path.h"

namespace mif::selection {

namespace {

constexpr std::uint32_t kLocalTable = 255;
constexpr std::uint8_t kFirstOfMulticast = 224;

// What every socket may send that says nothing about itself.
bool isShared(const KnownWays::Plan& plan, const Flow& flow) {
  return plan.isSameForAll() && flow.device == 0 && !flow.source.isPresent();
}

// 0.0.0.0, multicast, and what is above that, are not decided by routes alone.
bool isByRoute(const KnownWays::Bytes& destination) {
  const bool isUnspecified = (destination[0] | destination[1] | destination[2] | destination[3]) == 0;
  return destination[0] < kFirstOfMulticast && !isUnspecified;
}

address::IpAddress addressOf(const KnownWays::Bytes& destination) {
  return address::IpAddress::fromBytes(std::as_bytes(std::span(destination)));
}

// Whether a decision that took this route says nothing of the destination itself: a local one is its own source, and of
// one in the local table the main table is asked too.
bool isTrueForAll(const Decision& decision, table::Position route) {
  if (decision.route != route || decision.table == kLocalTable) return false;
  return !decision.isPath() || decision.type == contract::RouteType::kUnicast;
}

}  // namespace

inline const Decision& KnownWays::decide(const Network& network, const Plan& plan, const Flow& flow,
                                         const Bytes& destination, const Match& match) {
  if (!match) return ask(network, plan, flow, destination);
  const std::span<const table::Position> lists = network.fib<Row>().lists(match.value);
  const table::Position position = lists.front();
  const Row& row = *network.routes<Row>().rows().at(position);
  // Others of the same prefix might be taken instead.
  const bool isAlone = lists.size() == 1 && row.next == table::kNoPosition && row.tos == 0;
  if (!isAlone) return ask(network, plan, flow, destination);

  Entry& entry = entries_[row.attributes % kEntries];
  if (entry.attributes != row.attributes || entry.stamp != stamp_) {
    const Decision& decision = ask(network, plan, flow, destination);
    if (isTrueForAll(decision, position)) entry = {row.attributes, stamp_, decision};
    return decision;
  }
  entry.decision.route = position;
  entry.decision.metric = row.metric;
  entry.decision.prefixLength = row.length;
  return entry.decision;
}

Decision KnownWays::connect(const Network& network, const Plan& plan, const Flow& flow) {
  follow(network.tables);
  const auto address = flow.destination.bytes().first<4>();
  Bytes destination;
  std::copy(address.begin(), address.end(), destination.begin());
  Match match;
  if (isShared(plan, flow) && isByRoute(destination)) {
    for (const auto& step : plan.steps()) {
      match = step.trie->find(destination);
      if (match) break;
    }
  }
  return decide(network, plan, flow, destination, match);
}

// In the first table that has anything for it, like the kernel: no match for what is to be asked of KernelPath.
void KnownWays::findAll(const Network& network, const Plan& plan, const Flow& flow, std::span<const Bytes> destinations,
                        Matches& matches) const {
  std::fill_n(matches.begin(), destinations.size(), Match());
  if (!isShared(plan, flow)) return;
  // Those that no table had anything for so far.
  std::array<std::uint16_t, kMost> open;
  std::array<Bytes, kMost> asked;
  Matches found;
  std::size_t count = 0;
  for (std::size_t n = 0; n < destinations.size(); ++n) {
    open[count] = static_cast<std::uint16_t>(n);
    asked[count] = destinations[n];
    count += isByRoute(destinations[n]);
  }
  for (const auto& step : plan.steps()) {
    step.trie->findMany(std::span(asked).first(count), std::span(found).first(count));
    std::size_t left = 0;
    for (std::size_t n = 0; n < count; ++n) {
      matches[open[n]] = found[n];
      open[left] = open[n];
      asked[left] = asked[n];
      left += !found[n];
    }
    count = left;
  }
  // The routes lie anywhere in memory, so all are fetched before the first is looked at.
  const table::RouteLists<Row>& routes = network.routes<Row>();
  const table::Fib<Row>& fib = network.fib<Row>();
  for (std::size_t n = 0; n < destinations.size(); ++n) {
    if (matches[n]) routes.rows().expect(fib.lists(matches[n].value).front());
  }
}

void KnownWays::connectMany(const Network& network, const Plan& plan, const Flow& flow,
                            std::span<const Bytes> destinations, PathColumns& columns, std::size_t first,
                            std::uint32_t doubts) {
  follow(network.tables);
  Matches matches;
  findAll(network, plan, flow, destinations, matches);
  for (std::size_t n = 0; n < destinations.size(); ++n) {
    columns.write(first + n, decide(network, plan, flow, destinations[n], matches[n]), doubts);
  }
}

void KnownWays::follow(const table::Tables& tables) {
  if (generation_ == tables.generation() && inventory_ == tables.inventoryGeneration()) return;
  generation_ = tables.generation();
  inventory_ = tables.inventoryGeneration();
  ++stamp_;
}

const Decision& KnownWays::ask(const Network& network, const Plan& plan, const Flow& flow, const Bytes& destination) {
  Flow asked = flow;
  asked.destination = addressOf(destination);
  own_ = KernelPath<Row>(network, plan, nullptr).connect(asked);
  return own_;
}

}  // namespace mif::selection
