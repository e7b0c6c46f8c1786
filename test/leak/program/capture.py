# SPDX-License-Identifier: MIT
# Captures what leaves the network namespace that it runs in, on every link, those that come later and loopback included. One
# question a line in, a list of MAC addresses; one answer a line out: the frames sent since the last one as [link, hex], and
# for those from one of these addresses their number only.
#
# A frame is here before the call that sent it returns, so what a program has sent before a question is in its answer.

import json
import select
import socket
import struct
import sys

ALL_PROTOCOLS = 3
OUTGOING = 4
SO_RCVBUFFORCE = 33
SOL_PACKET = 263
PACKET_STATISTICS = 6
# Enough of a frame for every header that is looked at.
KEPT = 128

capture = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
capture.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
capture.setblocking(False)
frames = []


def drain():
    while True:
        try:
            frame, (link, _, kind, *_) = capture.recvfrom(KEPT)
        except BlockingIOError:
            return
        except OSError:
            # A link that went down is told as an error, once; what it sent before stays queued.
            continue
        if kind == OUTGOING:
            frames.append((link, frame))


print("ready", file=sys.stderr, flush=True)
while True:
    readable, _, _ = select.select([capture, sys.stdin], [], [])
    drain()
    if sys.stdin not in readable:
        continue
    line = sys.stdin.readline()
    if not line:
        break
    right = {bytes.fromhex(mac.replace(":", "")) for mac in json.loads(line)}
    drain()
    _, dropped = struct.unpack("II", capture.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
    # Behind the destination comes the source (IEEE 802.3); links without addresses have none.
    strays = [[link, frame.hex()] for link, frame in frames if frame[6:12] not in right]
    print(json.dumps({"strays": strays, "right": len(frames) - len(strays), "dropped": dropped}), flush=True)
    frames.clear()
