// SPDX-License-Identifier: MIT
// What it costs to find the route of an address among routes whose lengths are those of the internet, of one of these:
//
//   fib-lookup hash ipv4 1000000     a hash that is asked for each length that there is
//   fib-lookup trie ipv4 1000000     the trie alone
//   fib-lookup mirror ipv4 1000000   the live table with its index of destinations
//
// Times are nanoseconds of this thread. Prints one line of JSON.
#include <time.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include "contract/change.h"
#include "table/hash.h"
#include "table/position-index.h"
#include "table/prefix-trie.h"
#include "table/route-table.h"

namespace {

using mif::table::Hash;
using mif::table::Position;
using mif::table::PositionIndex;
using mif::table::PrefixTrie;
using mif::table::RouteTable;

constexpr std::uint32_t kMain = 254;
constexpr int kPasses = 3;
constexpr std::size_t kLookups = 1'000'000;
constexpr std::size_t kBatch = 256;

struct Share {
  int length;
  int percent;
};
constexpr std::array kShares4 = {Share{24, 60}, Share{22, 12}, Share{23, 10}, Share{21, 5}, Share{20, 5},
                                 Share{19, 3},  Share{18, 2},  Share{16, 1},  Share{17, 1}, Share{32, 1}};
constexpr std::array kShares6 = {Share{48, 50}, Share{32, 12}, Share{44, 10}, Share{40, 9}, Share{36, 5},
                                 Share{46, 4},  Share{47, 3},  Share{45, 3},  Share{34, 2}, Share{64, 2}};
// Blocks of 2000::/3 from which is allocated; behind them all is random.
constexpr std::array<std::uint8_t, 6> kBlocks6 = {0x20, 0x24, 0x26, 0x28, 0x2a, 0x2c};

template <int kBits>
using Bytes = std::array<std::uint8_t, kBits / 8>;

template <int kBits>
struct Entry {
  Bytes<kBits> address;
  int length;
};

template <std::size_t kCount>
int lengthOf(const std::array<Share, kCount>& shares, std::mt19937& random) {
  auto percent = static_cast<int>(random() % 100);
  for (const Share& share : shares) {
    if (percent < share.percent) return share.length;
    percent -= share.percent;
  }
  return shares.front().length;
}

template <int kBits>
void mask(Bytes<kBits>& address, int length) {
  for (int bit = length; bit < kBits; ++bit) address[bit / 8] &= static_cast<std::uint8_t>(~(0x80 >> (bit % 8)));
}

// IPv4: uniform. IPv6: about five routes to an allocation of 32 bits.
template <int kBits>
std::vector<Entry<kBits>> entries(std::size_t count, std::mt19937& random) {
  const auto byte = [&] { return static_cast<std::uint8_t>(random()); };
  std::vector<Bytes<kBits>> allocations(count / 5 + 1);
  for (Bytes<kBits>& allocation : allocations) {
    std::generate(allocation.begin(), allocation.begin() + 4, byte);
    allocation[0] = kBlocks6[random() % kBlocks6.size()];
  }
  PrefixTrie<kBits> known;
  std::vector<Entry<kBits>> all;
  while (all.size() < count) {
    Entry<kBits> entry{};
    std::generate(entry.address.begin(), entry.address.end(), byte);
    if constexpr (kBits == 32) {
      entry.length = lengthOf(kShares4, random);
    } else {
      const Bytes<kBits>& allocation = allocations[random() % allocations.size()];
      std::copy_n(allocation.begin(), 4, entry.address.begin());
      entry.length = lengthOf(kShares6, random);
    }
    mask<kBits>(entry.address, entry.length);
    if (known.place(entry.address, entry.length, 0).isNew) all.push_back(entry);
  }
  return all;
}

template <int kBits>
class HashTable {
 public:
  void build(std::span<const Entry<kBits>> all) {
    for (const Entry<kBits>& entry : all) add(entry);
  }
  void add(const Entry<kBits>& entry) {
    entries_.push_back(entry);
    index_.insert(hashOf(entry), static_cast<Position>(entries_.size() - 1));
    lengths_[static_cast<std::size_t>(entry.length)] = true;
  }
  void remove(const Entry<kBits>& entry) { index_.erase(hashOf(entry), positionOf(entry)); }
  std::uint32_t find(const Bytes<kBits>& address) const {
    for (int length = kBits; length >= 0; --length) {
      if (!lengths_[static_cast<std::size_t>(length)]) continue;
      Entry<kBits> asked{address, length};
      mask<kBits>(asked.address, length);
      if (const Position found = positionOf(asked); found != mif::table::kNoPosition) return found;
    }
    return 0;
  }
  std::size_t bytes() const { return entries_.capacity() * sizeof(Entry<kBits>) + index_.bytes(); }

