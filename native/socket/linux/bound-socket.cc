// SPDX-License-Identifier: MIT
#include "socket/bound-socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "socket/linux/device.h"
#include "socket/linux/set-options.h"
#include "socket/linux/socket-address.h"
#include "socket/linux/system-error.h"

// Linux 4.2; older headers lack it.
#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

// Linux 5.6.
#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

namespace mif::socket {

namespace {

using base::Done;
using base::Error;
using base::ErrorCode;
using base::Result;

constexpr int kOn = 1;

Result<base::UniqueFd> openSocket(const BindRequest& request) {
  const int domain = request.family == 4 ? AF_INET : AF_INET6;
  const int type = request.type == SocketType::kDatagram ? SOCK_DGRAM : SOCK_STREAM;
  const bool isMultipath = request.type == SocketType::kMultipathStream;
  base::UniqueFd fd(::socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, isMultipath ? IPPROTO_MPTCP : 0));
  if (fd.isOpen()) return fd;
  if (isMultipath && (errno == EPROTONOSUPPORT || errno == ENOPROTOOPT)) {
    return systemError(ErrorCode::kUnsupported, "cannot set option multipath", "socket", errno,
                       "this kernel has no MPTCP, or net.mptcp.enabled is 0");
  }
  return systemError(ErrorCode::kBindFailed, "cannot open a socket", "socket", errno);
}

std::string describe(const Endpoint& local) {
  return "cannot bind a socket to " + local.address.text() +
         (local.port == 0 ? std::string() : " port " + std::to_string(local.port));
}

Error bindError(const Endpoint& local, int number) {
  const std::string asked = describe(local);
  switch (number) {
    case EADDRNOTAVAIL:
      return systemError(ErrorCode::kNoAddress, asked, "bind", number,
                         "the host has no such address there, or it is not usable yet");
    case ENODEV:
      return systemError(ErrorCode::kInterfaceNotFound, asked, "bind", number, "its interface has gone");
    case EACCES:
      return systemError(ErrorCode::kPermission, asked, "bind", number,
                         "not permitted; CAP_NET_BIND_SERVICE is needed for low ports");
    default:
      return systemError(ErrorCode::kBindFailed, asked, "bind", number);
  }
}

Result<Done> bindSource(int fd, const BindRequest& request) {
  const bool isStream = request.type != SocketType::kDatagram;
  // A stream without source and port is bound by connect. A datagram socket is bound here, or it would say that its
  // port is 0 until it first sends (trap 5).
  if (isStream && !request.source.isPresent() && request.sourcePort == 0) return Done{};
  const Endpoint local{
      request.source.isPresent() ? request.source : address::IpAddress::unspecified(request.family),
      request.sourcePort,
  };
  if (local.address.family() != request.family) {
    return Error{ErrorCode::kInvalidArg, describe(local) + ": it is of the other family", "", 0, ""};
  }
  if (needsScope(local.address) && request.interfaceIndex == 0) {
    return Error{ErrorCode::kScopeRequired, describe(local) + ": a link-local address needs an interface", "", 0, ""};
  }
  // A port taken now, before the destination is known, can serve one connection; taken by connect it can serve one
  // to each destination. Only a saving, so a kernel without it is no error.
  if (isStream && request.sourcePort == 0) {
    (void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &kOn, sizeof(kOn));
  }
  const SocketAddress address = toSocketAddress(local, request.interfaceIndex);
  if (bind(fd, address.get(), address.length) != 0) return bindError(local, errno);
  // Any address and any port: nothing that could read back otherwise.
  if (!request.source.isPresent() && request.sourcePort == 0) return Done{};

  SocketAddress bound;
  if (getsockname(fd, bound.get(), &bound.length) != 0) {
    return systemError(ErrorCode::kBindFailed, describe(local), "getsockname", errno);
  }
  const Endpoint actual = toEndpoint(bound);
  if (actual.address == local.address && (local.port == 0 || actual.port == local.port)) return Done{};
  return systemError(ErrorCode::kBindFailed, describe(local), "getsockname", 0,
                     "it reads back as " + actual.address.text() + " port " + std::to_string(actual.port));
}

}  // namespace

// Every return before the last closes the socket.
Result<base::UniqueFd> createBoundSocket(const BindRequest& request) {
  Result<base::UniqueFd> opened = openSocket(request);
  if (!opened) return opened;
  const int fd = opened.value().get();
  const Result<Done> optioned = setOptions(fd, request);
  if (!optioned) return optioned.error();
  // The device before the address: a socket bound to an address first could receive through another device in between.
  if (request.interfaceIndex != 0) {
    const Result<Done> held = holdToDevice(fd, request.interfaceIndex, request.interfaceName);
    if (!held) return held.error();
  }
  const Result<Done> sourced = bindSource(fd, request);
  if (!sourced) return sourced.error();
  return opened;
}

}  // namespace mif::socket
