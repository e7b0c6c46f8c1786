// SPDX-License-Identifier: MIT
// What selection needs of interfaces, addresses and rules, in the order in which the kernel goes through them. Made
// from the tables again when one of these has changed; routes, which change most, are asked where they are.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "address/ip-address.h"
#include "contract/contract.gen.h"
#include "selection/policy-table.h"
#include "selection/source-candidate.h"
#include "table/tables.h"

namespace mif::selection {

// A part of a list.
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

struct Device {
  std::uint32_t index = 0;
  std::string name;
  // contract::InterfaceFlag.
  std::uint32_t flags = 0;
  std::uint32_t mtu = 0;
  std::uint32_t group = 0;
  // It is a VRF, or belongs to one.
  bool isOfVrf = false;
  // Its settings, as far as they are known; else the kernel's defaults.
  bool routesLocalnet = false;
  bool forwardsIpv6 = false;
  bool usesOwnSourcesOnly = false;
  bool usesOptimistic = false;
  bool prefersTemporary = false;
  Range ipv4;
  Range ipv6;

  bool isUp() const { return (flags & contract::InterfaceFlag::kUp) != 0; }
  bool isLoopback() const { return (flags & contract::InterfaceFlag::kLoopback) != 0; }
};

class Inventory {
 public:
  explicit Inventory(const table::Tables& tables);

  // The interface with this index, or null.
  const Device* device(std::uint32_t index) const;
  // All, by index; the loopback interface is the first.
  std::span<const Device> devices() const { return devices_; }
  // Of one interface.
  std::span<const SourceCandidate> ipv4(const Device& device) const { return part(ipv4_, device.ipv4); }
  std::span<const SourceCandidate> ipv6(const Device& device) const { return part(ipv6_, device.ipv6); }
  // Of all interfaces, one after the other.
  std::span<const SourceCandidate> ipv4() const { return ipv4_; }
  std::span<const SourceCandidate> ipv6() const { return ipv6_; }
  // The interface that has this address, or null; the first of several.
  const Device* ownerOf(const address::IpAddress& address) const;
  bool hasSeveralOwners(const address::IpAddress& address) const;
  // Whether the host is a router, as far as its interfaces tell: the setting for all of them sets each.
  bool forwardsIpv6() const;
  // Whether any address is a home address (RFC 6275).
  bool hasHomeAddress() const { return hasHomeAddress_; }
  // The kernel's, by which the labels of the addresses are.
  const PolicyTable& labels() const { return labels_; }

  // By priority, and as they came among equals.
  std::span<const contract::Rule> rules(std::uint8_t family) const { return family == 4 ? rules4_ : rules6_; }
  // Whether any rule asks whose the traffic is, so that Flow::uid matters.
  bool looksAtUser() const { return looksAtUser_; }
  // Whether the IPv4 rules are those that every namespace begins with.
  bool hasOnlyFirstRules4() const { return hasOnlyFirstRules4_; }

 private:
  static std::span<const SourceCandidate> part(const std::vector<SourceCandidate>& list, Range range) {
    return std::span(list).subspan(range.begin, range.end - range.begin);
  }

  void addDevices(const table::Tables& tables);
  void addAddresses(const table::Tables& tables);
  void addRules(const table::Tables& tables);

  std::vector<Device> devices_;
  std::vector<SourceCandidate> ipv4_;
  std::vector<SourceCandidate> ipv6_;
  std::vector<contract::Rule> rules4_;
  std::vector<contract::Rule> rules6_;
  PolicyTable labels_;
  bool hasHomeAddress_ = false;
  bool looksAtUser_ = false;
  bool hasOnlyFirstRules4_ = false;
};

}  // namespace mif::selection