 private:
  static std::uint64_t hashOf(const Entry<kBits>& entry) {
    Hash hash;
    for (std::size_t at = 0; at < entry.address.size(); at += 4) {
      std::uint32_t group;
      std::memcpy(&group, entry.address.data() + at, sizeof group);
      hash.add((std::uint64_t{group} << 8) | static_cast<std::uint64_t>(entry.length));
    }
    return hash.value();
  }
  Position positionOf(const Entry<kBits>& entry) const {
    return index_.find(hashOf(entry), [&](Position position) {
      return entries_[position].length == entry.length && entries_[position].address == entry.address;
    });
  }

  std::vector<Entry<kBits>> entries_;
  PositionIndex index_;
  std::bitset<kBits + 1> lengths_;
};

template <int kBits>
class Trie {
 public:
  void build(std::span<const Entry<kBits>> all) {
    for (const Entry<kBits>& entry : all) add(entry);
  }
  void add(const Entry<kBits>& entry) { trie_.put(entry.address, entry.length, ++count_); }
  void remove(const Entry<kBits>& entry) { trie_.erase(entry.address, entry.length); }
  std::uint32_t find(const Bytes<kBits>& address) const { return trie_.find(address).value; }
  const PrefixTrie<kBits>& trie() const { return trie_; }
  std::size_t bytes() const { return trie_.bytes(); }

 private:
  PrefixTrie<kBits> trie_;
  std::uint32_t count_ = 0;
};

// Its rows are there before what is timed: building is making the index.
template <int kBits>
class Mirror {
 public:
  void prepare(std::span<const Entry<kBits>> all) {
    for (const Entry<kBits>& entry : all) add(entry);
  }
  void build(std::span<const Entry<kBits>>) { table_.indexDestinations(); }
  void add(const Entry<kBits>& entry) { table_.put(routeOf(entry), mif::contract::Placement::kAdd, false); }
  void remove(const Entry<kBits>& entry) { table_.remove(routeOf(entry)); }
  std::uint32_t find(const Bytes<kBits>& address) const {
    const auto match = trie().find(address);
    return match ? fib().lists(match.value).front() : 0;
  }
  const PrefixTrie<kBits>& trie() const { return *fib().table(kMain); }
  std::size_t bytes() const {
    const auto rows = table_.rows();
    return table_.indexBytes() + rows.v4.end() * sizeof(mif::table::Route4) +
           rows.v6.end() * sizeof(mif::table::Route6);
  }

 private:
  const auto& fib() const {
    if constexpr (kBits == 32) {
      return *table_.fib4();
    } else {
      return *table_.fib6();
    }
  }
  const mif::contract::Route& routeOf(const Entry<kBits>& entry) {
    route_.family = kBits == 32 ? 4 : 6;
    route_.table = kMain;
    route_.index = 2;
    route_.destination.address = mif::address::IpAddress::fromBytes(std::as_bytes(std::span(entry.address)));
    route_.destination.length = static_cast<std::uint8_t>(entry.length);
    return route_;
  }

