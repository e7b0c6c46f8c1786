// SPDX-License-Identifier: MIT
// The limit for whoever reads every route: ask, receive into 32 KiB (the most that a dump fills), and either count the
// messages, which is the kernel's own time, or read them into packed records, which is the least that a mirror does.
// Prints milliseconds, the number of routes, and bytes of memory a route where they are kept.
//
//   route-dump count|keep

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

// What a route is to most programs.
struct Route {
  unsigned char destination[16];
  unsigned char gateway[16];
  unsigned int table, metric, index;
  unsigned char family, length, type, protocol;
};

struct Route4 {
  unsigned int destination, gateway, table, metric, index;
  unsigned char family, length, type, protocol;
};

struct Rows {
  char* bytes;
  size_t count, room, size;
};

static double nowMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void keep(const struct nlmsghdr* message, struct Rows* rows) {
  const struct rtmsg* body = NLMSG_DATA(message);
  struct Route route = {.table = body->rtm_table,
                        .family = body->rtm_family,
                        .length = body->rtm_dst_len,
                        .type = body->rtm_type,
                        .protocol = body->rtm_protocol};
  int left = (int)RTM_PAYLOAD(message);
  for (const struct rtattr* attribute = RTM_RTA(body); RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
    const void* value = RTA_DATA(attribute);
    const size_t length = RTA_PAYLOAD(attribute);
    switch (attribute->rta_type) {
      case RTA_DST:
        memcpy(route.destination, value, length <= 16 ? length : 16);
        break;
      case RTA_GATEWAY:
        memcpy(route.gateway, value, length <= 16 ? length : 16);
        break;
      case RTA_TABLE:
        memcpy(&route.table, value, 4);
        break;
      case RTA_PRIORITY:
        memcpy(&route.metric, value, 4);
        break;
      case RTA_OIF:
        memcpy(&route.index, value, 4);
        break;
    }
  }
  if (rows->count == rows->room) {
    rows->room = rows->room ? rows->room * 2 : 1024;
    rows->bytes = realloc(rows->bytes, rows->room * rows->size);
  }
  char* row = rows->bytes + rows->count++ * rows->size;
  if (rows->size == sizeof(struct Route)) {
    memcpy(row, &route, sizeof route);
    return;
  }
  struct Route4 narrow = {0, 0, route.table, route.metric, route.index, route.family, route.length, route.type,
                          route.protocol};
  memcpy(&narrow.destination, route.destination, 4);
  memcpy(&narrow.gateway, route.gateway, 4);
  memcpy(row, &narrow, sizeof narrow);
}

static long dump(int fd, unsigned char family, struct Rows* rows) {
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
      if (rows) keep(message, rows);
      routes++;
    }
  }
}

int main(int count, char** arguments) {
  const int isKeeping = count > 1 && strcmp(arguments[1], "keep") == 0;
  struct Rows four = {.size = sizeof(struct Route4)}, six = {.size = sizeof(struct Route)};
  const double start = nowMs();
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  const long routes4 = dump(fd, AF_INET, isKeeping ? &four : NULL);
  const long routes6 = dump(fd, AF_INET6, isKeeping ? &six : NULL);
  if (fd < 0 || routes4 < 0 || routes6 < 0) return 1;
  const double ms = nowMs() - start;
  printf("{\"ms\":%.3f,\"routes\":%ld,\"bytes4\":%zu,\"bytes6\":%zu}\n", ms, routes4 + routes6, four.size, six.size);
  return 0;
}
