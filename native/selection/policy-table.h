// SPDX-License-Identifier: MIT
// The policy table of RFC 6724 section 2.1: what prefix of an address says of its precedence as a destination and of
// its label. Rows are data (SAS-09): administrators, DHCPv6 and successors of the RFC change them. Longest prefix wins;
// a row may hold on one interface only, and wins there over a row of the same length that holds everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "address/ip-address.h"
#include "address/prefix.h"

namespace mif::selection {

struct PolicyRow {
  // An IPv4 prefix stands for the IPv4-mapped one (SAS-02).
  address::Prefix prefix;
  std::uint8_t precedence = 0;
  // 32 bits, because the kernel's labels have as many.
  std::uint32_t label = 0;
  // Where the row holds; everywhere when absent.
  std::optional<std::uint32_t> interface;
};

// The label of what no row is about. The kernel's number for the same (IPV6_ADDR_LABEL_DEFAULT).
inline constexpr std::uint32_t kNoLabel = 0xffffffff;

struct Policy {
  std::uint8_t precedence = 0;
  std::uint32_t label = kNoLabel;

  bool operator==(const Policy&) const = default;
};

class PolicyTable {
 public:
  // Says nothing of any address.
  PolicyTable() = default;
  // The default table of RFC 6724 (SAS-01).
  static PolicyTable standard();
  // The labels that Linux starts with. It knows no precedence: all are 0 (SAS-10).
  static PolicyTable kernelLabels();

  // Configures a row, in place of the one for the same prefix and interface. False, and nothing is changed, when the
  // prefix is none: absent, or longer than an address.
  bool put(const PolicyRow& row);
  // Adds a row that nobody configured, such as siteRow(). False, and nothing is changed, when a row for the same prefix
  // is there that it would take the place of (SAS-03), or when the prefix is none.
  bool addAutomatic(const PolicyRow& row);

  // What the table says of an address with this interface as its zone; 0 when none is known.
  Policy find(const address::IpAddress& address, std::uint32_t interface = 0) const;

 private:
  // The bits of an address as two numbers: a comparison of a row is two of those.
  struct Words {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    bool operator==(const Words&) const = default;
    Words operator&(const Words& mask) const { return {high & mask.high, low & mask.low}; }
  };
  struct Row {
    Words bits;
    Words mask;
    // Bits of the mask.
    std::uint8_t length = 0;
    // 0: everywhere.
    std::uint32_t interface = 0;
    Policy policy;

    bool isAbout(const Row& other) const { return length == other.length && bits == other.bits; }
  };

  static Words wordsOf(const address::IpAddress& address);
  static std::optional<Row> rowOf(const PolicyRow& row);
  void insert(const Row& row);

  // Longest first, and of one length those of an interface first: the first match is the best.
  std::vector<Row> rows_;
};

// The row that RFC 6724 sections 10.6 and 10.7 would give the site of an own address: its /48, before everything
// global, if it is a unique local or a 6to4 address; nothing for others. 6to4 only where it is native: not for the
// address of a tunnel.
std::optional<PolicyRow> siteRow(const address::IpAddress& own);

}  // namespace mif::selection
