// SPDX-License-Identifier: MIT
// Adds or deletes many routes as fast as the kernel takes them: raw netlink, 100 messages a call, no acknowledgement.
// Fills the tables that are dumped, and is the producer of storms. Prints milliseconds.
//
//   route-feed add|delete random|sequential|ipv6 <count> <device index>
//
// random      a mix of lengths as of a routing table of the internet, no prefix twice, in scattered order
// sequential  host routes from 16.0.0.0 upwards
// ipv6        /32 to /48 below 2000::/3, no prefix twice, in scattered order
//
// Next hops are the first eight neighbours of 192.0.2.1 or 2001:db8::1. Routes have protocol 186 (bgp), so that they
// can be told from others.

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

enum { kPerCall = 100, kLongest = 128, kProtocol = 186 };

// Of 100 prefixes how many have a length, by length; the rest is /24.
static const struct {
  int length, share;
} kMix[] = {{16, 1}, {18, 1}, {19, 3}, {20, 5}, {21, 5}, {22, 12}, {23, 10}};

static double nowMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

// A permutation of the numbers of so many bits.
static uint64_t scatter(uint64_t number, int bits) {
  const uint64_t mask = (UINT64_C(1) << bits) - 1;
  for (int round = 0; round < 3; round++) {
    number = (number * UINT64_C(0x9e3779b97f4a7c15) + 0x1234567) & mask;
    number ^= number >> (bits / 2);
  }
  return number;
}

static int isReserved(uint32_t address) {
  const uint32_t first = address >> 24;
  return first == 0 || first == 10 || first == 127 || first >= 224 || (address >> 16) == 0xc000;
}

static int lengthOf(uint32_t number) {
  int share = (int)(number % 100);
  for (size_t n = 0; n < sizeof kMix / sizeof *kMix; n++) {
    if ((share -= kMix[n].share) < 0) return kMix[n].length;
  }
  return 24;
}

// The next prefix of this length that may be routed; `next` counts for each length.
static uint32_t prefixOf(int length, uint64_t* next) {
  for (;;) {
    const uint32_t address = (uint32_t)(scatter(next[length]++, length) << (32 - length));
    if (!isReserved(address)) return address;
  }
}

static void append(struct nlmsghdr* message, unsigned short type, const void* value, unsigned short length) {
  struct rtattr* attribute = (void*)((char*)message + NLMSG_ALIGN(message->nlmsg_len));
  attribute->rta_type = type;
  attribute->rta_len = (unsigned short)RTA_LENGTH(length);
  memcpy(RTA_DATA(attribute), value, length);
  message->nlmsg_len = NLMSG_ALIGN(message->nlmsg_len) + RTA_ALIGN(attribute->rta_len);
}

int main(int count, char** arguments) {
  if (count < 5) return 2;
  const int isAdd = strcmp(arguments[1], "add") == 0;
  const char* shape = arguments[2];
  const long routes = atol(arguments[3]);
  const unsigned int index = (unsigned int)atol(arguments[4]);
  const int isSix = strcmp(shape, "ipv6") == 0;
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  static _Alignas(8) char buffer[kPerCall * kLongest];
  uint64_t next[65] = {0};
  const double start = nowMs();
  for (long sent = 0; sent < routes;) {
    size_t used = 0;
    for (int n = 0; n < kPerCall && sent < routes; n++, sent++) {
      struct nlmsghdr* message = (void*)(buffer + used);
      struct rtmsg* body = NLMSG_DATA(message);
      memset(message, 0, kLongest);
      message->nlmsg_len = NLMSG_LENGTH(sizeof *body);
      message->nlmsg_type = isAdd ? RTM_NEWROUTE : RTM_DELROUTE;
      message->nlmsg_flags = NLM_F_REQUEST | (isAdd ? NLM_F_CREATE | NLM_F_EXCL : 0);
      body->rtm_family = isSix ? AF_INET6 : AF_INET;
      body->rtm_table = RT_TABLE_MAIN;
      body->rtm_protocol = kProtocol;
      body->rtm_scope = isAdd ? RT_SCOPE_UNIVERSE : RT_SCOPE_NOWHERE;
      body->rtm_type = isAdd ? RTN_UNICAST : RTN_UNSPEC;
      if (isSix) {
        const int length = sent % 4 == 0 ? 32 : sent % 4 == 1 ? 40 : 48;
        const uint64_t bits = (UINT64_C(1) << 61) | scatter(next[length]++, length - 3) << (64 - length);
        unsigned char destination[16] = {0}, gateway[16] = {0x20, 0x01, 0x0d, 0xb8};
        for (int byte = 0; byte < 8; byte++) destination[byte] = (unsigned char)(bits >> (56 - 8 * byte));
        gateway[15] = (unsigned char)(2 + sent % 8);
        body->rtm_dst_len = (unsigned char)length;
        append(message, RTA_DST, destination, 16);
        append(message, RTA_GATEWAY, gateway, 16);
      } else {
        const int length = *shape == 's' ? 32 : lengthOf((uint32_t)scatter((uint64_t)sent, 32));
        const uint32_t destination = htonl(*shape == 's' ? 0x10000000 + (uint32_t)sent : prefixOf(length, next));
        const uint32_t gateway = htonl(0xc0000202 + (uint32_t)(sent % 8));
        body->rtm_dst_len = (unsigned char)length;
        append(message, RTA_DST, &destination, 4);
        append(message, RTA_GATEWAY, &gateway, 4);
      }
      append(message, RTA_OIF, &index, 4);
      used += NLMSG_ALIGN(message->nlmsg_len);
    }
    if (sendto(fd, buffer, used, 0, (const struct sockaddr*)&kernel, sizeof kernel) < 0) {
      perror("send");
      return 1;
    }
  }
  printf("{\"ms\":%.3f}\n", nowMs() - start);
  return 0;
}
