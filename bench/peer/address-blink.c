// SPDX-License-Identifier: MIT
// Adds addresses to a device one by one and then deletes them, at a steady pace; each is another one, so that events can be
// told apart even where a listener merges them. Prints one line of JSON: for each, in order, when it was sent, nanoseconds
// of CLOCK_MONOTONIC, taken just before.
//
//   address-blink <count of addresses> <microseconds between two> <device index>
//
// The addresses are 10.99.0.0/32 and upwards.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static long long nowNs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void append(struct nlmsghdr* message, unsigned short type, unsigned int address) {
  struct rtattr* attribute = (void*)((char*)message + NLMSG_ALIGN(message->nlmsg_len));
  attribute->rta_type = type;
  attribute->rta_len = RTA_LENGTH(4);
  memcpy(RTA_DATA(attribute), &address, 4);
  message->nlmsg_len = NLMSG_ALIGN(message->nlmsg_len) + RTA_ALIGN(attribute->rta_len);
}

int main(int count, char** arguments) {
  if (count < 4) return 2;
  const int addresses = atoi(arguments[1]);
  const long long spacingNs = atoll(arguments[2]) * 1000;
  const unsigned int index = (unsigned int)atol(arguments[3]);
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  long long* sentAt = calloc((size_t)addresses * 2, sizeof *sentAt);
  long long due = nowNs();
  for (int n = 0; n < 2 * addresses; n++) {
    _Alignas(8) char buffer[128] = {0};
    struct nlmsghdr* message = (void*)buffer;
    struct ifaddrmsg* body = NLMSG_DATA(message);
    const unsigned int address = htonl(0x0a630000 + (unsigned int)(n % addresses));
    message->nlmsg_len = NLMSG_LENGTH(sizeof *body);
    message->nlmsg_type = n < addresses ? RTM_NEWADDR : RTM_DELADDR;
    message->nlmsg_flags = NLM_F_REQUEST | (n < addresses ? NLM_F_CREATE | NLM_F_EXCL : 0);
    *body = (struct ifaddrmsg){.ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_index = index};
    append(message, IFA_LOCAL, address);
    append(message, IFA_ADDRESS, address);
    due += spacingNs;
    const struct timespec until = {due / 1000000000LL, due % 1000000000LL};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    sentAt[n] = nowNs();
    if (send(fd, message, message->nlmsg_len, 0) < 0) return 1;
  }
  printf("{\"sentAt\":[");
  for (int n = 0; n < 2 * addresses; n++) printf("%s%lld", n == 0 ? "" : ",", sentAt[n]);
  printf("]}\n");
  return 0;
}
