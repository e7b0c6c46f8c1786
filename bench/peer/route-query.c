// SPDX-License-Identifier: MIT
// Which way to an address: what the kernel says. Prints nanoseconds of processor time for each, and of wall time.
//
//   route-query netlink <questions>   RTM_GETROUTE over one socket, one question after the other
//   route-query udp <questions>       a UDP socket, connect() to each, getsockname()

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void die(const char* what) {
  perror(what);
  exit(1);
}

// As bench/subject/selection.mjs: addresses from 16.0.0.0 on, all over the place.
static uint32_t destination(uint32_t n) {
  const uint32_t mixed = n * 2654435761u;
  return htonl(((16 + (mixed >> 24) % 190) << 24) | (mixed & 0xffffff));
}

static void query(int fd, uint32_t address) {
  struct {
    struct nlmsghdr header;
    struct rtmsg route;
    struct rtattr attribute;
    uint32_t address;
  } question;
  memset(&question, 0, sizeof question);
  question.header.nlmsg_len = sizeof question;
  question.header.nlmsg_type = RTM_GETROUTE;
  question.header.nlmsg_flags = NLM_F_REQUEST;
  question.route.rtm_family = AF_INET;
  question.route.rtm_dst_len = 32;
  question.attribute.rta_type = RTA_DST;
  question.attribute.rta_len = RTA_LENGTH(4);
  question.address = address;
  if (send(fd, &question, sizeof question, 0) < 0) die("send");
  char answer[4096];
  if (recv(fd, answer, sizeof answer, 0) < 0) die("recv");
}

static void connectTo(int fd, uint32_t address) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = address};
  struct sockaddr_in own;
  socklen_t size = sizeof own;
  // Where there is no route, it fails as a question does.
  if (connect(fd, (struct sockaddr*)&to, sizeof to) == 0) getsockname(fd, (struct sockaddr*)&own, &size);
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int isNetlink = strcmp(argv[1], "netlink") == 0;
  const uint32_t questions = (uint32_t)atoi(argv[2]);
  const int fd = isNetlink ? socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)
                           : socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) die("socket");
  const double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
  for (uint32_t n = 0; n < questions; ++n) {
    if (isNetlink) query(fd, destination(n));
    else connectTo(fd, destination(n));
  }
  printf("{\"cpuNs\":%.1f,\"wallNs\":%.1f}\n", (now(CLOCK_PROCESS_CPUTIME_ID) - cpu) / questions,
         (now(CLOCK_MONOTONIC) - wall) / questions);
  close(fd);
  return 0;
}
