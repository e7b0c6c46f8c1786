// SPDX-License-Identifier: MIT
// Records as one line of text, every member that is not at its default and nothing else, so that a test says with one
// comparison what was decoded and what was not. Numbers are the kernel's.
#pragma once

#include <string>

#include "contract/change.h"

namespace mif::test {

// Lifetimes appear as milliseconds after `now`.
std::string textOf(const contract::Change& change, base::Deadline now);

}  // namespace mif::test
