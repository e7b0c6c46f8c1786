// SPDX-License-Identifier: MIT
#include "table/route-attributes.h"

#include <utility>

#include "table/hash.h"
#include "table/lifetime.h"

namespace mif::table {

namespace {

bool sameHops(const std::vector<contract::Hop>& a, const std::vector<contract::Hop>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t n = 0; n < a.size(); ++n) {
    if (!contract::sameContent(a[n], b[n]) || a[n].flags != b[n].flags) return false;
  }
  return true;
}

bool sameMetrics(const std::vector<contract::MetricValue>& a, const std::vector<contract::MetricValue>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t n = 0; n < a.size(); ++n) {
    if (!contract::sameContent(a[n], b[n])) return false;
  }
  return true;
}

std::uint64_t hashOf(const contract::Route& route) {
  Hash hash;
  hash.add((std::uint64_t{route.table} << 32) | (std::uint64_t{route.flags} << 16) |
           (static_cast<std::uint64_t>(route.type) << 8) | static_cast<std::uint64_t>(route.protocol));
  hash.add((static_cast<std::uint64_t>(route.scope) << 32) | route.hops.size());
  hash.add(route.index).add(route.gateway).add(route.preferredSource).add(route.nexthopId);
  // Not the lifetime: moments that are the same may differ a little.
  if (route.source.isPresent()) hash.add(route.source);
  for (const contract::Hop& hop : route.hops) hash.add(hop.index).add(hop.gateway);
  for (const contract::MetricValue& metric : route.metrics) hash.add(metric.value);
  return hash.value();
}

// A number that differs between the routers of a link, and between links.
std::size_t placeOf(const contract::Route& route) {
  const std::uint32_t router =
      route.gateway.family() == 0 ? 0 : route.gateway.group(route.gateway.family() == 4 ? 0 : 3);
  return router + route.index.value_or(0) + route.table;
}

}  // namespace

bool sameAttributes(const contract::Route& a, const contract::Route& b) {
  return a.index == b.index && a.gateway == b.gateway && a.type == b.type && a.table == b.table &&
         a.protocol == b.protocol && a.scope == b.scope && a.family == b.family && a.flags == b.flags &&
         a.preferredSource == b.preferredSource && a.source == b.source && a.nexthopId == b.nexthopId &&
         a.preference == b.preference && a.encapsulation == b.encapsulation && isSameMoment(a.lifetime, b.lifetime) &&
         sameHops(a.hops, b.hops) && sameMetrics(a.metrics, b.metrics);
}

AttributesId AttributesPool::acquire(const contract::Route& attributes) {
  AttributesId& recent = recent_[placeOf(attributes) % kRecent];
  if (const SharedAttributes* known = rows_.at(recent); known != nullptr && sameAttributes(**known, attributes)) {
    ++users_[recent];
    return recent;
  }
  const std::uint64_t hash = hashOf(attributes);
  recent = index_.find(hash, [&](AttributesId id) { return sameAttributes(at(id), attributes); });
  if (recent != kNoPosition) {
    ++users_[recent];
    return recent;
  }
  recent = rows_.insert(std::make_shared<const contract::Route>(attributes));
  if (recent >= users_.size()) users_.resize(recent + std::size_t{1});
  users_[recent] = 1;
  index_.insert(hash, recent);
  return recent;
}

void AttributesPool::release(AttributesId id) {
  if (--users_[id] != 0) return;
  index_.erase(hashOf(at(id)), id);
  rows_.erase(id);
}

}  // namespace mif::table
