// SPDX-License-Identifier: MIT
// The one way to a source: the folder of the operating system that this was built for implements it.
#pragma once

#include <cstddef>
#include <memory>

#include "base/result.h"
#include "contract/observation.h"
#include "kernel/source.h"

namespace mif::kernel {

struct SourceOptions {
  // Bytes to ask for to queue notifications in the kernel; what was granted is in Capabilities (trap A3).
  std::size_t receiveBuffer = 0;
  // Bytes of notifications kept during a dump; more count as lost.
  std::size_t heldNotifications = 0;
  contract::Observation observation = {};
};

// A source for the network namespace of the calling thread, subscribed to everything of the observation.
// Errors: kUnsupported, kPermission, kKernel.
base::Result<std::unique_ptr<Source>> openSource(const SourceOptions& options);

}  // namespace mif::kernel
