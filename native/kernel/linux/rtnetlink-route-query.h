// SPDX-License-Identifier: MIT
// RTM_GETROUTE (rtnetlink(7)), one question after the other.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "kernel/linux/netlink-socket.h"
#include "kernel/route-query.h"

namespace mif::kernel {

class RtnetlinkRouteQuery final : public RouteQuery {
 public:
  // In the network namespace of the calling thread.
  static base::Result<std::unique_ptr<RouteQuery>> open();

  base::Result<contract::RouteAnswer> ask(const contract::RouteQuestion& question) override;

 private:
  // Many times the longest answer, which has no lists.
  static constexpr std::size_t kAnswerSize = 8192;

  explicit RtnetlinkRouteQuery(NetlinkSocket socket) : socket_(std::move(socket)) {}

  // Waits for one datagram.
  base::Result<Datagram> receive();

  NetlinkSocket socket_;
  std::uint32_t sequence_ = 0;
  std::array<std::byte, kAnswerSize> answer_;
};

}  // namespace mif::kernel
