// SPDX-License-Identifier: MIT
// libmnl's callbacks read every route of both families into packed records. Prints milliseconds and their number.

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

struct Route {
  unsigned char destination[16];
  unsigned char gateway[16];
  unsigned int table, metric, index;
  unsigned char family, length, type, protocol;
};

static struct Route* routes;
static size_t count, room;

static double nowMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static int readAttribute(const struct nlattr* attribute, void* data) {
  struct Route* route = data;
  const void* value = mnl_attr_get_payload(attribute);
  const size_t length = mnl_attr_get_payload_len(attribute);
  switch (mnl_attr_get_type(attribute)) {
    case RTA_DST:
      memcpy(route->destination, value, length <= 16 ? length : 16);
      break;
    case RTA_GATEWAY:
      memcpy(route->gateway, value, length <= 16 ? length : 16);
      break;
    case RTA_TABLE:
      route->table = mnl_attr_get_u32(attribute);
      break;
    case RTA_PRIORITY:
      route->metric = mnl_attr_get_u32(attribute);
      break;
    case RTA_OIF:
      route->index = mnl_attr_get_u32(attribute);
      break;
  }
  return MNL_CB_OK;
}

static int readRoute(const struct nlmsghdr* message, void* data) {
  (void)data;
  const struct rtmsg* body = mnl_nlmsg_get_payload(message);
  if (count == room) {
    room = room ? room * 2 : 1024;
    routes = realloc(routes, room * sizeof *routes);
  }
  struct Route* route = &routes[count++];
  memset(route, 0, sizeof *route);
  route->family = body->rtm_family;
  route->length = body->rtm_dst_len;
  route->type = body->rtm_type;
  route->protocol = body->rtm_protocol;
  return mnl_attr_parse(message, sizeof *body, readAttribute, route);
}

static int dump(struct mnl_socket* socket, unsigned char family, unsigned int sequence) {
  static char buffer[32768];
  struct nlmsghdr* header = mnl_nlmsg_put_header(buffer);
  header->nlmsg_type = RTM_GETROUTE;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  header->nlmsg_seq = sequence;
  struct rtmsg* body = mnl_nlmsg_put_extra_header(header, sizeof *body);
  body->rtm_family = family;
  if (mnl_socket_sendto(socket, header, header->nlmsg_len) < 0) return -1;
  const unsigned int port = mnl_socket_get_portid(socket);
  int left = 1;
  while (left > 0) {
    const ssize_t length = mnl_socket_recvfrom(socket, buffer, sizeof buffer);
    if (length < 0) return -1;
    left = mnl_cb_run(buffer, (size_t)length, sequence, port, readRoute, NULL);
  }
  return left;
}

int main(void) {
  const double start = nowMs();
  struct mnl_socket* socket = mnl_socket_open(NETLINK_ROUTE);
  if (socket == NULL || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) return 1;
  if (dump(socket, AF_INET, 1) < 0 || dump(socket, AF_INET6, 2) < 0) return 1;
  printf("{\"ms\":%.3f,\"routes\":%zu}\n", nowMs() - start, count);
  return 0;
}
