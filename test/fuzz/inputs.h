// SPDX-License-Identifier: MIT
// What fuzzing begins with. Seeds are the golden vectors of test/vectors, cut up for each target, and wire-traps.hex,
// made by hand; the rest of ./corpus, <target>.hex, is what long runs found beyond them (`npm run fuzz -- --merge`).
// These files have the format of a vector, an input in each paragraph.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/cursor.h"

namespace mif::fuzz {

using Inputs = std::vector<std::vector<std::byte>>;

struct Target {
  std::string name;
  void (*run)(base::Bytes input);
  Inputs (*seeds)();

  // What long runs found.
  Inputs found() const;
};

const std::vector<Target>& targets();

}  // namespace mif::fuzz
