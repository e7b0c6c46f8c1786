// SPDX-License-Identifier: MIT
// libnl reads every route of both families into its cache. Prints milliseconds and their number.

#include <netlink/cache.h>
#include <netlink/netlink.h>
#include <netlink/route/route.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

static double nowMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

int main(void) {
  const double start = nowMs();
  struct nl_sock* socket = nl_socket_alloc();
  struct nl_cache* cache = NULL;
  if (nl_connect(socket, NETLINK_ROUTE) < 0) return 1;
  if (rtnl_route_alloc_cache(socket, AF_UNSPEC, 0, &cache) < 0) return 1;
  printf("{\"ms\":%.3f,\"routes\":%d}\n", nowMs() - start, nl_cache_nitems(cache));
  return 0;
}
