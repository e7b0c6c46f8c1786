// SPDX-License-Identifier: MIT
// Where the fields of the kernel's fixed structures lie: one namespace per structure, byte offsets, and the size.
// Names of fields are the kernel's. native/kernel/linux/abi-check.cc compares each with the real structure.
#pragma once

#include <cstddef>

namespace mif::wire::rtnetlink::layout {

// struct ifinfomsg: RTM_NEWLINK.
namespace ifinfomsg {
inline constexpr std::size_t ifi_family = 0;   // u8
inline constexpr std::size_t ifi_type = 2;     // u16, ARPHRD_*
inline constexpr std::size_t ifi_index = 4;    // i32
inline constexpr std::size_t ifi_flags = 8;    // u32, IFF_*
inline constexpr std::size_t ifi_change = 12;  // u32, the flags that changed
inline constexpr std::size_t kSize = 16;
}  // namespace ifinfomsg

// struct ifaddrmsg: RTM_NEWADDR.
namespace ifaddrmsg {
inline constexpr std::size_t ifa_family = 0;     // u8
inline constexpr std::size_t ifa_prefixlen = 1;  // u8, bits
inline constexpr std::size_t ifa_flags = 2;      // u8, the low bits of IFA_FLAGS (trap C1)
inline constexpr std::size_t ifa_scope = 3;      // u8
inline constexpr std::size_t ifa_index = 4;      // u32
inline constexpr std::size_t kSize = 8;
}  // namespace ifaddrmsg

// struct ifa_cacheinfo: IFA_CACHEINFO. Seconds from now; 0xffffffff for ever (trap C12).
namespace ifa_cacheinfo {
inline constexpr std::size_t ifa_prefered = 0;  // u32
inline constexpr std::size_t ifa_valid = 4;     // u32
}  // namespace ifa_cacheinfo

// struct ifaddrlblmsg: RTM_NEWADDRLABEL.
namespace ifaddrlblmsg {
inline constexpr std::size_t ifal_family = 0;     // u8
inline constexpr std::size_t ifal_prefixlen = 2;  // u8, bits
inline constexpr std::size_t ifal_index = 4;      // u32, 0 for every interface
inline constexpr std::size_t kSize = 12;
}  // namespace ifaddrlblmsg

// struct rtmsg: RTM_NEWROUTE.
namespace rtmsg {
inline constexpr std::size_t rtm_family = 0;    // u8
inline constexpr std::size_t rtm_dst_len = 1;   // u8, bits
inline constexpr std::size_t rtm_src_len = 2;   // u8, bits
inline constexpr std::size_t rtm_tos = 3;       // u8
inline constexpr std::size_t rtm_table = 4;     // u8, 252 when it does not fit (trap D10)
inline constexpr std::size_t rtm_protocol = 5;  // u8
inline constexpr std::size_t rtm_scope = 6;     // u8
inline constexpr std::size_t rtm_type = 7;      // u8
inline constexpr std::size_t rtm_flags = 8;     // u32, RTNH_F_* and RTM_F_*
inline constexpr std::size_t kSize = 12;
}  // namespace rtmsg

// struct rtnexthop: one hop within RTA_MULTIPATH, followed by attributes of its own.
namespace rtnexthop {
inline constexpr std::size_t rtnh_len = 0;      // u16, with its attributes, without padding
inline constexpr std::size_t rtnh_flags = 2;    // u8
inline constexpr std::size_t rtnh_hops = 3;     // u8, weight less one
inline constexpr std::size_t rtnh_ifindex = 4;  // i32
inline constexpr std::size_t kSize = 8;
}  // namespace rtnexthop

// struct rtvia: RTA_VIA, a gateway of another family than the route (trap D11, RFC 5549).
namespace rtvia {
inline constexpr std::size_t rtvia_family = 0;  // u16
inline constexpr std::size_t rtvia_addr = 2;    // as long as the family says
}  // namespace rtvia

// struct rta_cacheinfo: RTA_CACHEINFO.
namespace rta_cacheinfo {
inline constexpr std::size_t rta_expires = 8;  // i32, 1/100 s from now; 0 for never (trap D18)
}  // namespace rta_cacheinfo

// struct fib_rule_hdr: RTM_NEWRULE.
namespace fib_rule_hdr {
inline constexpr std::size_t family = 0;   // u8
inline constexpr std::size_t dst_len = 1;  // u8, bits
inline constexpr std::size_t src_len = 2;  // u8, bits
inline constexpr std::size_t tos = 3;      // u8
inline constexpr std::size_t table = 4;    // u8, 252 when it does not fit (trap D10)
inline constexpr std::size_t action = 7;   // u8
inline constexpr std::size_t flags = 8;    // u32
inline constexpr std::size_t kSize = 12;
}  // namespace fib_rule_hdr

// struct fib_rule_uid_range: FRA_UID_RANGE.
namespace fib_rule_uid_range {
inline constexpr std::size_t start = 0;  // u32
inline constexpr std::size_t end = 4;    // u32
}  // namespace fib_rule_uid_range

// struct fib_rule_port_range: FRA_SPORT_RANGE and FRA_DPORT_RANGE, host order.
namespace fib_rule_port_range {
inline constexpr std::size_t start = 0;  // u16
inline constexpr std::size_t end = 2;    // u16
}  // namespace fib_rule_port_range

// struct ndmsg: RTM_NEWNEIGH.
namespace ndmsg {
inline constexpr std::size_t ndm_family = 0;   // u8
inline constexpr std::size_t ndm_ifindex = 4;  // i32
inline constexpr std::size_t ndm_state = 8;    // u16, NUD_*
inline constexpr std::size_t ndm_flags = 10;   // u8, NTF_*
inline constexpr std::size_t kSize = 12;
}  // namespace ndmsg

// struct nhmsg: RTM_NEWNEXTHOP.
namespace nhmsg {
inline constexpr std::size_t nh_family = 0;    // u8
inline constexpr std::size_t nh_scope = 1;     // u8
inline constexpr std::size_t nh_protocol = 2;  // u8
inline constexpr std::size_t nh_flags = 4;     // u32, RTNH_F_*
inline constexpr std::size_t kSize = 8;
}  // namespace nhmsg

// struct nexthop_grp: one member within NHA_GROUP.
namespace nexthop_grp {
inline constexpr std::size_t id = 0;           // u32
inline constexpr std::size_t weight = 4;       // u8, weight less one
inline constexpr std::size_t weight_high = 5;  // u8, its upper byte since Linux 6.12, zero before
inline constexpr std::size_t kSize = 8;
}  // namespace nexthop_grp

// struct nduseroptmsg: RTM_NEWNDUSEROPT, followed by the option and then by attributes.
namespace nduseroptmsg {
inline constexpr std::size_t nduseropt_family = 0;     // u8
inline constexpr std::size_t nduseropt_opts_len = 2;   // u16, bytes of the option
inline constexpr std::size_t nduseropt_ifindex = 4;    // i32
inline constexpr std::size_t nduseropt_icmp_type = 8;  // u8
inline constexpr std::size_t kSize = 16;
}  // namespace nduseroptmsg

// struct prefixmsg: RTM_NEWPREFIX.
namespace prefixmsg {
inline constexpr std::size_t prefix_family = 0;   // u8
inline constexpr std::size_t prefix_ifindex = 4;  // i32
inline constexpr std::size_t prefix_len = 9;      // u8, bits
inline constexpr std::size_t prefix_flags = 10;   // u8
inline constexpr std::size_t kSize = 12;
}  // namespace prefixmsg

// struct prefix_cacheinfo: PREFIX_CACHEINFO. Seconds; 0xffffffff for ever.
namespace prefix_cacheinfo {
inline constexpr std::size_t preferred_time = 0;  // u32
inline constexpr std::size_t valid_time = 4;      // u32
}  // namespace prefix_cacheinfo

}  // namespace mif::wire::rtnetlink::layout
