// SPDX-License-Identifier: MIT
// Mutation fuzzing with nothing but a C++ compiler, for where libFuzzer is not: mutates the seeds, knows where netlink
// keeps its lengths, and says for each target how many inputs were accepted. Best built with MIF_SANITIZE=address.
//
//   mif-fuzz-plain <seconds> <seed> [target]      prints one line per target; the same seed gives the same inputs
//   mif-fuzz-plain --write-corpus <folder>        writes the seeds as files, for libFuzzer
//
// Exit status 1 when a target accepted nothing; a broken promise or a sanitizer ends the program with the last input
// in mif-fuzz-last-input.bin of the working folder.
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include "target.h"

namespace {

using mif::fuzz::Reach;
using mif::fuzz::Target;
using Input = std::vector<std::byte>;

constexpr std::size_t kMaxInputBytes = 4096;
constexpr int kMaxMutations = 6;
// Inputs between two looks at the clock.
constexpr int kRound = 512;

struct Tally {
  std::uint64_t inputs = 0;
  std::uint64_t accepted = 0;
};

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  void mutate(Input& input, const std::vector<Input>& seeds) {
    const std::size_t count = 1 + below(kMaxMutations);
    for (std::size_t i = 0; i < count; ++i) mutateOnce(input, seeds);
    if (input.size() > kMaxInputBytes) input.resize(kMaxInputBytes);
  }

 private:
  void mutateOnce(Input& input, const std::vector<Input>& seeds) {
    switch (below(7)) {
      case 0:
        if (!input.empty()) input[below(input.size())] ^= static_cast<std::byte>(1 << below(8));
        return;
      case 1:
        if (!input.empty()) input[below(input.size())] = static_cast<std::byte>(below(256));
        return;
      case 2:
        return lie(input);
      case 3:
        input.resize(below(input.size() + 1));
        return;
      case 4:
        return repeat(input);
      case 5:
        return remove(input);
      default:
        return splice(input, seeds[below(seeds.size())]);
    }
  }

  // A length where netlink keeps lengths: 16 bits at a multiple of 4 (trap J5).
  void lie(Input& input) {
    if (input.size() < 4) return;
    const std::size_t at = below(input.size() / 4) * 4;
    const std::size_t rest = input.size() - at;
    const std::array<std::size_t, 10> lengths = {0, 1, 3, 4, 5, 8, rest, rest + 1, 0x7fff, 0xffff};
    const auto length = static_cast<std::uint16_t>(lengths[below(lengths.size())]);
    std::memcpy(input.data() + at, &length, sizeof length);
  }

  void repeat(Input& input) {
    const std::size_t at = below(input.size() / 4 + 1) * 4;
    const std::size_t length = std::min(input.size() - at, 4 * below(16));
    const Input part(input.begin() + static_cast<std::ptrdiff_t>(at),
                     input.begin() + static_cast<std::ptrdiff_t>(at + length));
    input.insert(input.begin() + static_cast<std::ptrdiff_t>(at), part.begin(), part.end());
  }

  void remove(Input& input) {
    const std::size_t at = below(input.size() / 4 + 1) * 4;
    const std::size_t length = std::min(input.size() - at, 4 * below(8));
    input.erase(input.begin() + static_cast<std::ptrdiff_t>(at),
                input.begin() + static_cast<std::ptrdiff_t>(at + length));
  }

  // The end of another seed instead of the own one.
  void splice(Input& input, const Input& other) {
    input.resize(below(input.size() / 4 + 1) * 4);
    const std::size_t from = below(other.size() / 4 + 1) * 4;
    input.insert(input.end(), other.begin() + static_cast<std::ptrdiff_t>(std::min(from, other.size())), other.end());
  }

  std::mt19937_64 random_;
};

Input lastInput;

// Runs when something aborts: the input is all that is needed to see it again.
void keepLastInput(int) {
  std::ofstream("mif-fuzz-last-input.bin", std::ios::binary)
      .write(reinterpret_cast<const char*>(lastInput.data()), static_cast<std::streamsize>(lastInput.size()));
  std::_Exit(1);
}

}  // namespace

// Without these a sanitizer ends the program by itself, and the last input is lost.
extern "C" const char* __asan_default_options() {
  return "abort_on_error=1";
}
extern "C" const char* __ubsan_default_options() {
  return "abort_on_error=1:print_stacktrace=1";
}

namespace {

void feed(const Target& target, const Input& input, Tally& tally) {
  lastInput = input;
  // A block of exactly this size, or a sanitizer cannot see a read beyond it.
  const Input exact(input.begin(), input.end());
  ++tally.inputs;
  if (run(target, exact) == Reach::kAccepted) ++tally.accepted;
}

// Seeds of ours, and inputs that once broke something: test/fuzz/corpus/<target>/*.
std::vector<Input> allSeeds(const Target& target) {
  std::vector<Input> result = seeds(target);
  const std::filesystem::path folder = std::filesystem::path(MIF_FUZZ_CORPUS) / target.name;
  if (!std::filesystem::exists(folder)) return result;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    const auto view = std::as_bytes(std::span(bytes));
    result.emplace_back(view.begin(), view.end());
  }
  return result;
}

int writeCorpus(const std::filesystem::path& folder) {
  for (const Target& target : mif::fuzz::targets()) {
    std::filesystem::create_directories(folder / target.name);
    int number = 0;
    for (const Input& seed : allSeeds(target)) {
      std::ofstream(folder / target.name / (std::to_string(number++) + ".bin"), std::ios::binary)
          .write(reinterpret_cast<const char*>(seed.data()), static_cast<std::streamsize>(seed.size()));
    }
  }
  return 0;
}

Tally fuzz(const Target& target, double seconds, std::uint64_t seed) {
  const std::vector<Input> inputs = allSeeds(target);
  Tally tally;
  if (inputs.empty()) return tally;
  Mutator mutator(seed);
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  for (const Input& input : inputs) feed(target, input, tally);
  while (std::chrono::steady_clock::now() < end) {
    for (int i = 0; i < kRound; ++i) {
      Input input = inputs[mutator.below(inputs.size())];
      mutator.mutate(input, inputs);
      feed(target, input, tally);
    }
  }
  return tally;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--write-corpus") == 0) return writeCorpus(argv[2]);
  if (argc != 3 && argc != 4) {
    std::fprintf(stderr, "usage: %s <seconds> <seed> [target] | --write-corpus <folder>\n", argv[0]);
    return 2;
  }
  std::signal(SIGABRT, keepLastInput);
  std::vector<Target> chosen;
  for (const Target& target : mif::fuzz::targets()) {
    if (argc == 3 || target.name == argv[3]) chosen.push_back(target);
  }
  int status = chosen.empty() ? 2 : 0;
  for (const Target& target : chosen) {
    const double seconds = std::atof(argv[1]) / static_cast<double>(chosen.size());
    const Tally tally = fuzz(target, seconds, std::strtoull(argv[2], nullptr, 10));
    std::printf("%s: %llu inputs, %llu accepted\n", target.name.c_str(), static_cast<unsigned long long>(tally.inputs),
                static_cast<unsigned long long>(tally.accepted));
    if (tally.accepted == 0) status = 1;
  }
  return status;
}
