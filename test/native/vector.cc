// SPDX-License-Identifier: MIT
#include "vector.h"

#include <algorithm>
#include <bit>
#include <filesystem>
#include <fstream>

namespace mif::test {

namespace {

int digitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Appends a line of hexadecimal groups; false when it is something else.
bool readHex(const std::string& line, Datagram& datagram) {
  int high = -1;
  for (const char c : line) {
    if (c == ' ') continue;
    const int digit = digitOf(c);
    if (digit < 0) return false;
    if (high < 0) {
      high = digit;
      continue;
    }
    datagram.push_back(static_cast<std::byte>(high << 4 | digit));
    high = -1;
  }
  return high < 0;
}

void readHead(const std::string& line, Vector& vector) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string::npos) return;
  std::string& value = vector.head[line.substr(2, colon - 2)];
  if (!value.empty()) value += '\n';
  value += line.substr(colon + 2);
}

}  // namespace

bool Vector::isHostOrder() const {
  const auto order = head.find("order");
  const char* mine = std::endian::native == std::endian::little ? "little-endian" : "big-endian";
  return order != head.end() && order->second == mine;
}

Vector parseVector(const std::string& name, std::string& problem) {
  Vector vector;
  const std::string path = std::string(MIF_VECTORS "/") + name + ".hex";
  std::ifstream file(path);
  if (!file) {
    problem = "there is no " + path;
    return {};
  }
  bool isInside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("# ")) {
      readHead(line, vector);
    } else if (line.empty()) {
      isInside = false;
    } else {
      if (!isInside) vector.datagrams.emplace_back();
      isInside = true;
      if (!readHex(line, vector.datagrams.back())) {
        problem = path + " has a line that is not hexadecimal: " + line;
        return {};
      }
    }
  }
  return vector;
}

std::vector<std::string> vectorNames(const std::string& format) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(MIF_VECTORS "/") + format)) {
    if (entry.path().extension() == ".hex") names.push_back(format + '/' + entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace mif::test
