// SPDX-License-Identifier: MIT
#include "address/ip-address.h"

#include <arpa/inet.h>

#include <charconv>
#include <string>

namespace mif::address {

namespace {

constexpr std::size_t kGroups = 8;

void appendNumber(std::string& text, unsigned value, int base) {
  std::array<char, 8> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
  text.append(digits.data(), end);
}

void appendDotted(std::string& text, std::span<const std::uint8_t> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i != 0) text += '.';
    appendNumber(text, bytes[i], 10);
  }
}

struct Run {
  std::size_t start = 0;
  std::size_t length = 0;
};

// RFC 5952 section 4.2: the longest run of zero groups, the first of equals, and never a single group.
Run longestZeroRun(const std::array<std::uint16_t, kGroups>& groups, std::size_t count) {
  Run best;
  Run run;
  for (std::size_t i = 0; i < count; ++i) {
    run = groups[i] != 0 ? Run{i + 1, 0} : Run{run.start, run.length + 1};
    if (run.length > best.length) best = run;
  }
  return best.length >= 2 ? best : Run{};
}

// RFC 5952 section 5: the IPv4 form where a well-known prefix tells that one is inside, which is ::ffff:0:0/96
// here. Without the receiver knowing the prefix, the hexadecimal form is the safe one.
bool isMapped(const std::array<std::uint16_t, kGroups>& groups) {
  return groups[0] == 0 && groups[1] == 0 && groups[2] == 0 && groups[3] == 0 && groups[4] == 0 && groups[5] == 0xffff;
}

std::string hexText(std::span<const std::uint8_t> bytes) {
  std::array<std::uint16_t, kGroups> groups;
  for (std::size_t i = 0; i < kGroups; ++i) {
    groups[i] = static_cast<std::uint16_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  }
  const bool endsDotted = isMapped(groups);
  const std::size_t count = endsDotted ? kGroups - 2 : kGroups;
  const Run zeros = longestZeroRun(groups, count);
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (zeros.length != 0 && i == zeros.start) {
      text += "::";
      i += zeros.length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    appendNumber(text, groups[i], 16);
  }
  if (endsDotted) {
    text += ':';
    appendDotted(text, bytes.last(4));
  }
  return text;
}

}  // namespace

IpAddress IpAddress::parse(std::string_view text) {
  // inet_pton wants a terminator; the longest text of an address has 45 characters.
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) return {};
  text.copy(terminated.data(), text.size());
  IpAddress address;
  const bool isV6 = text.find(':') != std::string_view::npos;
  if (inet_pton(isV6 ? AF_INET6 : AF_INET, terminated.data(), address.bytes_.data()) != 1) return {};
  address.family_ = isV6 ? 6 : 4;
  return address;
}

std::string IpAddress::text() const {
  if (family_ == 4) {
    std::string dotted;
    appendDotted(dotted, bytes());
    return dotted;
  }
  return family_ == 6 ? hexText(bytes()) : std::string{};
}

}  // namespace mif::address
