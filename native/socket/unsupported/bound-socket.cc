// SPDX-License-Identifier: MIT
// For operating systems nobody has written this room for: builds everywhere, refuses by name.

#include "socket/bound-socket.h"

namespace mif::socket {

namespace {

base::Error refusal() {
  base::Error error;
  error.code = base::ErrorCode::kBindUnsupported;
  error.message = "cannot hold a socket to an interface: not implemented on this operating system";
  return error;
}

}  // namespace

base::Result<base::UniqueFd> createBoundSocket(const BindRequest&) {
  return refusal();
}

base::Result<std::uint32_t> deviceOf(int) {
  return refusal();
}

}  // namespace mif::socket
