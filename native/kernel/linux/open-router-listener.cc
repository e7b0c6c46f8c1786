// SPDX-License-Identifier: MIT
// Which of the two listeners is opened.
#include "kernel/linux/advertisement-listener.h"
#include "kernel/linux/user-option-listener.h"
#include "kernel/router-listener.h"

namespace mif::kernel {

base::Result<std::unique_ptr<RouterListener>> openRouterListener(RouterNews news) {
  return news == RouterNews::kAdvertisements ? AdvertisementListener::open() : UserOptionListener::open();
}

}  // namespace mif::kernel
