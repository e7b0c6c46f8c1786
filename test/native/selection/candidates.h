// SPDX-License-Identifier: MIT
// Candidates as text, so that a test reads like the tables of RFC 6724 section 10; and random ones that differ in few
// things, so that every rule has to decide some day.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <string_view>
#include <vector>

#include "address/ip-address.h"
#include "selection/policy-table.h"
#include "selection/source-candidate.h"

namespace mif::test {

// "2001:db8::1/48 deprecated if2": an address, /64 or /24 unless it says otherwise, on interface 1 unless it does, and
// any of deprecated, optimistic, tentative, failed, temporary, secondary, home, care-of, from-next-hop, from-another.
selection::SourceCandidate candidate(std::string_view text,
                                     const selection::PolicyTable& policy = selection::PolicyTable::standard());

// "2001:db8::1, fe80::1 deprecated".
std::vector<selection::SourceCandidate> candidates(
    std::string_view text, const selection::PolicyTable& policy = selection::PolicyTable::standard());

class RandomAddresses {
 public:
  explicit RandomAddresses(std::uint32_t seed) : random_(seed) {}

  // Below `limit`.
  std::uint32_t number(std::uint32_t limit) { return static_cast<std::uint32_t>(random_()) % limit; }
  bool isTrue() { return number(2) == 0; }
  address::IpAddress ipv6();
  address::IpAddress ipv4();
  // With whatever flags and settings an address may have.
  selection::SourceCandidate candidate(const address::IpAddress& address, const selection::PolicyTable& policy);

 private:
  std::mt19937 random_;
};

}  // namespace mif::test
