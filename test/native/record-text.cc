// SPDX-License-Identifier: MIT
#include "record-text.h"

#include <array>
#include <optional>
#include <type_traits>

namespace mif::test {

namespace {

using contract::Change;
using contract::RecordKind;

std::string hexOf(std::span<const std::uint8_t> bytes) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (!text.empty()) text += ':';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xf];
  }
  return text;
}

std::string prefixText(const address::Prefix& prefix) {
  return prefix.address.text() + '/' + std::to_string(prefix.length);
}

// Collects " name value" pairs.
class Line {
 public:
  explicit Line(base::Deadline now) : now_(now) {}

  template <typename T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  Line& operator()(const char* name, T value) {
    if constexpr (std::is_same_v<T, bool>) {
      if (value) text_ += std::string(" ") + name;
    } else {
      const auto number = static_cast<std::int64_t>(value);
      if (number != 0) add(name, std::to_string(number));
    }
    return *this;
  }
  template <typename T>
  Line& operator()(const char* name, const std::optional<T>& value) {
    if (value) add(name, std::to_string(static_cast<std::int64_t>(*value)));
    return *this;
  }
  Line& operator()(const char* name, const std::string& value) {
    if (!value.empty()) add(name, value);
    return *this;
  }
  Line& operator()(const char* name, const address::IpAddress& value) { return (*this)(name, value.text()); }
  Line& operator()(const char* name, const address::LinkAddress& value) { return (*this)(name, hexOf(value.bytes())); }
  Line& operator()(const char* name, const address::Prefix& value) {
    if (value.isPresent()) add(name, prefixText(value));
    return *this;
  }
  Line& lifetime(const char* name, base::Deadline deadline) {
    if (deadline != base::kForever) add(name, std::to_string(deadline - now_));
    return *this;
  }
  void add(const char* name, const std::string& value) { text_ += std::string(" ") + name + ' ' + value; }

  // Without the leading blank.
  std::string text() const { return text_.empty() ? text_ : text_.substr(1); }

 private:
  base::Deadline now_;
  std::string text_;
};

// Only what is said and not 0, as it is on a fresh interface but for advertisements.
void describe(const contract::InterfaceSettings& settings, Line& line) {
  const auto say = [&line](const char* name, const auto& value) {
    if (value) line(name, static_cast<std::int64_t>(*value));
  };
  if (const auto& ipv4 = settings.ipv4) {
    say("forwards-4", ipv4->forwards);
    say("rp-filter", ipv4->reversePathFilter);
    say("localnet", ipv4->routesLocalnet);
    say("ignores-linkdown-4", ipv4->ignoresRoutesWithLinkdown);
  }
  if (const auto& ipv6 = settings.ipv6) {
    say("disabled-6", ipv6->isDisabled);
    say("forwards-6", ipv6->forwards);
    say("ra", ipv6->acceptsAdvertisements);
    say("ra-route", ipv6->longestAdvertisedRoute);
    say("temporary", ipv6->temporaryAddresses);
    say("optimistic-dad", ipv6->detectsOptimistically);
    say("use-optimistic", ipv6->usesOptimistic);
    say("own-only", ipv6->usesOwnAddressesOnly);
    say("ignores-linkdown-6", ipv6->ignoresRoutesWithLinkdown);
  }
}

void describe(const contract::Interface& link, Line& line) {
  line("link", link.index)("name", link.name)("kind", link.kind)("type", link.hardwareType)("mac", link.mac);
  line("broadcast", link.broadcast)("mtu", link.mtu)("flags", link.flags)("state", link.operState);
  line("parent", link.parentIndex)("parent-namespace", link.parentNamespace)("master", link.masterIndex);
  line("group", link.group)("queue", link.transmitQueueLength);
  for (const std::string& name : link.altNames) line("alt", name);
  if (link.settings) describe(*link.settings, line);
}

