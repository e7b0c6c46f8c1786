// SPDX-License-Identifier: MIT
// Compares the numbers and layouts of native/wire with the kernel headers of the machine that builds. Only static
// assertions: it compiles to nothing, and where it does not compile the decoders would misread. What the headers are
// too old to know is left out by their version, never by name, because enumerators cannot be asked for.
#include <asm/param.h>
#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_addrlabel.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <linux/version.h>
#include <sys/socket.h>

#include <cstddef>

#include "contract/contract.gen.h"
#include "wire/netlink/constants.h"
#include "wire/rtnetlink/constants.h"
#include "wire/rtnetlink/layout.h"

namespace {

namespace netlink = mif::wire::netlink;
namespace rtnetlink = mif::wire::rtnetlink;
namespace layout = mif::wire::rtnetlink::layout;
namespace contract = mif::contract;

// kNAME of a room is the kernel's NAME.
#define MIF_SAME(room, name) static_assert(room::k##name == name)
// A field lies where the layout says, and a structure has the size that it says.
#define MIF_AT(structure, field) static_assert(layout::structure::field == offsetof(struct structure, field))
#define MIF_SIZE(structure) static_assert(layout::structure::kSize == sizeof(struct structure))
// The contract's value is the kernel's.
#define MIF_MEANS(value, name) \
  static_assert(static_cast<std::uint32_t>(contract::value) == static_cast<std::uint32_t>(name))

// Framing.
static_assert(netlink::kAlignment == NLMSG_ALIGNTO && netlink::kAlignment == NLA_ALIGNTO);
static_assert(netlink::kHeaderSize == NLMSG_HDRLEN && netlink::kAttributeHeaderSize == NLA_HDRLEN);
static_assert(netlink::kHeaderLength == offsetof(nlmsghdr, nlmsg_len));
static_assert(netlink::kHeaderType == offsetof(nlmsghdr, nlmsg_type));
static_assert(netlink::kHeaderFlags == offsetof(nlmsghdr, nlmsg_flags));
static_assert(netlink::kHeaderSequence == offsetof(nlmsghdr, nlmsg_seq));
static_assert(netlink::kHeaderPort == offsetof(nlmsghdr, nlmsg_pid));
static_assert(netlink::kAttributeLength == offsetof(nlattr, nla_len));
static_assert(netlink::kAttributeType == offsetof(nlattr, nla_type));
MIF_SAME(netlink, NLA_F_NESTED);
MIF_SAME(netlink, NLA_F_NET_BYTEORDER);
static_assert(netlink::kNLA_TYPE_MASK == static_cast<std::uint16_t>(NLA_TYPE_MASK));
MIF_SAME(netlink, NLMSG_NOOP);
MIF_SAME(netlink, NLMSG_ERROR);
MIF_SAME(netlink, NLMSG_DONE);
MIF_SAME(netlink, NLMSG_OVERRUN);
MIF_SAME(netlink, NLM_F_REQUEST);
MIF_SAME(netlink, NLM_F_MULTI);
MIF_SAME(netlink, NLM_F_ACK);
MIF_SAME(netlink, NLM_F_DUMP_INTR);
MIF_SAME(netlink, NLM_F_DUMP_FILTERED);
MIF_SAME(netlink, NLM_F_ROOT);
MIF_SAME(netlink, NLM_F_MATCH);
MIF_SAME(netlink, NLM_F_DUMP);
MIF_SAME(netlink, NLM_F_REPLACE);
MIF_SAME(netlink, NLM_F_EXCL);
MIF_SAME(netlink, NLM_F_CREATE);
MIF_SAME(netlink, NLM_F_APPEND);
MIF_SAME(netlink, NLM_F_CAPPED);
MIF_SAME(netlink, NLM_F_ACK_TLVS);
MIF_SAME(netlink, NLMSGERR_ATTR_MSG);
MIF_SAME(netlink, NLMSGERR_ATTR_OFFS);

// Families and message types.
MIF_SAME(rtnetlink, AF_UNSPEC);
MIF_SAME(rtnetlink, AF_INET);
MIF_SAME(rtnetlink, AF_BRIDGE);
MIF_SAME(rtnetlink, AF_INET6);
MIF_SAME(rtnetlink, RTM_NEWLINK);
MIF_SAME(rtnetlink, RTM_DELLINK);
MIF_SAME(rtnetlink, RTM_GETLINK);
MIF_SAME(rtnetlink, RTM_NEWADDR);
MIF_SAME(rtnetlink, RTM_DELADDR);
MIF_SAME(rtnetlink, RTM_GETADDR);
MIF_SAME(rtnetlink, RTM_NEWROUTE);
MIF_SAME(rtnetlink, RTM_DELROUTE);
MIF_SAME(rtnetlink, RTM_GETROUTE);
MIF_SAME(rtnetlink, RTM_NEWNEIGH);
MIF_SAME(rtnetlink, RTM_DELNEIGH);
MIF_SAME(rtnetlink, RTM_GETNEIGH);
MIF_SAME(rtnetlink, RTM_NEWRULE);
MIF_SAME(rtnetlink, RTM_DELRULE);
MIF_SAME(rtnetlink, RTM_GETRULE);
MIF_SAME(rtnetlink, RTM_NEWPREFIX);
MIF_SAME(rtnetlink, RTM_NEWNDUSEROPT);
MIF_SAME(rtnetlink, RTM_NEWADDRLABEL);
MIF_SAME(rtnetlink, RTM_GETADDRLABEL);
MIF_SAME(rtnetlink, RTM_NEWNEXTHOP);
MIF_SAME(rtnetlink, RTM_DELNEXTHOP);
MIF_SAME(rtnetlink, RTM_GETNEXTHOP);

// Links.
MIF_AT(ifinfomsg, ifi_family);
MIF_AT(ifinfomsg, ifi_type);
MIF_AT(ifinfomsg, ifi_index);
MIF_AT(ifinfomsg, ifi_flags);
MIF_AT(ifinfomsg, ifi_change);
MIF_SIZE(ifinfomsg);
MIF_SAME(rtnetlink, IFLA_ADDRESS);
MIF_SAME(rtnetlink, IFLA_BROADCAST);
MIF_SAME(rtnetlink, IFLA_IFNAME);
MIF_SAME(rtnetlink, IFLA_MTU);
MIF_SAME(rtnetlink, IFLA_LINK);
MIF_SAME(rtnetlink, IFLA_MASTER);
MIF_SAME(rtnetlink, IFLA_WIRELESS);
MIF_SAME(rtnetlink, IFLA_PROTINFO);
MIF_SAME(rtnetlink, IFLA_TXQLEN);
MIF_SAME(rtnetlink, IFLA_OPERSTATE);
MIF_SAME(rtnetlink, IFLA_LINKINFO);
MIF_SAME(rtnetlink, IFLA_AF_SPEC);
MIF_SAME(rtnetlink, IFLA_GROUP);
MIF_SAME(rtnetlink, IFLA_EXT_MASK);
MIF_SAME(rtnetlink, IFLA_LINK_NETNSID);
MIF_SAME(rtnetlink, IFLA_PROP_LIST);
MIF_SAME(rtnetlink, IFLA_ALT_IFNAME);
MIF_SAME(rtnetlink, IFLA_INFO_KIND);
MIF_SAME(rtnetlink, IFLA_INET_CONF);
MIF_SAME(rtnetlink, IFLA_INET6_CONF);
MIF_SAME(rtnetlink, IPV4_DEVCONF_FORWARDING);
MIF_SAME(rtnetlink, IPV4_DEVCONF_RP_FILTER);
MIF_SAME(rtnetlink, IPV4_DEVCONF_ROUTE_LOCALNET);
MIF_SAME(rtnetlink, IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN);
MIF_SAME(rtnetlink, DEVCONF_FORWARDING);
MIF_SAME(rtnetlink, DEVCONF_ACCEPT_RA);
MIF_SAME(rtnetlink, DEVCONF_USE_TEMPADDR);
MIF_SAME(rtnetlink, DEVCONF_ACCEPT_RA_RT_INFO_MAX_PLEN);
MIF_SAME(rtnetlink, DEVCONF_OPTIMISTIC_DAD);
MIF_SAME(rtnetlink, DEVCONF_DISABLE_IPV6);
MIF_SAME(rtnetlink, DEVCONF_USE_OPTIMISTIC);
MIF_SAME(rtnetlink, DEVCONF_USE_OIF_ADDRS_ONLY);
MIF_SAME(rtnetlink, DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN);
MIF_SAME(rtnetlink, RTEXT_FILTER_SKIP_STATS);
MIF_MEANS(InterfaceFlag::kUp, IFF_UP);
MIF_MEANS(InterfaceFlag::kBroadcast, IFF_BROADCAST);
MIF_MEANS(InterfaceFlag::kLoopback, IFF_LOOPBACK);
MIF_MEANS(InterfaceFlag::kPointToPoint, IFF_POINTOPOINT);
MIF_MEANS(InterfaceFlag::kRunning, IFF_RUNNING);
MIF_MEANS(InterfaceFlag::kNoArp, IFF_NOARP);
MIF_MEANS(InterfaceFlag::kPromiscuous, IFF_PROMISC);
MIF_MEANS(InterfaceFlag::kMulticast, IFF_MULTICAST);
MIF_MEANS(InterfaceFlag::kLowerUp, IFF_LOWER_UP);
MIF_MEANS(InterfaceFlag::kDormant, IFF_DORMANT);
MIF_MEANS(InterfaceFlag::kEcho, IFF_ECHO);
MIF_MEANS(OperState::kUnknown, IF_OPER_UNKNOWN);
MIF_MEANS(OperState::kNotPresent, IF_OPER_NOTPRESENT);
MIF_MEANS(OperState::kDown, IF_OPER_DOWN);
MIF_MEANS(OperState::kLowerLayerDown, IF_OPER_LOWERLAYERDOWN);
MIF_MEANS(OperState::kTesting, IF_OPER_TESTING);
MIF_MEANS(OperState::kDormant, IF_OPER_DORMANT);
MIF_MEANS(OperState::kUp, IF_OPER_UP);
MIF_MEANS(HardwareType::kEther, ARPHRD_ETHER);
MIF_MEANS(HardwareType::kPpp, ARPHRD_PPP);
MIF_MEANS(HardwareType::kRawip, ARPHRD_RAWIP);
MIF_MEANS(HardwareType::kTunnel, ARPHRD_TUNNEL);
MIF_MEANS(HardwareType::kTunnel6, ARPHRD_TUNNEL6);
MIF_MEANS(HardwareType::kLoopback, ARPHRD_LOOPBACK);
MIF_MEANS(HardwareType::kSit, ARPHRD_SIT);
MIF_MEANS(HardwareType::kGre, ARPHRD_IPGRE);
MIF_MEANS(HardwareType::kGre6, ARPHRD_IP6GRE);
MIF_MEANS(HardwareType::kNone, ARPHRD_NONE);

// Addresses.
MIF_AT(ifaddrmsg, ifa_family);
MIF_AT(ifaddrmsg, ifa_prefixlen);
MIF_AT(ifaddrmsg, ifa_flags);
MIF_AT(ifaddrmsg, ifa_scope);
MIF_AT(ifaddrmsg, ifa_index);
MIF_SIZE(ifaddrmsg);
MIF_AT(ifa_cacheinfo, ifa_prefered);
MIF_AT(ifa_cacheinfo, ifa_valid);
MIF_SAME(rtnetlink, IFA_ADDRESS);
MIF_SAME(rtnetlink, IFA_LOCAL);
MIF_SAME(rtnetlink, IFA_LABEL);
MIF_SAME(rtnetlink, IFA_BROADCAST);
MIF_SAME(rtnetlink, IFA_CACHEINFO);
MIF_SAME(rtnetlink, IFA_FLAGS);
MIF_SAME(rtnetlink, IFA_RT_PRIORITY);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 18, 0)
MIF_SAME(rtnetlink, IFA_PROTO);
MIF_MEANS(AddressOrigin::kKernelLo, IFAPROT_KERNEL_LO);
MIF_MEANS(AddressOrigin::kKernelRa, IFAPROT_KERNEL_RA);
MIF_MEANS(AddressOrigin::kKernelLl, IFAPROT_KERNEL_LL);
#endif
MIF_MEANS(AddressFlag::kSecondary, IFA_F_SECONDARY);
MIF_MEANS(AddressFlag::kSecondary, IFA_F_TEMPORARY);
MIF_MEANS(AddressFlag::kNoDad, IFA_F_NODAD);
MIF_MEANS(AddressFlag::kOptimistic, IFA_F_OPTIMISTIC);
MIF_MEANS(AddressFlag::kDadFailed, IFA_F_DADFAILED);
MIF_MEANS(AddressFlag::kHomeAddress, IFA_F_HOMEADDRESS);
MIF_MEANS(AddressFlag::kDeprecated, IFA_F_DEPRECATED);
MIF_MEANS(AddressFlag::kTentative, IFA_F_TENTATIVE);
MIF_MEANS(AddressFlag::kPermanent, IFA_F_PERMANENT);
MIF_MEANS(AddressFlag::kManageTemporary, IFA_F_MANAGETEMPADDR);
MIF_MEANS(AddressFlag::kNoPrefixRoute, IFA_F_NOPREFIXROUTE);
MIF_MEANS(AddressFlag::kMulticastAutoJoin, IFA_F_MCAUTOJOIN);
MIF_MEANS(AddressFlag::kStablePrivacy, IFA_F_STABLE_PRIVACY);
MIF_MEANS(AddressScope::kGlobal, RT_SCOPE_UNIVERSE);
MIF_MEANS(AddressScope::kSite, RT_SCOPE_SITE);
MIF_MEANS(AddressScope::kLink, RT_SCOPE_LINK);
MIF_MEANS(AddressScope::kHost, RT_SCOPE_HOST);
MIF_MEANS(AddressScope::kNowhere, RT_SCOPE_NOWHERE);

