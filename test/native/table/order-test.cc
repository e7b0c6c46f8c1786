// SPDX-License-Identifier: MIT
#include "table/order.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "table/records.h"
#include "table/tables.h"
#include "test.h"

namespace {

using mif::contract::Change;
using mif::contract::ChangeCause;
using mif::contract::RecordKind;
using mif::table::AddressRow;
using mif::table::Position;
using mif::table::Tables;
using namespace mif::test;

constexpr std::uint32_t kTentative = mif::contract::AddressFlag::kTentative;
constexpr std::uint32_t kSecondary = mif::contract::AddressFlag::kSecondary;

// The addresses of the tables, in their order.
std::string inOrder(const Tables& tables) {
  std::vector<std::pair<std::int64_t, std::string>> found;
  tables.addresses().rows().forEach([&](Position position, const AddressRow& row) {
    found.emplace_back(tables.addresses().orderAt(position), row.record.address.text());
    return true;
  });
  std::sort(found.begin(), found.end());
  std::string text;
  for (const auto& [place, address] : found) text += (text.empty() ? "" : " ") + address;
  return text;
}

std::string rulesInOrder(const Tables& tables) {
  std::vector<std::pair<std::int64_t, std::string>> found;
  tables.rules().rows().forEach([&](Position position, const mif::contract::Rule& rule) {
    found.emplace_back(tables.rules().orderAt(position), std::to_string(rule.table));
    return true;
  });
  std::sort(found.begin(), found.end());
  std::string text;
  for (const auto& [place, table] : found) text += (text.empty() ? "" : " ") + table;
  return text;
}

Change flagged(Change change, std::uint32_t flags) {
  change.address.flags = flags;
  return change;
}

bool suspects(const Tables& tables, RecordKind kind) {
  return !tables.suspects().of(kind).empty();
}

void dump(Tables& tables, RecordKind kind, const std::vector<Change>& records) {
  tables.beginSweep(kind, ChangeCause::kKernel);
  for (const Change& record : records) tables.apply(listed(record));
  tables.endSweep(kind, true);
}

}  // namespace

MIF_TEST("order: what is announced goes behind the others, and before them in IPv6 (C15, E7)") {
  Tables tables;
  for (const char* text : {"10.0.0.2/24", "10.0.1.1/24", "10.0.2.3/24"}) tables.apply(address(text, 3));
  MIF_CHECK_EQUAL(inOrder(tables), "10.0.0.2 10.0.1.1 10.0.2.3");
  for (const char* text : {"2001:db8::2/64", "2001:db8::1/64"}) tables.apply(flagged(address(text, 3), kTentative));
  MIF_CHECK_EQUAL(inOrder(tables), "2001:db8::1 2001:db8::2 10.0.0.2 10.0.1.1 10.0.2.3");
  tables.apply(removal(address("10.0.0.2/24", 3)));
  tables.apply(address("10.0.0.2/24", 3));
  // Announced again, it stays where it is.
  tables.apply(flagged(address("2001:db8::2/64", 3), 0));
  MIF_CHECK_EQUAL(inOrder(tables), "2001:db8::1 2001:db8::2 10.0.1.1 10.0.2.3 10.0.0.2");
  for (const std::uint32_t table : {9u, 7u, 8u}) tables.apply(rule(100, table));
  MIF_CHECK_EQUAL(rulesInOrder(tables), "9 7 8");
  MIF_CHECK(!suspects(tables, RecordKind::kAddress) && !suspects(tables, RecordKind::kRule));
}

MIF_TEST("order: a dump tells the order, whatever was known, and changes no picture by that (C15, E7)") {
  Tables tables;
  for (const char* text : {"10.0.0.1/24", "10.0.1.1/24", "10.0.2.1/24"}) tables.apply(address(text, 3));
  const auto generation = tables.generation();
  const mif::table::View before = tables.view();
  dump(tables, RecordKind::kAddress, {address("10.0.2.1/24", 3), address("10.0.0.1/24", 3), address("10.0.1.1/24", 3)});
  MIF_CHECK_EQUAL(inOrder(tables), "10.0.2.1 10.0.0.1 10.0.1.1");
  MIF_CHECK_EQUAL(tables.generation(), generation);
  std::size_t copied = 0;
  mif::table::AddressRows::forEachUnshared(before.addresses, tables.view().addresses,
                                           [&](Position, const AddressRow*, const AddressRow*) { ++copied; });
  MIF_CHECK_EQUAL(copied, 0u);
}

MIF_TEST("order: of equal rules, which the kernel may hold, the first one listed counts (E7)") {
  Tables tables;
  dump(tables, RecordKind::kRule, {rule(100, 7), rule(100, 8), rule(100, 7)});
  MIF_CHECK_EQUAL(rulesInOrder(tables), "7 8");
}

MIF_TEST("order: a promoted IPv4 address goes behind the others, and is read again (C9, C15)") {
  Tables tables;
  dump(tables, RecordKind::kAddress,
       {address("10.0.0.1/24", 3), flagged(address("10.0.0.2/24", 3), kSecondary), address("10.0.1.1/24", 3)});
  tables.apply(removal(address("10.0.0.1/24", 3)));
  MIF_CHECK(!suspects(tables, RecordKind::kAddress));
  tables.apply(flagged(address("10.0.0.2/24", 3), 0));
  MIF_CHECK_EQUAL(inOrder(tables), "10.0.1.1 10.0.0.2");
  MIF_CHECK(suspects(tables, RecordKind::kAddress));
}

MIF_TEST("order: an IPv6 address that is announced late is read again, unless it is the only one (C3, C15)") {
  Tables tables;
  tables.apply(flagged(address("2001:db8::1/64", 3), 0));
  tables.apply(flagged(address("2001:db8::2/64", 4), 0));
  MIF_CHECK(!suspects(tables, RecordKind::kAddress));
  tables.apply(flagged(address("2001:db8::3/64", 3), kTentative));
  tables.apply(flagged(address("2001:db8::3/64", 3), 0));
  MIF_CHECK(!suspects(tables, RecordKind::kAddress));
  // Set without duplicate address detection.
  tables.apply(flagged(address("2001:db8::5/64", 3), mif::contract::AddressFlag::kNoDad));
  MIF_CHECK(suspects(tables, RecordKind::kAddress));
}

MIF_TEST(
    "order: what goes and comes again while catching up with a dump is read again where others are equal (C15, E7)") {
  for (const bool isAlone : {true, false}) {
    Tables tables;
    dump(tables, RecordKind::kAddress, {address("10.0.0.1/24", 3), address("10.0.1.1/24", isAlone ? 4 : 3)});
    dump(tables, RecordKind::kRule, {rule(100, 7), rule(isAlone ? 101 : 100, 8)});
    // Perhaps before the dump, which shows the second behind the first then.
    tables.beginCatchUp();
    tables.apply(removal(address("10.0.0.1/24", 3)));
    tables.apply(address("10.0.0.1/24", 3));
    tables.apply(removal(rule(100, 7)));
    tables.apply(rule(100, 7));
    tables.endCatchUp();
    MIF_CHECK_EQUAL(suspects(tables, RecordKind::kAddress), !isAlone);
    MIF_CHECK_EQUAL(suspects(tables, RecordKind::kRule), !isAlone);
  }
}