void describe(const contract::Address& address, Line& line) {
  line.add("address", prefixText(address::Prefix{address.address, address.prefixLength}));
  line("dev", address.index)("peer", address.peer)("broadcast", address.broadcast)("label", address.label);
  line("scope", address.scope)("flags", address.flags)("origin", address.origin)("metric", address.metric);
  line.lifetime("preferred", address.preferredLifetime).lifetime("valid", address.validLifetime);
}

void describe(const contract::Nexthop& nexthop, Line& line) {
  line("nexthop", nexthop.id)("family", nexthop.family)("dev", nexthop.index)("via", nexthop.gateway);
  line("blackhole", nexthop.isBlackhole)("fdb", nexthop.isFdb)("group-type", nexthop.groupType);
  line("proto", nexthop.protocol)("scope", nexthop.scope)("flags", nexthop.flags);
  for (const auto& member : nexthop.group) {
    line.add("member", std::to_string(member.id) + '*' + std::to_string(member.weight));
  }
}

void describe(const contract::Route& route, Line& line) {
  line.add("route", prefixText(route.destination));
  line("from", route.source)("via", route.gateway)("dev", route.index)("type", route.type)("table", route.table);
  line("proto", route.protocol)("scope", route.scope)("metric", route.metric)("tos", route.tos);
  line("src", route.preferredSource)("nhid", route.nexthopId)("flags", route.flags)("pref", route.preference);
  line.lifetime("expires", route.lifetime)("encap", route.encapsulation);
  for (const auto& value : route.metrics) {
    line.add("rtax", std::to_string(static_cast<std::uint32_t>(value.metric)) + '=' + std::to_string(value.value));
  }
  for (const auto& hop : route.hops) {
    line("hop", hop.index)("via", hop.gateway)("weight", hop.weight)("flags", hop.flags);
  }
}

void describe(const contract::Rule& rule, Line& line) {
  line("rule", rule.family);
  line.add("priority", std::to_string(rule.priority));
  line("action", rule.action)("table", rule.table)("from", rule.source)("to", rule.destination);
  line("iif", rule.inputInterface)("oif", rule.outputInterface)("mark", rule.mark)("mask", rule.markMask);
  line("tos", rule.tos)("dscp", rule.dscp)("ipproto", rule.ipProtocol);
  line("sport", rule.sourcePortFirst)("-", rule.sourcePortLast);
  line("dport", rule.destinationPortFirst)("-", rule.destinationPortLast)("uid", rule.uidFirst)("-", rule.uidLast);
  line("goto", rule.gotoPriority)("suppress", rule.suppressPrefixLength)("suppress-group", rule.suppressGroup);
  line("tunnel", rule.tunnelId)("l3mdev", rule.isL3mdev)("proto", rule.protocol)("flags", rule.flags);
  line("unknown", rule.unknownAttributes);
}

void describe(const contract::Neighbour& neighbour, Line& line) {
  line("neighbour", neighbour.address)("dev", neighbour.index)("mac", neighbour.mac)("state", neighbour.state);
  line("flags", neighbour.flags)("proto", neighbour.protocol);
}

constexpr std::array<const char*, 5> kPlacements = {"", " (add)", " (append)", " (prepend)", " (replace)"};

}  // namespace

std::string textOf(const Change& change, base::Deadline now) {
  Line line(now);
  switch (change.kind) {
    case RecordKind::kInterface:
      describe(change.interface, line);
      break;
    case RecordKind::kAddress:
      describe(change.address, line);
      break;
    case RecordKind::kNexthop:
      describe(change.nexthop, line);
      break;
    case RecordKind::kRoute:
      describe(change.route, line);
      break;
    case RecordKind::kRule:
      describe(change.rule, line);
      break;
    case RecordKind::kNeighbour:
      describe(change.neighbour, line);
      break;
  }
  std::string text = change.verb == contract::Verb::kPut ? "put " : "remove ";
  if (change.isPartial) text = "partial ";
  return text + line.text() + kPlacements[static_cast<std::size_t>(change.placement)];
}

}  // namespace mif::test
