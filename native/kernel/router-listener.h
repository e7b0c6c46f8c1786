// SPDX-License-Identifier: MIT
// What routers say, as far as the kernel lets a process hear it, by a descriptor of its own. It belongs to the network
// namespace in which it was opened and may be read on any thread, one at a time. What was said is for others to read:
// here bytes are passed on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "address/ip-address.h"
#include "base/result.h"

namespace mif::kernel {

enum class RouterNews : std::uint8_t {
  // Options that the kernel passes on, for everybody, of advertisements that it took itself (trap G1).
  kUserOptions,
  // Whole advertisements, those that it refuses too, with CAP_NET_RAW.
  kAdvertisements,
};

struct Heard {
  // The ICMPv6 message, or one option of it.
  std::vector<std::byte> bytes;
  // Sender; absent where the kernel does not say.
  address::IpAddress router;
  std::uint32_t interfaceIndex = 0;
  // As it arrived. Of an option 255, which the kernel has made sure of (trap G7).
  std::uint8_t hopLimit = 0;
};

// Since it was opened.
struct HearingCounters {
  // Dropped because nobody read in time: messages, or at least so many times where the kernel counts none (trap A1).
  std::uint64_t lost = 0;
  // Not of the kernel (trap A11).
  std::uint64_t foreign = 0;
  // Cut, or not to be read.
  std::uint64_t malformed = 0;
};

class RouterListener {
 public:
  virtual ~RouterListener() = default;

  // To wait on until there is something to hear.
  virtual int descriptor() const = 0;

  // Appends some of what has come, nothing when nothing has; to be called until then, for a channel that has overrun
  // stays deaf until it is empty (trap A2). Errors: kKernel.
  virtual base::Result<base::Done> hear(std::vector<Heard>& news) = 0;

  virtual const HearingCounters& counters() const = 0;

  // Asks the routers of a link to advertise (RFC 4861 section 4.1). False when it cannot be sent at present: there is
  // no address yet, or no room. Errors: kUnsupported where whole advertisements are not heard; kKernel.
  virtual base::Result<bool> solicit(std::uint32_t interfaceIndex) = 0;
};

// In the network namespace of the calling thread. Errors: kPermission, kUnsupported, kKernel.
base::Result<std::unique_ptr<RouterListener>> openRouterListener(RouterNews news);

}  // namespace mif::kernel
