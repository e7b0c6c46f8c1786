# SPDX-License-Identifier: MIT
# Says to all who hear options of router advertisements what only the kernel may say (trap A11): an option, in hexadecimal,
# of a router on an interface.
#   forge-router-option.py INDEX ROUTER OPTION

import socket
import struct
import sys

RTM_NEWNDUSEROPT = 68
RTNLGRP_ND_USEROPT = 20
NDUSEROPT_SRCADDR = 1
ROUTER_ADVERTISEMENT = 134

index, router, option = int(sys.argv[1]), sys.argv[2], bytes.fromhex(sys.argv[3])
body = struct.pack("=BxHiBBHI", socket.AF_INET6, len(option), index, ROUTER_ADVERTISEMENT, 0, 0, 0) + option
body += struct.pack("=HH", 20, NDUSEROPT_SRCADDR) + socket.inet_pton(socket.AF_INET6, router)
netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
netlink.bind((0, 0))
message = struct.pack("=IHHII", 16 + len(body), RTM_NEWNDUSEROPT, 0, 0, 0) + body
netlink.sendto(message, (0, 1 << (RTNLGRP_ND_USEROPT - 1)))
