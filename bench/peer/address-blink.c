// SPDX-License-Identifier: MIT
// Adds addresses to a device and deletes each four additions later, one by one at a steady pace. Each is another one, so
// that events can be told apart even where a listener merges a few. Prints one line of JSON: for each address when its
// addition and when its deletion was sent, nanoseconds of CLOCK_MONOTONIC, taken just before.
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

enum { kAlive = 4 };

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

// Sends one request; when, or -1.
static long long change(int fd, int isAdd, unsigned int number, unsigned int index) {
  _Alignas(8) char buffer[128] = {0};
  struct nlmsghdr* message = (void*)buffer;
  struct ifaddrmsg* body = NLMSG_DATA(message);
  message->nlmsg_len = NLMSG_LENGTH(sizeof *body);
  message->nlmsg_type = isAdd ? RTM_NEWADDR : RTM_DELADDR;
  message->nlmsg_flags = NLM_F_REQUEST | (isAdd ? NLM_F_CREATE | NLM_F_EXCL : 0);
  *body = (struct ifaddrmsg){.ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_index = index};
  append(message, IFA_LOCAL, htonl(0x0a630000 + number));
  append(message, IFA_ADDRESS, htonl(0x0a630000 + number));
  const long long at = nowNs();
  return send(fd, message, message->nlmsg_len, 0) < 0 ? -1 : at;
}

static void print(const char* name, const long long* moments, int count, const char* end) {
  printf("\"%s\":[", name);
  for (int n = 0; n < count; n++) printf("%s%lld", n == 0 ? "" : ",", moments[n]);
  printf("]%s", end);
}

int main(int count, char** arguments) {
  if (count < 4) return 2;
  const int addresses = atoi(arguments[1]);
  const long long spacingNs = atoll(arguments[2]) * 1000;
  const unsigned int index = (unsigned int)atol(arguments[3]);
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  long long* addedAt = calloc((size_t)addresses, sizeof *addedAt);
  long long* deletedAt = calloc((size_t)addresses, sizeof *deletedAt);
  long long due = nowNs();
  for (int step = 0; step < 2 * (addresses + kAlive); step++) {
    const int isAdd = step % 2 == 0;
    const int number = isAdd ? step / 2 : step / 2 - kAlive;
    if (number < 0 || number >= addresses) continue;
    due += spacingNs;
    const struct timespec until = {due / 1000000000LL, due % 1000000000LL};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    (isAdd ? addedAt : deletedAt)[number] = change(fd, isAdd, (unsigned int)number, index);
  }
  printf("{");
  print("addedAt", addedAt, addresses, ",");
  print("deletedAt", deletedAt, addresses, "}\n");
  return 0;
}
