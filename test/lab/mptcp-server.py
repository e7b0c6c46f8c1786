# SPDX-License-Identifier: MIT
# Tells each peer over which protocol it is connected and from where, on a port of its own. Python, because Node makes no
# MPTCP socket. Prints the port.

import socket

IPPROTO_MPTCP = 262
SOL_MPTCP = 284
MPTCP_INFO = 1

with socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP) as server:
    server.bind(("0.0.0.0", 0))
    server.listen()
    print(f"listening on port {server.getsockname()[1]}", flush=True)
    while True:
        connection, (address, _) = server.accept()
        with connection:
            try:
                connection.getsockopt(SOL_MPTCP, MPTCP_INFO, 64)
                protocol = "MPTCP"
            except OSError:
                protocol = "TCP"
            connection.sendall(f"{protocol} from {address}".encode())
