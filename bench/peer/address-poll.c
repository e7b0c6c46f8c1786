// SPDX-License-Identifier: MIT
// The limit for whoever waits for an address event: poll, recv, look. Prints `ready`; at the end of its standard input one
// line of JSON: for each address event of 10.99.0.0/16 what it was about (n for the n-th added, -n-1 for the n-th deleted)
// and when it was read, nanoseconds of CLOCK_MONOTONIC.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { kMost = 1 << 17 };

static struct {
  int about;
  long long at;
} seen[kMost];
static int events;

static long long nowNs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void look(const struct nlmsghdr* message, long long at) {
  if (message->nlmsg_type != RTM_NEWADDR && message->nlmsg_type != RTM_DELADDR) return;
  const struct ifaddrmsg* body = NLMSG_DATA(message);
  int left = (int)IFA_PAYLOAD(message);
  for (const struct rtattr* attribute = IFA_RTA(body); RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
    if (attribute->rta_type != IFA_LOCAL || body->ifa_family != AF_INET || events == kMost) continue;
    unsigned int address;
    memcpy(&address, RTA_DATA(attribute), 4);
    address = ntohl(address);
    if (address >> 16 != 0x0a63) continue;
    const int number = (int)(address & 0xffff);
    seen[events].about = message->nlmsg_type == RTM_NEWADDR ? number : -number - 1;
    seen[events++].at = at;
  }
}

int main(void) {
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  const struct sockaddr_nl own = {.nl_family = AF_NETLINK};
  const int group = RTNLGRP_IPV4_IFADDR;
  if (bind(fd, (const struct sockaddr*)&own, sizeof own) != 0) return 1;
  setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group);
  printf("ready %d\n", getpid());
  fflush(stdout);
  for (;;) {
    struct pollfd waiting[2] = {{fd, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    if (poll(waiting, 2, -1) < 0) continue;
    if (waiting[0].revents) {
      static _Alignas(8) char buffer[32768];
      int left = (int)recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
      const long long at = nowNs();
      for (struct nlmsghdr* message = (void*)buffer; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
        look(message, at);
      }
    } else if (waiting[1].revents) {
      break;
    }
  }
  printf("{\"seen\":[");
  for (int n = 0; n < events; n++) printf("%s[%d,%lld]", n == 0 ? "" : ",", seen[n].about, seen[n].at);
  printf("]}\n");
  return 0;
}
