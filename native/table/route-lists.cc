// SPDX-License-Identifier: MIT
#include "table/route-lists.h"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "table/hash.h"

namespace mif::table {

namespace {

// Routes on link to what exists once on each link. Their interface is a part of the key; otherwise a host with a
// thousand links has lists of a thousand routes. Not of those by routers: they gain and lose hops through any interface
// (D9).
bool isKeptPerLink(const address::IpAddress& destination, const contract::Route& attributes) {
  return isPerLink(destination) && !attributes.gateway.isPresent() && attributes.hops.empty() && !attributes.nexthopId;
}

std::uint64_t keyHash(const address::IpAddress& destination, std::uint8_t length, std::uint8_t tos,
                      std::uint32_t metric, const contract::Route& attributes) {
  Hash hash;
  // Of IPv4 routes there are a million: as little work as tells them apart.
  std::uint64_t rest = (std::uint64_t{length} << 40) | (std::uint64_t{tos} << 48);
  if (destination.family() == 4) {
    rest |= destination.group(0);
  } else {
    hash.add(destination);
  }
  hash.add(rest);
  hash.add((std::uint64_t{attributes.table} << 32) | metric);
  if (isKeptPerLink(destination, attributes)) hash.add(attributes.index);
  return hash.value();
}

template <std::size_t kBytes>
address::IpAddress destinationOf(const RouteRow<kBytes>& row) {
  return address::IpAddress::fromBytes(std::as_bytes(std::span(row.destination)));
}

template <std::size_t kBytes>
bool hasKey(const RouteRow<kBytes>& row, const contract::Route& attributes, const PartedRoute& route) {
  if (row.length != route.destination.length || row.metric != route.metric || row.tos != route.tos) return false;
  const auto bytes = route.destination.address.bytes();
  if (!std::equal(bytes.begin(), bytes.end(), row.destination.begin(), row.destination.end())) return false;
  if (attributes.table != route.attributes.table || attributes.source != route.attributes.source) return false;
  const bool isPerLink = isKeptPerLink(route.destination.address, route.attributes);
  if (isPerLink != isKeptPerLink(route.destination.address, attributes)) return false;
  return !isPerLink || attributes.index == route.attributes.index;
}

}  // namespace

bool isPerLink(const address::IpAddress& destination) {
  if (destination.family() != 6) return false;
  const std::uint32_t start = destination.group(0);
  return (start & 0xffc00000) == 0xfe800000 || (start & 0xff000000) == 0xff000000;
}

void PartedRoute::assign(const contract::Route& route) {
  attributes = route;
  destination = route.destination;
  metric = route.metric;
  tos = route.tos;
  attributes.destination = {};
  attributes.metric = 0;
  attributes.tos = 0;
  hash = keyHash(destination.address, destination.length, tos, metric, attributes);
}

template <typename Row>
std::uint64_t RouteLists<Row>::hashAt(Position position) const {
  const Row& row = *rows_.at(position);
  return keyHash(destinationOf(row), row.length, row.tos, row.metric, pool_.at(row.attributes));
}

template <typename Row>
void RouteLists<Row>::expect(const contract::Route& route) const {
  const address::Prefix& destination = route.destination;
  index_.expect(keyHash(destination.address, destination.length, route.tos, route.metric, route));
}

template <typename Row>
Position RouteLists<Row>::first(const PartedRoute& route) const {
  return index_.find(route.hash, [&](Position position) {
    const Row& row = *rows_.at(position);
    return hasKey(row, pool_.at(row.attributes), route);
  });
}

template <typename Row>
Position RouteLists<Row>::insert(const PartedRoute& route, Position first, Position behind) {
  Row row;
  const auto bytes = route.destination.address.bytes();
  std::copy_n(bytes.begin(), std::min(bytes.size(), row.destination.size()), row.destination.begin());
  row.metric = route.metric;
  row.attributes = pool_.acquire(route.attributes);
  row.length = route.destination.length;
  row.tos = route.tos;
  const Position position = rows_.insert(row);
  link(position, route.hash, first, behind);
  return position;
}

template <typename Row>
void RouteLists<Row>::assign(Position position, const contract::Route& attributes) {
  const AttributesId before = rows_.at(position)->attributes;
  rows_.edit(position).attributes = pool_.acquire(attributes);
  pool_.release(before);
}

template <typename Row>
void RouteLists<Row>::erase(Position position, Position first) {
  unlink(position, hashAt(position), first);
  pool_.release(rows_.at(position)->attributes);
  sweep.forget(position);
  rows_.erase(position);
}

template <typename Row>
bool RouteLists<Row>::move(Position position, Position first, Position behind) {
  if (next(position) == behind || position == behind) return false;
  const std::uint64_t hash = hashAt(position);
  const Position firstOfOthers = position == first ? next(position) : first;
  unlink(position, hash, first);
  link(position, hash, firstOfOthers, behind);
  return true;
}

template <typename Row>
Position RouteLists<Row>::previous(Position position, Position first) const {
  Position at = first;
  while (next(at) != position) at = next(at);
  return at;
}

template <typename Row>
void RouteLists<Row>::link(Position position, std::uint64_t hash, Position first, Position behind) {
  if (first == kNoPosition) {
    index_.insert(hash, position);
    if (fib_) fib_->add(position);
  } else if (behind == first) {
    index_.replace(hash, first, position);
    if (fib_) fib_->replaceHead(first, position);
  } else {
    rows_.edit(previous(behind, first)).next = position;
  }
  if (next(position) != behind) rows_.edit(position).next = behind;
}

template <typename Row>
void RouteLists<Row>::unlink(Position position, std::uint64_t hash, Position first) {
  const Position behind = next(position);
  if (position != first) {
    rows_.edit(previous(position, first)).next = behind;
  } else if (behind != kNoPosition) {
    index_.replace(hash, position, behind);
    if (fib_) fib_->replaceHead(position, behind);
  } else {
    index_.erase(hash, position);
    if (fib_) fib_->remove(position);
  }
}

// In the order of positions, which after a dump is that in which the kernel listed them.
template <typename Row>
void RouteLists<Row>::indexDestinations() {
  if (fib_) return;
  fib_ = std::make_unique<Fib<Row>>(rows_, pool_);
  std::vector<bool> isBehind(rows_.end());
  rows_.forEach([&](Position, const Row& row) {
    if (row.next != kNoPosition) isBehind[row.next] = true;
    return true;
  });
  rows_.forEach([&](Position position, const Row&) {
    if (!isBehind[position]) fib_->add(position);
    return true;
  });
}

template class RouteLists<Route4>;
template class RouteLists<Route6>;

}  // namespace mif::table
