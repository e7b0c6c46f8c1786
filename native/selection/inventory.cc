// SPDX-License-Identifier: MIT
#include "selection/inventory.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "address/scope.h"

namespace mif::selection {

namespace {

using contract::Address;
using contract::Rule;
using table::Position;

// The rules that every namespace begins with: priority and table.
constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 3> kFirstRules4 = {
    {{0, 255}, {32766, 254}, {32767, 253}}};

bool isPlain(const Rule& rule) {
  Rule plain;
  plain.family = rule.family;
  plain.priority = rule.priority;
  plain.table = rule.table;
  plain.action = contract::RuleAction::kToTable;
  plain.protocol = rule.protocol;
  plain.flags = rule.flags;
  return contract::sameContent(plain, rule) && (rule.flags & contract::RuleFlag::kInvert) == 0;
}

bool areFirst(const std::vector<Rule>& rules) {
  const auto isIt = [](const Rule& rule, const auto& expected) {
    return rule.priority == expected.first && rule.table == expected.second && isPlain(rule);
  };
  return std::equal(rules.begin(), rules.end(), kFirstRules4.begin(), kFirstRules4.end(), isIt);
}

// Bigger first: the kernel keeps the addresses of an interface by scope. Of IPv4 the secondary ones come last
// (__inet_insert_ifa, ipv6_link_dev_addr).
int reachOf(const Address& address) {
  if (address.family == 6) return static_cast<int>(address::scopeOf(address.address));
  const bool isSecondary = (address.flags & contract::AddressFlag::kSecondary) != 0;
  return isSecondary ? -1 : static_cast<int>(address.scope);
}

// RFC 8981 section 3.8 leaves the default to the system; of Linux it is not to make them, and 2 is to prefer them.
constexpr std::int32_t kPreferred = 2;

void readSettings(const contract::Interface& interface, Device& device) {
  if (!interface.settings) return;
  const auto& [ipv4, ipv6] = *interface.settings;
  if (ipv4) device.routesLocalnet = ipv4->routesLocalnet.value_or(false);
  if (!ipv6) return;
  device.forwardsIpv6 = ipv6->forwards.value_or(false);
  device.usesOwnSourcesOnly = ipv6->usesOwnAddressesOnly.value_or(false);
  device.usesOptimistic = ipv6->usesOptimistic.value_or(false);
  device.prefersTemporary = ipv6->temporaryAddresses.value_or(0) >= kPreferred;
}

PolicyTable labelsOf(const table::Tables& tables) {
  if (!tables.labels()) return PolicyTable::kernelLabels();
  PolicyTable labels;
  for (const contract::AddressLabel& label : *tables.labels()) {
    labels.put({label.prefix, 0, label.label, label.index});
  }
  return labels;
}

struct Ordered {
  const Address* address;
  std::int64_t order;
};

}  // namespace

Inventory::Inventory(const table::Tables& tables) : labels_(labelsOf(tables)) {
  addDevices(tables);
  addAddresses(tables);
  addRules(tables);
}

const Device* Inventory::device(std::uint32_t index) const {
  const auto found = std::lower_bound(devices_.begin(), devices_.end(), index,
                                      [](const Device& device, std::uint32_t wanted) { return device.index < wanted; });
  return found != devices_.end() && found->index == index ? &*found : nullptr;
}

bool Inventory::forwardsIpv6() const {
  return !devices_.empty() &&
         std::all_of(devices_.begin(), devices_.end(), [](const Device& device) { return device.forwardsIpv6; });
}

const Device* Inventory::ownerOf(const address::IpAddress& address) const {
  for (const SourceCandidate& candidate : address.family() == 4 ? ipv4_ : ipv6_) {
    if (candidate.address == address) return device(candidate.interface);
  }
  return nullptr;
}

bool Inventory::hasSeveralOwners(const address::IpAddress& address) const {
  const Device* first = ownerOf(address);
  const std::vector<SourceCandidate>& all = address.family() == 4 ? ipv4_ : ipv6_;
  return first != nullptr && std::any_of(all.begin(), all.end(), [&](const SourceCandidate& candidate) {
           return candidate.address == address && candidate.interface != first->index;
         });
}

void Inventory::addDevices(const table::Tables& tables) {
  const table::InterfaceRows& rows = tables.interfaces().rows();
  devices_.reserve(rows.size());
  std::vector<std::uint32_t> vrfs;
  rows.forEach([&](Position, const contract::Interface& interface) {
    Device device;
    device.index = interface.index;
    device.name = interface.name;
    device.flags = interface.flags;
    device.mtu = interface.mtu;
    device.group = interface.group;
    device.isOfVrf = interface.kind == "vrf";
    readSettings(interface, device);
    if (device.isOfVrf) vrfs.push_back(interface.index);
    devices_.push_back(std::move(device));
    return true;
  });
  std::sort(devices_.begin(), devices_.end(), [](const Device& a, const Device& b) { return a.index < b.index; });
  if (vrfs.empty()) return;
  for (Device& device : devices_) {
    const contract::Interface* interface = tables.interfaces().find(device.index);
    if (interface == nullptr || !interface->masterIndex) continue;
    device.isOfVrf = device.isOfVrf || std::find(vrfs.begin(), vrfs.end(), *interface->masterIndex) != vrfs.end();
  }
}

void Inventory::addAddresses(const table::Tables& tables) {
  std::vector<Ordered> all;
  tables.addresses().rows().forEach([&](Position position, const table::AddressRow& row) {
    all.push_back({&row.record, tables.addresses().orderAt(position)});
    return true;
  });
  std::sort(all.begin(), all.end(), [](const Ordered& a, const Ordered& b) {
    return std::tuple(a.address->index, -reachOf(*a.address), a.order) <
           std::tuple(b.address->index, -reachOf(*b.address), b.order);
  });
  for (const Ordered& ordered : all) {
    const auto at = std::lower_bound(devices_.begin(), devices_.end(), ordered.address->index,
                                     [](const Device& device, std::uint32_t index) { return device.index < index; });
    if (at == devices_.end() || at->index != ordered.address->index) continue;
    std::vector<SourceCandidate>& list = ordered.address->family == 4 ? ipv4_ : ipv6_;
    Range& range = ordered.address->family == 4 ? at->ipv4 : at->ipv6;
    const auto end = static_cast<std::uint32_t>(list.size());
    if (range.end == 0) range = {end, end};
    list.push_back(candidateOf(*ordered.address, labels_));
    list.back().prefersTemporary = at->prefersTemporary;
    list.back().usesOptimistic = at->usesOptimistic;
    hasHomeAddress_ = hasHomeAddress_ || list.back().has(contract::AddressFlag::kHomeAddress);
    range.end = end + 1;
  }
}

void Inventory::addRules(const table::Tables& tables) {
  std::vector<std::pair<const Rule*, std::int64_t>> all;
  tables.rules().rows().forEach([&](Position position, const Rule& rule) {
    all.emplace_back(&rule, tables.rules().orderAt(position));
    return true;
  });
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.first->priority, a.second) < std::tuple(b.first->priority, b.second);
  });
  for (const auto& [rule, order] : all) {
    (rule->family == 4 ? rules4_ : rules6_).push_back(*rule);
    looksAtUser_ = looksAtUser_ || rule->uidFirst.has_value();
  }
  hasOnlyFirstRules4_ = areFirst(rules4_);
}

}  // namespace mif::selection