// Address labels.
MIF_AT(ifaddrlblmsg, ifal_family);
MIF_AT(ifaddrlblmsg, ifal_prefixlen);
MIF_AT(ifaddrlblmsg, ifal_index);
MIF_SIZE(ifaddrlblmsg);
MIF_SAME(rtnetlink, IFAL_ADDRESS);
MIF_SAME(rtnetlink, IFAL_LABEL);

// Routes.
MIF_AT(rtmsg, rtm_family);
MIF_AT(rtmsg, rtm_dst_len);
MIF_AT(rtmsg, rtm_src_len);
MIF_AT(rtmsg, rtm_tos);
MIF_AT(rtmsg, rtm_table);
MIF_AT(rtmsg, rtm_protocol);
MIF_AT(rtmsg, rtm_scope);
MIF_AT(rtmsg, rtm_type);
MIF_AT(rtmsg, rtm_flags);
MIF_SIZE(rtmsg);
MIF_AT(rtnexthop, rtnh_len);
MIF_AT(rtnexthop, rtnh_flags);
MIF_AT(rtnexthop, rtnh_hops);
MIF_AT(rtnexthop, rtnh_ifindex);
MIF_SIZE(rtnexthop);
MIF_AT(rtvia, rtvia_family);
MIF_AT(rtvia, rtvia_addr);
MIF_AT(rta_cacheinfo, rta_expires);
MIF_SAME(rtnetlink, RTA_DST);
MIF_SAME(rtnetlink, RTA_SRC);
MIF_SAME(rtnetlink, RTA_OIF);
MIF_SAME(rtnetlink, RTA_GATEWAY);
MIF_SAME(rtnetlink, RTA_PRIORITY);
MIF_SAME(rtnetlink, RTA_PREFSRC);
MIF_SAME(rtnetlink, RTA_METRICS);
MIF_SAME(rtnetlink, RTA_MULTIPATH);
MIF_SAME(rtnetlink, RTA_CACHEINFO);
MIF_SAME(rtnetlink, RTA_TABLE);
MIF_SAME(rtnetlink, RTA_MARK);
MIF_SAME(rtnetlink, RTA_VIA);
MIF_SAME(rtnetlink, RTA_PREF);
MIF_SAME(rtnetlink, RTA_ENCAP_TYPE);
MIF_SAME(rtnetlink, RTA_EXPIRES);
MIF_SAME(rtnetlink, RTA_UID);
MIF_SAME(rtnetlink, RTA_IP_PROTO);
MIF_SAME(rtnetlink, RTA_SPORT);
MIF_SAME(rtnetlink, RTA_DPORT);
MIF_SAME(rtnetlink, RTA_NH_ID);
MIF_SAME(rtnetlink, RTAX_MTU);
MIF_SAME(rtnetlink, RTAX_CC_ALGO);
MIF_SAME(rtnetlink, RTM_F_CLONED);
MIF_SAME(rtnetlink, RTM_F_LOOKUP_TABLE);
static_assert(rtnetlink::kHopFlagMask == (RTNH_F_DEAD | RTNH_F_PERVASIVE | RTNH_F_ONLINK | RTNH_F_OFFLOAD |
                                          RTNH_F_LINKDOWN | RTNH_F_UNRESOLVED | RTNH_F_TRAP));
