// SPDX-License-Identifier: MIT
#include "socket/linux/system-error.h"

#include <system_error>

namespace mif::socket {

base::Error systemError(base::ErrorCode code, const std::string& asked, const char* operation, int number) {
  return systemError(code, asked, operation, number, std::generic_category().message(number));
}

base::Error systemError(base::ErrorCode code, const std::string& asked, const char* operation, int number,
                        const std::string& happened) {
  base::Error error;
  error.code = code;
  error.message = asked + ": " + happened;
  error.operation = operation;
  error.systemError = number;
  return error;
}

}  // namespace mif::socket
