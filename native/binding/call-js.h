// SPDX-License-Identifier: MIT
// The only way from here into a callback of JavaScript's. What the callback throws reaches `uncaughtException`, as it
// would from any other callback of Node's; without this it vanishes (docs/adr/0002).
#pragma once

#include <napi.h>

namespace mif::binding {

// Calls `receiver[method]()`, from the event loop and not from within another call of JavaScript's.
// Does nothing when the environment is ending.
void callJs(napi_env env, napi_value receiver, const char* method);

// The same from a callback of libuv's, around which Node has done nothing yet: what JavaScript has put off until after
// the call runs too.
void callJsFromLoop(napi_env env, napi_async_context context, napi_value receiver, const char* method);

}  // namespace mif::binding
