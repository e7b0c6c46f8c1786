// SPDX-License-Identifier: MIT
#include "kernel/linux/advertisement-listener.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include "kernel/linux/system-error.h"

namespace mif::kernel {

namespace {

using base::Done;
using base::Result;

constexpr const char* kPurpose = "hear router advertisements";
// Of every message of neighbour discovery (RFC 4861 section 3.1).
constexpr int kHopLimit = 255;
constexpr int kOn = 1;
constexpr int kOff = 0;

// What an advertisement brings along: where it came in, its hop limit, how many were dropped.
struct Control {
  alignas(cmsghdr) std::array<char, 128> bytes{};
};

template <typename T>
T valueOf(const cmsghdr& header) {
  T value{};
  std::memcpy(&value, CMSG_DATA(&header), sizeof(value));
  return value;
}

template <typename T>
void append(msghdr& message, int type, const T& value) {
  auto* header = reinterpret_cast<cmsghdr*>(static_cast<char*>(message.msg_control) + message.msg_controllen);
  header->cmsg_level = IPPROTO_IPV6;
  header->cmsg_type = type;
  header->cmsg_len = CMSG_LEN(sizeof(value));
  std::memcpy(CMSG_DATA(header), &value, sizeof(value));
  message.msg_controllen += CMSG_SPACE(sizeof(value));
}

template <typename T>
bool set(const base::UniqueFd& fd, int level, int name, const T& value) {
  return ::setsockopt(fd.get(), level, name, &value, sizeof(value)) == 0;
}

bool configure(const base::UniqueFd& fd) {
  icmp6_filter onlyAdvertisements;
  ICMP6_FILTER_SETBLOCKALL(&onlyAdvertisements);
  ICMP6_FILTER_SETPASS(ND_ROUTER_ADVERT, &onlyAdvertisements);
  // What arrives before the filter is set may be anything: who reads it looks at the type again.
  return set(fd, IPPROTO_ICMPV6, ICMP6_FILTER, onlyAdvertisements) && set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, kOn) &&
         set(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, kOn) && set(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, kHopLimit) &&
         set(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, kOff) && set(fd, SOL_SOCKET, SO_RXQ_OVFL, kOn);
}

}  // namespace

Result<std::unique_ptr<RouterListener>> AdvertisementListener::open() {
  base::UniqueFd fd(::socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMPV6));
  if (!fd.isOpen()) {
    base::Error error = systemError("socket", kPurpose);
    if (error.code == base::ErrorCode::kPermission) error.message += "; it takes CAP_NET_RAW";
    if (error.systemError == EAFNOSUPPORT || error.systemError == EPROTONOSUPPORT) {
      error.code = base::ErrorCode::kUnsupported;
    }
    return error;
  }
  if (!configure(fd)) return systemError("setsockopt", kPurpose);
  return std::unique_ptr<RouterListener>(new AdvertisementListener(std::move(fd)));
}

AdvertisementListener::AdvertisementListener(base::UniqueFd fd)
    : fd_(std::move(fd)), storage_(std::make_unique_for_overwrite<std::byte[]>(kSlots * kSlotSize)) {}

Result<Done> AdvertisementListener::hear(std::vector<Heard>& news) {
  std::array<mmsghdr, kSlots> messages{};
  std::array<iovec, kSlots> parts;
  std::array<sockaddr_in6, kSlots> senders{};
  std::array<Control, kSlots> controls;
  for (std::size_t at = 0; at < kSlots; ++at) {
    parts[at] = {storage_.get() + at * kSlotSize, kSlotSize};
    msghdr& header = messages[at].msg_hdr;
    header.msg_name = &senders[at];
    header.msg_namelen = sizeof(senders[at]);
    header.msg_iov = &parts[at];
    header.msg_iovlen = 1;
    header.msg_control = controls[at].bytes.data();
    header.msg_controllen = controls[at].bytes.size();
  }
  const int count = ::recvmmsg(fd_.get(), messages.data(), messages.size(), MSG_DONTWAIT, nullptr);
  if (count < 0) {
    // What the network answered to a solicitation is no failure of hearing.
    const bool isNothing = errno == EAGAIN || errno == EINTR || errno == ENETDOWN || errno == EHOSTUNREACH;
    return isNothing ? Result<Done>(Done{}) : systemError("recvmmsg", kPurpose);
  }
  for (std::size_t at = 0; at < static_cast<std::size_t>(count); ++at) {
    msghdr& header = messages[at].msg_hdr;
    const std::span bytes(storage_.get() + at * kSlotSize, messages[at].msg_len);
    Heard heard;
    bool isLocated = false;
    for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr; control = CMSG_NXTHDR(&header, control)) {
      if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SO_RXQ_OVFL) {
        countLost(valueOf<std::uint32_t>(*control));
      } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
        heard.interfaceIndex = valueOf<in6_pktinfo>(*control).ipi6_ifindex;
        isLocated = true;
      } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_HOPLIMIT) {
        heard.hopLimit = static_cast<std::uint8_t>(std::clamp(valueOf<int>(*control), 0, 0xff));
      }
    }
    if (!isLocated || (header.msg_flags & MSG_TRUNC) != 0) {
      ++counters_.malformed;
      continue;
    }
    heard.bytes.assign(bytes.begin(), bytes.end());
    heard.router = address::IpAddress::fromBytes(std::as_bytes(std::span(&senders[at].sin6_addr, 1)));
    news.push_back(std::move(heard));
  }
  return Done{};
}

void AdvertisementListener::countLost(std::uint32_t dropped) {
  counters_.lost += dropped - dropped_;
  dropped_ = dropped;
}

Result<bool> AdvertisementListener::solicit(std::uint32_t interfaceIndex) {
  // Without the address of our link layer: a router that lacks it asks, or advertises to all.
  nd_router_solicit solicitation{};
  solicitation.nd_rs_type = ND_ROUTER_SOLICIT;
  sockaddr_in6 allRouters{};
  allRouters.sin6_family = AF_INET6;
  allRouters.sin6_scope_id = interfaceIndex;
  constexpr std::array<std::uint8_t, 16> kAllRouters = {0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};
  std::memcpy(&allRouters.sin6_addr, kAllRouters.data(), kAllRouters.size());

  Control control;
  iovec part{&solicitation, sizeof(solicitation)};
  msghdr message{};
  message.msg_name = &allRouters;
  message.msg_namelen = sizeof(allRouters);
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  in6_pktinfo way{};
  way.ipi6_ifindex = interfaceIndex;
  append(message, IPV6_PKTINFO, way);
  append(message, IPV6_HOPLIMIT, kHopLimit);
  if (::sendmsg(fd_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return true;
  switch (errno) {
    case EAGAIN:
    case ENOBUFS:
    case EINTR:
    case EADDRNOTAVAIL:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENODEV:
    case ENXIO:
      return false;
    default:
      return systemError("sendmsg", "solicit routers");
  }
}

}  // namespace mif::kernel
