// SPDX-License-Identifier: MIT
#include "fuzz/target.h"

#include <fstream>
#include <iterator>

#include "test.h"
#include "wire/rtnetlink/decode.h"

namespace {

using mif::fuzz::Reach;
using mif::fuzz::targets;

MIF_TEST("fuzz: every decoder is a target, and the seeds of every target get through it") {
  MIF_CHECK_EQUAL(targets().size(), mif::wire::rtnetlink::decoders().size() + 2);
  for (const auto& target : targets()) {
    std::size_t accepted = 0;
    for (const auto& seed : seeds(target)) {
      if (run(target, seed) == Reach::kAccepted) ++accepted;
    }
    if (accepted == 0) mif::test::fail(__FILE__, __LINE__, "no seed gets through " + target.name);
  }
}

MIF_TEST("fuzz: libFuzzer has a program for every target") {
  std::ifstream file(MIF_VECTORS "/../fuzz/CMakeLists.txt");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  std::string names = "foreach(target";
  for (const auto& target : targets()) names += ' ' + target.name;
  MIF_CHECK(text.find(names + ")") != std::string::npos);
}

}  // namespace
