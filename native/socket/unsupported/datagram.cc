// SPDX-License-Identifier: MIT
// For operating systems nobody has written this room for: builds everywhere, refuses by name.

#include "socket/datagram.h"

namespace mif::socket {

namespace {

base::Error refusal() {
  base::Error error;
  error.code = base::ErrorCode::kUnsupported;
  error.message = "cannot tell where datagrams arrive: not implemented on this operating system";
  return error;
}

}  // namespace

base::Result<base::Done> tellArrivals(int, std::uint8_t) {
  return refusal();
}

base::Result<base::Done> receive(int, ReceiveBuffer&, std::size_t, std::vector<Arrival>&) {
  return refusal();
}

base::Result<bool> send(int, const Departure&, std::uint32_t, std::span<const std::byte>) {
  return refusal();
}

base::Result<base::Done> connect(int, const address::IpAddress&, std::uint16_t, std::uint32_t) {
  return refusal();
}

base::Result<base::Done> disconnect(int, const BindRequest&) {
  return refusal();
}

base::Result<base::Done> join(int, const address::IpAddress&, std::uint32_t) {
  return refusal();
}

base::Result<base::Done> leave(int, const address::IpAddress&, std::uint32_t) {
  return refusal();
}

base::Result<LocalName> localName(int) {
  return refusal();
}

}  // namespace mif::socket
