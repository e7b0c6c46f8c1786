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

// `explain(candidates, lostBy)` says by what each candidate lost.
template <typename Explain>
void traceSources(Trace* trace, std::span<const SourceCandidate> candidates, Explain&& explain) {
  if (trace == nullptr) return;
  std::vector<contract::SourceRule> lostBy(candidates.size());
  explain(candidates, std::span(lostBy));
  trace->sources.clear();
  for (std::size_t at = 0; at < candidates.size(); ++at) {
    trace->sources.push_back({candidates[at].interface, candidates[at].address, lostBy[at]});
  }
}

}  // namespace

IpAddress ipv4SourceOn(const Inventory& inventory, const Device& device, const IpAddress& router, AddressScope scope,
                       std::uint32_t& doubts, Trace* trace) {
  KernelRequest4 request;
  request.interface = device.index;
  request.router = router;
  request.scope = scope;
  request.routesLocalnet = device.routesLocalnet;
  traceSources(trace, inventory.ipv4(),
               [&](auto candidates, auto lostBy) { explainAsKernel4(candidates, request, lostBy); });
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

IpAddress ipv6SourceFor(const Inventory& inventory, const Flow& flow, const Device* device, std::uint32_t& doubts,
                        Trace* trace) {
  const std::uint32_t index = device == nullptr ? 0 : device->index;
  SourceRequest request = requestFor(flow.destination, index, inventory.labels());
  request.preferences = flow.preferences;
  const std::span<const SourceCandidate> all = inventory.ipv6();
  KernelTraits traits;
  traits.onlyOutgoing = device != nullptr && device->usesOwnSourcesOnly;
  traceSources(trace, all,
               [&](auto candidates, auto lostBy) { explainAsKernel6(candidates, request, traits, lostBy); });
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
