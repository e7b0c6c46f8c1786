# SPDX-License-Identifier: MIT
# Inside a namespace for as long as a comparison: asks the kernel which way it would take. One JSON list of questions a
# line in, one list of answers a line out. A question is { destination, source?, device?, mark?, uid?, protocol?,
# sourcePort?, destinationPort?, tos? }, an answer { error } with an errno, or what RTM_GETROUTE says.

import ipaddress
import json
import socket
import struct
import sys

RTM_GETROUTE, NLM_F_REQUEST, NLMSG_ERROR = 26, 1, 2
RTM_F_LOOKUP_TABLE = 0x1000
RTA_DST, RTA_SRC, RTA_OIF, RTA_GATEWAY, RTA_PREFSRC = 1, 2, 4, 5, 7
RTA_TABLE, RTA_MARK, RTA_VIA, RTA_UID, RTA_IP_PROTO, RTA_SPORT, RTA_DPORT = 15, 16, 18, 25, 27, 28, 29


def attribute(kind, value):
    length = 4 + len(value)
    return struct.pack("=HH", length, kind) + value + bytes(-length % 4)


def attributes(data):
    at = 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, at)
        if length < 4:
            return
        yield kind & 0x3FFF, data[at + 4 : at + length]
        at += (length + 3) & ~3


def text(value):
    return str(ipaddress.ip_address(value))


class Oracle:
    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.socket.bind((0, 0))
        self.sequence = 0

    def request(self, question):
        destination = ipaddress.ip_address(question["destination"])
        family = socket.AF_INET if destination.version == 4 else socket.AF_INET6
        bits = destination.max_prefixlen
        source = question.get("source")
        header = struct.pack(
            "=BBBBBBBBI", family, bits, bits if source else 0, question.get("tos", 0), 0, 0, 0, 0, RTM_F_LOOKUP_TABLE
        )
        body = header + attribute(RTA_DST, destination.packed)
        if source:
            body += attribute(RTA_SRC, ipaddress.ip_address(source).packed)
        if question.get("device"):
            body += attribute(RTA_OIF, struct.pack("=I", question["device"]))
        if question.get("mark"):
            body += attribute(RTA_MARK, struct.pack("=I", question["mark"]))
        body += attribute(RTA_UID, struct.pack("=I", question.get("uid", 0)))
        if question.get("protocol"):
            body += attribute(RTA_IP_PROTO, struct.pack("=B", question["protocol"]))
        if question.get("sourcePort"):
            body += attribute(RTA_SPORT, struct.pack("!H", question["sourcePort"]))
        if question.get("destinationPort"):
            body += attribute(RTA_DPORT, struct.pack("!H", question["destinationPort"]))
        self.sequence += 1
        return struct.pack("=IHHII", 16 + len(body), RTM_GETROUTE, NLM_F_REQUEST, self.sequence, 0) + body

    def ask(self, question):
        self.socket.send(self.request(question))
        data = self.socket.recv(65536)
        length, kind = struct.unpack_from("=IH", data)
        if kind == NLMSG_ERROR:
            return {"error": -struct.unpack_from("=i", data, 16)[0]}
        answer = {"type": data[16 + 7]}
        for kind, value in attributes(data[28:length]):
            if kind == RTA_OIF:
                answer["index"] = struct.unpack("=I", value)[0]
            elif kind == RTA_TABLE:
                answer["table"] = struct.unpack("=I", value)[0]
            elif kind == RTA_GATEWAY:
                answer["gateway"] = text(value)
            elif kind == RTA_VIA:
                answer["gateway"] = text(value[2:])
            elif kind == RTA_PREFSRC:
                answer["source"] = text(value)
        return answer


oracle = Oracle()
for line in sys.stdin:
    print(json.dumps([oracle.ask(question) for question in json.loads(line)]), flush=True)
