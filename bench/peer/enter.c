// SPDX-License-Identifier: MIT
// Runs a command in a network namespace and says what it cost, on descriptor 3, once it has ended: wall time, processor
// time and peak memory, as the kernel counted them. A program as small as this one, because the peak that the kernel
// reports includes that of the parent before exec. Passes SIGTERM on.
//
//   enter <namespace file> <command> [argument...]

#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child;

static void passOn(int number) {
  kill(child, number);
}

static double nowMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

int main(int count, char** arguments) {
  if (count < 3) return 2;
  const int netns = open(arguments[1], O_RDONLY | O_CLOEXEC);
  if (netns < 0 || setns(netns, CLONE_NEWNET) != 0) {
    perror(arguments[1]);
    return 2;
  }
  fcntl(3, F_SETFD, FD_CLOEXEC);
  const double start = nowMs();
  child = fork();
  if (child == 0) {
    execvp(arguments[2], arguments + 2);
    perror(arguments[2]);
    _exit(127);
  }
  signal(SIGTERM, passOn);
  int status = 0;
  struct rusage usage;
  while (wait4(child, &status, 0, &usage) < 0) {
  }
  const double cpuMs = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
                       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
  dprintf(3, "{\"wallMs\":%.3f,\"cpuMs\":%.3f,\"peakMb\":%.1f,\"code\":%d,\"signal\":%d}\n", nowMs() - start, cpuMs,
          usage.ru_maxrss / 1024.0, WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          WIFSIGNALED(status) ? WTERMSIG(status) : 0);
  return 0;
}
