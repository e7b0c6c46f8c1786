// SPDX-License-Identifier: MIT
// Golden bytes: test/vectors/<format>/<name>.hex, recorded by test/vectors/record.py. A head of `# key: value` lines,
// then one datagram per paragraph in hexadecimal.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "test.h"

namespace mif::test {

using Datagram = std::vector<std::byte>;

struct Vector {
  // What the head says, such as os and version; repeated keys joined by a newline.
  std::map<std::string, std::string> head;
  // In the order of arrival.
  std::vector<Datagram> datagrams;

  // Whether the numbers within are in the order of this machine; when not, a case skips.
  bool isHostOrder() const;
};

// Reads "rtnetlink/route-ipv4", or says in `problem` why not.
Vector parseVector(const std::string& name, std::string& problem);

// The same for a test: a problem fails the running case.
inline Vector readVector(const std::string& name) {
  std::string problem;
  Vector vector = parseVector(name, problem);
  if (!problem.empty()) fail(__FILE__, __LINE__, problem);
  return vector;
}

// The names of all vectors of a format, such as "rtnetlink", sorted.
std::vector<std::string> vectorNames(const std::string& format);

}  // namespace mif::test