MIF_MEANS(NexthopFlag::kDead, RTNH_F_DEAD);
MIF_MEANS(NexthopFlag::kOnlink, RTNH_F_ONLINK);
MIF_MEANS(NexthopFlag::kLinkdown, RTNH_F_LINKDOWN);
MIF_MEANS(RouteType::kUnicast, RTN_UNICAST);
MIF_MEANS(RouteType::kLocal, RTN_LOCAL);
MIF_MEANS(RouteType::kBroadcast, RTN_BROADCAST);
MIF_MEANS(RouteType::kAnycast, RTN_ANYCAST);
MIF_MEANS(RouteType::kMulticast, RTN_MULTICAST);
MIF_MEANS(RouteType::kBlackhole, RTN_BLACKHOLE);
MIF_MEANS(RouteType::kUnreachable, RTN_UNREACHABLE);
MIF_MEANS(RouteType::kProhibit, RTN_PROHIBIT);
MIF_MEANS(RouteType::kThrow, RTN_THROW);
MIF_MEANS(RouteProtocol::kRedirect, RTPROT_REDIRECT);
MIF_MEANS(RouteProtocol::kKernel, RTPROT_KERNEL);
MIF_MEANS(RouteProtocol::kBoot, RTPROT_BOOT);
MIF_MEANS(RouteProtocol::kStatic, RTPROT_STATIC);
MIF_MEANS(RouteProtocol::kRa, RTPROT_RA);
MIF_MEANS(RouteProtocol::kDhcp, RTPROT_DHCP);
MIF_MEANS(RouteMetric::kMtu, RTAX_MTU);
MIF_MEANS(RouteMetric::kAdvmss, RTAX_ADVMSS);
MIF_MEANS(RouteMetric::kHoplimit, RTAX_HOPLIMIT);
MIF_MEANS(RouteMetric::kCongctl, RTAX_CC_ALGO);
MIF_MEANS(RouteMetric::kFastopenNoCookie, RTAX_FASTOPEN_NO_COOKIE);
// ICMPV6_ROUTER_PREF_* of linux/icmpv6.h, which clashes with netinet/in.h.
MIF_MEANS(RouterPreference::kMedium, 0);
MIF_MEANS(RouterPreference::kHigh, 1);
MIF_MEANS(RouterPreference::kLow, 3);
// HZ of user space, which clock_t in rta_cacheinfo counts in.
static_assert(rtnetlink::kTicksPerSecond == HZ);

