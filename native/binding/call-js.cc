// SPDX-License-Identifier: MIT
#include "binding/call-js.h"

namespace mif::binding {

namespace {

// What the callback threw.
void report(napi_env env) {
  bool isPending = false;
  napi_value exception = nullptr;
  if (napi_is_exception_pending(env, &isPending) != napi_ok || !isPending) return;
  if (napi_get_and_clear_last_exception(env, &exception) != napi_ok) return;
  // Refused only while the environment ends: then nobody is left to be told.
  (void)napi_fatal_exception(env, exception);
}

}  // namespace

void callJs(napi_env env, napi_value receiver, const char* method) {
  napi_handle_scope scope = nullptr;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  napi_value function = nullptr;
  napi_value result = nullptr;
  if (napi_get_named_property(env, receiver, method, &function) == napi_ok) {
    (void)napi_call_function(env, receiver, function, 0, nullptr, &result);
  }
  report(env);
  (void)napi_close_handle_scope(env, scope);
}

void callJsFromLoop(napi_env env, napi_async_context context, napi_value receiver, const char* method) {
  napi_value function = nullptr;
  napi_value result = nullptr;
  if (napi_get_named_property(env, receiver, method, &function) == napi_ok) {
    (void)napi_make_callback(env, context, receiver, function, 0, nullptr, &result);
  }
  report(env);
}

}  // namespace mif::binding
