// SPDX-License-Identifier: MIT
#include "binding/from-js.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "binding/js-error.h"

namespace mif::binding {

namespace {

// Values in messages are cut at this many bytes.
constexpr std::size_t kShownBytes = 64;

napi_valuetype typeOf(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  if (value == nullptr || napi_typeof(env, value, &type) != napi_ok) return napi_undefined;
  return type;
}

std::optional<std::string> textOf(napi_env env, napi_value value) {
  std::size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return std::nullopt;
  std::string text(length + 1, '\0');
  if (napi_get_value_string_utf8(env, value, text.data(), text.size(), &length) != napi_ok) return std::nullopt;
  text.resize(length);
  return text;
}

// For messages. Objects are not asked for their text: that would run code of theirs.
std::string show(napi_env env, napi_value value) {
  switch (typeOf(env, value)) {
    case napi_object:
      return "an object";
    case napi_function:
      return "a function";
    case napi_symbol:
      return "a symbol";
    case napi_external:
      return "an external value";
    case napi_string: {
      const std::string text = textOf(env, value).value_or("");
      std::string shown = "\"";
      shown.append(text, 0, kShownBytes).append(text.size() > kShownBytes ? "\xe2\x80\xa6" : "").append("\"");
      return shown;
    }
    default: {
      napi_value text = nullptr;
      if (value == nullptr || napi_coerce_to_string(env, value, &text) != napi_ok) return "undefined";
      return textOf(env, text).value_or("undefined");
    }
  }
}

}  // namespace

void throwInvalid(napi_env env, std::string_view name, std::string_view allowed, napi_value value) {
  base::Error error;
  error.code = base::ErrorCode::kInvalidArg;
  error.message.append(name).append(" must be ").append(allowed).append(", not ").append(show(env, value));
  throwError(env, error);
}

std::optional<std::uint32_t> readInteger(napi_env env, napi_value value, std::string_view name, Range range) {
  double number = 0;
  if (typeOf(env, value) == napi_number && napi_get_value_double(env, value, &number) == napi_ok &&
      std::trunc(number) == number && number >= range.least && number <= range.most) {
    return static_cast<std::uint32_t>(number);
  }
  const std::string allowed =
      "a whole number from " + std::to_string(range.least) + " to " + std::to_string(range.most);
  throwInvalid(env, name, allowed, value);
  return std::nullopt;
}

std::optional<bool> readBoolean(napi_env env, napi_value value, std::string_view name) {
  bool boolean = false;
  if (typeOf(env, value) == napi_boolean && napi_get_value_bool(env, value, &boolean) == napi_ok) return boolean;
  throwInvalid(env, name, "true or false", value);
  return std::nullopt;
}

std::optional<std::string> readText(napi_env env, napi_value value, std::string_view name) {
  std::optional<std::string> text;
  if (typeOf(env, value) == napi_string) text = textOf(env, value);
  // A system call would see the text end there, and open another file than the one named.
  if (text && text->find('\0') == std::string::npos) return text;
  throwInvalid(env, name, "a string without NUL", value);
  return std::nullopt;
}

Options::Options(napi_env env, napi_value value, std::string_view subject)
    : env_(env), object_(value), subject_(subject) {
  if (typeOf(env, value) == napi_object) return;
  hasFailed_ = true;
  throwInvalid(env, subject, "an object", value);
}

std::optional<std::uint32_t> Options::integer(const char* name, Range range) {
  const napi_value value = property(name);
  if (value == nullptr) return std::nullopt;
  const std::optional<std::uint32_t> number = readInteger(env_, value, pathTo(name), range);
  hasFailed_ = !number;
  return number;
}

std::vector<std::uint32_t> Options::integers(const char* name, Range range) {
  std::vector<std::uint32_t> numbers;
  const napi_value array = property(name);
  if (array == nullptr) return numbers;
  std::uint32_t length = 0;
  if (napi_get_array_length(env_, array, &length) != napi_ok) {
    reject(name, "an array");
    return numbers;
  }
  for (std::uint32_t at = 0; at < length; ++at) {
    napi_value element = nullptr;
    if (napi_get_element(env_, array, at, &element) != napi_ok) {
      hasFailed_ = true;
      return {};
    }
    const auto number = readInteger(env_, element, pathTo(name) + "[" + std::to_string(at) + "]", range);
    if (!number) {
      hasFailed_ = true;
      return {};
    }
    numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

std::optional<bool> Options::boolean(const char* name) {
  const napi_value value = property(name);
  if (value == nullptr) return std::nullopt;
  const std::optional<bool> boolean = readBoolean(env_, value, pathTo(name));
  hasFailed_ = !boolean;
  return boolean;
}

std::optional<std::string> Options::text(const char* name) {
  const napi_value value = property(name);
  if (value == nullptr) return std::nullopt;
  const std::optional<std::string> text = readText(env_, value, pathTo(name));
  hasFailed_ = !text;
  return text;
}

address::IpAddress Options::address(const char* name, std::uint8_t family) {
  const std::optional<std::string> given = text(name);
  if (!given) return {};
  const address::IpAddress parsed = address::IpAddress::parse(*given);
  if (parsed.family() == family) return parsed;
  reject(name, "an IPv" + std::to_string(family) + " address without zone");
  return {};
}

std::uint32_t Options::requiredInteger(const char* name, Range range) {
  const std::optional<std::uint32_t> number = integer(name, range);
  if (!number && !hasFailed_) reject(name, "a whole number");
  return number.value_or(range.least);
}

address::IpAddress Options::requiredAddress(const char* name, std::uint8_t family) {
  const address::IpAddress parsed = address(name, family);
  if (!parsed.isPresent() && !hasFailed_) reject(name, "an address");
  return parsed;
}

std::string Options::requiredWord(const char* name, std::initializer_list<std::string_view> words) {
  const std::string given = text(name).value_or("");
  if (hasFailed_ || std::find(words.begin(), words.end(), given) != words.end()) return given;
  std::string allowed;
  for (const std::string_view word : words) {
    allowed.append(allowed.empty() ? "\"" : " or \"").append(word).append("\"");
  }
  reject(name, allowed);
  return given;
}

napi_value Options::requiredFunction(const char* name) {
  const napi_value value = property(name);
  if (hasFailed_ || typeOf(env_, value) == napi_function) return value;
  reject(name, "a function");
  return nullptr;
}

void Options::reject(const char* name, std::string_view allowed) {
  const napi_value value = property(name);
  if (hasFailed_) return;
  hasFailed_ = true;
  throwInvalid(env_, pathTo(name), allowed, value);
}

napi_value Options::property(const char* name) {
  if (hasFailed_) return nullptr;
  napi_value value = nullptr;
  if (napi_get_named_property(env_, object_, name, &value) != napi_ok) {
    // A getter threw, or the environment is ending: what is pending says more than we could.
    hasFailed_ = true;
    return nullptr;
  }
  return typeOf(env_, value) == napi_undefined ? nullptr : value;
}

std::string Options::pathTo(const char* name) const {
  return subject_ + "." + name;
}

}  // namespace mif::binding
