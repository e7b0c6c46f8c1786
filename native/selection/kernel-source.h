// SPDX-License-Identifier: MIT
// Which source Linux gives a packet of a socket that nobody has bound, when the route names none: what happens, where
// source-address.h is what should. Candidates are in the kernel's order, which a dump keeps, and belong to the outgoing
// interface's VRF: in one, the interface and then the VRF's device come first. From net/ipv6/addrconf.c and
// net/ipv4/devinet.c as of Linux 6.18 (SAS-10).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "address/ip-address.h"
#include "contract/contract.gen.h"
#include "selection/policy-table.h"
#include "selection/source-address.h"
#include "selection/source-candidate.h"

namespace mif::selection {

// What of a kernel's configuration matters.
struct KernelTraits {
  // CONFIG_IPV6_MIP6: whether home addresses are before others.
  bool hasMobility = true;
  // use_oif_addrs_only of the outgoing interface.
  bool onlyOutgoing = false;
};

// ipv6_dev_get_saddr(). Labels of candidates and of the request are those of the kernel's table.
std::optional<std::size_t> chooseAsKernel6(std::span<const SourceCandidate> candidates, const SourceRequest& request,
                                           const KernelTraits& traits);

// The same, and for each candidate the rule by which it lost to the one that is returned. `lostBy` is as long as
// `candidates`.
std::optional<std::size_t> explainAsKernel6(std::span<const SourceCandidate> candidates, const SourceRequest& request,
                                            const KernelTraits& traits, std::span<SourceRule> lostBy);

// What an IPv4 source is wanted for.
struct KernelRequest4 {
  std::uint32_t interface = 0;
  // The router, if it is an IPv4 one.
  address::IpAddress router;
  // Of the route that names the interface: a source must reach as far. Global for one by a router, link for one to a
  // subnet, host for one to this host.
  contract::AddressScope scope = contract::AddressScope::kGlobal;
  // route_localnet of the interface: addresses of this host alone are then as good as those of the link.
  bool routesLocalnet = false;
};

// inet_select_addr(). The interfaces of the candidates are in the kernel's order, loopback first.
std::optional<std::size_t> chooseAsKernel4(std::span<const SourceCandidate> candidates, const KernelRequest4& request);
std::optional<std::size_t> explainAsKernel4(std::span<const SourceCandidate> candidates, const KernelRequest4& request,
                                            std::span<SourceRule> lostBy);

}  // namespace mif::selection
