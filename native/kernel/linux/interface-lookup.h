// SPDX-License-Identifier: MIT
// One interface by any of its names, as it is now. Alternative names are given and taken without an announcement (trap
// B8), so a name that the mirror does not know may exist all the same.
#pragma once

#include <string>

#include "base/result.h"
#include "contract/change.h"

namespace mif::kernel {

// In the network namespace of the calling thread, by a socket of its own: the one for dumps may be in the middle of
// one. Whether there is such an interface; then `change` puts it.
base::Result<bool> lookUpInterface(const std::string& name, contract::Change& change);

}  // namespace mif::kernel
