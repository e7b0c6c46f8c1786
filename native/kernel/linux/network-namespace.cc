// SPDX-License-Identifier: MIT
// Network namespaces of Linux (network_namespaces(7), setns(2), ioctl_ns(2)).
#include "kernel/network-namespace.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "kernel/linux/system-error.h"

namespace mif::kernel {

namespace {

base::Error notFound(const std::string& path, const char* why, int number) {
  base::Error error;
  error.code = base::ErrorCode::kNamespaceNotFound;
  error.message = "there is no network namespace \"" + path + "\": " + why;
  error.operation = "open";
  error.systemError = number;
  return error;
}

base::Result<NetworkNamespace> openNamespace(const std::string& path) {
  NetworkNamespace result;
  result.name = path;
  result.file = base::UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!result.file.isOpen()) {
    if (errno == ENOENT || errno == ENOTDIR || errno == ESRCH) return notFound(path, "no such file", errno);
    return systemError("open", "open network namespace \"" + path + "\"");
  }
  // A name under /run/netns may be left over, an ordinary file; setns would only say that something is invalid.
  if (::ioctl(result.file.get(), NS_GET_NSTYPE) != CLONE_NEWNET) return notFound(path, "it is something else", 0);
  struct stat status{};
  if (::fstat(result.file.get(), &status) != 0) {
    return systemError("fstat", "identify network namespace \"" + path + "\"");
  }
  result.identity = {status.st_dev, status.st_ino};
  return result;
}

}  // namespace

base::Result<NetworkNamespace> namespaceOfFile(const std::string& path) {
  return openNamespace(path);
}

base::Result<NetworkNamespace> namespaceOfThread() {
  base::Result<NetworkNamespace> own = openNamespace("/proc/thread-self/ns/net");
  // Without /proc it has no name and no other can be asked for, so nothing needs to be told apart from it.
  if (!own && own.error().code == base::ErrorCode::kNamespaceNotFound) return NetworkNamespace{};
  return own;
}

base::Result<base::Done> enterNamespace(const NetworkNamespace& target) {
  if (::setns(target.file.get(), CLONE_NEWNET) == 0) return base::Done{};
  base::Error error = systemError("setns", "enter network namespace \"" + target.name + "\"");
  if (error.systemError == EPERM)
    error.message += "; it takes CAP_SYS_ADMIN, here and in the user namespace that owns it";
  return error;
}

}  // namespace mif::kernel
