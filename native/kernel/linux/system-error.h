// SPDX-License-Identifier: MIT
// The failure of a system call as an Error, made right where the call failed.
#pragma once

#include <cerrno>
#include <string>
#include <system_error>

#include "base/error.h"

namespace mif::kernel {

// `operation` is the call; `what` is what it was for: "cannot <what>: <words of the system>".
inline base::Error systemError(const char* operation, const std::string& what, int number = errno) {
  base::Error error;
  error.code = number == EPERM || number == EACCES ? base::ErrorCode::kPermission : base::ErrorCode::kKernel;
  error.message = "cannot " + what + ": " + std::generic_category().message(number);
  error.operation = operation;
  error.systemError = number;
  return error;
}

}  // namespace mif::kernel
