// SPDX-License-Identifier: MIT
// Whole router advertisements by a raw ICMPv6 socket (raw(7), RFC 3542). The kernel has verified the checksum, and
// nothing else: it passes on what it refuses itself (trap G7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/unique-fd.h"
#include "kernel/router-listener.h"

namespace mif::kernel {

class AdvertisementListener final : public RouterListener {
 public:
  // Errors: kPermission without CAP_NET_RAW, kUnsupported without IPv6, kKernel.
  static base::Result<std::unique_ptr<RouterListener>> open();

  int descriptor() const override { return fd_.get(); }
  base::Result<base::Done> hear(std::vector<Heard>& news) override;
  const HearingCounters& counters() const override { return counters_; }
  base::Result<bool> solicit(std::uint32_t interfaceIndex) override;

 private:
  // As many as one turn of an event loop should take, and more than any link carries in one packet. What is longer was
  // fragmented, which RFC 6980 forbids.
  static constexpr std::size_t kSlots = 16;
  static constexpr std::size_t kSlotSize = 16384;

  explicit AdvertisementListener(base::UniqueFd fd);

  // The kernel's own count of what it dropped, which wraps.
  void countLost(std::uint32_t dropped);

  base::UniqueFd fd_;
  std::unique_ptr<std::byte[]> storage_;
  HearingCounters counters_;
  std::uint32_t dropped_ = 0;
};

}  // namespace mif::kernel
