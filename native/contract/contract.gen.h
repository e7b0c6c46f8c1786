// SPDX-License-Identifier: MIT
// Generated from native/contract/contract.json by generate.mjs. Do not edit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "address/ip-address.h"
#include "address/link-address.h"
#include "address/prefix.h"
#include "base/clock.h"

namespace mif::contract {

// Identifies the contract.json that both sides were generated from.
inline constexpr char kDigest[] = "7e817eb1054322aa";

// The tables of the mirror, in the order in which a consumer may rely on them: a record names only records of earlier kinds.
enum class RecordKind : std::uint32_t {
  kInterface = 0,  // A network interface (a kernel link).
  kAddress = 1,  // An address of an interface.
  kNexthop = 2,  // A nexthop object, which routes may name by id.
  kRoute = 3,  // A route of any table and type.
  kRule = 4,  // A routing policy rule.
  kNeighbour = 5,  // A neighbour cache entry.
};

// What one difference between two snapshots says of a record.
enum class Operation : std::uint32_t {
  kAdded = 0,  // The later snapshot has it, the earlier has not.
  kChanged = 1,  // Both have it, some attribute differs.
  kRemoved = 2,  // The earlier snapshot has it, the later has not.
};

// Where a monitor is in its life.
enum class MonitorState : std::uint32_t {
  kOpening = 0,  // Its thread has not opened its sockets yet.
  kSyncing = 1,  // Subscribed; the first dump is under way.
  kLive = 2,  // The tables equal the kernel's.
  kResyncing = 3,  // Notifications were lost; a new dump is under way and the last consistent view is served.
  kClosed = 4,  // Closed by its user, or ended by an error that it reports.
};

// Why a record changed. A merged change carries the last cause in this order that took part in it.
enum class ChangeCause : std::uint32_t {
  kKernel = 0,  // The kernel announced it.
  kInferred = 1,  // The kernel changed it in silence; the mirror concluded it from another event and verified it, or found it in an audit.
  kResync = 2,  // Found by comparing with a new dump after notifications were lost.
};

// RFC 2863 operational state (IFLA_OPERSTATE). `unknown` is normal for loopback, tunnels and fresh bridges and does not mean down.
enum class OperState : std::uint32_t {
  kUnknown = 0,  // The driver does not report one.
  kNotPresent = 1,  // The device is not there.
  kDown = 2,  // No carrier, or administratively down.
  kLowerLayerDown = 3,  // The interface below it is down.
  kTesting = 4,  // In a test mode.
  kDormant = 5,  // Carrier, but not yet authorised to pass traffic (802.1X).
  kUp = 6,  // Passes traffic.
};

// Link layer of an interface (ARPHRD_*).
enum class HardwareType : std::uint32_t {
  kEther = 1,  // Ethernet and everything that looks like it.
  kSlip = 256,  // SLIP.
  kPpp = 512,  // PPP.
  kRawip = 519,  // Raw IP, as LTE modems give.
  kTunnel = 768,  // IPv4 in IPv4.
  kTunnel6 = 769,  // IPv6 in IPv6.
  kLoopback = 772,  // The loopback interface.
  kSit = 776,  // IPv6 in IPv4.
  kGre = 778,  // GRE over IPv4.
  kIeee80211 = 801,  // Raw 802.11.
  kGre6 = 823,  // GRE over IPv6.
  kNone = 65534,  // No link layer: tun devices and WireGuard.
};

// What an interface does with packets whose sender it would not reach that way (RFC 3704, rp_filter). The larger number of this and of the setting for all interfaces holds, so loose wins over strict.
enum class ReversePathFilter : std::uint32_t {
  kOff = 0,  // Lets them in.
  kStrict = 1,  // Drops those whose sender is reached over another interface.
  kLoose = 2,  // Drops those whose sender is not reached at all.
};

// Scope of an address or route (rt_scope_t).
enum class AddressScope : std::uint32_t {
  kGlobal = 0,  // Anywhere.
  kSite = 200,  // The site (deprecated).
  kLink = 253,  // The link.
  kHost = 254,  // This host.
  kNowhere = 255,  // A destination that does not exist.
};

// Who made an address (IFA_PROTO, Linux 5.18). A hint: older kernels and many tools leave it out.
enum class AddressOrigin : std::uint32_t {
  kUnspecified = 0,  // Not said.
  kKernelLo = 1,  // The kernel, for the loopback interface.
  kKernelRa = 2,  // The kernel, from a router advertisement.
  kKernelLl = 3,  // The kernel, a link-local address.
};

// What a route does with a packet (RTN_*).
enum class RouteType : std::uint32_t {
  kUnspecified = 0,  // Not said.
  kUnicast = 1,  // Forwards to a gateway or an interface.
  kLocal = 2,  // Delivers to this host.
  kBroadcast = 3,  // Delivers as link broadcast.
  kAnycast = 4,  // Delivers to this host as anycast.
  kMulticast = 5,  // Multicast.
  kBlackhole = 6,  // Drops in silence.
  kUnreachable = 7,  // Answers: destination unreachable.
  kProhibit = 8,  // Answers: administratively prohibited.
  kThrow = 9,  // Ends the lookup in this table; the next rule decides.
  kNat = 10,  // Obsolete.
  kXresolve = 11,  // Obsolete.
};

// Who installed a route, rule or nexthop (RTPROT_*).
enum class RouteProtocol : std::uint32_t {
  kUnspec = 0,  // Not said.
  kRedirect = 1,  // An ICMP redirect.
  kKernel = 2,  // The kernel itself.
  kBoot = 3,  // By hand, as the ip command does by default.
  kStatic = 4,  // The administrator.
  kGated = 8,  // GateD.
  kRa = 9,  // A router advertisement.
  kMrt = 10,  // MRT.
  kZebra = 11,  // Zebra.
  kBird = 12,  // BIRD.
  kDnrouted = 13,  // DECnet.
  kXorp = 14,  // XORP.
  kNtk = 15,  // Netsukuku.
  kDhcp = 16,  // A DHCP client.
  kMrouted = 17,  // A multicast daemon.
  kKeepalived = 18,  // Keepalived.
  kBabel = 42,  // babeld.
  kOpenr = 99,  // Open/R.
  kBgp = 186,  // BGP.
  kIsis = 187,  // IS-IS.
  kOspf = 188,  // OSPF.
  kRip = 189,  // RIP.
  kEigrp = 192,  // EIGRP.
};

// Which routes a monitor mirrors.
enum class RouteDetail : std::uint32_t {
  kDefaults = 0,  // Default routes and their halves (0.0.0.0/1), of which provisioning domains are made.
  kForwarding = 1,  // Without what the kernel keeps in the local table for itself: local, broadcast, anycast and multicast entries, which are most of the traffic.
  kAll = 2,  // All of them.
};

// Preference of a route learnt from a router advertisement (RFC 4191 section 2.1, RTA_PREF).
enum class RouterPreference : std::uint32_t {
  kMedium = 0,  // The default.
  kHigh = 1,  // Before others.
  kReserved = 2,  // Not to be sent; treated as medium.
  kLow = 3,  // After others.
};

// Per-route transport parameters (RTAX_*).
enum class RouteMetric : std::uint32_t {
  kLock = 1,  // Bit mask of the metrics that path discovery must not change.
  kMtu = 2,  // Path MTU, bytes.
  kWindow = 3,  // Largest window to advertise, bytes.
  kRtt = 4,  // Initial round trip time, 1/8 ms.
  kRttvar = 5,  // Initial round trip variance, 1/4 ms.
  kSsthresh = 6,  // Initial slow start threshold, segments.
  kCwnd = 7,  // Clamp of the congestion window, segments.
  kAdvmss = 8,  // Maximum segment size to advertise, bytes.
  kReordering = 9,  // Reordering tolerated, segments.
  kHoplimit = 10,  // Hop limit.
  kInitcwnd = 11,  // Initial congestion window, segments.
  kFeatures = 12,  // Bit mask of features.
  kRtoMin = 13,  // Minimum retransmission time-out, ms.
  kInitrwnd = 14,  // Initial receive window, segments.
  kQuickack = 15,  // Quick acknowledgements.
  kCongctl = 16,  // Congestion control algorithm, kernel number.
  kFastopenNoCookie = 17,  // TCP fast open without cookie.
};

// What a matching policy rule does (FR_ACT_*).
enum class RuleAction : std::uint32_t {
  kUnspecified = 0,  // Not said.
  kToTable = 1,  // Looks up the rule's table.
  kGoto = 2,  // Goes on at another rule.
  kNop = 3,  // Nothing.
  kBlackhole = 6,  // Drops in silence.
  kUnreachable = 7,  // Answers: destination unreachable.
  kProhibit = 8,  // Answers: administratively prohibited.
};

// What selection comes to.
enum class Verdict : std::uint32_t {
  kNoRoute = 0,  // No table that the rules name has a route.
  kPath = 1,  // There is a way.
  kUnreachable = 2,  // A route or rule says: destination unreachable.
  kProhibited = 3,  // A route or rule says: administratively prohibited.
  kBlackholed = 4,  // A route or rule drops it in silence.
  kInterfaceNotFound = 5,  // The interface that the socket is bound to does not exist.
  kInterfaceDown = 6,  // The interface that the socket is bound to is down.
  kSourceNotLocal = 7,  // The source is no address of this host.
  kSourceInvalid = 8,  // The source cannot be one, or cannot leave by that interface.
  kNoSource = 9,  // No address of this host may be the source.
  kScopeRequired = 10,  // The destination exists on each link, and no interface was named.
  kOwnAddress = 11,  // The destination is this host's own, which a socket bound to another interface does not reach (trap F6).
};

// What a policy rule comes to for some traffic. All but the first five say which selector keeps it from applying.
enum class RuleFinding : std::uint32_t {
  kAsked = 0,  // Applies: its table was asked.
  kRefuses = 1,  // Applies: it refuses the traffic.
  kJumps = 2,  // Applies: goes on at another rule.
  kPasses = 3,  // Applies and does nothing: a nop, or a jump to where there is no rule.
  kSuppressed = 4,  // Applies, but suppresses what its table answered.
  kSource = 5,  // Of another source.
  kDestination = 6,  // To another destination.
  kInputInterface = 7,  // Only for traffic that arrives by an interface.
  kOutputInterface = 8,  // Only for sockets bound to another interface.
  kMark = 9,  // Another mark.
  kUser = 10,  // Another user.
  kTrafficClass = 11,  // Another type of service.
  kProtocol = 12,  // Another protocol.
  kSourcePort = 13,  // Another source port.
  kDestinationPort = 14,  // Another destination port.
  kTunnel = 15,  // Only for traffic of a tunnel.
  kVrf = 16,  // Only for traffic of a VRF.
  kUnknown = 17,  // Has a selector that this version does not know, and was taken not to apply.
  kInverted = 18,  // Applies to everything but this.
};

// What decides between two source addresses: of an address that was not chosen, why the one chosen is before it. RFC 6724 section 5 for IPv6, what the kernel and SAS-17 say for IPv4.
enum class SourceRule : std::uint32_t {
  kNone = 0,  // Nothing: it is the one chosen.
  kSameAddress = 1,  // Rule 1: it is the destination.
  kScope = 2,  // Rule 2: it reaches as far as needed and no further.
  kDeprecated = 3,  // Rule 3: the other is deprecated, or optimistic.
  kHome = 4,  // Rule 4: home before care-of.
  kOutgoingInterface = 5,  // Rule 5: it is on the interface that the packet leaves by.
  kNextHop = 6,  // Rule 5.5: the other came from another router than the next hop (SAS-16).
  kLabel = 7,  // Rule 6: its label is the destination's.
  kTemporary = 8,  // Rule 7: temporary before public, or as asked.
  kLongestPrefix = 9,  // Rule 8: it has more leading bits in common.
  kLifetime = 10,  // It is preferred for longer (SAS-14).
  kLowest = 11,  // It is the numerically lower one (SAS-14).
  kSubnet = 12,  // IPv4: the destination, or the router, is in its subnet (SAS-17).
  kRouteSource = 13,  // The route prefers it (SAS-17).
  kPrimary = 14,  // IPv4: the other is secondary (SAS-17).
  kFirst = 15,  // The kernel lists it before the other (SAS-17).
  kNotCandidate = 16,  // The other cannot be the source of this packet (SAS-11).
  kOrchid = 17,  // Kernel, after rule 7: ORCHID addresses for ORCHID destinations (RFC 4843).
  kOptimistic = 18,  // Kernel, last: the other is optimistic.
  kOtherLink = 19,  // The destination does not leave its link, and the other is on another one.
  kNotAllowed = 20,  // The other is none of those that will do: of another provisioning domain.
  kGiven = 21,  // The traffic came with its source.
  kNotAsked = 22,  // No source was chosen: there is no way, or it leads to this host.
};

// What a route whose destination matches comes to for some traffic.
enum class RouteFinding : std::uint32_t {
  kChosen = 0,  // Taken.
  kRefuses = 1,  // Taken, and refuses the traffic.
  kLeavesTable = 2,  // Taken, and sends the lookup back to the rules.
  kTrafficClass = 3,  // For another type of service.
  kSource = 4,  // For another source prefix.
  kHidden = 5,  // For any source, but there are routes to the same destination for some sources; then the kernel does not look at it.
  kDead = 6,  // Its interface is down, or has no carrier where that counts.
  kOtherInterface = 7,  // Leaves by another interface than the one bound to.
  kExpired = 8,  // Its lifetime is over.
  kFailedRouter = 9,  // Its router does not answer.
  kLessPreferred = 10,  // Another one has a higher preference.
  kNotReached = 11,  // Another one comes before it: a longer prefix, a lower metric, or an earlier place among equals.
  kSuppressed = 12,  // Would be taken, but the rule suppresses it.
  kMissingNexthop = 13,  // Names a nexthop object that is not known.
};

// What the mirror cannot decide. Any of these makes an answer approximate.
namespace SelectionDoubt {
inline constexpr std::uint32_t kUnsynced = 0x1;  // The tables were being read again when they were asked.
inline constexpr std::uint32_t kUnknownRule = 0x2;  // A rule has a selector that this version does not know (trap E2), and was taken not to apply.
inline constexpr std::uint32_t kVrf = 0x4;  // The traffic belongs to a VRF, whose table is not known.
inline constexpr std::uint32_t kEqualDefaults = 0x8;  // Several default routes by different routers are equal; the kernel keeps to itself which it has found dead.
inline constexpr std::uint32_t kMergedTables = 0x10;  // Whether the local table is asked before the main one, or both as one, depends on rules of the past.
inline constexpr std::uint32_t kForeignSource = 0x20;  // No address of the outgoing interface will do, and the kernel does not tell in which order it asks the others.
inline constexpr std::uint32_t kMissingNexthop = 0x40;  // A route names a nexthop object that is not known.
inline constexpr std::uint32_t kHomeAddress = 0x80;  // Whether home addresses come first depends on how the kernel was built.
inline constexpr std::uint32_t kSourceNotAsked = 0x100;  // The kernel was asked for the interface without the source, which it would not hear of with one.
}  // namespace SelectionDoubt

// Interface flags (IFF_*).
namespace InterfaceFlag {
inline constexpr std::uint32_t kUp = 0x1;  // Administratively up.
inline constexpr std::uint32_t kBroadcast = 0x2;  // Supports broadcast.
inline constexpr std::uint32_t kDebug = 0x4;  // Debugging is on.
inline constexpr std::uint32_t kLoopback = 0x8;  // The loopback interface.
inline constexpr std::uint32_t kPointToPoint = 0x10;  // Point to point.
inline constexpr std::uint32_t kNoTrailers = 0x20;  // Obsolete.
inline constexpr std::uint32_t kRunning = 0x40;  // Operational state is up or unknown.
inline constexpr std::uint32_t kNoArp = 0x80;  // No address resolution.
inline constexpr std::uint32_t kPromiscuous = 0x100;  // Receives everything.
inline constexpr std::uint32_t kAllMulticast = 0x200;  // Receives all multicast.
inline constexpr std::uint32_t kMaster = 0x400;  // Master of a load balancer.
inline constexpr std::uint32_t kSlave = 0x800;  // Member of a load balancer.
inline constexpr std::uint32_t kMulticast = 0x1000;  // Supports multicast.
inline constexpr std::uint32_t kPortSelect = 0x2000;  // Can choose its medium.
inline constexpr std::uint32_t kAutoMedia = 0x4000;  // Chooses its medium.
inline constexpr std::uint32_t kDynamic = 0x8000;  // Loses its addresses when it goes down.
inline constexpr std::uint32_t kLowerUp = 0x10000;  // The driver signals carrier.
inline constexpr std::uint32_t kDormant = 0x20000;  // The driver signals dormant.
inline constexpr std::uint32_t kEcho = 0x40000;  // Echoes what is sent.
}  // namespace InterfaceFlag

// Address flags (IFA_F_*, 32 bits of IFA_FLAGS). Bit 0 means `secondary` in IPv4 and `temporary` in IPv6.
namespace AddressFlag {
inline constexpr std::uint32_t kSecondary = 0x1;  // IPv4: a further address of the same prefix. IPv6: a temporary address (RFC 8981).
inline constexpr std::uint32_t kNoDad = 0x2;  // No duplicate address detection.
inline constexpr std::uint32_t kOptimistic = 0x4;  // Usable before duplicate address detection ends (RFC 4429).
inline constexpr std::uint32_t kDadFailed = 0x8;  // Duplicate address detection failed; never usable.
inline constexpr std::uint32_t kHomeAddress = 0x10;  // Mobile IPv6 home address.
inline constexpr std::uint32_t kDeprecated = 0x20;  // Past its preferred lifetime.
inline constexpr std::uint32_t kTentative = 0x40;  // Duplicate address detection is under way.
inline constexpr std::uint32_t kPermanent = 0x80;  // No lifetime.
inline constexpr std::uint32_t kManageTemporary = 0x100;  // Temporary addresses are derived from it.
inline constexpr std::uint32_t kNoPrefixRoute = 0x200;  // No prefix route was made for it.
inline constexpr std::uint32_t kMulticastAutoJoin = 0x400;  // Multicast groups are joined on it.
inline constexpr std::uint32_t kStablePrivacy = 0x800;  // Formed by RFC 7217.
}  // namespace AddressFlag

// State of one hop of a route (RTNH_F_*).
namespace NexthopFlag {
inline constexpr std::uint32_t kDead = 0x1;  // Its interface is down.
inline constexpr std::uint32_t kPervasive = 0x2;  // Recursive gateway lookup.
inline constexpr std::uint32_t kOnlink = 0x4;  // The gateway is forced on link.
inline constexpr std::uint32_t kOffload = 0x8;  // Offloaded to hardware.
inline constexpr std::uint32_t kLinkdown = 0x10;  // Its interface has no carrier.
inline constexpr std::uint32_t kUnresolved = 0x20;  // Multicast hop not resolved.
inline constexpr std::uint32_t kTrap = 0x40;  // Trapped by hardware.
}  // namespace NexthopFlag

// State of a policy rule (FIB_RULE_*).
namespace RuleFlag {
inline constexpr std::uint32_t kPermanent = 0x1;  // Cannot be deleted.
inline constexpr std::uint32_t kInvert = 0x2;  // Applies to packets that do not match.
inline constexpr std::uint32_t kUnresolved = 0x4;  // Its goto target does not exist.
inline constexpr std::uint32_t kInputInterfaceDetached = 0x8;  // Its input interface does not exist.
inline constexpr std::uint32_t kOutputInterfaceDetached = 0x10;  // Its output interface does not exist.
}  // namespace RuleFlag

// Reachability state (NUD_*, RFC 4861 section 7.3.2).
namespace NeighbourState {
inline constexpr std::uint32_t kIncomplete = 0x1;  // Being resolved.
inline constexpr std::uint32_t kReachable = 0x2;  // Confirmed lately.
inline constexpr std::uint32_t kStale = 0x4;  // Not confirmed lately.
inline constexpr std::uint32_t kDelay = 0x8;  // Used while stale; waiting for a hint.
inline constexpr std::uint32_t kProbe = 0x10;  // Being probed.
inline constexpr std::uint32_t kFailed = 0x20;  // Does not answer.
inline constexpr std::uint32_t kNoArp = 0x40;  // Needs no resolution.
inline constexpr std::uint32_t kPermanent = 0x80;  // Set by the administrator.
}  // namespace NeighbourState

// Neighbour flags (NTF_*).
namespace NeighbourFlag {
inline constexpr std::uint32_t kUse = 0x1;  // Kept in use.
inline constexpr std::uint32_t kSelf = 0x2;  // Of the device itself.
inline constexpr std::uint32_t kMaster = 0x4;  // Of the master.
inline constexpr std::uint32_t kProxy = 0x8;  // Answered on behalf of another host.
inline constexpr std::uint32_t kExternallyLearnt = 0x10;  // Learnt by something other than the kernel.
inline constexpr std::uint32_t kOffloaded = 0x20;  // Offloaded to hardware.
inline constexpr std::uint32_t kSticky = 0x40;  // Does not move.
inline constexpr std::uint32_t kRouter = 0x80;  // Is a router (RFC 4861 IsRouter).
}  // namespace NeighbourFlag

// One hop of a multipath route.
struct Hop {
  // Interface index.
  std::optional<std::uint32_t> index;
  // Router; absent when the destination is on link. May be IPv6 in an IPv4 route (RFC 5549).
  address::IpAddress gateway;
  // 1 to 256; shares of traffic.
  std::uint16_t weight = 0;
  // The kernel announces no change of these; a dump carries them.
  std::uint32_t flags = 0;
};

// What selection answers to one question; see docs/api/selection.md.
struct Selection {
  // What it comes to.
  Verdict verdict = static_cast<Verdict>(0);
  // What becomes of the packet; unspecified where no route was found.
  RouteType type = static_cast<RouteType>(0);
  // Index of the interface that it leaves by; loopback for local destinations.
  std::optional<std::uint32_t> index;
  // Table of the route; 0 without one.
  std::uint32_t table = 0;
  // Of the route; lower wins.
  std::uint32_t metric = 0;
  // Bytes: of the route where it has one, else of the interface; 0 where neither is known.
  std::uint32_t mtu = 0;
  // Bits of the destination of the route.
  std::uint8_t prefixLength = 0;
  // Hops of the route that will do, of which the kernel takes one by a hash of the flow; 1 for most routes.
  std::uint16_t ways = 0;
  // Source address.
  address::IpAddress source;
  // First hop; absent when the destination is on link. May be IPv6 for an IPv4 destination.
  address::IpAddress gateway;
  // No route leads there by the interface bound to; the kernel looks for the destination on the link (trap F3).
  bool isAssumedOnLink = false;
  // The route, or the rule that named its table, is for some sources only: another source may go another way.
  bool isBySource = false;
  // Why the answer is approximate; empty when it is not.
  std::uint32_t doubts = 0;
};

// One member of a nexthop group.
struct GroupMember {
  // Nexthop id.
  std::uint32_t id = 0;
  // 1 to 65536; shares of traffic.
  std::uint16_t weight = 0;
};

// One transport parameter of a route.
struct MetricValue {
  // Which.
  RouteMetric metric = static_cast<RouteMetric>(0);
  // Kernel units, see RouteMetric.
  std::uint32_t value = 0;
};

// What an interface is set to do with IPv4 (net.ipv4.conf.NAME). Settings for all interfaces are not in it.
struct Ipv4Settings {
  // Sends on what comes in and is for others (forwarding).
  std::optional<bool> forwards;
  // What it lets in (rp_filter).
  std::optional<ReversePathFilter> reversePathFilter;
  // Takes 127.0.0.0/8 for ordinary addresses (route_localnet).
  std::optional<bool> routesLocalnet;
  // Its routes are not used while it has no carrier (ignore_routes_with_linkdown).
  std::optional<bool> ignoresRoutesWithLinkdown;
};

// What an interface is set to do with IPv6 (net.ipv6.conf.NAME). Settings for all interfaces are not in it.
struct Ipv6Settings {
  // Has and makes no addresses (disable_ipv6).
  std::optional<bool> isDisabled;
  // Sends on what comes in and is for others (forwarding).
  std::optional<bool> forwards;
  // Router advertisements: 0 never, 1 unless it forwards, 2 always (accept_ra).
  std::optional<std::int32_t> acceptsAdvertisements;
  // Bits: routes to longer prefixes are not taken from advertisements (accept_ra_rt_info_max_plen, RFC 4191).
  std::optional<std::int32_t> longestAdvertisedRoute;
  // RFC 8981: 0 and less none, 1 made, 2 made and preferred as source (use_tempaddr).
  std::optional<std::int32_t> temporaryAddresses;
  // RFC 4429: new addresses may be used before duplicate address detection ends (optimistic_dad).
  std::optional<bool> detectsOptimistically;
  // Optimistic addresses may be chosen as source (use_optimistic).
  std::optional<bool> usesOptimistic;
  // Addresses of other interfaces are never chosen as source (use_oif_addrs_only).
  std::optional<bool> usesOwnAddressesOnly;
  // Its routes are not used while it has no carrier (ignore_routes_with_linkdown).
  std::optional<bool> ignoresRoutesWithLinkdown;
};

// Settings of an interface, as of the kernel's last message about it: a setting that changes by itself is not announced.
struct InterfaceSettings {
  // Absent where the interface cannot have IPv4.
  std::optional<Ipv4Settings> ipv4;
  // Absent where the interface cannot have IPv6.
  std::optional<Ipv6Settings> ipv6;
};

// A network interface. Source: RTM_NEWLINK.
struct Interface {
  // Kernel interface index. The kernel reuses these; `id` is never reused.
  std::uint32_t index = 0;
  // Counts the devices that have had this index since the mirror began, from 1.
  std::uint32_t generation = 0;
  // Current name, 1 to 15 bytes; may change.
  std::string name;
  // Alternative names. The kernel does not announce additions (trap B8).
  std::vector<std::string> altNames;
  // Driver kind such as veth, bridge, wireguard; absent for hardware.
  std::string kind;
  // Link layer.
  HardwareType hardwareType = static_cast<HardwareType>(0);
  // Link-layer address.
  address::LinkAddress mac;
  // Link-layer broadcast address, or the peer of a point-to-point link.
  address::LinkAddress broadcast;
  // Bytes.
  std::uint32_t mtu = 0;
  // Interface flags.
  std::uint32_t flags = 0;
  // Operational state.
  OperState operState = static_cast<OperState>(0);
  // Lower interface, or peer of a veth (IFLA_LINK). Of another namespace when parentNamespace is present.
  std::optional<std::uint32_t> parentIndex;
  // Kernel id of the namespace of parentIndex.
  std::optional<std::int32_t> parentNamespace;
  // Bridge, bond or VRF it belongs to.
  std::optional<std::uint32_t> masterIndex;
  // Interface group; 0 is the default.
  std::uint32_t group = 0;
  // Packets.
  std::uint32_t transmitQueueLength = 0;
  // What it is set to do (IFLA_AF_SPEC).
  std::optional<InterfaceSettings> settings;
};

// An address of an interface. Source: RTM_NEWADDR.
struct Address {
  // Interface index.
  std::uint32_t index = 0;
  // 4 or 6.
  std::uint8_t family = 0;
  // The local address.
  address::IpAddress address;
  // Bits.
  std::uint8_t prefixLength = 0;
  // Far end of a point-to-point address (trap C2).
  address::IpAddress peer;
  // IPv4 broadcast address.
  address::IpAddress broadcast;
  // IPv4 label; follows the interface name.
  std::string label;
  // Scope.
  AddressScope scope = static_cast<AddressScope>(0);
  // Flags.
  std::uint32_t flags = 0;
  // Who made it, where the kernel says.
  std::optional<AddressOrigin> origin;
  // Metric of its prefix route, where set.
  std::optional<std::uint32_t> metric;
  // Seconds left; null for ever; 0 when deprecated.
  base::Deadline preferredLifetime = base::kForever;
  // Seconds left; null for ever.
  base::Deadline validLifetime = base::kForever;
};

// A nexthop object. Source: RTM_NEWNEXTHOP, Linux 5.3.
struct Nexthop {
  // Nexthop id, chosen by its maker.
  std::uint32_t id = 0;
  // 4 or 6; absent for groups.
  std::optional<std::uint8_t> family;
  // Interface index.
  std::optional<std::uint32_t> index;
  // Router.
  address::IpAddress gateway;
  // Drops in silence.
  bool isBlackhole = false;
  // Of a forwarding database, not of routes.
  bool isFdb = false;
  // Members; empty when it is not a group.
  std::vector<GroupMember> group;
  // 0 multipath, 1 resilient.
  std::optional<std::uint16_t> groupType;
  // Who installed it.
  RouteProtocol protocol = static_cast<RouteProtocol>(0);
  // Scope.
  AddressScope scope = static_cast<AddressScope>(0);
  // State.
  std::uint32_t flags = 0;
};

// A route. Source: RTM_NEWROUTE. Its identity is family, table, destination, source, tos, metric, type and hops.
struct Route {
  // 4 or 6.
  std::uint8_t family = 0;
  // Address and length; a default route is 0.0.0.0/0 or ::/0.
  address::Prefix destination;
  // What it does.
  RouteType type = static_cast<RouteType>(0);
  // 254 is main, 255 local.
  std::uint32_t table = 0;
  // Who installed it.
  RouteProtocol protocol = static_cast<RouteProtocol>(0);
  // Scope.
  AddressScope scope = static_cast<AddressScope>(0);
  // Lower wins; 0 where the kernel says none (IPv4).
  std::uint32_t metric = 0;
  // Type of service it is limited to; 0 for any.
  std::uint8_t tos = 0;
  // Router; absent when on link or multipath. May be IPv6 in an IPv4 route (RFC 5549).
  address::IpAddress gateway;
  // Interface index; absent when multipath or of a type without one.
  std::optional<std::uint32_t> index;
  // Source address the kernel prefers here.
  address::IpAddress preferredSource;
  // Source prefix it is limited to (source-specific routing, RFC 8028).
  address::Prefix source;
  // Hops of a multipath route.
  std::vector<Hop> hops;
  // Nexthop object it uses.
  std::optional<std::uint32_t> nexthopId;
  // State of its only hop. The kernel announces no change of these (trap B3).
  std::uint32_t flags = 0;
  // Transport parameters.
  std::vector<MetricValue> metrics;
  // IPv6: router preference.
  std::optional<RouterPreference> preference;
  // Seconds left; absent for ever.
  base::Deadline lifetime = base::kForever;
  // Kernel number of a light-weight tunnel on it (LWTUNNEL_ENCAP_*).
  std::optional<std::uint16_t> encapsulation;
};

// A routing policy rule. Source: RTM_NEWRULE.
struct Rule {
  // 4 or 6.
  std::uint8_t family = 0;
  // Lower is asked first.
  std::uint32_t priority = 0;
  // What it does.
  RuleAction action = static_cast<RuleAction>(0);
  // Table to look up; 0 when it has none.
  std::uint32_t table = 0;
  // Source prefix; absent for any.
  address::Prefix source;
  // Destination prefix; absent for any.
  address::Prefix destination;
  // Name; `lo` means locally made packets.
  std::string inputInterface;
  // Name; matches sockets bound to it.
  std::string outputInterface;
  // Firewall mark.
  std::optional<std::uint32_t> mark;
  // Bits of the mark that count.
  std::optional<std::uint32_t> markMask;
  // Type of service; 0 for any.
  std::uint8_t tos = 0;
  // DSCP, Linux 6.13.
  std::optional<std::uint8_t> dscp;
  // IP protocol number.
  std::optional<std::uint8_t> ipProtocol;
  // First source port of the range.
  std::optional<std::uint16_t> sourcePortFirst;
  // Last source port of the range.
  std::optional<std::uint16_t> sourcePortLast;
  // First destination port of the range.
  std::optional<std::uint16_t> destinationPortFirst;
  // Last destination port of the range.
  std::optional<std::uint16_t> destinationPortLast;
  // First user id of the range.
  std::optional<std::uint32_t> uidFirst;
  // Last user id of the range.
  std::optional<std::uint32_t> uidLast;
  // Rule to go on at.
  std::optional<std::uint32_t> gotoPriority;
  // Rejects results with a prefix this short or shorter; absent for none (trap E2).
  std::optional<std::uint32_t> suppressPrefixLength;
  // Rejects results through this interface group.
  std::optional<std::uint32_t> suppressGroup;
  // Tunnel id, low 32 bits.
  std::optional<std::uint32_t> tunnelId;
  // Looks up the table of the packet's VRF.
  bool isL3mdev = false;
  // Who installed it.
  RouteProtocol protocol = static_cast<RouteProtocol>(0);
  // State.
  std::uint32_t flags = 0;
  // Selectors of a newer kernel that this version does not know; selection through such a rule is approximate.
  std::uint16_t unknownAttributes = 0;
};

// A neighbour cache entry. Source: RTM_NEWNEIGH.
struct Neighbour {
  // Interface index.
  std::uint32_t index = 0;
  // 4 or 6.
  std::uint8_t family = 0;
  // Protocol address.
  address::IpAddress address;
  // Link-layer address, when known.
  address::LinkAddress mac;
  // Reachability.
  std::uint32_t state = 0;
  // Flags; a proxy entry is another entry than the neighbour itself.
  std::uint32_t flags = 0;
  // Who installed it.
  std::optional<RouteProtocol> protocol;
};

// A policy rule that selection looked at.
struct RuleAccount {
  // What it came to.
  RuleFinding finding = static_cast<RuleFinding>(0);
  // The rule.
  Rule rule;
};

// A hop of a route that selection looked at.
struct RouteAccount {
  // What it came to.
  RouteFinding finding = static_cast<RouteFinding>(0);
  // Index of the interface of the hop.
  std::optional<std::uint32_t> index;
  // Router of the hop; absent when the destination is on link.
  address::IpAddress gateway;
  // Of the rule that named its table.
  std::uint32_t priority = 0;
  // The route.
  Route route;
};

// An address that selection could have chosen for the source.
struct SourceAccount {
  // Index of the interface that has it.
  std::uint32_t index = 0;
  // The address.
  address::IpAddress address;
  // By what it lost to the one chosen.
  SourceRule rule = static_cast<SourceRule>(0);
};

// What selection answered to a question, and what it looked at on the way, in that order.
struct SelectionAccount {
  // The answer.
  Selection selection;
  // Policy rules.
  std::vector<RuleAccount> rules;
  // Hops of routes.
  std::vector<RouteAccount> routes;
  // Source addresses.
  std::vector<SourceAccount> sources;
};

class Packer;

bool sameContent(const Hop& a, const Hop& b);
void pack(const Hop& record, Packer& packer);

bool sameContent(const Selection& a, const Selection& b);
void pack(const Selection& record, Packer& packer);

bool sameContent(const GroupMember& a, const GroupMember& b);
void pack(const GroupMember& record, Packer& packer);

bool sameContent(const MetricValue& a, const MetricValue& b);
void pack(const MetricValue& record, Packer& packer);

bool sameContent(const Ipv4Settings& a, const Ipv4Settings& b);
void pack(const Ipv4Settings& record, Packer& packer);

bool sameContent(const Ipv6Settings& a, const Ipv6Settings& b);
void pack(const Ipv6Settings& record, Packer& packer);

bool sameContent(const InterfaceSettings& a, const InterfaceSettings& b);
void pack(const InterfaceSettings& record, Packer& packer);

// Whether both describe the same interface, whatever its other attributes.
bool sameIdentity(const Interface& a, const Interface& b);
// Whether they differ in nothing that is worth a change event: lifetimes and states that the
// kernel does not announce are left out.
bool sameContent(const Interface& a, const Interface& b);
void pack(const Interface& record, Packer& packer);

// Whether both describe the same address, whatever its other attributes.
bool sameIdentity(const Address& a, const Address& b);
// Whether they differ in nothing that is worth a change event: lifetimes and states that the
// kernel does not announce are left out.
bool sameContent(const Address& a, const Address& b);
void pack(const Address& record, Packer& packer);

// Whether both describe the same nexthop, whatever its other attributes.
bool sameIdentity(const Nexthop& a, const Nexthop& b);
// Whether they differ in nothing that is worth a change event: lifetimes and states that the
// kernel does not announce are left out.
bool sameContent(const Nexthop& a, const Nexthop& b);
void pack(const Nexthop& record, Packer& packer);

// Whether both describe the same route, whatever its other attributes.
bool sameIdentity(const Route& a, const Route& b);
// Whether they differ in nothing that is worth a change event: lifetimes and states that the
// kernel does not announce are left out.
bool sameContent(const Route& a, const Route& b);
void pack(const Route& record, Packer& packer);

// Whether both describe the same rule, whatever its other attributes.
bool sameIdentity(const Rule& a, const Rule& b);
// Whether they differ in nothing that is worth a change event: lifetimes and states that the
// kernel does not announce are left out.
bool sameContent(const Rule& a, const Rule& b);
void pack(const Rule& record, Packer& packer);

// Whether both describe the same neighbour, whatever its other attributes.
bool sameIdentity(const Neighbour& a, const Neighbour& b);
// Whether they differ in nothing that is worth a change event: lifetimes and states that the
// kernel does not announce are left out.
bool sameContent(const Neighbour& a, const Neighbour& b);
void pack(const Neighbour& record, Packer& packer);

bool sameContent(const RuleAccount& a, const RuleAccount& b);
void pack(const RuleAccount& record, Packer& packer);

bool sameContent(const RouteAccount& a, const RouteAccount& b);
void pack(const RouteAccount& record, Packer& packer);

bool sameContent(const SourceAccount& a, const SourceAccount& b);
void pack(const SourceAccount& record, Packer& packer);

bool sameContent(const SelectionAccount& a, const SelectionAccount& b);
void pack(const SelectionAccount& record, Packer& packer);

}  // namespace mif::contract
