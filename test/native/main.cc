// SPDX-License-Identifier: MIT
// The native test binary. Without arguments it runs every case; `--list` prints the titles; `--run <title>...` runs
// those. One line per case, on standard output:
//
//   ok <title>
//   not ok <title>\t<file>:<line> <message>[ | <file>:<line> <message>]...
//   skip <title>\t<reason>
//
// Exit status 0 when nothing failed, 1 when something did, 2 for a title that there is not.
#include <cstdio>
#include <cstring>
#include <mutex>
#include <set>

#include "test.h"

namespace mif::test {

namespace {

struct Verdict {
  // Cases of the monitor check on its thread too.
  std::mutex mutex;
  std::string failures;
  std::string skipped;
};

Verdict& verdict() {
  static Verdict running;
  return running;
}

bool runCase(const Case& test) {
  verdict().failures.clear();
  verdict().skipped.clear();
  test.run();
  const std::lock_guard lock(verdict().mutex);
  if (!verdict().failures.empty()) {
    std::printf("not ok %s\t%s\n", test.title, verdict().failures.c_str());
  } else if (!verdict().skipped.empty()) {
    std::printf("skip %s\t%s\n", test.title, verdict().skipped.c_str());
  } else {
    std::printf("ok %s\n", test.title);
  }
  // A crash in the next case must not take this line with it.
  std::fflush(stdout);
  return verdict().failures.empty();
}

int runAll() {
  bool areOk = true;
  for (const Case& test : cases()) areOk = runCase(test) && areOk;
  return areOk ? 0 : 1;
}

int runNamed(int count, char** titles) {
  bool areOk = true;
  for (int i = 0; i < count; ++i) {
    bool isKnown = false;
    for (const Case& test : cases()) {
      if (std::strcmp(test.title, titles[i]) != 0) continue;
      isKnown = true;
      areOk = runCase(test) && areOk;
    }
    if (!isKnown) {
      std::fprintf(stderr, "no case with the title \"%s\"; --list prints all\n", titles[i]);
      return 2;
    }
  }
  return areOk ? 0 : 1;
}

int list() {
  std::set<std::string_view> seen;
  for (const Case& test : cases()) {
    if (!seen.insert(test.title).second) {
      std::fprintf(stderr, "two cases have the title \"%s\"\n", test.title);
      return 2;
    }
    std::printf("%s\n", test.title);
  }
  return 0;
}

}  // namespace

std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

bool add(const char* title, void (*run)()) {
  cases().push_back({title, run});
  return true;
}

void fail(const char* file, int line, const std::string& message) {
  const std::lock_guard lock(verdict().mutex);
  std::string& failures = verdict().failures;
  if (!failures.empty()) failures += " | ";
  failures += file;
  failures += ':';
  failures += std::to_string(line);
  failures += ' ';
  for (const char c : message) failures += c == '\n' || c == '\t' ? ' ' : c;
}

void skip(const std::string& reason) {
  verdict().skipped = reason;
}

}  // namespace mif::test

int main(int argc, char** argv) {
  using namespace mif::test;
  if (argc == 1) return runAll();
  if (argc == 2 && std::strcmp(argv[1], "--list") == 0) return list();
  if (argc > 2 && std::strcmp(argv[1], "--run") == 0) return runNamed(argc - 2, argv + 2);
  std::fprintf(stderr, "usage: %s [--list | --run <title>...]\n", argv[0]);
  return 2;
}
