// SPDX-License-Identifier: MIT
// A filter that the kernel runs on each notification before it queues it, so that a storm of routes which nobody
// observes neither overflows the queue nor wakes anybody. Needs no privilege. Classic BPF (socket(7),
// SO_ATTACH_FILTER).
#pragma once

#include <linux/filter.h>

#include <vector>

#include "contract/observation.h"

namespace mif::kernel {

// Passes everything but notifications of routes that are not observed; empty when it would pass everything.
std::vector<sock_filter> notificationFilter(const contract::Observation& observation);

}  // namespace mif::kernel
