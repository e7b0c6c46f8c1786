// SPDX-License-Identifier: MIT
// The entry point that libFuzzer calls, for the target that MIF_FUZZ_TARGET names. libFuzzer hands out heap blocks of
// exactly the size of an input.
#include <cstdlib>
#include <span>

#include "inputs.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const mif::fuzz::Target* const target = [] {
    for (const auto& candidate : mif::fuzz::targets()) {
      if (candidate.name == MIF_FUZZ_TARGET) return &candidate;
    }
    std::abort();
  }();
  target->run(std::as_bytes(std::span(data, size)));
  return 0;
}
