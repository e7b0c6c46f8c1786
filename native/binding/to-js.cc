// SPDX-License-Identifier: MIT
#include "binding/to-js.h"

#include <algorithm>

namespace mif::binding {

Fields::Fields(napi_env env) : env_(env) {
  if (napi_create_object(env, &object_) != napi_ok) object_ = nullptr;
}

void Fields::number(const char* name, double value) {
  napi_value number = nullptr;
  if (napi_create_double(env_, value, &number) != napi_ok) number = nullptr;
  this->value(name, number);
}

void Fields::boolean(const char* name, bool value) {
  napi_value boolean = nullptr;
  if (napi_get_boolean(env_, value, &boolean) != napi_ok) boolean = nullptr;
  this->value(name, boolean);
}

void Fields::text(const char* name, std::string_view value) {
  this->value(name, toJs(env_, value));
}

void Fields::value(const char* name, napi_value value) {
  if (object_ == nullptr) return;
  if (value == nullptr || napi_set_named_property(env_, object_, name, value) != napi_ok) object_ = nullptr;
}

napi_value toJs(napi_env env, std::string_view text) {
  napi_value value = nullptr;
  return napi_create_string_utf8(env, text.data(), text.size(), &value) == napi_ok ? value : nullptr;
}

napi_value toJs(napi_env env, std::uint32_t number) {
  napi_value value = nullptr;
  return napi_create_uint32(env, number, &value) == napi_ok ? value : nullptr;
}

napi_value toJs(napi_env env, std::span<const std::uint32_t> words) {
  void* data = nullptr;
  napi_value buffer = nullptr;
  if (napi_create_arraybuffer(env, words.size_bytes(), &data, &buffer) != napi_ok) return nullptr;
  std::copy(words.begin(), words.end(), static_cast<std::uint32_t*>(data));
  napi_value array = nullptr;
  const napi_status status = napi_create_typedarray(env, napi_uint32_array, words.size(), buffer, 0, &array);
  return status == napi_ok ? array : nullptr;
}

napi_value undefined(napi_env env) {
  napi_value value = nullptr;
  return napi_get_undefined(env, &value) == napi_ok ? value : nullptr;
}

}  // namespace mif::binding
