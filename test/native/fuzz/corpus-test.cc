// SPDX-License-Identifier: MIT
// Everything that fuzzing begins with goes through its target here, with any compiler and under any sanitizer, and
// reaches what the target is there for.
#include <map>
#include <string>
#include <utility>

#include "inputs.h"
#include "stream.h"
#include "test.h"
#include "wire.h"

namespace {

using mif::fuzz::Target;

const Target& target(const std::string& name) {
  for (const Target& candidate : mif::fuzz::targets()) {
    if (candidate.name == name) return candidate;
  }
  mif::test::fail(__FILE__, __LINE__, "there is no target " + name);
  return mif::fuzz::targets().front();
}

mif::fuzz::Inputs inputsOf(const std::string& name) {
  mif::fuzz::Inputs inputs = target(name).seeds();
  for (auto& input : target(name).found()) inputs.push_back(std::move(input));
  return inputs;
}

MIF_TEST("fuzz: the inputs of target wire break no promise, and some get through every decoder (J1-J6)") {
  std::map<std::string, std::size_t> accepted;
  for (const auto& input : inputsOf("wire")) {
    if (mif::fuzz::runWire(input) == mif::fuzz::Reach::kAccepted) ++accepted[mif::fuzz::wirePartOf(input).name];
  }
  for (const auto& part : mif::fuzz::wireParts()) {
    if (accepted[part.name] == 0) mif::test::fail(__FILE__, __LINE__, "no input gets through " + part.name);
  }
}

MIF_TEST("fuzz: the inputs of target stream break no promise, and some do everything that a script can do") {
  mif::fuzz::StreamTally all;
  for (const auto& input : inputsOf("stream")) {
    const mif::fuzz::StreamTally tally = mif::fuzz::runStream(input);
    all.applied += tally.applied;
    all.dumps += tally.dumps;
    all.unstableDumps += tally.unstableDumps;
    all.losses += tally.losses;
    all.steps += tally.steps;
    all.removals += tally.removals;
  }
  MIF_CHECK(all.applied > 0);
  MIF_CHECK(all.dumps > all.unstableDumps);
  MIF_CHECK(all.unstableDumps > 0);
  MIF_CHECK(all.losses > 0);
  MIF_CHECK(all.steps > 0);
  MIF_CHECK(all.removals > 0);
}

}  // namespace
