// SPDX-License-Identifier: MIT
#include "table/prefix-trie.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "address/ip-address.h"
#include "table/records.h"
#include "test.h"

namespace {

using mif::address::IpAddress;
using mif::table::PrefixTrie;
using namespace mif::test;

template <int kBits>
using Bytes = std::array<std::uint8_t, kBits / 8>;

template <int kBits>
Bytes<kBits> masked(Bytes<kBits> bytes, int length) {
  for (int bit = length; bit < kBits; ++bit) bytes[bit / 8] &= static_cast<std::uint8_t>(~(0x80 >> (bit % 8)));
  return bytes;
}

// What the trie has to agree with: every prefix, looked at one after the other.
template <int kBits>
class LinearTable {
 public:
  using Key = std::pair<int, Bytes<kBits>>;

  bool put(const Bytes<kBits>& prefix, int length, std::uint32_t value) {
    return values_.insert_or_assign({length, masked<kBits>(prefix, length)}, value).second;
  }
  bool erase(const Bytes<kBits>& prefix, int length) {
    return values_.erase({length, masked<kBits>(prefix, length)}) != 0;
  }
  std::optional<std::uint32_t> get(const Bytes<kBits>& prefix, int length) const {
    const auto found = values_.find({length, masked<kBits>(prefix, length)});
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<std::pair<int, std::uint32_t>> find(const Bytes<kBits>& address, int longest) const {
    std::optional<std::pair<int, std::uint32_t>> best;
    for (const auto& [key, value] : values_) {
      if (key.first <= longest && masked<kBits>(address, key.first) == key.second) best = {key.first, value};
    }
    return best;
  }
  const std::map<Key, std::uint32_t>& values() const { return values_; }

 private:
  // By length first, so that the last match is the longest.
  std::map<Key, std::uint32_t> values_;
};

// Addresses that share long and short beginnings: each byte is one of a few, or any.
template <int kBits>
Bytes<kBits> someAddress(std::mt19937& random) {
  constexpr std::array<std::uint8_t, 4> kFew = {0, 0x80, 0xff, 0x2a};
  const bool isAnywhere = random() % 4 == 0;
  Bytes<kBits> bytes{};
  for (std::uint8_t& byte : bytes) byte = isAnywhere ? static_cast<std::uint8_t>(random()) : kFew[random() % 4];
  return bytes;
}

// A little off the address, or far.
template <int kBits>
Bytes<kBits> neighbourOf(Bytes<kBits> address, std::mt19937& random) {
  const auto bit = static_cast<int>(random() % (kBits + 8));
  if (bit < kBits) address[bit / 8] ^= static_cast<std::uint8_t>(0x80 >> (bit % 8));
  return address;
}

template <int kBits>
bool agree(const PrefixTrie<kBits>& trie, const LinearTable<kBits>& table, const Bytes<kBits>& address, int longest) {
  const auto match = trie.find(address, longest);
  const auto expected = table.find(address, longest);
  if (!match || !expected) return !match && !expected;
  return match.length == expected->first && match.value == expected->second;
}

template <int kBits>
void checkRandomly(std::uint32_t seed) {
  std::mt19937 random(seed);
  PrefixTrie<kBits> trie;
  LinearTable<kBits> table;
  std::vector<std::pair<Bytes<kBits>, int>> known;
  // Grows, shrinks to almost nothing, and grows again.
  for (int step = 0; step < 6000; ++step) {
    const bool grows = step / 1000 % 3 != 2;
    const bool isKnown = !known.empty() && random() % 4 == 0;
    auto [prefix, length] = isKnown ? known[random() % known.size()]
                                    : std::pair(someAddress<kBits>(random), static_cast<int>(random() % (kBits + 1)));
    if (grows ? random() % 5 != 0 : random() % 5 == 0) {
      const auto value = static_cast<std::uint32_t>(random());
      MIF_REQUIRE(trie.place(prefix, length, value).isNew == table.put(prefix, length, value));
      trie.put(prefix, length, value);
      known.emplace_back(prefix, length);
    } else {
      if (!known.empty()) std::tie(prefix, length) = known[random() % known.size()];
      MIF_REQUIRE(trie.erase(prefix, length) == table.erase(prefix, length));
    }
    MIF_REQUIRE(trie.size() == table.values().size());
    MIF_REQUIRE(trie.get(prefix, length) == table.get(prefix, length));
    const Bytes<kBits> asked = random() % 2 == 0 ? neighbourOf<kBits>(prefix, random) : someAddress<kBits>(random);
    MIF_REQUIRE(agree(trie, table, asked, kBits));
    MIF_REQUIRE(agree(trie, table, asked, static_cast<int>(random() % (kBits + 1))));
    MIF_REQUIRE(trie.get(asked, length) == table.get(asked, length));
  }
  MIF_REQUIRE(table.values().size() > 100);
  for (const auto& [key, value] : table.values()) MIF_REQUIRE(trie.get(key.second, key.first) == value);
  for (const auto& [key, value] : table.values()) MIF_REQUIRE(trie.erase(key.second, key.first));
  MIF_CHECK_EQUAL(trie.size(), 0u);
  MIF_CHECK_EQUAL(trie.bytes(), PrefixTrie<kBits>().bytes());
  for (const auto& [key, value] : table.values()) MIF_REQUIRE(!trie.find(key.second));
}

template <int kBits>
Bytes<kBits> bytesOf(std::string_view text) {
  const IpAddress address = IpAddress::parse(text);
  const auto bytes = address.bytes();
  Bytes<kBits> copy{};
  std::copy_n(bytes.begin(), copy.size(), copy.begin());
  return copy;
}

template <int kBits>
void put(PrefixTrie<kBits>& trie, std::string_view text, std::uint32_t value) {
  const mif::address::Prefix parsed = prefix(text);
  trie.put(bytesOf<kBits>(text.substr(0, text.find('/'))), parsed.length, value);
}

// "length:value" of the longest match and then of each shorter one.
template <int kBits>
std::string matches(const PrefixTrie<kBits>& trie, std::string_view address) {
  std::string text;
  int longest = kBits;
  while (const auto match = trie.find(bytesOf<kBits>(address), longest)) {
    text += joined(text.empty() ? "" : " ", match.length, ":", match.value);
    longest = match.length - 1;
  }
  return text;
}

}  // namespace

MIF_TEST("prefix trie: finds what a look at every IPv4 prefix finds, whatever comes and goes") {
  for (const std::uint32_t seed : {20251121u, 7u, 9001u}) checkRandomly<32>(seed);
}

MIF_TEST("prefix trie: finds what a look at every IPv6 prefix finds, whatever comes and goes") {
  for (const std::uint32_t seed : {20251121u, 7u, 9001u}) checkRandomly<128>(seed);
}

MIF_TEST("prefix trie: an address whose match is rejected gets the next shorter one, down to the default") {
  PrefixTrie<32> v4;
  put(v4, "0.0.0.0/0", 1);
  put(v4, "10.0.0.0/8", 2);
  put(v4, "10.1.0.0/16", 3);
  put(v4, "10.1.0.0/18", 4);
  put(v4, "10.1.2.0/24", 5);
  put(v4, "10.1.2.3/32", 6);
  put(v4, "128.0.0.0/1", 7);
  MIF_CHECK_EQUAL(matches(v4, "10.1.2.3"), "32:6 24:5 18:4 16:3 8:2 0:1");
  MIF_CHECK_EQUAL(matches(v4, "10.1.64.3"), "16:3 8:2 0:1");
  MIF_CHECK_EQUAL(matches(v4, "192.0.2.1"), "1:7 0:1");
  MIF_CHECK_EQUAL(matches(v4, "11.0.0.0"), "0:1");

  PrefixTrie<128> v6;
  put(v6, "2001:db8::/32", 1);
  put(v6, "2001:db8:0:1::/64", 2);
  put(v6, "2001:db8:0:1::7/128", 3);
  put(v6, "ff00::/8", 4);
  MIF_CHECK_EQUAL(matches(v6, "2001:db8:0:1::7"), "128:3 64:2 32:1");
  MIF_CHECK_EQUAL(matches(v6, "2001:db8:0:2::7"), "32:1");
  MIF_CHECK_EQUAL(matches(v6, "ff02::1"), "8:4");
  MIF_CHECK_EQUAL(matches(v6, "fe80::1"), "");
}

MIF_TEST("prefix trie: many addresses get what each gets alone, in a small table and in a large one") {
  std::mt19937 random(11);
  PrefixTrie<128> trie;
  for (const std::size_t size : {100u, 20'000u}) {
    while (trie.size() < size) {
      trie.put(someAddress<128>(random), static_cast<int>(random() % 129), static_cast<std::uint32_t>(random()));
    }
    // No multiple of what is looked for side by side.
    std::vector<Bytes<128>> addresses(1003);
    for (Bytes<128>& address : addresses) address = someAddress<128>(random);
    std::vector<PrefixTrie<128>::Match> matches(addresses.size());
    trie.findMany(addresses, matches);
    std::size_t found = 0;
    for (std::size_t n = 0; n < addresses.size(); ++n) {
      const auto alone = trie.find(addresses[n]);
      MIF_REQUIRE(matches[n].length == alone.length && matches[n].value == alone.value);
      found += alone.length > 0;
    }
    MIF_CHECK(found > addresses.size() / 10);
  }
}

MIF_TEST("prefix trie: bits behind the length of a prefix do not count") {
  PrefixTrie<32> trie;
  put(trie, "10.1.2.3/8", 1);
  put(trie, "10.0.0.0/8", 2);
  MIF_CHECK_EQUAL(trie.size(), 1u);
  MIF_CHECK_EQUAL(matches(trie, "10.9.9.9"), "8:2");
}

MIF_TEST(
    "prefix trie: a small table takes a small room, and far prefixes do not pay for what is between (memory target)") {
  PrefixTrie<32> v4;
  put(v4, "0.0.0.0/0", 0);
  for (int n = 1; n < 10; ++n) put(v4, joined(n * 25, ".", n, ".0.", n, "/32"), static_cast<std::uint32_t>(n));
  MIF_CHECK_EQUAL(v4.size(), 10u);
  MIF_CHECK(v4.bytes() < 1800);

  PrefixTrie<128> v6;
  const std::size_t empty = v6.bytes();
  put(v6, "2001:db8::1/128", 1);
  put(v6, "fe80::1/128", 1);
  MIF_CHECK(v6.bytes() - empty < 400);
}

MIF_TEST("prefix trie: where prefixes no longer part, nothing is left of where they did (memory target)") {
  PrefixTrie<128> trie;
  put(trie, "2001:db8::/32", 1);
  put(trie, "2001:db8:1:1::1/128", 2);
  std::size_t once = 0;
  for (int round = 0; round < 50; ++round) {
    for (const std::string_view text : {"2001:db8:1:1:8000::/66", "2001:db8:1::/48", "2001:db8:1:1::2/128"}) {
      const std::size_t before = trie.bytes();
      put(trie, text, 3);
      MIF_CHECK(trie.bytes() > before);
      MIF_REQUIRE(trie.erase(bytesOf<128>(text.substr(0, text.find('/'))), prefix(text).length));
    }
    // The first round leaves room to keep the books.
    if (round == 0) once = trie.bytes();
  }
  MIF_CHECK_EQUAL(trie.bytes(), once);
  // Two prefixes and at most three nodes, for a path of 128 bits.
  MIF_CHECK(trie.bytes() - PrefixTrie<128>().bytes() < 400);
  MIF_CHECK_EQUAL(matches(trie, "2001:db8:1:1::1"), "128:2 32:1");
}

MIF_TEST("prefix trie: memory follows what lives, not what once did (memory target)") {
  std::mt19937 random(3);
  PrefixTrie<32> trie;
  std::vector<Bytes<32>> all;
  for (int n = 0; n < 100'000; ++n) {
    all.push_back({static_cast<std::uint8_t>(random()), static_cast<std::uint8_t>(random()),
                   static_cast<std::uint8_t>(random()), 0});
    trie.put(all.back(), 24, 1);
  }
  const std::size_t full = trie.bytes();
  MIF_CHECK(full < trie.size() * 48);
  while (all.size() > 1000) {
    trie.erase(all.back(), 24);
    all.pop_back();
  }
  MIF_CHECK(trie.bytes() < full / 4);
}
