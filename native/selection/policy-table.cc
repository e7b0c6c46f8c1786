// SPDX-License-Identifier: MIT
#include "selection/policy-table.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "address/scope.h"

namespace mif::selection {

namespace {

constexpr int kIpv4Offset = 96;

struct DefaultRow {
  std::string_view prefix;
  std::uint8_t length;
  std::uint8_t precedence;
  std::uint8_t label;
};

// RFC 6724 section 2.1 (SAS-01).
constexpr std::array<DefaultRow, 9> kStandard = {{
    {"::1", 128, 50, 0},
    {"::", 0, 40, 1},
    {"::ffff:0:0", 96, 35, 4},
    {"2002::", 16, 30, 2},
    {"2001::", 32, 5, 5},
    {"fc00::", 7, 3, 13},
    {"::", 96, 1, 3},
    {"fec0::", 10, 1, 11},
    {"3ffe::", 16, 1, 12},
}};

// ip6addrlbl_init_table of net/ipv6/addrlabel.c.
constexpr std::array<DefaultRow, 10> kKernel = {{
    {"::1", 128, 0, 0},
    {"::", 0, 0, 1},
    {"2002::", 16, 0, 2},
    {"::", 96, 0, 3},
    {"::ffff:0:0", 96, 0, 4},
    {"fc00::", 7, 0, 5},
    {"2001::", 32, 0, 6},
    {"2001:10::", 28, 0, 7},
    {"fec0::", 10, 0, 11},
    {"3ffe::", 16, 0, 12},
}};

template <std::size_t count>
PolicyTable tableOf(const std::array<DefaultRow, count>& rows) {
  PolicyTable table;
  for (const DefaultRow& row : rows) {
    table.put({{address::IpAddress::parse(row.prefix), row.length}, row.precedence, row.label, std::nullopt});
  }
  return table;
}

// The topmost `length` of 64 bits; all for more than 64, none for less than 1.
std::uint64_t topBits(int length) {
  if (length <= 0) return 0;
  return length >= 64 ? ~std::uint64_t{0} : ~(~std::uint64_t{0} >> length);
}

// RFC 3056.
bool isSixToFour(const address::IpAddress& address) {
  return address.family() == 6 && address.group(0) >> 16 == 0x2002;
}

}  // namespace

PolicyTable PolicyTable::standard() {
  return tableOf(kStandard);
}

PolicyTable PolicyTable::kernelLabels() {
  return tableOf(kKernel);
}

PolicyTable::Words PolicyTable::wordsOf(const address::IpAddress& address) {
  const auto two = [&](int n) { return std::uint64_t{address.group(n)} << 32 | address.group(n + 1); };
  if (address.family() == 4) return {0, std::uint64_t{0xffff} << 32 | address.group(0)};
  return {two(0), two(2)};
}

std::optional<PolicyTable::Row> PolicyTable::rowOf(const PolicyRow& given) {
  const address::Prefix& prefix = given.prefix;
  if (!prefix.isPresent() || prefix.length > prefix.address.bits()) return std::nullopt;
  Row row;
  row.length = static_cast<std::uint8_t>(prefix.length + (prefix.address.family() == 4 ? kIpv4Offset : 0));
  row.mask = {topBits(row.length), topBits(row.length - 64)};
  row.bits = wordsOf(prefix.address) & row.mask;
  row.interface = given.interface.value_or(0);
  row.policy = {given.precedence, given.label};
  return row;
}

bool PolicyTable::put(const PolicyRow& given) {
  const std::optional<Row> row = rowOf(given);
  if (!row) return false;
  std::erase_if(rows_, [&](const Row& old) { return old.isAbout(*row) && old.interface == row->interface; });
  insert(*row);
  return true;
}

bool PolicyTable::addAutomatic(const PolicyRow& given) {
  const std::optional<Row> row = rowOf(given);
  if (!row) return false;
  // A row for one interface would hide the one for all.
  const auto isInTheWay = [&](const Row& old) {
    return old.isAbout(*row) && (old.interface == row->interface || old.interface == 0);
  };
  if (std::any_of(rows_.begin(), rows_.end(), isInTheWay)) return false;
  insert(*row);
  return true;
}

void PolicyTable::insert(const Row& row) {
  const auto isBefore = [](const Row& a, const Row& b) {
    if (a.length != b.length) return a.length > b.length;
    return a.interface != 0 && b.interface == 0;
  };
  rows_.insert(std::upper_bound(rows_.begin(), rows_.end(), row, isBefore), row);
}

Policy PolicyTable::find(const address::IpAddress& address, std::uint32_t interface) const {
  if (!address.isPresent()) return {};
  const Words bits = wordsOf(address);
  for (const Row& row : rows_) {
    if ((bits & row.mask) == row.bits && (row.interface == 0 || row.interface == interface)) return row.policy;
  }
  return {};
}

std::optional<PolicyRow> siteRow(const address::IpAddress& own) {
  if (!address::isUniqueLocal(own) && !isSixToFour(own)) return std::nullopt;
  return PolicyRow{{own, 48}, 45, 14, std::nullopt};
}

}  // namespace mif::selection
