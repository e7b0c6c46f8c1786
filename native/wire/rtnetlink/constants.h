// SPDX-License-Identifier: MIT
// Numbers of routing netlink in the kernel's spelling (linux/rtnetlink.h, if_link.h, if_addr.h, ip.h, fib_rules.h,
// neighbour.h, nexthop.h), written out here so that this room builds on any OS;
// native/kernel/linux/abi-check.cc compares them with the real headers. rtnetlink(7).
#pragma once

#include <cstddef>
#include <cstdint>

namespace mif::wire::rtnetlink {

// Address families as Linux numbers them, whatever the OS that this is built for.
inline constexpr std::uint8_t kAF_UNSPEC = 0;
inline constexpr std::uint8_t kAF_INET = 2;
inline constexpr std::uint8_t kAF_BRIDGE = 7;
inline constexpr std::uint8_t kAF_INET6 = 10;

// Message types.
inline constexpr std::uint16_t kRTM_NEWLINK = 16;
inline constexpr std::uint16_t kRTM_DELLINK = 17;
inline constexpr std::uint16_t kRTM_GETLINK = 18;
inline constexpr std::uint16_t kRTM_NEWADDR = 20;
inline constexpr std::uint16_t kRTM_DELADDR = 21;
inline constexpr std::uint16_t kRTM_GETADDR = 22;
inline constexpr std::uint16_t kRTM_NEWROUTE = 24;
inline constexpr std::uint16_t kRTM_DELROUTE = 25;
inline constexpr std::uint16_t kRTM_GETROUTE = 26;
inline constexpr std::uint16_t kRTM_NEWNEIGH = 28;
inline constexpr std::uint16_t kRTM_DELNEIGH = 29;
inline constexpr std::uint16_t kRTM_GETNEIGH = 30;
inline constexpr std::uint16_t kRTM_NEWRULE = 32;
inline constexpr std::uint16_t kRTM_DELRULE = 33;
inline constexpr std::uint16_t kRTM_GETRULE = 34;
inline constexpr std::uint16_t kRTM_NEWPREFIX = 52;
inline constexpr std::uint16_t kRTM_NEWNDUSEROPT = 68;
inline constexpr std::uint16_t kRTM_NEWADDRLABEL = 72;
inline constexpr std::uint16_t kRTM_GETADDRLABEL = 74;
inline constexpr std::uint16_t kRTM_NEWNEXTHOP = 104;
inline constexpr std::uint16_t kRTM_DELNEXTHOP = 105;
inline constexpr std::uint16_t kRTM_GETNEXTHOP = 106;

// Attributes of a link.
inline constexpr std::uint16_t kIFLA_ADDRESS = 1;
inline constexpr std::uint16_t kIFLA_BROADCAST = 2;
inline constexpr std::uint16_t kIFLA_IFNAME = 3;
inline constexpr std::uint16_t kIFLA_MTU = 4;
inline constexpr std::uint16_t kIFLA_LINK = 5;
inline constexpr std::uint16_t kIFLA_MASTER = 10;
inline constexpr std::uint16_t kIFLA_WIRELESS = 11;
inline constexpr std::uint16_t kIFLA_PROTINFO = 12;
inline constexpr std::uint16_t kIFLA_TXQLEN = 13;
inline constexpr std::uint16_t kIFLA_OPERSTATE = 16;
inline constexpr std::uint16_t kIFLA_LINKINFO = 18;
inline constexpr std::uint16_t kIFLA_AF_SPEC = 26;
inline constexpr std::uint16_t kIFLA_GROUP = 27;
inline constexpr std::uint16_t kIFLA_EXT_MASK = 29;
inline constexpr std::uint16_t kIFLA_LINK_NETNSID = 37;
inline constexpr std::uint16_t kIFLA_PROP_LIST = 52;
inline constexpr std::uint16_t kIFLA_ALT_IFNAME = 53;
// Within IFLA_LINKINFO.
inline constexpr std::uint16_t kIFLA_INFO_KIND = 1;
// Within the attributes of a family, which are in IFLA_AF_SPEC under its number.
inline constexpr std::uint16_t kIFLA_INET_CONF = 1;
inline constexpr std::uint16_t kIFLA_INET6_CONF = 2;
// Settings of IPv4, counted from 1.
inline constexpr std::size_t kIPV4_DEVCONF_FORWARDING = 1;
inline constexpr std::size_t kIPV4_DEVCONF_RP_FILTER = 8;
inline constexpr std::size_t kIPV4_DEVCONF_ROUTE_LOCALNET = 26;
inline constexpr std::size_t kIPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN = 29;
// Settings of IPv6, counted from 0.
inline constexpr std::size_t kDEVCONF_FORWARDING = 0;
inline constexpr std::size_t kDEVCONF_ACCEPT_RA = 3;
inline constexpr std::size_t kDEVCONF_USE_TEMPADDR = 10;
inline constexpr std::size_t kDEVCONF_ACCEPT_RA_RT_INFO_MAX_PLEN = 21;
inline constexpr std::size_t kDEVCONF_OPTIMISTIC_DAD = 23;
inline constexpr std::size_t kDEVCONF_DISABLE_IPV6 = 26;
inline constexpr std::size_t kDEVCONF_USE_OPTIMISTIC = 34;
inline constexpr std::size_t kDEVCONF_USE_OIF_ADDRS_ONLY = 37;
inline constexpr std::size_t kDEVCONF_IGNORE_ROUTES_WITH_LINKDOWN = 39;
// Value of IFLA_EXT_MASK: leave out the statistics, a quarter of a dump (trap B16). Settings are not among them.
inline constexpr std::uint32_t kRTEXT_FILTER_SKIP_STATS = 1 << 3;

// Attributes of an address.
inline constexpr std::uint16_t kIFA_ADDRESS = 1;
inline constexpr std::uint16_t kIFA_LOCAL = 2;
inline constexpr std::uint16_t kIFA_LABEL = 3;
inline constexpr std::uint16_t kIFA_BROADCAST = 4;
inline constexpr std::uint16_t kIFA_CACHEINFO = 6;
inline constexpr std::uint16_t kIFA_FLAGS = 8;
inline constexpr std::uint16_t kIFA_RT_PRIORITY = 9;
inline constexpr std::uint16_t kIFA_PROTO = 11;
// A lifetime without end, seconds (INFINITY_LIFE_TIME, RFC 4861 section 4.6.2).
inline constexpr std::uint32_t kInfiniteLifetime = 0xffffffff;

// Attributes of an address label.
inline constexpr std::uint16_t kIFAL_ADDRESS = 1;
inline constexpr std::uint16_t kIFAL_LABEL = 2;

// Attributes of an option of an advertisement, and of a prefix that was advertised.
inline constexpr std::uint16_t kNDUSEROPT_SRCADDR = 1;
inline constexpr std::uint16_t kPREFIX_ADDRESS = 1;
inline constexpr std::uint16_t kPREFIX_CACHEINFO = 2;
// Flags of such a prefix; the kernel's headers for programs lack them.
inline constexpr std::uint8_t kIF_PREFIX_ONLINK = 0x01;
inline constexpr std::uint8_t kIF_PREFIX_AUTOCONF = 0x02;

// Attributes of a route.
inline constexpr std::uint16_t kRTA_DST = 1;
inline constexpr std::uint16_t kRTA_SRC = 2;
inline constexpr std::uint16_t kRTA_OIF = 4;
inline constexpr std::uint16_t kRTA_GATEWAY = 5;
inline constexpr std::uint16_t kRTA_PRIORITY = 6;
inline constexpr std::uint16_t kRTA_PREFSRC = 7;
inline constexpr std::uint16_t kRTA_METRICS = 8;
inline constexpr std::uint16_t kRTA_MULTIPATH = 9;
inline constexpr std::uint16_t kRTA_CACHEINFO = 12;
inline constexpr std::uint16_t kRTA_TABLE = 15;
inline constexpr std::uint16_t kRTA_MARK = 16;
inline constexpr std::uint16_t kRTA_VIA = 18;
inline constexpr std::uint16_t kRTA_PREF = 20;
inline constexpr std::uint16_t kRTA_ENCAP_TYPE = 21;
inline constexpr std::uint16_t kRTA_EXPIRES = 23;
inline constexpr std::uint16_t kRTA_UID = 25;
inline constexpr std::uint16_t kRTA_IP_PROTO = 27;
inline constexpr std::uint16_t kRTA_SPORT = 28;
inline constexpr std::uint16_t kRTA_DPORT = 29;
inline constexpr std::uint16_t kRTA_NH_ID = 30;
// Within RTA_METRICS.
inline constexpr std::uint16_t kRTAX_MTU = 2;
// The name of an algorithm, not a number as its neighbours are.
inline constexpr std::uint16_t kRTAX_CC_ALGO = 16;
// Flags of a route above those of its hop.
inline constexpr std::uint32_t kRTM_F_CLONED = 0x200;
// Of a question: name the table that decided.
inline constexpr std::uint32_t kRTM_F_LOOKUP_TABLE = 0x1000;
// Flags of a hop that contract::NexthopFlag knows: all of RTNH_F_* up to RTNH_F_TRAP.
inline constexpr std::uint32_t kHopFlagMask = 0x7f;
// Ticks of a route's cache information per second, as the kernel tells user space (USER_HZ).
inline constexpr std::int64_t kTicksPerSecond = 100;

// Attributes of a rule.
inline constexpr std::uint16_t kFRA_DST = 1;
inline constexpr std::uint16_t kFRA_SRC = 2;
inline constexpr std::uint16_t kFRA_IIFNAME = 3;
inline constexpr std::uint16_t kFRA_GOTO = 4;
inline constexpr std::uint16_t kFRA_PRIORITY = 6;
inline constexpr std::uint16_t kFRA_FWMARK = 10;
inline constexpr std::uint16_t kFRA_FLOW = 11;
inline constexpr std::uint16_t kFRA_TUN_ID = 12;
inline constexpr std::uint16_t kFRA_SUPPRESS_IFGROUP = 13;
inline constexpr std::uint16_t kFRA_SUPPRESS_PREFIXLEN = 14;
inline constexpr std::uint16_t kFRA_TABLE = 15;
inline constexpr std::uint16_t kFRA_FWMASK = 16;
inline constexpr std::uint16_t kFRA_OIFNAME = 17;
inline constexpr std::uint16_t kFRA_PAD = 18;
inline constexpr std::uint16_t kFRA_L3MDEV = 19;
inline constexpr std::uint16_t kFRA_UID_RANGE = 20;
inline constexpr std::uint16_t kFRA_PROTOCOL = 21;
inline constexpr std::uint16_t kFRA_IP_PROTO = 22;
inline constexpr std::uint16_t kFRA_SPORT_RANGE = 23;
inline constexpr std::uint16_t kFRA_DPORT_RANGE = 24;
inline constexpr std::uint16_t kFRA_DSCP = 25;        // Linux 6.13
inline constexpr std::uint16_t kFRA_SPORT_MASK = 28;  // Linux 6.15
inline constexpr std::uint16_t kFRA_DPORT_MASK = 29;  // Linux 6.15
inline constexpr std::uint16_t kFRA_DSCP_MASK = 30;   // Linux 6.15
// A mask that lets the whole field count, which is what a rule without one has.
inline constexpr std::uint16_t kWholePort = 0xffff;
inline constexpr std::uint8_t kWholeDscp = 0x3f;
// Value of the suppressors for "none" (trap E2).
inline constexpr std::uint32_t kNotSuppressed = 0xffffffff;

// Attributes of a neighbour.
inline constexpr std::uint16_t kNDA_DST = 1;
inline constexpr std::uint16_t kNDA_LLADDR = 2;
inline constexpr std::uint16_t kNDA_IFINDEX = 8;
inline constexpr std::uint16_t kNDA_PROTOCOL = 12;
inline constexpr std::uint8_t kNTF_PROXY = 0x8;

// Attributes of a nexthop object.
inline constexpr std::uint16_t kNHA_ID = 1;
inline constexpr std::uint16_t kNHA_GROUP = 2;
inline constexpr std::uint16_t kNHA_GROUP_TYPE = 3;
inline constexpr std::uint16_t kNHA_BLACKHOLE = 4;
inline constexpr std::uint16_t kNHA_OIF = 5;
inline constexpr std::uint16_t kNHA_GATEWAY = 6;
inline constexpr std::uint16_t kNHA_FDB = 11;

// 4, 6, or 0 for a family that is neither.
constexpr std::uint8_t versionOf(std::uint8_t family) {
  return family == kAF_INET ? 4 : family == kAF_INET6 ? 6 : 0;
}

}  // namespace mif::wire::rtnetlink
