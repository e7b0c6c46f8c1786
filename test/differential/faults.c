// SPDX-License-Identifier: MIT
// Faults between the library and the kernel, for LD_PRELOAD: what netlink(7) allows and a quiet machine never does.
// Acts on sockets of NETLINK_ROUTE only. A fault happens when it is armed and its turn comes; who arms it and who
// counts is the other end of a shared file (faults.ts): for each kind a number that are to happen, then for each kind
// how many did, then how many messages of other processes an overrun took along.
//
// Announcements are read without blocking, replies by blocking: that is how the two are told apart here.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// In the order of faults.ts.
enum fault {
  OVERRUN,
  CUT_ANNOUNCEMENT,
  CUT_REPLY,
  INTERRUPTED_DUMP,
  FORGED,
  EINTR_OF_READ,
  EINTR_OF_WAIT,
  EINTR_OF_SEND,
  SLOW_REPLY,
  FAULTS,
};

struct ledger {
  uint32_t armed[FAULTS];
  uint32_t happened[FAULTS];
  uint32_t lost_forgeries;
};

static struct ledger nothing;
static struct ledger* ledger = &nothing;

// A process that is none of the library's.
static const uint32_t kForeignPort = 4242;
static const long kSlowNanoseconds = 30 * 1000 * 1000;

__attribute__((constructor)) static void open_ledger(void) {
  const char* path = getenv("MIF_FAULTS");
  const int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void* shared = mmap(NULL, sizeof(struct ledger), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (shared != MAP_FAILED) ledger = shared;
  close(fd);
}

static bool is_armed(enum fault kind) {
  return __atomic_load_n(&ledger->armed[kind], __ATOMIC_SEQ_CST) > 0;
}

static void happen(enum fault kind) {
  __atomic_fetch_sub(&ledger->armed[kind], 1, __ATOMIC_SEQ_CST);
  __atomic_fetch_add(&ledger->happened[kind], 1, __ATOMIC_SEQ_CST);
}

static bool is_routing_socket(int fd) {
  int domain = 0;
  int protocol = -1;
  socklen_t length = sizeof(int);
  const int saved = errno;
  const bool is_one = getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 && domain == AF_NETLINK &&
                      getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &length) == 0 && protocol == NETLINK_ROUTE;
  errno = saved;
  return is_one;
}

static int interrupt(enum fault kind) {
  happen(kind);
  errno = EINTR;
  return -1;
}

static void cut(struct mmsghdr* message) {
  message->msg_len = message->msg_len / 2;
  message->msg_hdr.msg_flags |= MSG_TRUNC;
}

// Says that 203.0.113.66/32 is on the loopback interface, and that the link of index 10 is gone.
static unsigned forge(struct mmsghdr* message) {
  struct {
    struct nlmsghdr header;
    struct ifaddrmsg body;
    struct rtattr attribute;
    uint8_t address[4];
    struct nlmsghdr second;
    struct ifinfomsg link;
  } lie = {
      {offsetof(__typeof__(lie), second), RTM_NEWADDR, 0, 0, 0},
      {AF_INET, 32, IFA_F_PERMANENT, RT_SCOPE_UNIVERSE, 1},
      {RTA_LENGTH(4), IFA_LOCAL},
      {203, 0, 113, 66},
      {NLMSG_LENGTH(sizeof(struct ifinfomsg)), RTM_DELLINK, 0, 0, 0},
      {AF_UNSPEC, 0, 1, 10, 0, 0xffffffff},
  };
  const struct sockaddr_nl sender = {.nl_family = AF_NETLINK, .nl_pid = kForeignPort};
  memcpy(message->msg_hdr.msg_iov[0].iov_base, &lie, sizeof(lie));
  memcpy(message->msg_hdr.msg_name, &sender, sizeof(sender));
  message->msg_hdr.msg_namelen = sizeof(sender);
  message->msg_hdr.msg_flags = 0;
  message->msg_len = sizeof(lie);
  return 1;
}

typedef int (*recvmmsg_function)(int, struct mmsghdr*, unsigned, int, struct timespec*);

static bool is_forgery(const struct mmsghdr* message) {
  return ((const struct sockaddr_nl*)message->msg_hdr.msg_name)->nl_pid != 0;
}

