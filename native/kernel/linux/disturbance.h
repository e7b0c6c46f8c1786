// SPDX-License-Identifier: MIT
// Whether a dump may have lost or repeated entries because something changed while it was made. Mostly the kernel does
// not say so (trap A6); it follows from how it goes on at the seam of two datagrams.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "address/ip-address.h"
#include "base/cursor.h"
#include "contract/change.h"

namespace mif::kernel {

class Disturbance {
 public:
  // A dump of a kind begins, of one family, 4 or 6, where the kind has families.
  void begin(contract::RecordKind kind, std::uint8_t family);

  // The dump lists a record.
  void listed(const contract::Change& change);
  // A datagram that listed something ends.
  void datagramEnded();
  // A notification came while it was made.
  void announced(base::Bytes datagram);

  // At its end.
  bool isDisturbed();

 private:
  contract::RecordKind kind_ = contract::RecordKind::kInterface;
  std::uint8_t family_ = 0;
  std::size_t datagrams_ = 0;
  // Something of what is dumped was announced.
  bool isTouched_ = false;
  // IPv4 routes: the destinations at which a datagram ended, the last one listed, and those that were announced.
  std::vector<address::IpAddress> seams_;
  address::IpAddress last_;
  std::vector<address::IpAddress> touched_;
  // Kept for the capacity of its parts.
  contract::Change change_;
};

}  // namespace mif::kernel