  RouteTable table_;
  mif::contract::Route route_;
};

double nowNs() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

template <typename Work>
double nsPer(std::size_t count, Work&& work) {
  const double start = nowNs();
  work();
  return (nowNs() - start) / static_cast<double>(count);
}

template <typename Work>
double bestNsPer(std::size_t count, Work&& work) {
  double best = nsPer(count, work);
  for (int pass = 1; pass < kPasses; ++pass) best = std::min(best, nsPer(count, work));
  return best;
}

// Where results go, so that they have to be found.
volatile std::uint32_t sink = 0;

template <typename Table, int kBits>
void measure(std::size_t count) {
  std::mt19937 random(20251121);
  const std::vector<Entry<kBits>> all = entries<kBits>(count, random);
  // Addresses within these prefixes.
  std::vector<Bytes<kBits>> asked(kLookups);
  for (Bytes<kBits>& address : asked) {
    const Entry<kBits>& entry = all[random() % all.size()];
    address = entry.address;
    if (entry.length < kBits)
      address.back() |= static_cast<std::uint8_t>(random() & 0xff & ((1u << std::min(8, kBits - entry.length)) - 1));
  }

  Table table;
  if constexpr (requires { table.prepare(all); }) table.prepare(all);
  const double buildNs = nsPer(count, [&] { table.build(all); });
  const double bytes = static_cast<double>(table.bytes()) / static_cast<double>(count);
  const double findNs = bestNsPer(kLookups, [&] {
    std::uint32_t sum = 0;
    for (const Bytes<kBits>& address : asked) sum += table.find(address);
    sink = sum;
  });
  const double dependentNs = bestNsPer(kLookups, [&] {
    std::uint32_t last = 0;
    for (Bytes<kBits> address : asked) {
      // Never changes it, but no processor knows.
      address.back() ^= static_cast<std::uint8_t>(last >> 31);
      last = table.find(address);
    }
    sink = last;
  });
  std::printf("{\"result\":{\"findNs\":%.1f,\"dependentNs\":%.1f", findNs, dependentNs);
  if constexpr (requires { table.trie(); }) {
    std::array<typename PrefixTrie<kBits>::Match, kBatch> matches;
    const double batchNs = bestNsPer(kLookups / kBatch * kBatch, [&] {
      std::uint32_t sum = 0;
      for (std::size_t at = 0; at + kBatch <= kLookups; at += kBatch) {
        table.trie().findMany(std::span(asked).subspan(at, kBatch), matches);
        sum += matches[0].value;
      }
      sink = sum;
    });
    std::printf(",\"batchNs\":%.1f", batchNs);
  }
  const std::size_t half = (count + 1) / 2;
  const double removeNs = nsPer(half, [&] {
    for (std::size_t n = 0; n < half; ++n) table.remove(all[n]);
  });
  const double addNs = nsPer(half, [&] {
    for (std::size_t n = 0; n < half; ++n) table.add(all[n]);
  });
  std::printf(",\"buildNs\":%.1f,\"removeNs\":%.1f,\"addNs\":%.1f,\"bytes\":%.1f}}\n", buildNs, removeNs, addNs, bytes);
}

template <int kBits>
bool measure(std::string_view what, std::size_t count) {
  if (what == "hash") return measure<HashTable<kBits>, kBits>(count), true;
  if (what == "trie") return measure<Trie<kBits>, kBits>(count), true;
  if (what == "mirror") return measure<Mirror<kBits>, kBits>(count), true;
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc == 4 ? std::strtoul(argv[3], nullptr, 10) : 0;
  const std::string_view family = argc == 4 ? argv[2] : "";
  if (count > 0 && family == "ipv4" && measure<32>(argv[1], count)) return 0;
  if (count > 0 && family == "ipv6" && measure<128>(argv[1], count)) return 0;
  std::fprintf(stderr, "usage: %s hash|trie|mirror ipv4|ipv6 <routes>\n", argv[0]);
  return 2;
}
