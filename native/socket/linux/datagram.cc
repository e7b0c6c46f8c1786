// SPDX-License-Identifier: MIT
#include "socket/datagram.h"

#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "socket/linux/device.h"
#include "socket/linux/socket-address.h"
#include "socket/linux/system-error.h"

// Linux 4.20; older headers lack it.
#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL 29
#endif

namespace mif::socket {

namespace {

using base::Done;
using base::ErrorCode;
using base::Result;

constexpr int kOn = 1;
constexpr int kOff = 0;

// What a datagram brings along: the larger of the two records, with room for what others may switch on.
struct Control {
  alignas(cmsghdr) std::array<char, 128> bytes{};
};

template <typename Info>
Info infoOf(const cmsghdr& header) {
  Info info;
  std::memcpy(&info, CMSG_DATA(&header), sizeof(info));
  return info;
}

void readControl(msghdr& message, Arrival& arrival) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
      const auto info = infoOf<in_pktinfo>(*header);
      arrival.destination = address::IpAddress::fromBytes(std::as_bytes(std::span(&info.ipi_addr, 1)));
      arrival.interfaceIndex = static_cast<std::uint32_t>(info.ipi_ifindex);
    } else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
      const auto info = infoOf<in6_pktinfo>(*header);
      arrival.destination = address::IpAddress::fromBytes(std::as_bytes(std::span(&info.ipi6_addr, 1)));
      arrival.interfaceIndex = info.ipi6_ifindex;
    }
  }
}

// Writes the one control message of a departure; the length of it.
template <typename Info>
std::size_t writeControl(Control& control, int level, int type, const Info& info) {
  msghdr message{};
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = level;
  header->cmsg_type = type;
  header->cmsg_len = CMSG_LEN(sizeof(info));
  std::memcpy(CMSG_DATA(header), &info, sizeof(info));
  return CMSG_SPACE(sizeof(info));
}

std::size_t writeOrigin(Control& control, const Departure& departure, std::uint8_t family) {
  if (!departure.source.isPresent() && departure.interfaceIndex == 0) return 0;
  const auto bytes = departure.source.bytes();
  if (family == 4) {
    in_pktinfo info{};
    info.ipi_ifindex = static_cast<int>(departure.interfaceIndex);
    std::memcpy(&info.ipi_spec_dst, bytes.data(), bytes.size());
    return writeControl(control, IPPROTO_IP, IP_PKTINFO, info);
  }
  in6_pktinfo info{};
  info.ipi6_ifindex = departure.interfaceIndex;
  std::memcpy(&info.ipi6_addr, bytes.data(), bytes.size());
  return writeControl(control, IPPROTO_IPV6, IPV6_PKTINFO, info);
}

Result<Done> switchOption(int fd, int level, int name, const char* operation, int value) {
  int held = -1;
  socklen_t length = sizeof(held);
  if (setsockopt(fd, level, name, &value, sizeof(value)) == 0 && getsockopt(fd, level, name, &held, &length) == 0 &&
      held == value) {
    return Done{};
  }
  const ErrorCode code = errno == ENOPROTOOPT ? ErrorCode::kUnsupported : ErrorCode::kBindFailed;
  return systemError(code, "cannot have the kernel tell where datagrams arrive", operation, errno);
}

Result<Done> changeMembership(int fd, const address::IpAddress& group, std::uint32_t index, int name,
                              const char* operation) {
  group_req request{};
  request.gr_interface = index;
  const SocketAddress address = toSocketAddress({group, 0}, 0);
  std::memcpy(&request.gr_group, address.get(), address.length);
  if (setsockopt(fd, group.family() == 4 ? IPPROTO_IP : IPPROTO_IPV6, name, &request, sizeof(request)) == 0)
    return Done{};
  const std::string asked =
      "cannot join or leave group " + group.text() + " on the interface with index " + std::to_string(index);
  switch (errno) {
    case ENODEV:
      return systemError(ErrorCode::kInterfaceNotFound, asked, operation, ENODEV, "there is no such interface");
    case EINVAL:
      return systemError(ErrorCode::kInvalidArg, asked, operation, EINVAL, "it is not a group");
    default:
      return systemError(ErrorCode::kKernel, asked, operation, errno);
  }
}

// Nothing is received while it lives: what is in the queue stays there, what comes is dropped.
class Deafness {
 public:
  explicit Deafness(int fd) : fd_(fd) {
    sock_filter dropAll = {BPF_RET | BPF_K, 0, 0, 0};
    const sock_fprog program = {1, &dropAll};
    isSet_ = setsockopt(fd_, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0;
  }
  ~Deafness() {
    if (isSet_) (void)setsockopt(fd_, SOL_SOCKET, SO_DETACH_FILTER, &kOn, sizeof(kOn));
  }
  Deafness(const Deafness&) = delete;
  Deafness& operator=(const Deafness&) = delete;

  bool isSet() const { return isSet_; }

 private:
  int fd_;
  bool isSet_ = false;
};

}  // namespace

Result<Done> tellArrivals(int fd, std::uint8_t family) {
  const bool isIpv4 = family == 4;
  const int level = isIpv4 ? IPPROTO_IP : IPPROTO_IPV6;
  const Result<Done> told = isIpv4 ? switchOption(fd, level, IP_PKTINFO, "IP_PKTINFO", kOn)
                                   : switchOption(fd, level, IPV6_RECVPKTINFO, "IPV6_RECVPKTINFO", kOn);
  if (!told) return told;
  return isIpv4 ? switchOption(fd, level, IP_MULTICAST_ALL, "IP_MULTICAST_ALL", kOff)
                : switchOption(fd, level, IPV6_MULTICAST_ALL, "IPV6_MULTICAST_ALL", kOff);
}

