// SPDX-License-Identifier: MIT
#include "socket/linux/set-options.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <vector>

#include "socket/linux/system-error.h"

// linux/in6.h has it, which does not go together with netinet/in.h.
#ifndef IPV6_ADDR_PREFERENCES
#define IPV6_ADDR_PREFERENCES 72
#endif

namespace mif::socket {

namespace {

using base::Done;
using base::Error;
using base::ErrorCode;
using base::Result;

// One call of setsockopt.
struct Setting {
  int level;
  int name;
  // As in the manual, and as users of this package know it.
  const char* operation;
  const char* option;
  int value;
  // Bits that have to read back as set.
  int mask = -1;
};

Error refusal(const Setting& setting, int number) {
  const std::string asked = std::string("cannot set option ") + setting.option + " to " +
                            std::to_string(static_cast<unsigned>(setting.value));
  switch (number) {
    case EPERM:
    case EACCES:
      return systemError(ErrorCode::kPermission, asked, setting.operation, number,
                         "not permitted; it needs CAP_NET_ADMIN");
    case ENOPROTOOPT:
    case EOPNOTSUPP:
      return systemError(ErrorCode::kUnsupported, asked, setting.operation, number,
                         "this kernel does not have it for such a socket");
    default:
      return systemError(ErrorCode::kBindFailed, asked, setting.operation, number);
  }
}

Result<Done> apply(int fd, const Setting& setting) {
  if (setsockopt(fd, setting.level, setting.name, &setting.value, sizeof(setting.value)) != 0) {
    return refusal(setting, errno);
  }
  int held = 0;
  socklen_t length = sizeof(held);
  if (getsockopt(fd, setting.level, setting.name, &held, &length) != 0) return refusal(setting, errno);
  if ((held & setting.mask) == (setting.value & setting.mask)) return Done{};
  return systemError(ErrorCode::kBindFailed, std::string("cannot set option ") + setting.option, setting.operation, 0,
                     "it reads back as " + std::to_string(held));
}

void addKeepAlive(std::vector<Setting>& settings, const KeepAlive& keepAlive) {
  settings.push_back({SOL_SOCKET, SO_KEEPALIVE, "SO_KEEPALIVE", "keepAlive", keepAlive.isOn});
  const auto add = [&](int name, const char* operation, const char* option, std::optional<std::uint32_t> value) {
    if (value) settings.push_back({IPPROTO_TCP, name, operation, option, static_cast<int>(*value)});
  };
  add(TCP_KEEPIDLE, "TCP_KEEPIDLE", "keepAlive.idle", keepAlive.idle);
  add(TCP_KEEPINTVL, "TCP_KEEPINTVL", "keepAlive.interval", keepAlive.interval);
  add(TCP_KEEPCNT, "TCP_KEEPCNT", "keepAlive.probes", keepAlive.probes);
}

std::vector<Setting> settingsOf(const BindRequest& request) {
  const SocketOptions& options = request.options;
  const bool isIpv6 = request.family == 6;
  const bool speaksIpv4 = !isIpv6 || !options.ipv6Only;
  std::vector<Setting> settings;
  if (isIpv6) settings.push_back({IPPROTO_IPV6, IPV6_V6ONLY, "IPV6_V6ONLY", "ipv6Only", options.ipv6Only});
  if (options.mark) settings.push_back({SOL_SOCKET, SO_MARK, "SO_MARK", "mark", static_cast<int>(*options.mark)});
  if (options.trafficClass) {
    if (isIpv6) settings.push_back({IPPROTO_IPV6, IPV6_TCLASS, "IPV6_TCLASS", "dscp", *options.trafficClass});
    if (speaksIpv4) settings.push_back({IPPROTO_IP, IP_TOS, "IP_TOS", "dscp", *options.trafficClass});
  }
  if (options.keepAlive) addKeepAlive(settings, *options.keepAlive);
  const bool hasPort = request.type != SocketType::kDatagram && request.sourcePort != 0;
  if (options.reuseAddress || hasPort) {
    settings.push_back({SOL_SOCKET, SO_REUSEADDR, "SO_REUSEADDR", "reuseAddress", options.reuseAddress.value_or(true)});
  }
  if (options.reusePort) settings.push_back({SOL_SOCKET, SO_REUSEPORT, "SO_REUSEPORT", "reusePort", 1});
  if (isIpv6 && options.addressPreferences != 0) {
    // The kernel reads back a flag of every pair of opposites, also of those that nobody asked for.
    const int flags = static_cast<int>(options.addressPreferences);
    settings.push_back({IPPROTO_IPV6, IPV6_ADDR_PREFERENCES, "IPV6_ADDR_PREFERENCES", "preferences", flags, flags});
  }
  return settings;
}

}  // namespace

Result<Done> setOptions(int fd, const BindRequest& request) {
  for (const Setting& setting : settingsOf(request)) {
    const Result<Done> applied = apply(fd, setting);
    if (!applied) return applied;
  }
  return Done{};
}

}  // namespace mif::socket
