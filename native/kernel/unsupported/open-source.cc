// SPDX-License-Identifier: MIT
// The refusals of a system that this version cannot observe, so that the library builds and says so there.
#include "kernel/open-source.h"

#include "kernel/network-namespace.h"
#include "kernel/router-listener.h"
#include "kernel/waiter.h"
#include "kernel/wake-descriptor.h"

namespace mif::kernel {

namespace {

base::Error unsupported(const char* what) {
  base::Error error;
  error.code = base::ErrorCode::kUnsupported;
  error.message = std::string("cannot ") + what + " on this operating system";
  return error;
}

}  // namespace

base::Result<std::unique_ptr<Source>> openSource(const SourceOptions&) {
  return unsupported("observe the network");
}

base::Result<std::unique_ptr<RouterListener>> openRouterListener(RouterNews) {
  return unsupported("hear routers");
}

base::Result<std::unique_ptr<Waiter>> openWaiter() {
  return unsupported("observe the network");
}

base::Result<WakeDescriptor> WakeDescriptor::open() {
  return unsupported("observe the network");
}

void WakeDescriptor::raise() {}

void WakeDescriptor::clear() {}

base::Result<NetworkNamespace> namespaceOfFile(const std::string&) {
  return unsupported("observe another network namespace");
}

base::Result<NetworkNamespace> namespaceOfThread() {
  return NetworkNamespace{};
}

base::Result<base::Done> enterNamespace(const NetworkNamespace&) {
  return unsupported("enter another network namespace");
}

}  // namespace mif::kernel
