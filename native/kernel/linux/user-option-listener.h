// SPDX-License-Identifier: MIT
// Options of router advertisements by routing netlink: RTM_NEWNDUSEROPT and RTM_NEWPREFIX.
#pragma once

#include <memory>
#include <vector>

#include "kernel/linux/netlink-socket.h"
#include "kernel/router-listener.h"

namespace mif::kernel {

class UserOptionListener final : public RouterListener {
 public:
  // Errors: kUnsupported, kKernel.
  static base::Result<std::unique_ptr<RouterListener>> open();

  int descriptor() const override { return socket_.fd(); }
  base::Result<base::Done> hear(std::vector<Heard>& news) override;
  const HearingCounters& counters() const override { return counters_; }
  base::Result<bool> solicit(std::uint32_t interfaceIndex) override;

 private:
  explicit UserOptionListener(NetlinkSocket socket);

  void read(const Datagram& datagram, std::vector<Heard>& news);

  NetlinkSocket socket_;
  DatagramReader reader_;
  HearingCounters counters_;
};

}  // namespace mif::kernel
