# SPDX-License-Identifier: MIT
# The MIF API from Python, or any other language: one JSON request a line in, one JSON message a line out. Follows the
# interfaces, the networks on them and their addresses until all have been told once. Needs no privilege.
#
#   python3 examples/session.py [command that runs mif, default: npx mif]
#
# Output, on a host with three uplinks:
#   interface lo: ready
#   interface a0: ready
#   interface b0: ready
#   interface wwan0: ready
#   network a0/fe80::a:1: families [4, 6]
#   network a0/link-local: families [6]
#   network b0/fe80::b:1: families [4, 6]
#   network b0/link-local: families [6]
#   network wwan0/static: families [4]
#   network wwan0/link-local: families [6]
#   address 10.1.0.100/24 of a0/fe80::a:1
#   address 2001:db8:a:1::100/64 of a0/fe80::a:1
#   address fe80::ff:fe00:b/64 of a0/link-local
#   address 10.2.0.100/24 of b0/fe80::b:1
#   address 2001:db8:b:1::100/64 of b0/fe80::b:1
#   address fe80::ff:fe00:c/64 of b0/link-local
#   address 10.3.0.2/32 of wwan0/static
#   address fe80::ff:fe00:d/64 of wwan0/link-local

import json
import subprocess
import sys

command = sys.argv[1:] or ["npx", "mif"]
session = subprocess.Popen([*command, "session"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def post(**message):
    print(json.dumps(message), file=session.stdin, flush=True)


post(type="announce-interfaces")
post(type="announce-provisioning-domain", interface="*")
unfinished = 2

for line in session.stdout:
    message = json.loads(line)
    match message["type"]:
        case "interface-announcement":
            state = "ready" if message["running"] else message["operState"]
            print(f"interface {message['interface']['name']}: {state}")
        case "provisioning-domain-announcement":
            print(f"network {message['pvd']['id']}: families {message['families']}")
            post(type="announce-address", pvd=message["pvd"]["handle"])
            unfinished += 1
        case "address-announcement":
            print(f"address {message['address']}/{message['prefixLength']} of {message['pvd']['id']}")
        case "enumeration-done":
            unfinished -= 1
            if unfinished == 0:
                break

session.stdin.close()
sys.exit(session.wait())
