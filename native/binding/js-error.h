// SPDX-License-Identifier: MIT
// The one place where an Error becomes something of JavaScript's. It is not re-worded; lib/binding/native.ts turns it
// into a MifError.
#pragma once

#include <napi.h>

#include "base/error.h"

namespace mif::binding {

// Makes it the pending exception. Does nothing when there is one already, or when the environment is ending.
void throwError(napi_env env, const base::Error& error);

// As a NativeFailure of binding.d.ts. Null when it could not be made.
napi_value toJs(napi_env env, const base::Error& error);

}  // namespace mif::binding
