# SPDX-License-Identifier: MIT
# Says in JSON what the kernel holds of a socket that was inherited as descriptor 3.

import json
import socket

s = socket.socket(fileno=3)


def number(level, name):
    try:
        return s.getsockopt(level, name)
    except OSError as error:
        return -error.errno


sol, ip, ip6, tcp = socket.SOL_SOCKET, socket.IPPROTO_IP, socket.IPPROTO_IPV6, socket.IPPROTO_TCP
print(
    json.dumps(
        {
            "protocol": number(sol, 38),
            "device": number(sol, 62),
            "mark": number(sol, 36),
            "tos": number(ip, socket.IP_TOS),
            "trafficClass": number(ip6, socket.IPV6_TCLASS),
            "keepAlive": number(sol, socket.SO_KEEPALIVE),
            "idle": number(tcp, socket.TCP_KEEPIDLE),
            "interval": number(tcp, socket.TCP_KEEPINTVL),
            "probes": number(tcp, socket.TCP_KEEPCNT),
            "reuseAddress": number(sol, socket.SO_REUSEADDR),
            "reusePort": number(sol, socket.SO_REUSEPORT),
            "ipv6Only": number(ip6, socket.IPV6_V6ONLY),
            "preferences": number(ip6, 72),
            "latePort": number(ip, 24),
            "name": s.getsockname(),
        }
    )
)
