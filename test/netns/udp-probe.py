# SPDX-License-Identifier: MIT
# What the kernel does with a datagram socket: one JSON question a line in, one answer a line out. A question is
# { destination, port, zone?, device?, source?, sourcePort?, mark?, uid?, tos? }, an answer { source } of the connected
# socket, which has sent one datagram then, or { error } with the name of an errno.

import errno
import json
import os
import socket
import sys


def probe(question):
    family = socket.AF_INET6 if ":" in question["destination"] else socket.AF_INET
    scope = socket.if_nametoindex(question["zone"]) if "zone" in question else 0

    def endpoint(address, port):
        return (address, port, 0, scope) if family == socket.AF_INET6 else (address, port)

    # The kernel takes the user of a socket from who makes it (trap E3).
    os.seteuid(question.get("uid", 0))
    try:
        made = socket.socket(family, socket.SOCK_DGRAM)
    finally:
        os.seteuid(0)
    with made:
        if "device" in question:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, question["device"].encode())
        if "mark" in question:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, question["mark"])
        if "tos" in question:
            made.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, question["tos"])
        made.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        if "source" in question or "sourcePort" in question:
            any_address = "::" if family == socket.AF_INET6 else "0.0.0.0"
            made.bind(endpoint(question.get("source", any_address), question.get("sourcePort", 0)))
        made.connect(endpoint(question["destination"], question["port"]))
        source = made.getsockname()[0].partition("%")[0]
        made.send(b"x")
        return {"source": source}


for line in sys.stdin:
    try:
        answer = probe(json.loads(line))
    except OSError as error:
        answer = {"error": errno.errorcode.get(error.errno, str(error))}
    print(json.dumps(answer), flush=True)
