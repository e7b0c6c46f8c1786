// SPDX-License-Identifier: MIT
// What holds whatever the input. A broken promise ends the program, as a sanitizer does, so that libFuzzer keeps the
// input.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace mif::fuzz {

inline void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

}  // namespace mif::fuzz
