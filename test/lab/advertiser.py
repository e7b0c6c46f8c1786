# SPDX-License-Identifier: MIT
# Sends router advertisements as no router would: of any source, with any hop limit and any checksum, in any number. One
# JSON order a line in, one line out when it has been carried out. An order is { message, router, hops?, checksum?,
# routers? }: `message` is the ICMPv6 message in hexadecimal, its checksum put right unless `checksum` says which one; with
# `routers` it is sent of so many made-up routers instead.
#   advertiser.py INTERFACE

import ipaddress
import json
import socket
import struct
import sys

ALL_NODES = ipaddress.IPv6Address("ff02::1").packed
ALL_NODES_MAC = bytes.fromhex("333300000001")
ICMPV6 = 58
IPV6 = 0x86DD


def checksum(source, message):
    data = source + ALL_NODES + struct.pack("!II", len(message), ICMPV6) + message
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packet(mac, source, message, hops, claimed):
    message = message[:2] + b"\0\0" + message[4:]
    right = checksum(source, message)
    message = message[:2] + struct.pack("!H", right if claimed is None else claimed) + message[4:]
    header = struct.pack("!IHBB", 6 << 28, len(message), ICMPV6, hops) + source + ALL_NODES
    return ALL_NODES_MAC + mac + struct.pack("!H", IPV6) + header + message


def sources(order):
    if "routers" not in order:
        return [ipaddress.IPv6Address(order["router"]).packed]
    first = int(ipaddress.IPv6Address("fe80::f000:0:0:0"))
    return (ipaddress.IPv6Address(first + n).packed for n in range(order["routers"]))


link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
link.bind((sys.argv[1], 0))
mac = link.getsockname()[4]
print("ready", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    message = bytes.fromhex(order["message"])
    for source in sources(order):
        link.send(packet(mac, source, message, order.get("hops", 255), order.get("checksum")))
    print("sent", flush=True)
