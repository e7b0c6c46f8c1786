// SPDX-License-Identifier: MIT
// By eventfd(2).
#include "kernel/wake-descriptor.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "kernel/linux/system-error.h"

namespace mif::kernel {

base::Result<WakeDescriptor> WakeDescriptor::open() {
  base::UniqueFd fd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!fd.isOpen()) return systemError("eventfd", "observe the network");
  return WakeDescriptor(std::move(fd));
}

void WakeDescriptor::raise() {
  // Fails only when 2^64 - 2 calls are outstanding, and then it is raised.
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(fd_.get(), &one, sizeof(one));
}

void WakeDescriptor::clear() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read = ::read(fd_.get(), &count, sizeof(count));
}

}  // namespace mif::kernel
