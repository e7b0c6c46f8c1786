# SPDX-License-Identifier: MIT
# pyroute2 reads every route of both families. Prints milliseconds and their number.

import json
import time

from pyroute2 import IPRoute

start = time.monotonic()
with IPRoute() as ip:
    routes = len(ip.get_routes(family=2)) + len(ip.get_routes(family=10))
    print(json.dumps({"ms": (time.monotonic() - start) * 1e3, "routes": routes}))
