// SPDX-License-Identifier: MIT
// mif-fuzz-inputs <folder>: writes what fuzzing begins with as files, for libFuzzer: <folder>/seeds/<target>/<number>
// and <folder>/found/<target>/<number>.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "inputs.h"

namespace {

bool write(const std::filesystem::path& folder, const mif::fuzz::Inputs& inputs) {
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const auto& input : inputs) {
    std::ofstream file(folder / std::to_string(number++), std::ios::binary);
    file.write(reinterpret_cast<const char*>(input.data()), static_cast<std::streamsize>(input.size()));
    if (!file) return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s <folder>\n", argv[0]);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  for (const auto& target : mif::fuzz::targets()) {
    if (!write(folder / "seeds" / target.name, target.seeds())) return 1;
    if (!write(folder / "found" / target.name, target.found())) return 1;
  }
  return 0;
}
