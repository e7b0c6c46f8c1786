// SPDX-License-Identifier: MIT
// The least that a program can do to read every IPv4 and IPv6 route: ask, receive into 32 KiB, count messages. No
// parsing, no table. What it takes is the kernel's own time; a mirror is measured against it.
// Prints milliseconds and the number of routes.

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double nowMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static long dump(int fd, unsigned char family) {
  struct {
    struct nlmsghdr header;
    struct rtmsg body;
  } request;
  static _Alignas(8) char buffer[32768];
  long routes = 0;
  memset(&request, 0, sizeof request);
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_GETROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.rtm_family = family;
  if (send(fd, &request, sizeof request, 0) < 0) return -1;
  for (;;) {
    int left = (int)recv(fd, buffer, sizeof buffer, 0);
    if (left <= 0) return -1;
    for (struct nlmsghdr* message = (void*)buffer; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
      if (message->nlmsg_type == NLMSG_DONE) return routes;
      if (message->nlmsg_type == NLMSG_ERROR) return -1;
      routes++;
    }
  }
}

int main(void) {
  const double start = nowMs();
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  const long four = dump(fd, AF_INET);
  const long six = dump(fd, AF_INET6);
  if (fd < 0 || four < 0 || six < 0) return 1;
  printf("{\"ms\":%.3f,\"routes\":%ld}\n", nowMs() - start, four + six);
  return 0;
}
