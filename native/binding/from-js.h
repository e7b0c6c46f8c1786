// SPDX-License-Identifier: MIT
// Arguments and options from JavaScript. What is wrong becomes ERR_MIF_INVALID_ARG, naming the option, what is allowed
// and what was given; nothing is coerced, because a wrong socket is worse than an exception.
#pragma once

#include <napi.h>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "address/ip-address.h"

namespace mif::binding {

// Bounds of a whole number, both included.
struct Range {
  std::uint32_t least = 0;
  std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
};

// Makes ERR_MIF_INVALID_ARG pending: `<name> must be <allowed>, not <value>`.
void throwInvalid(napi_env env, std::string_view name, std::string_view allowed, napi_value value);

// A whole number. Nothing when it is none, and then an exception is pending.
std::optional<std::uint32_t> readInteger(napi_env env, napi_value value, std::string_view name, Range range = {});

// True or false, likewise.
std::optional<bool> readBoolean(napi_env env, napi_value value, std::string_view name);

// A string, likewise; one with a NUL in it is none.
std::optional<std::string> readText(napi_env env, napi_value value, std::string_view name);

// Reads the properties of one options object. After the first wrong one an exception is pending, hasFailed() is true,
// and everything else reads as absent, so that callers ask once, at the end.
class Options {
 public:
  // `subject` is the name of the argument.
  Options(napi_env env, napi_value value, std::string_view subject);

  bool hasFailed() const { return hasFailed_; }

  // A property that may be undefined.
  std::optional<std::uint32_t> integer(const char* name, Range range = {});
  std::optional<bool> boolean(const char* name);
  std::optional<std::string> text(const char* name);
  // An array of whole numbers, ascending and without repetition; empty when undefined.
  std::vector<std::uint32_t> integers(const char* name, Range range = {});
  // An address of the family, without zone; absent when undefined.
  address::IpAddress address(const char* name, std::uint8_t family);

  // A property that may not; the value is meaningless after a failure.
  std::uint32_t requiredInteger(const char* name, Range range = {});
  address::IpAddress requiredAddress(const char* name, std::uint8_t family);
  // One of these words.
  std::string requiredWord(const char* name, std::initializer_list<std::string_view> words);
  napi_value requiredFunction(const char* name);

  // Makes ERR_MIF_INVALID_ARG pending: `<subject>.<name> must be <allowed>, not <value>`.
  void reject(const char* name, std::string_view allowed);

 private:
  // Null when it is undefined, or could not be read.
  napi_value property(const char* name);
  std::string pathTo(const char* name) const;

  napi_env env_;
  napi_value object_;
  std::string subject_;
  bool hasFailed_ = false;
};

}  // namespace mif::binding
