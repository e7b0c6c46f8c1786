// SPDX-License-Identifier: MIT
// The limit for whoever listens to route events: a receive buffer of 8 MiB, a wait of 1 ms after the first event so that
// more gather, then recvmmsg until nothing is left. Counts messages, keeps nothing. Prints `ready`; at the end of its
// standard input it drains what is left and prints how many events came, losses, and processor time an event.

#define _GNU_SOURCE
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { kBatch = 64, kDatagram = 8192, kBuffer = 8 * 1024 * 1024 };

static char buffers[kBatch][kDatagram] __attribute__((aligned(8)));
static long events, overruns;

static double cpuUs(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void drain(int fd) {
  struct mmsghdr headers[kBatch];
  struct iovec vectors[kBatch];
  for (;;) {
    for (int n = 0; n < kBatch; n++) {
      vectors[n] = (struct iovec){buffers[n], kDatagram};
      headers[n] = (struct mmsghdr){.msg_hdr = {.msg_iov = &vectors[n], .msg_iovlen = 1}};
    }
    const int got = recvmmsg(fd, headers, kBatch, MSG_DONTWAIT, NULL);
    if (got < 0 && errno == ENOBUFS) {
      overruns++;
      continue;
    }
    if (got <= 0) return;
    for (int n = 0; n < got; n++) {
      int left = (int)headers[n].msg_len;
      for (struct nlmsghdr* message = (void*)buffers[n]; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
        if (message->nlmsg_type == RTM_NEWROUTE || message->nlmsg_type == RTM_DELROUTE) events++;
      }
    }
  }
}

int main(void) {
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  const int size = kBuffer;
  const int groups[] = {RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE};
  const struct sockaddr_nl own = {.nl_family = AF_NETLINK};
  if (bind(fd, (const struct sockaddr*)&own, sizeof own) != 0) return 1;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  for (int n = 0; n < 2; n++) setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[n], sizeof groups[n]);
  printf("ready %d\n", getpid());
  fflush(stdout);
  const double before = cpuUs();
  for (;;) {
    struct pollfd waiting[2] = {{fd, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    if (poll(waiting, 2, -1) < 0) continue;
    if (waiting[0].revents) {
      const struct timespec millisecond = {0, 1000000};
      nanosleep(&millisecond, NULL);
      drain(fd);
    } else if (waiting[1].revents) {
      break;
    }
  }
  const double spent = cpuUs() - before;
  printf("{\"delivered\":%ld,\"overruns\":%ld,\"cpuUs\":%.3f}\n", events, overruns, spent);
  return 0;
}
