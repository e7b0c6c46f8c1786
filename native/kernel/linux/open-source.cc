// SPDX-License-Identifier: MIT
#include "kernel/open-source.h"

#include "kernel/linux/rtnetlink-source.h"

namespace mif::kernel {

base::Result<std::unique_ptr<Source>> openSource(const SourceOptions& options) {
  return RtnetlinkSource::open(options);
}

}  // namespace mif::kernel