Result<Done> receive(int fd, ReceiveBuffer& buffer, std::size_t longest, std::vector<Arrival>& arrivals) {
  std::array<mmsghdr, ReceiveBuffer::kSlots> messages{};
  std::array<iovec, ReceiveBuffer::kSlots> parts;
  std::array<SocketAddress, ReceiveBuffer::kSlots> peers;
  std::array<Control, ReceiveBuffer::kSlots> controls;
  const std::size_t room = std::min(longest, ReceiveBuffer::kSlotSize);
  for (std::size_t at = 0; at < messages.size(); ++at) {
    parts[at] = {buffer.slot(at).data(), room};
    msghdr& header = messages[at].msg_hdr;
    header.msg_name = peers[at].get();
    header.msg_namelen = peers[at].length;
    header.msg_iov = &parts[at];
    header.msg_iovlen = 1;
    header.msg_control = controls[at].bytes.data();
    header.msg_controllen = controls[at].bytes.size();
  }
  // MSG_TRUNC: the length is that of the datagram, not of what there was room for.
  const int count = recvmmsg(fd, messages.data(), messages.size(), MSG_DONTWAIT | MSG_TRUNC, nullptr);
  if (count < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return Done{};
    return systemError(ErrorCode::kKernel, "cannot receive a datagram", "recvmsg", errno);
  }
  for (std::size_t at = 0; at < static_cast<std::size_t>(count); ++at) {
    Arrival arrival;
    arrival.size = messages[at].msg_len;
    arrival.data = buffer.slot(at).first(std::min(room, arrival.size));
    const Endpoint peer = toEndpoint(peers[at]);
    arrival.source = peer.address;
    arrival.sourcePort = peer.port;
    readControl(messages[at].msg_hdr, arrival);
    arrivals.push_back(arrival);
  }
  return Done{};
}

Result<bool> send(int fd, const Departure& departure, std::uint32_t scope, std::span<const std::byte> data) {
  // What is sent is not written to.
  iovec part = {const_cast<std::byte*>(data.data()), data.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  SocketAddress peer;
  if (departure.destination.isPresent()) {
    peer = toSocketAddress({departure.destination, departure.port}, scope);
    message.msg_name = peer.get();
    message.msg_namelen = peer.length;
  }
  Control control;
  const std::uint8_t family = departure.source.isPresent() ? departure.source.family() : departure.destination.family();
  message.msg_controllen = writeOrigin(control, departure, family);
  if (message.msg_controllen > 0) message.msg_control = control.bytes.data();
  if (sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return true;
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return false;
  return systemError(ErrorCode::kKernel, "cannot send a datagram", "sendmsg", errno);
}

Result<Done> connect(int fd, const address::IpAddress& peer, std::uint16_t port, std::uint32_t scope) {
  const SocketAddress address = toSocketAddress({peer, port}, scope);
  if (::connect(fd, address.get(), address.length) == 0) return Done{};
  const std::string asked = "cannot connect to " + peer.text() + " port " + std::to_string(port);
  return systemError(ErrorCode::kConnectFailed, asked, "connect", errno);
}

Result<Done> disconnect(int fd, const BindRequest& bound) {
  const Result<LocalName> before = localName(fd);
  if (!before) return before.error();
  const Deafness deafness(fd);
  if (!deafness.isSet()) {
    return systemError(ErrorCode::kBindFailed, "cannot disconnect a socket", "SO_ATTACH_FILTER", errno);
  }
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  if (::connect(fd, &nobody, sizeof(nobody)) != 0) {
    return systemError(ErrorCode::kBindFailed, "cannot disconnect a socket", "connect", errno);
  }
  if (bound.interfaceIndex != 0) {
    const Result<Done> held = holdToDevice(fd, bound.interfaceIndex, bound.interfaceName);
    if (!held) return held;
  }
  const Result<LocalName> after = localName(fd);
  if (!after) return after.error();
  // A port that the kernel chose is given back too.
  if (after.value().port != 0) return Done{};
  const SocketAddress local = toSocketAddress({after.value().address, before.value().port}, bound.interfaceIndex);
  if (bind(fd, local.get(), local.length) == 0) return Done{};
  return systemError(ErrorCode::kBindFailed,
                     "cannot bind a socket to port " + std::to_string(before.value().port) + " again", "bind", errno);
}

Result<Done> join(int fd, const address::IpAddress& group, std::uint32_t interfaceIndex) {
  return changeMembership(fd, group, interfaceIndex, MCAST_JOIN_GROUP, "MCAST_JOIN_GROUP");
}

Result<Done> leave(int fd, const address::IpAddress& group, std::uint32_t interfaceIndex) {
  return changeMembership(fd, group, interfaceIndex, MCAST_LEAVE_GROUP, "MCAST_LEAVE_GROUP");
}

Result<LocalName> localName(int fd) {
  SocketAddress local;
  if (getsockname(fd, local.get(), &local.length) != 0) {
    return systemError(ErrorCode::kKernel, "cannot tell the local address", "getsockname", errno);
  }
  const Endpoint endpoint = toEndpoint(local);
  return LocalName{endpoint.address, endpoint.port};
}

}  // namespace mif::socket