// Rules.
MIF_AT(fib_rule_hdr, family);
MIF_AT(fib_rule_hdr, dst_len);
MIF_AT(fib_rule_hdr, src_len);
MIF_AT(fib_rule_hdr, tos);
MIF_AT(fib_rule_hdr, table);
MIF_AT(fib_rule_hdr, action);
MIF_AT(fib_rule_hdr, flags);
MIF_SIZE(fib_rule_hdr);
MIF_AT(fib_rule_uid_range, start);
MIF_AT(fib_rule_uid_range, end);
MIF_AT(fib_rule_port_range, start);
MIF_AT(fib_rule_port_range, end);
MIF_SAME(rtnetlink, FRA_DST);
MIF_SAME(rtnetlink, FRA_SRC);
MIF_SAME(rtnetlink, FRA_IIFNAME);
MIF_SAME(rtnetlink, FRA_GOTO);
MIF_SAME(rtnetlink, FRA_PRIORITY);
MIF_SAME(rtnetlink, FRA_FWMARK);
MIF_SAME(rtnetlink, FRA_FLOW);
MIF_SAME(rtnetlink, FRA_TUN_ID);
MIF_SAME(rtnetlink, FRA_SUPPRESS_IFGROUP);
MIF_SAME(rtnetlink, FRA_SUPPRESS_PREFIXLEN);
MIF_SAME(rtnetlink, FRA_TABLE);
MIF_SAME(rtnetlink, FRA_FWMASK);
MIF_SAME(rtnetlink, FRA_OIFNAME);
MIF_SAME(rtnetlink, FRA_PAD);
MIF_SAME(rtnetlink, FRA_L3MDEV);
MIF_SAME(rtnetlink, FRA_UID_RANGE);
MIF_SAME(rtnetlink, FRA_PROTOCOL);
MIF_SAME(rtnetlink, FRA_IP_PROTO);
MIF_SAME(rtnetlink, FRA_SPORT_RANGE);
MIF_SAME(rtnetlink, FRA_DPORT_RANGE);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
MIF_SAME(rtnetlink, FRA_DSCP);
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
MIF_SAME(rtnetlink, FRA_SPORT_MASK);
MIF_SAME(rtnetlink, FRA_DPORT_MASK);
MIF_SAME(rtnetlink, FRA_DSCP_MASK);
#endif
MIF_MEANS(RuleAction::kToTable, FR_ACT_TO_TBL);
MIF_MEANS(RuleAction::kGoto, FR_ACT_GOTO);
MIF_MEANS(RuleAction::kNop, FR_ACT_NOP);
MIF_MEANS(RuleAction::kBlackhole, FR_ACT_BLACKHOLE);
MIF_MEANS(RuleAction::kUnreachable, FR_ACT_UNREACHABLE);
MIF_MEANS(RuleAction::kProhibit, FR_ACT_PROHIBIT);
MIF_MEANS(RuleFlag::kPermanent, FIB_RULE_PERMANENT);
MIF_MEANS(RuleFlag::kInvert, FIB_RULE_INVERT);
MIF_MEANS(RuleFlag::kUnresolved, FIB_RULE_UNRESOLVED);
MIF_MEANS(RuleFlag::kInputInterfaceDetached, FIB_RULE_IIF_DETACHED);
MIF_MEANS(RuleFlag::kOutputInterfaceDetached, FIB_RULE_OIF_DETACHED);

