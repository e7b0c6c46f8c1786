// SPDX-License-Identifier: MIT
#include "kernel/network-namespace.h"

#include <unistd.h>

#include <string>
#include <thread>

#include "kernel/private-namespace.h"
#include "test.h"

namespace {

using mif::base::ErrorCode;
using mif::kernel::enterNamespace;
using mif::kernel::namespaceOfFile;
using mif::kernel::namespaceOfThread;
using namespace mif::test;

}  // namespace

MIF_TEST("network namespace: every file of one namespace has its identity, and another namespace another") {
  const auto own = namespaceOfThread();
  const auto byPath = namespaceOfFile("/proc/self/ns/net");
  MIF_REQUIRE(own.ok() && byPath.ok());
  MIF_CHECK(own.value().identity == byPath.value().identity);
  const bool isPrivileged = inPrivateNamespace([&] {
    const auto other = namespaceOfThread();
    MIF_CHECK(other.ok() && other.value().identity != own.value().identity);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST(
    "network namespace: a file that is not there, or is something else, is not found (ERR_MIF_NAMESPACE_NOT_FOUND)") {
  for (const char* path : {"/run/netns/mif-no-such-namespace", "/proc/self/ns/mnt", "/etc/hostname", "/dev/null/x"}) {
    const auto result = namespaceOfFile(path);
    MIF_CHECK(!result.ok());
    if (result.ok()) continue;
    MIF_CHECK(result.error().code == ErrorCode::kNamespaceNotFound);
    MIF_CHECK(result.error().message.find(path) != std::string::npos);
  }
}

MIF_TEST("network namespace: entering moves the calling thread alone (H1)") {
  const auto own = namespaceOfThread();
  MIF_REQUIRE(own.ok());
  const bool isPrivileged = inPrivateNamespace([&] {
    const auto there = namespaceOfThread();
    MIF_REQUIRE(there.ok());
    std::thread([&] {
      MIF_CHECK(enterNamespace(own.value()).ok());
      const auto now = namespaceOfThread();
      MIF_CHECK(now.ok() && now.value().identity == own.value().identity);
    }).join();
    const auto still = namespaceOfThread();
    MIF_CHECK(still.ok() && still.value().identity == there.value().identity);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}
