// SPDX-License-Identifier: MIT
#include "kernel/open-source.h"

#include "kernel/linux/rtnetlink-source.h"

namespace mif::kernel {

base::Result<std::unique_ptr<Source>> openSource(const SourceLimits& limits) {
  return RtnetlinkSource::open(limits);
}

}  // namespace mif::kernel
