// SPDX-License-Identifier: MIT
// A network namespace of its own for a test, and what is true in it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "table/view.h"

namespace mif::test {

// Runs `body` on a thread in a new network namespace, whose loopback is up and which ends with it. False when that
// takes a privilege that this process lacks.
[[nodiscard]] bool inPrivateNamespace(const std::function<void()>& body);
// Why the case is skipped then.
inline constexpr const char* kPrivilege = "a network namespace of its own takes CAP_SYS_ADMIN";

// Runs commands of ip(8), one a line, in the namespace of the calling thread. Fails the case unless all succeed.
void ip(const std::string& commands);
// The same for commands of which the kernel may refuse some.
void tryIp(const std::string& commands);

// What a source that is opened now lists, as comparableLines. Empty when it fails.
std::vector<std::string> truth();

// Everything in a view that a kernel announces, one line a record, sorted: without generations, states of neighbours
// and of hops, and the neighbours that the kernel makes on its own; with the order of IPv4 duplicates.
std::vector<std::string> comparableLines(const table::View& view);

// The lines that only one of them has, for messages.
std::string differenceOf(const std::vector<std::string>& actual, const std::vector<std::string>& expected);

}  // namespace mif::test
