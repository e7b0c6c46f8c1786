// SPDX-License-Identifier: MIT
#include "selection/known-ways.h"

#include <algorithm>

#include "selection/kernel-path.h"

namespace mif::selection {

namespace {

constexpr std::uint32_t kLocalTable = 255;
constexpr std::uint8_t kFirstOfMulticast = 224;
// Fewer are in the nearer caches, where finding one after the other is quickest.
constexpr std::size_t kManyPrefixes = 16'384;
// A power of two: routes of a part of a batch that are remembered.
constexpr std::size_t kTaken = 64;
// No stamp that follows is this.
constexpr std::uint64_t kPast = 0;

// What became of a value of the trie.
struct Taken {
  std::uint32_t value = 0;
  NumberedDecision* decision = nullptr;
  // Still of this number; another may have taken its place.
  std::uint64_t number = 0;
};

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

inline auto KnownWays::entryFor(const Row& row) -> Entry& {
  const std::size_t hash = row.attributes * 67 + row.length * 5 + row.metric;
  return entries_[hash % kEntries];
}

inline auto KnownWays::decide(const Network& network, const Plan& plan, const Flow& flow, const Bytes& destination,
                              const Match& match, NumberedDecisions& answers) -> Known {
  Entry* shared = nullptr;
  table::Position position = table::kNoPosition;
  if (match) {
    const std::span<const table::Position> lists = network.fib<Row>().lists(match.value);
    position = lists.front();
    const Row& row = *network.routes<Row>().rows().at(position);
    // Others of the same prefix might be taken instead.
    const bool isAlone = lists.size() == 1 && row.next == table::kNoPosition && row.tos == 0;
    if (isAlone) {
      Entry& entry = entryFor(row);
      if (entry.stamp == stamp_ && entry.isOf(row)) {
        if (NumberedDecision* answer = answers.find(entry.slot, entry.number)) return {*answer, true};
      }
      entry = {row.attributes, row.metric, 0, kPast, 0, row.length};
      shared = &entry;
    }
  }
  Flow asked = flow;
  asked.destination = addressOf(destination);
  const Decision decision = KernelPath<Row>(network, plan, nullptr).connect(asked);
  NumberedDecision& answer = answers.of(decision);
  if (shared == nullptr || !isTrueForAll(decision, position)) return {answer, false};
  shared->stamp = stamp_;
  shared->slot = answer.slot;
  shared->number = answer.number;
  return {answer, true};
}

inline auto KnownWays::find(const Plan& plan, const Bytes& destination) -> Match {
  Match match;
  if (!isByRoute(destination)) return match;
  for (const auto& step : plan.steps()) {
    match = step.trie->find(destination);
    if (match) break;
  }
  return match;
}

NumberedDecision& KnownWays::connect(const Network& network, const Plan& plan, const Flow& flow,
                                     NumberedDecisions& answers) {
  follow(network.tables);
  const auto address = flow.destination.bytes().first<4>();
  Bytes destination;
  std::copy(address.begin(), address.end(), destination.begin());
  const Match match = isShared(plan, flow) ? find(plan, destination) : Match();
  return decide(network, plan, flow, destination, match, answers).decision;
}

void KnownWays::findAll(const Network& network, const Plan& plan, std::span<const Bytes> destinations,
                        Matches& matches) {
  std::fill_n(matches.begin(), destinations.size(), Match());
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
                            std::span<const Bytes> destinations, NumberedDecisions& answers, DecisionRows& rows,
                            std::size_t first) {
  follow(network.tables);
  const auto isLarge = [](const auto& step) { return step.trie->size() >= kManyPrefixes; };
  Matches matches;
  if (!isShared(plan, flow)) {
    std::fill_n(matches.begin(), destinations.size(), Match());
  } else if (std::any_of(plan.steps().begin(), plan.steps().end(), isLarge)) {
    findAll(network, plan, destinations, matches);
  } else {
    std::transform(destinations.begin(), destinations.end(), matches.begin(),
                   [&](const Bytes& destination) { return find(plan, destination); });
  }
  // Where routes are few, most destinations take one that another took.
  std::array<Taken, kTaken> taken;
  for (std::size_t n = 0; n < destinations.size(); ++n) {
    const Match match = matches[n];
    Taken& last = taken[match.value % kTaken];
    if (match && last.value == match.value && last.decision != nullptr && last.decision->number == last.number) {
      rows.write(first + n, *last.decision);
      continue;
    }
    const Known known = decide(network, plan, flow, destinations[n], match, answers);
    if (known.isForAll) last = {match.value, &known.decision, known.decision.number};
    rows.write(first + n, known.decision);
  }
}

void KnownWays::follow(const table::Tables& tables) {
  if (generation_ == tables.generation() && inventory_ == tables.inventoryGeneration()) return;
  generation_ = tables.generation();
  inventory_ = tables.inventoryGeneration();
  ++stamp_;
}

}  // namespace mif::selection
