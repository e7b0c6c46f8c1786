// SPDX-License-Identifier: MIT
// A test runner of our own, because building must not depend on what a system has installed. A case is a free
// function with a title; failed checks are collected and the case goes on; test/native/native.test.ts makes each
// case one vitest test.
//
//   MIF_TEST("wire/netlink: a message of length 0 ends the walk (J6)") {
//     MIF_CHECK(!messages.next(message));
//   }
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace mif::test {

struct Case {
  const char* title;
  void (*run)();
};

// Every case of the program, in the order of the linker.
std::vector<Case>& cases();

// Puts a case into cases(); the result is only there to initialise something with.
bool add(const char* title, void (*run)());

// Notes a failure of the running case.
void fail(const char* file, int line, const std::string& message);

// Notes that the running case cannot run here, and why. Skips are counted and shown, never silent.
void skip(const std::string& reason);

// Allocations of this thread so far, or nothing under a sanitizer, which brings an allocator of its own.
std::optional<std::uint64_t> allocations();

// How a value looks in the message of a failed check.
template <typename T>
std::string describe(const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_enum_v<T>) {
    return describe(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::is_arithmetic_v<T>) {
    return std::to_string(value);
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return '"' + std::string(std::string_view(value)) + '"';
  } else if constexpr (requires { value.text(); }) {
    return '"' + std::string(value.text()) + '"';
  } else if constexpr (requires { value.has_value(); }) {
    return value.has_value() ? describe(*value) : "nothing";
  } else if constexpr (requires { value.address.text(), value.length; }) {
    return '"' + value.address.text() + '/' + std::to_string(value.length) + '"';
  } else if constexpr (requires { value.size(), value.begin(); }) {
    return std::to_string(value.size()) + " elements";
  } else {
    return "a value";
  }
}

template <typename A, typename B>
void checkEqual(const A& actual, const B& expected, const char* text, const char* file, int line) {
  if (!(actual == expected))
    fail(file, line, std::string(text) + ": " + describe(actual) + " is not " + describe(expected));
}

}  // namespace mif::test

#define MIF_TEST_JOIN2(a, b) a##b
#define MIF_TEST_JOIN(a, b) MIF_TEST_JOIN2(a, b)

// Defines a case. The title is "room: sentence that could be false (requirement)", one line, unique.
#define MIF_TEST(title)                                                    \
  static void MIF_TEST_JOIN(mifCase, __LINE__)();                          \
  [[maybe_unused]] static const bool MIF_TEST_JOIN(mifIsAdded, __LINE__) = \
      ::mif::test::add(title, &MIF_TEST_JOIN(mifCase, __LINE__));          \
  static void MIF_TEST_JOIN(mifCase, __LINE__)()

// Fails the case unless the condition holds, and goes on.
#define MIF_CHECK(...) \
  ((__VA_ARGS__) ? static_cast<void>(0) : ::mif::test::fail(__FILE__, __LINE__, "false: " #__VA_ARGS__))

// The same for two values that should be equal, with both in the message.
#define MIF_CHECK_EQUAL(actual, ...) ::mif::test::checkEqual((actual), (__VA_ARGS__), #actual, __FILE__, __LINE__)

// Fails the case and leaves the function unless the condition holds: for what the next lines rely on.
#define MIF_REQUIRE(...)                                             \
  do {                                                               \
    if (!(__VA_ARGS__)) {                                            \
      ::mif::test::fail(__FILE__, __LINE__, "false: " #__VA_ARGS__); \
      return;                                                        \
    }                                                                \
  } while (false)

// Leaves the case as skipped, with the need that is missing.
#define MIF_SKIP(reason)       \
  do {                         \
    ::mif::test::skip(reason); \
    return;                    \
  } while (false)
