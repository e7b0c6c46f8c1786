// SPDX-License-Identifier: MIT
#include "selection/unbound-source.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <vector>

#include "selection/kernel-source.h"

namespace mif::selection {

namespace {

using address::IpAddress;
using contract::AddressScope;

constexpr std::uint32_t kLoopbackIndex = 1;

// Whether an address of another interface is as good as this one. Then the older interface wins, and which that is, is
// not announced.
bool hasEqualElsewhere(std::span<const SourceCandidate> candidates, const SourceCandidate& chosen,
                       const SourceRequest& request, const KernelTraits& traits) {
  return std::any_of(candidates.begin(), candidates.end(), [&](const SourceCandidate& other) {
    if (other.interface == chosen.interface) return false;
    const std::array pair = {other, chosen};
    return chooseAsKernel6(pair, request, traits) == 0;
  });
}

}  // namespace

IpAddress ipv4SourceOn(const Inventory& inventory, const Device& device, const IpAddress& router, AddressScope scope,
                       std::uint32_t& doubts) {
  KernelRequest4 request;
  request.interface = device.index;
  request.router = router;
  request.scope = scope;
  request.routesLocalnet = device.routesLocalnet;
  const std::span<const SourceCandidate> own = inventory.ipv4(device);
  if (const auto chosen = chooseAsKernel4(own, request); chosen && !own.empty()) return own[*chosen].address;
  const std::span<const SourceCandidate> all = inventory.ipv4();
  const auto chosen = chooseAsKernel4(all, request);
  if (!chosen) return {};
  // The loopback interface is always the first; of the others only the kernel knows the order.
  const std::uint32_t owner = all[*chosen].interface;
  std::vector<SourceCandidate> others;
  std::copy_if(all.begin(), all.end(), std::back_inserter(others),
               [owner](const SourceCandidate& candidate) { return candidate.interface != owner; });
  if (owner != kLoopbackIndex && chooseAsKernel4(others, request)) doubts |= contract::SelectionDoubt::kForeignSource;
  return all[*chosen].address;
}

IpAddress ipv6SourceFor(const Inventory& inventory, const Flow& flow, const Device* device, std::uint32_t& doubts) {
  const std::uint32_t index = device == nullptr ? 0 : device->index;
  SourceRequest request = requestFor(flow.destination, index, inventory.labels());
  request.preferences = flow.preferences;
  const std::span<const SourceCandidate> all = inventory.ipv6();
  KernelTraits traits;
  traits.onlyOutgoing = device != nullptr && device->usesOwnSourcesOnly;
  const auto chosen = chooseAsKernel6(all, request, traits);
  if (!chosen) return {};
  const auto doubtEquals = [&] {
    if (all[*chosen].interface == index || !hasEqualElsewhere(all, all[*chosen], request, traits)) return;
    doubts |= contract::SelectionDoubt::kForeignSource;
  };
  doubtEquals();
  if (inventory.hasHomeAddress()) {
    traits.hasMobility = false;
    if (chooseAsKernel6(all, request, traits) != chosen) doubts |= contract::SelectionDoubt::kHomeAddress;
    doubtEquals();
  }
  return all[*chosen].address;
}

}  // namespace mif::selection