static void count_forgeries(const struct mmsghdr* messages, int count) {
  for (int n = 0; n < count; ++n) {
    if (is_forgery(&messages[n])) __atomic_fetch_add(&ledger->lost_forgeries, 1, __ATOMIC_SEQ_CST);
  }
}

// `got` have been read already.
static int drop_all(recvmmsg_function real, int fd, struct mmsghdr* messages, int got, unsigned count, int flags) {
  happen(OVERRUN);
  for (; got > 0; got = real(fd, messages, count, flags, NULL)) count_forgeries(messages, got);
  errno = ENOBUFS;
  return -1;
}

static int read_announcements(recvmmsg_function real, int fd, struct mmsghdr* messages, unsigned count, int flags) {
  int got = real(fd, messages, count, flags, NULL);
  if (got > 0 && is_armed(OVERRUN)) return drop_all(real, fd, messages, got, count, flags);
  if (got > 0 && !is_forgery(&messages[got - 1]) && is_armed(CUT_ANNOUNCEMENT)) {
    happen(CUT_ANNOUNCEMENT);
    cut(&messages[got - 1]);
  }
  const bool is_quiet = got < 0 && errno == EAGAIN;
  if ((is_quiet || (got > 0 && (unsigned)got < count)) && is_armed(FORGED)) {
    happen(FORGED);
    got = (is_quiet ? 0 : got) + (int)forge(&messages[is_quiet ? 0 : got]);
  }
  return got;
}

static int read_reply(recvmmsg_function real, int fd, struct mmsghdr* messages, unsigned count, int flags) {
  const int got = real(fd, messages, count, flags, NULL);
  if (got <= 0) return got;
  struct nlmsghdr* first = messages[0].msg_hdr.msg_iov[0].iov_base;
  const bool is_dump = (first->nlmsg_flags & NLM_F_MULTI) != 0 && first->nlmsg_type != NLMSG_DONE;
  if (is_dump && is_armed(SLOW_REPLY)) {
    happen(SLOW_REPLY);
    const struct timespec pause = {0, kSlowNanoseconds};
    nanosleep(&pause, NULL);
  }
  if (is_dump && is_armed(INTERRUPTED_DUMP)) {
    happen(INTERRUPTED_DUMP);
    first->nlmsg_flags |= NLM_F_DUMP_INTR;
  }
  if (is_dump && is_armed(CUT_REPLY)) {
    happen(CUT_REPLY);
    cut(&messages[got - 1]);
  }
  return got;
}

int recvmmsg(int fd, struct mmsghdr* messages, unsigned count, int flags, struct timespec* timeout) {
  static recvmmsg_function real;
  if (real == NULL) real = (recvmmsg_function)dlsym(RTLD_NEXT, "recvmmsg");
  if (!is_routing_socket(fd)) return real(fd, messages, count, flags, timeout);
  if (is_armed(EINTR_OF_READ)) return interrupt(EINTR_OF_READ);
  return (flags & MSG_DONTWAIT) != 0 ? read_announcements(real, fd, messages, count, flags)
                                     : read_reply(real, fd, messages, count, flags);
}

int ppoll(struct pollfd* polled, nfds_t count, const struct timespec* timeout, const sigset_t* mask) {
  static int (*real)(struct pollfd*, nfds_t, const struct timespec*, const sigset_t*);
  if (real == NULL) real = (__typeof__(real))dlsym(RTLD_NEXT, "ppoll");
  if (is_armed(EINTR_OF_WAIT)) {
    for (nfds_t n = 0; n < count; ++n) {
      if (is_routing_socket(polled[n].fd)) return interrupt(EINTR_OF_WAIT);
    }
  }
  return real(polled, count, timeout, mask);
}

ssize_t send(int fd, const void* data, size_t length, int flags) {
  static ssize_t (*real)(int, const void*, size_t, int);
  if (real == NULL) real = (__typeof__(real))dlsym(RTLD_NEXT, "send");
  if (is_armed(EINTR_OF_SEND) && is_routing_socket(fd)) return interrupt(EINTR_OF_SEND);
  return real(fd, data, length, flags);
}
