// SPDX-License-Identifier: MIT
#include "binding/call-js.h"

namespace mif::binding {

namespace {

void call(napi_env env, napi_value receiver, const char* method) {
  napi_value function = nullptr;
  napi_value result = nullptr;
  if (napi_get_named_property(env, receiver, method, &function) == napi_ok) {
    (void)napi_call_function(env, receiver, function, 0, nullptr, &result);
  }
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
  call(env, receiver, method);
  (void)napi_close_handle_scope(env, scope);
}

}  // namespace mif::binding