// Router advertisements.
MIF_AT(nduseroptmsg, nduseropt_family);
MIF_AT(nduseroptmsg, nduseropt_opts_len);
MIF_AT(nduseroptmsg, nduseropt_ifindex);
MIF_AT(nduseroptmsg, nduseropt_icmp_type);
MIF_SIZE(nduseroptmsg);
MIF_SAME(rtnetlink, NDUSEROPT_SRCADDR);
MIF_AT(prefixmsg, prefix_family);
MIF_AT(prefixmsg, prefix_ifindex);
MIF_AT(prefixmsg, prefix_len);
MIF_AT(prefixmsg, prefix_flags);
MIF_SIZE(prefixmsg);
MIF_AT(prefix_cacheinfo, preferred_time);
MIF_AT(prefix_cacheinfo, valid_time);
MIF_SAME(rtnetlink, PREFIX_ADDRESS);
MIF_SAME(rtnetlink, PREFIX_CACHEINFO);

// Neighbours.
MIF_AT(ndmsg, ndm_family);
MIF_AT(ndmsg, ndm_ifindex);
MIF_AT(ndmsg, ndm_state);
MIF_AT(ndmsg, ndm_flags);
MIF_SIZE(ndmsg);
MIF_SAME(rtnetlink, NDA_DST);
MIF_SAME(rtnetlink, NDA_LLADDR);
MIF_SAME(rtnetlink, NDA_IFINDEX);
MIF_SAME(rtnetlink, NDA_PROTOCOL);
MIF_SAME(rtnetlink, NTF_PROXY);
MIF_MEANS(NeighbourFlag::kUse, NTF_USE);
MIF_MEANS(NeighbourFlag::kSelf, NTF_SELF);
MIF_MEANS(NeighbourFlag::kMaster, NTF_MASTER);
MIF_MEANS(NeighbourFlag::kProxy, NTF_PROXY);
MIF_MEANS(NeighbourFlag::kExternallyLearnt, NTF_EXT_LEARNED);
MIF_MEANS(NeighbourFlag::kOffloaded, NTF_OFFLOADED);
MIF_MEANS(NeighbourFlag::kSticky, NTF_STICKY);
MIF_MEANS(NeighbourFlag::kRouter, NTF_ROUTER);
MIF_MEANS(NeighbourState::kIncomplete, NUD_INCOMPLETE);
MIF_MEANS(NeighbourState::kReachable, NUD_REACHABLE);
MIF_MEANS(NeighbourState::kStale, NUD_STALE);
MIF_MEANS(NeighbourState::kDelay, NUD_DELAY);
MIF_MEANS(NeighbourState::kProbe, NUD_PROBE);
MIF_MEANS(NeighbourState::kFailed, NUD_FAILED);
MIF_MEANS(NeighbourState::kNoArp, NUD_NOARP);
MIF_MEANS(NeighbourState::kPermanent, NUD_PERMANENT);

// Nexthop objects.
MIF_AT(nhmsg, nh_family);
MIF_AT(nhmsg, nh_scope);
MIF_AT(nhmsg, nh_protocol);
MIF_AT(nhmsg, nh_flags);
MIF_SIZE(nhmsg);
MIF_AT(nexthop_grp, id);
MIF_AT(nexthop_grp, weight);
MIF_SIZE(nexthop_grp);
// Its field is named weight_high since Linux 6.12 and was reserved before.
static_assert(layout::nexthop_grp::weight_high == layout::nexthop_grp::weight + 1);
MIF_SAME(rtnetlink, NHA_ID);
MIF_SAME(rtnetlink, NHA_GROUP);
MIF_SAME(rtnetlink, NHA_GROUP_TYPE);
MIF_SAME(rtnetlink, NHA_BLACKHOLE);
MIF_SAME(rtnetlink, NHA_OIF);
MIF_SAME(rtnetlink, NHA_GATEWAY);
MIF_SAME(rtnetlink, NHA_FDB);

}  // namespace
