// SPDX-License-Identifier: MIT
// What went wrong, as the place that saw it knows it. Made where the call failed and not re-worded on
// the way up; only native/binding/js-error.cc turns it into a JavaScript error.
#pragma once

#include <string>
#include <utility>

#include "base/error-code.gen.h"

namespace mif::base {

struct Error {
  ErrorCode code = ErrorCode::kKernel;
  // What happened, one line without a trailing full stop; names the offending value.
  std::string message;
  // The system call or socket option that failed, such as "bind"; empty when none did.
  std::string operation;
  // errno of that call; 0 when no call failed.
  int systemError = 0;
  // The kernel's own words (NLMSGERR_ATTR_MSG); mostly empty.
  std::string kernelMessage;
};

}  // namespace mif::base
