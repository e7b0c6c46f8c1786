// SPDX-License-Identifier: MIT
#include "binding/js-error.h"

#include "binding/to-js.h"

namespace mif::binding {

namespace {

void describe(const base::Error& error, Fields& fields) {
  fields.text("code", base::nameOf(error.code));
  if (!error.operation.empty()) fields.text("syscall", error.operation);
  if (error.systemError != 0) fields.number("errno", error.systemError);
  if (!error.kernelMessage.empty()) fields.text("kernelMessage", error.kernelMessage);
}

}  // namespace

void throwError(napi_env env, const base::Error& error) {
  const napi_value message = toJs(env, error.message);
  napi_value object = nullptr;
  if (message == nullptr || napi_create_error(env, nullptr, message, &object) != napi_ok) return;
  Fields fields(env, object);
  describe(error, fields);
  // Fails only when another exception is pending, or JavaScript may not run any more: either way somebody else is
  // heard.
  if (fields.get() != nullptr) (void)napi_throw(env, object);
}

napi_value toJs(napi_env env, const base::Error& error) {
  Fields fields(env);
  describe(error, fields);
  fields.text("message", error.message);
  return fields.get();
}

}  // namespace mif::binding
