# SPDX-License-Identifier: MIT
# Inside a namespace for as long as a trial: runs `ip`, tells whether the kernel's tables stand still, asks `ip -json`
# again about those that moved, and sends forged messages. One JSON document a line in, one a line out.
#
# It reads raw dumps only to compare them with each other: what is in them is told by `ip`, so nothing here decodes what
# the library decodes. A dump that differs for no good reason costs a question; one that does not differ although a
# table did would be a mistake. Therefore all counts but what runs with the clock.

import hashlib
import json
import shlex
import socket
import struct
import subprocess
import sys

SOL_NETLINK, STRICT_CHK = 270, 12
REQUEST, DUMP = 0x1, 0x300
NLMSG_ERROR, NLMSG_DONE, NLM_F_DUMP_INTR = 2, 3, 0x10
IPV4, IPV6 = 2, 10
SKIP_STATISTICS = struct.pack("=HHI", 8, 29, 1 << 3)

# In the order of `questions` (test/lab/oracle.ts): type of request, its body, how the body of an answer is long.
TABLES = [
    (18, bytes(16) + SKIP_STATISTICS, 16),
    (22, bytes(8), 8),
    (26, bytes([IPV4]) + bytes(11), 12),
    (26, bytes([IPV6]) + bytes(11), 12),
    (34, bytes([IPV4]) + bytes(11), 12),
    (34, bytes([IPV6]) + bytes(11), 12),
    (30, bytes(12), 12),
    (106, bytes(8), 8),
]
LINK, ADDRESS, ROUTE, NEIGHBOUR = 18, 22, 26, 30
IFLA_IFNAME, IFLA_LINKINFO, IFLA_INFO_KIND = 3, 18, 1
# What runs with the clock or with traffic: statistics, timers of bridges and of IPv6, counts of carrier changes.
IGNORED_OF_LINK = {7, 12, 23, 26, 35, 47, 48}
IFA_CACHEINFO, RTA_CACHEINFO, NDA_CACHEINFO, NDA_PROBES = 6, 12, 3, 4


class Interrupted(Exception):
    pass


def attributes(data):
    at = 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, at)
        if length < 4:
            return
        yield kind & 0x3FFF, data[at + 4 : at + length]
        at += (length + 3) & ~3


class Kernel:
    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.socket.setsockopt(SOL_NETLINK, STRICT_CHK, 1)
        self.socket.bind((0, 0))
        self.sequence = 0

    def dump(self, kind, body):
        """The messages of a dump, again until it is of one piece."""
        while True:
            try:
                return list(self.messages(kind, body))
            except Interrupted:
                continue

    def messages(self, kind, body):
        self.sequence += 1
        header = struct.pack("=IHHII", 16 + len(body), kind, REQUEST | DUMP, self.sequence, 0)
        self.socket.send(header + body)
        interrupted = False
        while True:
            data = self.socket.recv(1 << 18)
            at = 0
            while at + 16 <= len(data):
                length, kind, flags, sequence, _ = struct.unpack_from("=IHHII", data, at)
                message = data[at + 16 : at + length]
                at += (length + 3) & ~3
                if sequence != self.sequence:
                    continue
                interrupted = interrupted or flags & NLM_F_DUMP_INTR
                if kind == NLMSG_ERROR:
                    raise OSError(-struct.unpack_from("=i", message)[0], "refused a dump")
                if kind == NLMSG_DONE:
                    if interrupted:
                        raise Interrupted
                    return
                yield message


def still(kind, number, value):
    """An attribute as it is while nothing happens, and what runs with the clock: both None where it says nothing."""
    if kind == LINK and number in IGNORED_OF_LINK:
        return None, None
    if kind == LINK and number == IFLA_LINKINFO:
        return b"".join(part for name, part in attributes(value) if name == IFLA_INFO_KIND), None
    if kind == ADDRESS and number == IFA_CACHEINFO:
        return None, value[:8]
    if kind == ROUTE and number == RTA_CACHEINFO:
        expires = value[8:12]
        return (b"" if expires == bytes(4) else b"expires"), expires
    if kind == NEIGHBOUR and number in (NDA_CACHEINFO, NDA_PROBES):
        return None, None
    return value, None


def prints(kernel):
    """For each table what it is without the clock, and with it."""
    found = []
    names = b""
    for kind, request, length in TABLES:
        quiet, full = hashlib.blake2b(digest_size=8), hashlib.blake2b(digest_size=8)
        for message in kernel.dump(kind, request):
            both = [message[:length]]
            for number, value in attributes(message[length:]):
                kept, clock = still(kind, number, value)
                if kept is not None:
                    both.append(struct.pack("=HH", number, len(kept)) + kept)
                if clock is not None:
                    full.update(clock)
                if kind == LINK and number == IFLA_IFNAME:
                    names += message[4:8] + value
            piece = b"".join(both)
            quiet.update(piece)
            full.update(piece)
        # `ip` prints names where the kernel has numbers: a rename changes every answer.
        full.update(names)
        found.append((quiet.hexdigest(), full.hexdigest()))
    return found


class Access:
    def __init__(self, questions):
        self.kernel = Kernel()
        self.questions = questions
        self.answered = [None] * len(questions)

    def run(self, lines):
        outcomes = []
        for line in lines:
            ended = subprocess.run(["ip", *shlex.split(line)], capture_output=True, text=True)
            outcomes.append({"code": ended.returncode, "error": ended.stderr.strip()})
        return outcomes

    def batch(self, lines):
        ended = subprocess.run(["ip", "-force", "-batch", "-"], input="\n".join(lines) + "\n", capture_output=True, text=True)
        return {"code": ended.returncode, "error": ended.stderr[-1000:]}

    def look(self, _):
        """Answers that differ from the last time, all of a moment at which the kernel stood still."""
        answers = {}
        complaint = ""
        for _ in range(100):
            before = prints(self.kernel)
            asked = [n for n, (_, full) in enumerate(before) if self.answered[n] != full]
            running = {
                n: subprocess.Popen(
                    ["ip", "-json", "-details", "-Numeric", *self.questions[n].split()],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                for n in asked
            }
            for n, process in running.items():
                text, error = process.communicate()
                if process.returncode == 0:
                    answers[n], self.answered[n] = text, before[n][1]
                else:
                    # A link went away between two of its questions: asked again.
                    self.answered[n] = None
                    complaint = error
            if None in self.answered:
                continue
            quiet = [table[0] for table in before]
            if not asked or [table[0] for table in prints(self.kernel)] == quiet:
                return {"print": "".join(quiet), "answers": answers}
        raise OSError(f"the kernel never stood still: {complaint}")

    def forge(self, messages):
        """Sends messages to every socket of the namespace that listens to announcements; tells how many were sent."""
        with open("/proc/self/net/netlink") as table:
            rows = [row.split() for row in table.readlines()[1:]]
        ports = [int(row[2]) for row in rows if row[1] == "0" and int(row[3], 16) != 0]
        for port in ports:
            for message in messages:
                self.kernel.socket.sendto(bytes.fromhex(message), (port, 0))
        return len(ports) * len(messages)


access = Access(json.loads(sys.stdin.readline()))
for line in sys.stdin:
    [[verb, argument]] = json.loads(line).items()
    print(json.dumps(getattr(access, verb)(argument)), flush=True)
