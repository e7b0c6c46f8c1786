// SPDX-License-Identifier: MIT
// Values for JavaScript. Every status is checked and every value starts as null: when an environment ends, creating a
// value fails at any point, and an unset one that is returned crashes the process.
#pragma once

#include <napi.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace mif::binding {

// Fills an object, property by property. After the first failure it does nothing, and get() is null; an exception may
// then be pending.
class Fields {
 public:
  // Of a fresh object.
  explicit Fields(napi_env env);
  // Of one that exists.
  Fields(napi_env env, napi_value object) : env_(env), object_(object) {}

  void number(const char* name, double value);
  void boolean(const char* name, bool value);
  void text(const char* name, std::string_view value);
  // Null makes this fail.
  void value(const char* name, napi_value value);

  napi_value get() const { return object_; }

 private:
  napi_env env_;
  napi_value object_ = nullptr;
};

// Null on failure.
napi_value toJs(napi_env env, std::string_view text);
napi_value toJs(napi_env env, std::uint32_t number);
// A fresh Uint32Array with a copy of the words: the tables' memory is never JavaScript's.
napi_value toJs(napi_env env, std::span<const std::uint32_t> words);
napi_value undefined(napi_env env);

}  // namespace mif::binding
