// SPDX-License-Identifier: MIT
#include "selection/rfc6724.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace mif::test::rfc6724 {

namespace {

using address::IpAddress;
using selection::Destination;
using selection::FromNextHop;
using selection::SourceCandidate;
using Privacy = selection::SourcePreferences::Privacy;

constexpr Verdict kA(int rule) {
  return {Preferred::kFirst, rule};
}
constexpr Verdict kB(int rule) {
  return {Preferred::kSecond, rule};
}
constexpr Verdict kUndecided = {Preferred::kNeither, 0};

// An address as a string of 0 and 1, IPv4 as mapped.
std::string bitsOf(const IpAddress& address) {
  std::string bits = address.family() == 4 ? std::string(80, '0') + std::string(16, '1') : "";
  for (const std::uint8_t byte : address.bytes()) {
    for (int bit = 7; bit >= 0; --bit) bits += (byte >> bit & 1) != 0 ? '1' : '0';
  }
  return bits;
}

bool isIn(const IpAddress& address, const char* prefix, std::size_t length) {
  return bitsOf(address).substr(0, length) == bitsOf(IpAddress::parse(prefix)).substr(0, length);
}

// Sections 3.1 to 3.4.
int scope(const IpAddress& address) {
  if (address.family() == 4) {
    const bool isNear = isIn(address, "::ffff:169.254.0.0", 112) || isIn(address, "::ffff:127.0.0.0", 104);
    return isNear ? 2 : 14;
  }
  if (isIn(address, "ff00::", 8)) return address.bytes()[1] % 16;
  if (isIn(address, "fe80::", 10) || isIn(address, "::1", 128)) return 2;
  return isIn(address, "fec0::", 10) ? 5 : 14;
}

struct Row {
  const char* prefix;
  std::size_t length;
  int precedence;
  int label;
};

// Section 2.1, in the order in which it is printed.
Row policy(const IpAddress& address) {
  const std::vector<Row> rows = {{"::1", 128, 50, 0},   {"::", 0, 40, 1},      {"::ffff:0:0", 96, 35, 4},
                                 {"2002::", 16, 30, 2}, {"2001::", 32, 5, 5},  {"fc00::", 7, 3, 13},
                                 {"::", 96, 1, 3},      {"fec0::", 10, 1, 11}, {"3ffe::", 16, 1, 12}};
  Row longest = rows[1];
  for (const Row& row : rows) {
    if (isIn(address, row.prefix, row.length) && row.length > longest.length) longest = row;
  }
  return longest;
}

// Section 2.2.
std::size_t commonPrefixLen(const SourceCandidate& s, const IpAddress& d) {
  const std::string a = bitsOf(s.address), b = bitsOf(d);
  std::size_t same = 0;
  while (same < a.size() && a[same] == b[same]) ++same;
  if (s.address.family() == 4) same = same < 96 ? 0 : same - 96;
  return std::min<std::size_t>(same, s.subnet.length);
}

// "Deprecated" as sections 3.2 to 3.4 and SAS-11 have it.
bool deprecated(const SourceCandidate& s) {
  if (isIn(s.address, "::", 96) || isIn(s.address, "::ffff:0:0", 96)) return false;
  return (s.flags & (contract::AddressFlag::kDeprecated | contract::AddressFlag::kOptimistic)) != 0;
}

bool home(const SourceCandidate& s) {
  return (s.flags & contract::AddressFlag::kHomeAddress) != 0;
}

bool temporary(const SourceCandidate& s) {
  return s.address.family() == 6 && (s.flags & contract::AddressFlag::kSecondary) != 0;
}

// Rule 4 of both sections; the reversal is that of section 5.
Verdict compareMobility(const SourceCandidate& sa, const SourceCandidate& sb, bool isReversed) {
  const bool bothA = home(sa) && sa.isCareOf, bothB = home(sb) && sb.isCareOf;
  if (bothA && !bothB) return kA(4);
  if (bothB && !bothA) return kB(4);
  const bool justHomeA = home(sa) && !sa.isCareOf, justHomeB = home(sb) && !sb.isCareOf;
  const bool justCareOfA = !home(sa) && sa.isCareOf, justCareOfB = !home(sb) && sb.isCareOf;
  if (justHomeA && justCareOfB) return isReversed ? kB(4) : kA(4);
  if (justHomeB && justCareOfA) return isReversed ? kA(4) : kB(4);
  return kUndecided;
}

}  // namespace

