// SPDX-License-Identifier: MIT
#include "socket/linux/device.h"

#include <net/if.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "socket/bound-socket.h"
#include "socket/linux/system-error.h"

// Linux 5.0; older headers lack it.
#ifndef SO_BINDTOIFINDEX
#define SO_BINDTOIFINDEX 62
#endif

namespace mif::socket {

namespace {

using base::ErrorCode;

std::string describe(std::uint32_t index, const std::string& name) {
  const std::string number = "index " + std::to_string(index);
  return name.empty() ? "the interface with " + number : "interface \"" + name + "\" (" + number + ")";
}

base::Error refusal(const std::string& asked, const char* operation, int number) {
  switch (number) {
    case EPERM:
      return systemError(ErrorCode::kPermission, asked, operation, number,
                         "not permitted; this kernel wants CAP_NET_RAW for it (Linux 5.7 and newer do not)");
    case ENODEV:
      return systemError(ErrorCode::kInterfaceNotFound, asked, operation, number, "there is no such interface");
    case ENOPROTOOPT:
      return systemError(ErrorCode::kBindUnsupported, asked, operation, number,
                         "this kernel cannot hold a socket to an interface");
    default:
      return systemError(ErrorCode::kBindFailed, asked, operation, number);
  }
}

// By name, as kernels before 5.0 want it. The name is asked now: the caller's may be an old one (trap B7).
int holdByName(int fd, std::uint32_t index) {
  std::array<char, IF_NAMESIZE> name{};
  if (if_indextoname(index, name.data()) == nullptr) {
    errno = ENODEV;
    return -1;
  }
  return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name.data(), static_cast<socklen_t>(name.size()));
}

}  // namespace

base::Result<base::Done> holdToDevice(int fd, std::uint32_t index, const std::string& interfaceName) {
  // Words are for failures only: this is done for every connection.
  const auto refuse = [&](const char* operation) {
    const int number = errno;
    return refusal("cannot hold a socket to " + describe(index, interfaceName), operation, number);
  };
  const int value = static_cast<int>(index);
  if (setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &value, sizeof(value)) == 0) {
    // The kernel takes any index, also of a device that is not there; only asking for its name tells.
    std::array<char, IF_NAMESIZE> name{};
    socklen_t length = name.size();
    if (getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name.data(), &length) != 0) return refuse("SO_BINDTOIFINDEX");
    if (length != 0 && name.front() != '\0') return base::Done{};
    errno = 0;
    return refuse("SO_BINDTOIFINDEX");
  }
  if (errno != ENOPROTOOPT) return refuse("SO_BINDTOIFINDEX");
  if (holdByName(fd, index) != 0) return refuse("SO_BINDTODEVICE");
  // The name may have been given to another device meanwhile.
  const base::Result<std::uint32_t> held = deviceOf(fd);
  if (!held) return held.error();
  if (held.value() == index) return base::Done{};
  errno = 0;
  return refuse("SO_BINDTODEVICE");
}

base::Result<std::uint32_t> deviceOf(int fd) {
  int index = 0;
  socklen_t length = sizeof(index);
  if (getsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &index, &length) == 0) return static_cast<std::uint32_t>(index);
  const std::string asked = "cannot tell which interface a socket is held to";
  if (errno != ENOPROTOOPT) return systemError(ErrorCode::kBindFailed, asked, "SO_BINDTOIFINDEX", errno);
  std::array<char, IF_NAMESIZE> name{};
  length = name.size();
  if (getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name.data(), &length) != 0) {
    return systemError(ErrorCode::kBindFailed, asked, "SO_BINDTODEVICE", errno);
  }
  if (length == 0 || name.front() == '\0') return 0u;
  if (const unsigned named = if_nametoindex(name.data()); named != 0) return named;
  return systemError(ErrorCode::kInterfaceNotFound, asked, "if_nametoindex", ENODEV, "the interface has gone");
}

}  // namespace mif::socket
