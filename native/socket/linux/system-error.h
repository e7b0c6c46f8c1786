// SPDX-License-Identifier: MIT
// Errors of socket calls.
#pragma once

#include <string>

#include "base/error.h"

namespace mif::socket {

// An error with a code of ours: `asked` is what was wanted, such as "cannot bind to 192.0.2.1"; what happened is added
// in the words of the system.
base::Error systemError(base::ErrorCode code, const std::string& asked, const char* operation, int number);

// The same with words of our own for what happened.
base::Error systemError(base::ErrorCode code, const std::string& asked, const char* operation, int number,
                        const std::string& happened);

}  // namespace mif::socket