Verdict compareSources(const SourceCandidate& sa, const SourceCandidate& sb, const selection::SourceRequest& request) {
  const IpAddress& d = request.destination;
  // Rule 1: Prefer same address.
  if (sa.address == d && sb.address != d) return kA(1);
  if (sb.address == d && sa.address != d) return kB(1);
  // Rule 2: Prefer appropriate scope.
  if (scope(sa.address) < scope(sb.address)) return scope(sa.address) < scope(d) ? kB(2) : kA(2);
  if (scope(sb.address) < scope(sa.address)) return scope(sb.address) < scope(d) ? kA(2) : kB(2);
  // Rule 3: Avoid deprecated addresses.
  if (!deprecated(sa) && deprecated(sb)) return kA(3);
  if (!deprecated(sb) && deprecated(sa)) return kB(3);
  // Rule 4: Prefer home addresses.
  const Verdict mobility = compareMobility(sa, sb, request.preferences.prefersCareOf);
  if (mobility.rule != 0) return mobility;
  // Rule 5: Prefer outgoing interface.
  if (sa.interface == request.interface && sb.interface != request.interface) return kA(5);
  if (sb.interface == request.interface && sa.interface != request.interface) return kB(5);
  // Rule 5.5: Prefer addresses in a prefix advertised by the next-hop.
  if (sa.fromNextHop == FromNextHop::kYes && sb.fromNextHop == FromNextHop::kNo) return kA(55);
  if (sb.fromNextHop == FromNextHop::kYes && sa.fromNextHop == FromNextHop::kNo) return kB(55);
  // Rule 6: Prefer matching label.
  const int label = policy(d).label;
  if (policy(sa.address).label == label && policy(sb.address).label != label) return kA(6);
  if (policy(sb.address).label == label && policy(sa.address).label != label) return kB(6);
  // Rule 7: Prefer temporary addresses, unless reversed.
  const bool reversed = request.preferences.privacy == Privacy::kPublic;
  if (temporary(sa) && !temporary(sb)) return reversed ? kB(7) : kA(7);
  if (temporary(sb) && !temporary(sa)) return reversed ? kA(7) : kB(7);
  // Rule 8: Use longest matching prefix.
  if (commonPrefixLen(sa, d) > commonPrefixLen(sb, d)) return kA(8);
  if (commonPrefixLen(sb, d) > commonPrefixLen(sa, d)) return kB(8);
  return kUndecided;
}

Verdict compareDestinations(const Destination& da, const Destination& db,
                            const selection::SourcePreferences& preferences) {
  // Rule 1: Avoid unusable destinations.
  const bool usableA = da.isReachable && da.source != nullptr, usableB = db.isReachable && db.source != nullptr;
  if (usableA && !usableB) return kA(1);
  if (usableB && !usableA) return kB(1);
  if (da.source != nullptr && db.source != nullptr) {
    const SourceCandidate& sa = *da.source;
    const SourceCandidate& sb = *db.source;
    // Rule 2: Prefer matching scope.
    const bool scopeA = scope(da.address) == scope(sa.address), scopeB = scope(db.address) == scope(sb.address);
    if (scopeA && !scopeB) return kA(2);
    if (scopeB && !scopeA) return kB(2);
    // Rule 3: Avoid deprecated addresses.
    if (deprecated(sb) && !deprecated(sa)) return kA(3);
    if (deprecated(sa) && !deprecated(sb)) return kB(3);
    // Rule 4: Prefer home addresses.
    const Verdict mobility = compareMobility(sa, sb, preferences.prefersCareOf);
    if (mobility.rule != 0) return mobility;
    // Rule 5: Prefer matching label.
    const bool labelA = policy(sa.address).label == policy(da.address).label;
    const bool labelB = policy(sb.address).label == policy(db.address).label;
    if (labelA && !labelB) return kA(5);
    if (labelB && !labelA) return kB(5);
  }
  // Rule 6: Prefer higher precedence.
  if (policy(da.address).precedence > policy(db.address).precedence) return kA(6);
  if (policy(db.address).precedence > policy(da.address).precedence) return kB(6);
  // Rule 7: Prefer native transport.
  if (db.isEncapsulated && !da.isEncapsulated) return kA(7);
  if (da.isEncapsulated && !db.isEncapsulated) return kB(7);
  // Rule 8: Prefer smaller scope.
  if (scope(da.address) < scope(db.address)) return kA(8);
  if (scope(db.address) < scope(da.address)) return kB(8);
  // Rule 9: Use longest matching prefix, within a family.
  if (da.address.family() == db.address.family() && da.source != nullptr && db.source != nullptr) {
    const std::size_t commonA = commonPrefixLen(*da.source, da.address);
    const std::size_t commonB = commonPrefixLen(*db.source, db.address);
    if (commonA > commonB) return kA(9);
    if (commonB > commonA) return kB(9);
  }
  return kUndecided;
}

}  // namespace mif::test::rfc6724
