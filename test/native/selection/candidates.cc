// SPDX-License-Identifier: MIT
#include "selection/candidates.h"

#include <array>
#include <charconv>
#include <string>

#include "contract/contract.gen.h"
#include "test.h"

namespace mif::test {

namespace {

using selection::FromNextHop;
using selection::PolicyTable;
using selection::SourceCandidate;

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(at);
    if (end != 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parts;
}

std::uint32_t numberOf(std::string_view text) {
  std::uint32_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{}) {
    fail(__FILE__, __LINE__, std::string(text) + " is no number");
  }
  return number;
}

void apply(std::string_view word, contract::Address& address, SourceCandidate& candidate) {
  using namespace contract::AddressFlag;
  struct Flag {
    std::string_view word;
    std::uint32_t flag;
  };
  constexpr std::array<Flag, 7> kFlags = {{{"deprecated", kDeprecated},
                                           {"optimistic", kOptimistic},
                                           {"tentative", kTentative},
                                           {"failed", kDadFailed},
                                           {"temporary", kSecondary},
                                           {"secondary", kSecondary},
                                           {"home", kHomeAddress}}};
  for (const Flag& flag : kFlags) {
    if (word == flag.word) {
      address.flags |= flag.flag;
      return;
    }
  }
  if (word.starts_with("if")) {
    address.index = numberOf(word.substr(2));
  } else if (word == "care-of") {
    candidate.isCareOf = true;
  } else if (word == "from-next-hop") {
    candidate.fromNextHop = FromNextHop::kYes;
  } else if (word == "from-another") {
    candidate.fromNextHop = FromNextHop::kNo;
  } else {
    fail(__FILE__, __LINE__, "no such word: " + std::string(word));
  }
}

address::IpAddress oneOf(std::initializer_list<std::string_view> prefixes, std::uint32_t which, std::uint32_t host) {
  const address::IpAddress prefix = address::IpAddress::parse(prefixes.begin()[which % prefixes.size()]);
  std::vector<std::byte> bytes;
  for (const std::uint8_t byte : prefix.bytes()) bytes.push_back(std::byte{byte});
  bytes.back() |= static_cast<std::byte>(host);
  return address::IpAddress::fromBytes(bytes);
}

}  // namespace

SourceCandidate candidate(std::string_view text, const PolicyTable& policy) {
  const auto words = split(text, ' ');
  const auto parts = split(words.front(), '/');
  contract::Address address;
  address.index = 1;
  address.address = address::IpAddress::parse(parts.front());
  if (!address.address.isPresent()) fail(__FILE__, __LINE__, "no address: " + std::string(text));
  address.family = address.address.family();
  address.prefixLength = address.family == 4 ? 24 : 64;
  if (parts.size() > 1) address.prefixLength = static_cast<std::uint8_t>(numberOf(parts[1]));
  SourceCandidate said;
  for (std::size_t i = 1; i < words.size(); ++i) apply(words[i], address, said);
  SourceCandidate made = candidateOf(address, policy);
  made.isCareOf = said.isCareOf;
  made.fromNextHop = said.fromNextHop;
  return made;
}

std::vector<SourceCandidate> candidates(std::string_view text, const PolicyTable& policy) {
  std::vector<SourceCandidate> all;
  for (const std::string_view one : split(text, ',')) all.push_back(candidate(one, policy));
  return all;
}

address::IpAddress RandomAddresses::ipv6() {
  return oneOf({"2001:db8:1::", "2001:db8:1:8000::", "2001:db8:2::", "fd11:1111:1111:1::", "fe80::", "fec0::",
                "2002:c633:6401::", "2001::1:0", "3ffe::", "::ffff:192.0.2.0", "2001:10::"},
               number(11), 1 + number(3));
}

address::IpAddress RandomAddresses::ipv4() {
  return oneOf({"192.0.2.0", "192.0.2.128", "198.51.100.0", "10.0.0.0", "169.254.1.0"}, number(5), 1 + number(3));
}

SourceCandidate RandomAddresses::candidate(const address::IpAddress& address, const PolicyTable& policy) {
  using namespace contract::AddressFlag;
  contract::Address record;
  record.index = 1 + number(2);
  record.address = address;
  record.family = address.family();
  record.prefixLength = static_cast<std::uint8_t>(number(3) == 0 ? address.bits() / 4 : address.bits() / 2);
  for (const std::uint32_t flag : {kSecondary, kDeprecated, kOptimistic, kTentative, kDadFailed, kHomeAddress}) {
    if (number(4) == 0) record.flags |= flag;
  }
  record.preferredLifetime = isTrue() ? base::kForever : number(3) * 1000;
  SourceCandidate made = candidateOf(record, policy);
  made.isCareOf = isTrue();
  made.fromNextHop = static_cast<FromNextHop>(number(3));
  made.prefersTemporary = isTrue();
  made.usesOptimistic = isTrue();
  return made;
}

}  // namespace mif::test
