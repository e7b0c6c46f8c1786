// SPDX-License-Identifier: MIT
// Network namespaces: which one a thread is in, which one a file stands for, and how a thread enters one. Where the
// operating system has none there is one, and everybody is in it.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/unique-fd.h"

namespace mif::kernel {

// The same for every file that stands for the same namespace, as long as it exists.
struct NamespaceIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  auto operator<=>(const NamespaceIdentity&) const = default;
};

// Keeps its namespace in existence.
struct NetworkNamespace {
  NamespaceIdentity identity;
  // Open on the namespace; closed where there are none.
  base::UniqueFd file;
  // How to name it in messages.
  std::string name;
};

// The namespace that a file stands for, such as /run/netns/x or /proc/1/ns/net.
// Errors: kNamespaceNotFound (there is no such file, or it stands for something else), kPermission, kUnsupported.
base::Result<NetworkNamespace> namespaceOfFile(const std::string& path);

// The namespace of the calling thread. Errors: kKernel.
base::Result<NetworkNamespace> namespaceOfThread();

// Moves the calling thread into a namespace, for good. Errors: kPermission, kKernel.
base::Result<base::Done> enterNamespace(const NetworkNamespace& target);

}  // namespace mif::kernel
