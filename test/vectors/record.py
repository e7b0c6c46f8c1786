#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records golden bytes from a real kernel: test/vectors/rtnetlink/*.hex.

    sudo python3 test/vectors/record.py            all scenarios
    sudo python3 test/vectors/record.py route-     those whose name begins so

Each scenario runs in a network namespace of its own, made by unshare(2), so nothing of the host is seen or
touched. Needs root, iproute2 and a kernel with veth, bridge, vrf and nexthop objects. A file has a head (command,
os, version, iproute2, order) and then one datagram per paragraph, in hexadecimal.
"""

import ctypes
import os
import platform
import shlex
import socket
import struct
import subprocess
import sys
import time
from dataclasses import dataclass, field

CLONE_NEWNET = 0x40000000
SOL_NETLINK = 270
NETLINK_ADD_MEMBERSHIP, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK = 1, 11, 12
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP, NLM_F_CREATE, NLM_F_EXCL = 1, 4, 0x300, 0x400, 0x200
NLMSG_ERROR, NLMSG_DONE = 2, 3
RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE, RTM_GETNEIGH, RTM_NEWRULE, RTM_GETRULE, RTM_GETADDRLABEL, RTM_GETNEXTHOP = 18, 22, 26, 30, 32, 34, 74, 106
AF_UNSPEC, AF_INET, AF_INET6 = 0, 2, 10
LINK, NEIGH, IPV4_IFADDR, IPV4_ROUTE, IPV4_RULE = 1, 3, 5, 7, 8
IPV6_IFADDR, IPV6_ROUTE, IPV6_IFINFO, IPV6_RULE, NEXTHOP = 9, 11, 12, 19, 32
# A notification follows its cause within microseconds; this much silence ends a recording.
QUIET_SECONDS = 0.2
# The datagram size that the decoder has to cope with (trap A13).
RECEIVE_BYTES = 65536


@dataclass
class Scenario:
    name: str
    """Commands that prepare, not recorded."""
    before: list = field(default_factory=list)
    """Commands whose notifications in `groups` are recorded."""
    run: list = field(default_factory=list)
    groups: list = field(default_factory=list)
    """Or: one request (type, flags, body and attributes) whose replies are recorded."""
    request: tuple = None
    """How the head names the request."""
    title: str = ''
    """Record the request itself instead of its replies, after the kernel accepted it."""
    keepRequest: bool = False
    """How long to wait for notifications, for those that the kernel makes later."""
    wait: float = QUIET_SECONDS


def attribute(kind, value):
    length = 4 + len(value)
    return struct.pack('=HH', length, kind) + value + b'\0' * (-length % 4)


def u8(value):
    return struct.pack('=B', value)


def u16(value):
    return struct.pack('=H', value)


def u32(value):
    return struct.pack('=I', value)


def open_socket(groups=(), strict=True):
    netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)
    netlink.bind((0, 0))
    netlink.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
    if strict:
        netlink.setsockopt(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1)
    for group in groups:
        netlink.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)
    return netlink


def message(kind, flags, body, sequence=1):
    return struct.pack('=IHHII', 16 + len(body), kind, flags | NLM_F_REQUEST, sequence, 0) + body


def shell(commands):
    for command in commands:
        if callable(command):
            command()
        else:
            subprocess.run(shlex.split(command), check=True)


def record_notifications(scenario):
    netlink = open_socket(scenario.groups)
    shell(scenario.run)
    netlink.settimeout(scenario.wait)
    datagrams = []
    try:
        while True:
            datagrams.append(netlink.recv(RECEIVE_BYTES))
    except TimeoutError:
        return datagrams


def types_of(datagram):
    at = 0
    while at + 16 <= len(datagram):
        length, kind = struct.unpack_from('=IH', datagram, at)
        yield kind, at, length
        at += (length + 3) & ~3


def record_replies(scenario):
    kind, flags, body = scenario.request
    netlink = open_socket()
    request = message(kind, flags, body)
    netlink.send(request)
    netlink.settimeout(2)
    datagrams = []
    while True:
        datagram = netlink.recv(RECEIVE_BYTES)
        datagrams.append(datagram)
        kinds = list(types_of(datagram))
        ends = [item for item in kinds if item[0] in (NLMSG_ERROR, NLMSG_DONE)]
        if scenario.keepRequest and ends:
            error = struct.unpack_from('=i', datagram, ends[0][1] + 16)[0]
            if error != 0:
                raise RuntimeError(f'{scenario.name}: the kernel refused the request: {os.strerror(-error)}')
        if ends or not flags & NLM_F_DUMP:
            return [request] if scenario.keepRequest else datagrams


def write(scenario, datagrams):
    version = platform.release().split('-')[0]
    tool = subprocess.run(['ip', '-V'], capture_output=True, text=True, check=True).stdout.split(',')[1].split('-')[1]
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'rtnetlink')
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, scenario.name + '.hex'), 'w', encoding='ascii') as file:
        for command in scenario.before:
            if not callable(command):
                print('# before: ' + command, file=file)
        for command in scenario.run:
            print('# command: ' + (command.__doc__ if callable(command) else command), file=file)
        if scenario.title:
            print('# command: ' + scenario.title, file=file)
        print(f'# os: Linux\n# version: {version}\n# iproute2: {tool}\n# order: {sys.byteorder}-endian', file=file)
        for datagram in datagrams:
            print(file=file)
            for at in range(0, len(datagram), 16):
                line = datagram[at : at + 16]
                print(' '.join(line[i : i + 4].hex() for i in range(0, len(line), 4)), file=file)


def record(scenario):
    """Runs one scenario in a child, because a namespace cannot be left again."""
    child = os.fork()
    if child != 0:
        status = os.waitpid(child, 0)[1]
        return os.waitstatus_to_exitcode(status) == 0
    try:
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), 'unshare')
        shell(['ip link set lo up'])
        shell(scenario.before)
        time.sleep(QUIET_SECONDS)
        datagrams = record_replies(scenario) if scenario.request else record_notifications(scenario)
        if not datagrams:
            raise RuntimeError('nothing was recorded')
        write(scenario, datagrams)
        print(f'{scenario.name}: {len(datagrams)} datagrams')
        os._exit(0)
    except Exception as error:  # The parent needs the status, not a traceback through its own frames.
        print(f'{scenario.name}: {error}', file=sys.stderr)
        os._exit(1)


def add_dscp_rule():
    """RTM_NEWRULE priority 300, FRA_DSCP 0x2e, FRA_TABLE 254 (iproute2 6.1 cannot say it)"""
    netlink = open_socket()
    body = struct.pack('=BBBBBBBBI', AF_INET, 0, 0, 0, 0, 0, 0, 1, 0)
    body += attribute(6, u32(300)) + attribute(15, u32(254)) + attribute(25, u8(0x2E))
    netlink.send(message(RTM_NEWRULE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, body))
    check(netlink)


def add_masked_rule():
    """RTM_NEWRULE priority 301, FRA_SPORT_RANGE 80-80, FRA_SPORT_MASK 0xfff0, FRA_TABLE 254"""
    netlink = open_socket()
    body = struct.pack('=BBBBBBBBI', AF_INET, 0, 0, 0, 0, 0, 0, 1, 0)
    body += attribute(6, u32(301)) + attribute(15, u32(254)) + attribute(22, u8(6))
    body += attribute(23, struct.pack('=HH', 80, 80)) + attribute(28, u16(0xFFF0))
    netlink.send(message(RTM_NEWRULE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, body))
    check(netlink)


def move_far_end():
    """ip link set v1 netns <another namespace>"""
    # The namespace lives as long as this child, which ends with the scenario's process.
    ready, done = os.pipe()
    child = os.fork()
    if child == 0:
        ctypes.CDLL(None).prctl(1, 9)
        ctypes.CDLL(None).unshare(CLONE_NEWNET)
        os.write(done, b'.')
        time.sleep(60)
        os._exit(0)
    os.read(ready, 1)
    subprocess.run(['ip', 'link', 'set', 'v1', 'netns', str(child)], check=True)


def check(netlink):
    reply = netlink.recv(RECEIVE_BYTES)
    error = struct.unpack_from('=i', reply, 16)[0]
    if error != 0:
        raise OSError(-error, os.strerror(-error))


def advertise(lifetime):
    """A router advertisement from the far end of v0: prefix 2001:db8:5::/64, route 2001:db8:77::/48, high preference."""

    def send():
        # Flags byte 0x08: preference high (RFC 4191 section 2.2).
        packet = struct.pack('!BBHBBHII', 134, 0, 0, 64, 0x08, lifetime, 0, 0)
        packet += struct.pack('!BBBBIII', 3, 4, 64, 0xC0, 600, 300, 0) + socket.inet_pton(socket.AF_INET6, '2001:db8:5::')
        packet += struct.pack('!BBBBI', 24, 2, 48, 0x08, 500) + socket.inet_pton(socket.AF_INET6, '2001:db8:77::')[:8]
        router = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
        router.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
        router.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex('v1'))
        router.sendto(packet, ('ff02::1', 0, 0, socket.if_nametoindex('v1')))

    send.__doc__ = advertise.__doc__ + f' Router lifetime {lifetime} s.'
    return send


PAIR = ['ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02']
UP = PAIR + ['sysctl -qw net.ipv6.conf.v0.accept_dad=0 net.ipv6.conf.v1.accept_dad=0', 'ip link set v0 up', 'ip link set v1 up']
IPV4 = UP + ['ip address add 192.0.2.1/24 dev v0', 'ip address add 198.51.100.1/24 dev v1']
IPV6 = UP + ['ip address add 2001:db8:1::1/64 dev v0 nodad', 'ip address add 2001:db8:2::1/64 dev v1 nodad']

IFINFO = struct.pack('=BBHiII', AF_UNSPEC, 0, 0, 0, 0, 0)
SKIP_STATS = attribute(29, u32(8))


def ifaddr(family, index=0):
    return struct.pack('=BBBBI', family, 0, 0, 0, index)


def rtm(family):
    return struct.pack('=BBBBBBBBI', family, 0, 0, 0, 0, 0, 0, 0, 0)


def nd(family, flags=0):
    return struct.pack('=BBHiHBB', family, 0, 0, 0, 0, flags, 0)


NEXTHOP_BODY = struct.pack('=BBBBI', AF_UNSPEC, 0, 0, 0, 0)

SCENARIOS = [
    # Links.
    Scenario('link-dump', PAIR + ['ip link add br0 address 02:00:00:00:00:03 type bridge', 'ip link set v0 master br0', 'ip link set v0 up', 'ip link set v1 up',
             'ip link property add dev v0 altname uplink-of-the-office altname wan0', 'ip link set v1 group 7'],
             request=(RTM_GETLINK, NLM_F_DUMP, IFINFO + SKIP_STATS), title='RTM_GETLINK dump, RTEXT_FILTER_SKIP_STATS'),
    Scenario('link-add-up-delete', [], PAIR + ['ip link set v1 up', 'ip link set v0 up', 'ip link delete v0'], [LINK]),
    Scenario('link-bridge-port', UP + ['ip link add br0 address 02:00:00:00:00:03 type bridge'], ['ip link set v0 master br0', 'ip link set v0 nomaster'], [LINK]),
    Scenario('link-ipv6-part', UP, ['ip token set ::5 dev v0'], [IPV6_IFINFO]),
    Scenario('link-settings', UP, ['sysctl -qw net.ipv4.conf.v0.forwarding=1 net.ipv4.conf.v0.rp_filter=2 net.ipv4.conf.v0.route_localnet=1 net.ipv4.conf.v0.ignore_routes_with_linkdown=1',
             'ip link set v0 mtu 1400', 'sysctl -qw net.ipv6.conf.v0.forwarding=1 net.ipv6.conf.v0.accept_ra=2 net.ipv6.conf.v0.accept_ra_rt_info_max_plen=48 net.ipv6.conf.v0.use_tempaddr=2 '
             'net.ipv6.conf.v0.optimistic_dad=1 net.ipv6.conf.v0.use_optimistic=1 net.ipv6.conf.v0.use_oif_addrs_only=1 net.ipv6.conf.v0.ignore_routes_with_linkdown=1',
             'ip token set ::5 dev v0', 'sysctl -qw net.ipv6.conf.v0.disable_ipv6=1', 'ip link set v0 mtu 1401', 'ip link set v0 mtu 1000', 'ip link set v0 txqueuelen 7'], [LINK, IPV6_IFINFO]),
    Scenario('link-moved', UP, [move_far_end, 'ip link set v0 mtu 1400'], [LINK]),
    Scenario('link-rename', IPV4, ['ip link set v0 name wan'], [LINK, IPV4_IFADDR]),
    Scenario('link-kinds-dump', ['ip tuntap add tun0 mode tun', 'ip link add ifb0 type ifb', 'ip link add br0 type bridge'],
             request=(RTM_GETLINK, NLM_F_DUMP, IFINFO + SKIP_STATS), title='RTM_GETLINK dump, RTEXT_FILTER_SKIP_STATS'),
    # Addresses.
    Scenario('address-ipv4', UP, ['ip address add 192.0.2.1/24 brd + dev v0 label v0:one', 'ip address add 192.0.2.2/24 dev v0 metric 77',
             'ip address add 10.0.0.1 peer 10.0.0.2/32 dev v0', 'ip address add 10.9.0.1/16 dev v0 valid_lft 600 preferred_lft 300 noprefixroute', 'ip address delete 192.0.2.2/24 dev v0'], [IPV4_IFADDR]),
    Scenario('address-ipv6', UP, ['ip address add 2001:db8:1::1/64 dev v0 nodad', 'ip address add 2001:db8:2::1 peer 2001:db8:2::2/128 dev v0 nodad',
             'ip address add 2001:db8:3::1/64 dev v0 nodad mngtmpaddr noprefixroute valid_lft 600 preferred_lft 300',
             'ip address add 2001:db8:4::1/64 dev v0 nodad valid_lft 600 preferred_lft 0', 'ip address delete 2001:db8:1::1/64 dev v0'], [IPV6_IFADDR]),
    Scenario('address-tentative', PAIR + ['ip link set v0 up', 'ip link set v1 up'], ['ip address add 2001:db8:1::1/64 dev v0'], [IPV6_IFADDR], wait=3),
    Scenario('address-link-local', PAIR + ['sysctl -qw net.ipv6.conf.v0.accept_dad=0'], ['ip link set v1 up', 'ip link set v0 up'], [IPV6_IFADDR], wait=1),
    Scenario('address-ipv4-dump', IPV4, request=(RTM_GETADDR, NLM_F_DUMP, ifaddr(AF_INET)), title='RTM_GETADDR AF_INET dump'),
    Scenario('address-ipv6-dump', IPV6 + ['ip address add 2001:db8:3::1/64 dev v0 nodad valid_lft 600 preferred_lft 300'],
             request=(RTM_GETADDR, NLM_F_DUMP, ifaddr(AF_INET6)), title='RTM_GETADDR AF_INET6 dump'),
    Scenario('address-label-dump', UP + ['ip addrlabel add prefix 2001:db8:7::/48 dev v0 label 99', 'ip addrlabel add prefix 2001:db8::/32 label 7'],
             request=(RTM_GETADDRLABEL, NLM_F_DUMP, struct.pack('=BBBBII', AF_INET6, 0, 0, 0, 0, 0)), title='RTM_GETADDRLABEL dump'),
    # Routes.
    Scenario('route-ipv4', IPV4, ['ip route add default via 192.0.2.254', 'ip route add 203.0.113.0/24 via 192.0.2.254 dev v0 metric 100 src 192.0.2.1 mtu 1400 advmss 1300 congctl reno',
             'ip route add 203.0.113.0/24 via inet6 fe80::1 dev v0 table 100', 'ip route add 10.1.0.0/16 dev v0 scope link table 4242 proto dhcp',
             'ip route add 10.2.0.0/16 via 203.0.113.9 dev v0 onlink tos 0x10', 'ip route delete default via 192.0.2.254'], [IPV4_ROUTE]),
    Scenario('route-ipv4-negative', IPV4, ['ip route add blackhole 10.1.0.0/16', 'ip route add unreachable 10.2.0.0/16', 'ip route add prohibit 10.3.0.0/16', 'ip route add throw 10.4.0.0/16'], [IPV4_ROUTE]),
    Scenario('route-ipv4-multipath', IPV4, ['ip route add 203.0.113.0/24 nexthop via 192.0.2.254 dev v0 weight 3 nexthop via inet6 fe80::1 dev v1 weight 1',
             'ip route add 10.5.0.0/16 nexthop dev v0 weight 256 nexthop via 198.51.100.9 dev v1 onlink'], [IPV4_ROUTE]),
    Scenario('route-ipv4-placement', IPV4, ['ip route add 203.0.113.0/24 via 192.0.2.254', 'ip route append 203.0.113.0/24 via 192.0.2.253', 'ip route prepend 203.0.113.0/24 via 192.0.2.252',
             'ip route change 203.0.113.0/24 via 192.0.2.251', 'ip route replace 203.0.113.0/24 via 192.0.2.250'], [IPV4_ROUTE]),
    Scenario('route-ipv4-nexthop', IPV4 + ['ip nexthop add id 10 via 192.0.2.254 dev v0', 'ip nexthop add id 11 via 198.51.100.9 dev v1', 'ip nexthop add id 20 group 10,3/11', 'ip nexthop add id 21 group 10'],
             ['ip route add 203.0.113.0/24 nhid 10', 'ip route add 10.1.0.0/16 nhid 20', 'ip route add 10.2.0.0/16 nhid 21'], [IPV4_ROUTE]),
    Scenario('route-ipv4-encap', IPV4, ['ip route add 10.1.0.0/16 encap ip id 42 dst 192.0.2.9 dev v0', 'ip route add 10.2.0.0/16 nexthop encap ip id 43 dst 192.0.2.9 dev v0 nexthop dev v1'], [IPV4_ROUTE]),
    Scenario('route-ipv4-dump', IPV4 + ['ip route add default via 192.0.2.254', 'ip route add 10.1.0.0/16 dev v0 table 4242'], request=(RTM_GETROUTE, NLM_F_DUMP, rtm(AF_INET)), title='RTM_GETROUTE AF_INET dump'),
    Scenario('route-ipv4-lookup', IPV4, request=(RTM_GETROUTE, 0, struct.pack('=BBBBBBBBI', AF_INET, 32, 0, 0, 0, 0, 0, 0, 0) + attribute(1, socket.inet_aton('192.0.2.7'))), title='RTM_GETROUTE 192.0.2.7, no dump'),
    Scenario('route-ipv6', IPV6, ['ip -6 route add default via fe80::1 dev v0', 'ip -6 route add default from 2001:db8:1::/64 via fe80::2 dev v0 metric 10',
             'ip -6 route add 2001:db8:99::/48 via fe80::1 dev v0 expires 100 pref high mtu 1300 table 4242', 'ip -6 route add blackhole 2001:db8:66::/48',
             'ip -6 route add unreachable 2001:db8:67::/48', 'ip -6 route delete default via fe80::1 dev v0'], [IPV6_ROUTE]),
    Scenario('route-ipv6-multipath', IPV6, ['ip -6 route add 2001:db8:99::/48 nexthop via fe80::1 dev v0 weight 2 nexthop via fe80::2 dev v1',
             'ip -6 route append 2001:db8:99::/48 via fe80::3 dev v0', 'ip -6 route prepend 2001:db8:99::/48 via fe80::5 dev v0', 'ip -6 route delete 2001:db8:99::/48 via fe80::3 dev v0', 'ip -6 route replace 2001:db8:99::/48 via fe80::4 dev v0'], [IPV6_ROUTE]),
    Scenario('route-ipv6-nexthop', IPV6 + ['ip nexthop add id 10 via fe80::1 dev v0', 'ip nexthop add id 21 group 10'], ['ip -6 route add 2001:db8:99::/48 nhid 10', 'ip -6 route add 2001:db8:98::/48 nhid 21'], [IPV6_ROUTE]),
    Scenario('route-ipv6-advertised', UP + ['sysctl -qw net.ipv6.conf.v0.accept_ra=2 net.ipv6.conf.v0.accept_ra_rt_info_max_plen=64 net.ipv6.conf.v1.accept_ra=0'], [advertise(1800), advertise(0)], [IPV6_ROUTE, IPV6_IFADDR], wait=3),
    Scenario('route-ipv6-dump', IPV6 + ['ip -6 route add default via fe80::1 dev v0', 'ip -6 route add 2001:db8:99::/48 via fe80::1 dev v0 expires 100'], request=(RTM_GETROUTE, NLM_F_DUMP, rtm(AF_INET6)), title='RTM_GETROUTE AF_INET6 dump'),
    # Rules.
    Scenario('rule-ipv4', IPV4, ['ip rule add from 10.1.0.0/16 to 10.2.0.0/15 iif lo oif v0 fwmark 0x11/0xff tos 0x10 priority 100 lookup 4242 suppress_prefixlength 0 suppress_ifgroup 5 protocol static',
             'ip rule add priority 101 uidrange 1000-1999 ipproto tcp sport 80 dport 1000-2000 not lookup main', 'ip rule add priority 102 goto 200', 'ip rule add priority 103 blackhole tun_id 77',
             'ip rule add priority 104 l3mdev protocol kernel', 'ip rule delete priority 102'], [IPV4_RULE]),
    Scenario('rule-newer', IPV4, [add_dscp_rule, add_masked_rule], [IPV4_RULE]),
    Scenario('rule-ipv6', IPV6, ['ip -6 rule add from 2001:db8:1::/64 priority 100 lookup 4242', 'ip -6 rule add to 2001:db8:2::/48 priority 101 prohibit', 'ip -6 rule delete priority 100'], [IPV6_RULE]),
    Scenario('rule-ipv4-dump', [], request=(RTM_GETRULE, NLM_F_DUMP, rtm(AF_INET)), title='RTM_GETRULE AF_INET dump'),
    Scenario('rule-ipv6-dump', [], request=(RTM_GETRULE, NLM_F_DUMP, rtm(AF_INET6)), title='RTM_GETRULE AF_INET6 dump'),
    # Neighbours.
    Scenario('neighbour', IPV4 + ['ip address add 2001:db8:1::1/64 dev v0 nodad'], ['ip neighbour add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent protocol static', 'ip neighbour add 2001:db8:1::9 lladdr 02:00:00:00:00:09 dev v0 nud stale router',
             'ip neighbour add proxy 192.0.2.10 dev v0', 'ip neighbour delete 192.0.2.9 dev v0'], [NEIGH]),
    Scenario('neighbour-bridge', UP + ['ip link add br0 type bridge', 'ip link set v0 master br0'], ['bridge fdb add 02:00:00:00:00:0a dev v0 master static'], [NEIGH]),
    Scenario('neighbour-dump', IPV4 + ['ip neighbour add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent'], request=(RTM_GETNEIGH, NLM_F_DUMP, nd(AF_INET)), title='RTM_GETNEIGH AF_INET dump'),
    Scenario('neighbour-proxy-dump', IPV4 + ['ip neighbour add proxy 192.0.2.10 dev v0'], request=(RTM_GETNEIGH, NLM_F_DUMP, nd(AF_INET, 8)), title='RTM_GETNEIGH AF_INET dump, NTF_PROXY'),
    # Nexthop objects.
    Scenario('nexthop', IPV4, ['ip nexthop add id 10 via 192.0.2.254 dev v0 protocol static', 'ip nexthop add id 11 dev v1', 'ip nexthop add id 12 blackhole',
             'ip nexthop add id 13 via fe80::1 dev v0', 'ip nexthop add id 20 group 10,3/11,255', 'ip nexthop add id 30 via 192.0.2.7 fdb', 'ip nexthop delete id 20'], [NEXTHOP]),
    Scenario('nexthop-resilient', IPV4 + ['ip nexthop add id 10 via 192.0.2.254 dev v0'], ['ip nexthop add id 20 group 10 type resilient buckets 8'], [NEXTHOP]),
    # Ends of requests.
    Scenario('reply-error', [], request=(RTM_GETLINK, NLM_F_ACK, struct.pack('=BBHiII', AF_UNSPEC, 0, 0, 4711, 0, 0)), title='RTM_GETLINK index 4711, which there is not'),
    Scenario('reply-error-text', [], request=(RTM_GETROUTE, NLM_F_ACK, struct.pack('=BBBBBBBBI', AF_INET, 33, 0, 0, 0, 0, 0, 0, 0)), title='RTM_GETROUTE with a destination length of 33'),
    Scenario('reply-done-text', [], request=(RTM_GETADDR, NLM_F_DUMP, struct.pack('=BBBBI', AF_INET, 24, 0, 0, 0)), title='RTM_GETADDR dump with a prefix length, which strict checking refuses'),
    Scenario('reply-done-no-table', [], request=(RTM_GETROUTE, NLM_F_DUMP, rtm(AF_INET) + attribute(15, u32(4242))), title='RTM_GETROUTE dump of table 4242, which there is not'),
    Scenario('reply-done-no-device', [], request=(RTM_GETADDR, NLM_F_DUMP, ifaddr(AF_INET, 4711)), title='RTM_GETADDR dump of index 4711, which there is not'),
    Scenario('reply-filtered', IPV4, request=(RTM_GETROUTE, NLM_F_DUMP, rtm(AF_INET) + attribute(15, u32(254))), title='RTM_GETROUTE dump of table 254'),
]

# Requests that the kernel accepted with strict checking, byte for byte what the builder has to write.
ACCEPTED = [
    ('link', RTM_GETLINK, IFINFO + SKIP_STATS),
    ('address-ipv4', RTM_GETADDR, ifaddr(AF_INET)),
    ('address-ipv6-of-link', RTM_GETADDR, ifaddr(AF_INET6, 1)),
    ('address-labels', RTM_GETADDRLABEL, struct.pack('=BBBBII', AF_INET6, 0, 0, 0, 0, 0)),
    ('nexthop', RTM_GETNEXTHOP, NEXTHOP_BODY),
    ('route-ipv4', RTM_GETROUTE, rtm(AF_INET)),
    ('route-ipv6-of-table-and-link', RTM_GETROUTE, rtm(AF_INET6) + attribute(15, u32(254)) + attribute(4, u32(1))),
    ('rule-ipv6', RTM_GETRULE, rtm(AF_INET6)),
    ('neighbour-ipv4-of-link', RTM_GETNEIGH, nd(AF_INET) + attribute(8, u32(1))),
    ('neighbour-ipv6-proxies', RTM_GETNEIGH, nd(AF_INET6, 8)),
]
for title, kind, body in ACCEPTED:
    SCENARIOS.append(Scenario('request-' + title, request=(kind, NLM_F_DUMP, body), keepRequest=True, title=f'dump request {title}, accepted with strict checking'))


def main():
    prefix = sys.argv[1] if len(sys.argv) > 1 else ''
    chosen = [scenario for scenario in SCENARIOS if scenario.name.startswith(prefix)]
    failed = [scenario.name for scenario in chosen if not record(scenario)]
    if failed:
        sys.exit('not recorded: ' + ', '.join(failed))


main()
