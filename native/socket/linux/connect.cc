// SPDX-License-Identifier: MIT
// Connecting, in two halves: whoever owns the descriptor waits in between, as it likes.

#include <sys/socket.h>

#include <cerrno>

#include "socket/bound-socket.h"
#include "socket/linux/device.h"
#include "socket/linux/socket-address.h"
#include "socket/linux/system-error.h"

namespace mif::socket {

using base::ErrorCode;

base::Result<ConnectStart> startConnect(int fd, const address::IpAddress& destination, std::uint16_t port,
                                        std::uint32_t scope) {
  const SocketAddress address = toSocketAddress({destination, port}, scope);
  if (connect(fd, address.get(), address.length) == 0) return ConnectStart::kConnected;
  // Interrupted, it goes on by itself: POSIX forbids to call it again.
  if (errno == EINPROGRESS || errno == EINTR) return ConnectStart::kInProgress;
  const std::string asked = "cannot connect to " + destination.text() + " port " + std::to_string(port);
  return systemError(ErrorCode::kConnectFailed, asked, "connect", errno);
}

base::Result<Established> finishConnect(int fd) {
  int pending = 0;
  socklen_t length = sizeof(pending);
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &pending, &length) != 0) pending = errno;
  if (pending != 0) return systemError(ErrorCode::kConnectFailed, "cannot connect", "connect", pending);

  SocketAddress local;
  if (getsockname(fd, local.get(), &local.length) != 0) {
    return systemError(ErrorCode::kConnectFailed, "cannot tell the local address", "getsockname", errno);
  }
  // Last, because it is what the caller relies on: a device that has gone meanwhile is an error (trap F5).
  const base::Result<std::uint32_t> device = deviceOf(fd);
  if (!device) return device.error();
  const Endpoint endpoint = toEndpoint(local);
  return Established{endpoint.address, endpoint.port, device.value()};
}

}  // namespace mif::socket
