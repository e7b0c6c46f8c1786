// SPDX-License-Identifier: MIT
// The kernel's own order of addresses and rules, which only dumps tell, kept through what is announced.
#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "base/clock.h"
#include "kernel/open-source.h"
#include "kernel/private-namespace.h"
#include "kernel/source.h"
#include "table/records.h"
#include "table/tables.h"
#include "test.h"

namespace {

using mif::contract::Address;
using mif::contract::Change;
using mif::contract::ChangeCause;
using mif::contract::RecordKind;
using mif::contract::Rule;
using namespace mif::test;

// Bytes, for notifications.
constexpr std::size_t kPlenty = 8 << 20;

class Listing final : public mif::kernel::Sink {
 public:
  void accept(const Change& change) override { changes.push_back(change); }
  std::vector<Change> changes;
};

class Applying final : public mif::kernel::Sink {
 public:
  explicit Applying(mif::table::Tables& tables) : tables_(tables) {}
  void accept(const Change& change) override { tables_.apply(change); }

 private:
  mif::table::Tables& tables_;
};

// Writes a setting of the present namespace, below /proc/sys/net.
void setting(const std::string& path, const std::string& value) {
  std::ofstream file("/proc/sys/net/" + path);
  file << value << std::flush;
  MIF_CHECK(file.good());
}

void checkSame(const std::vector<std::string>& actual, const std::vector<std::string>& expected,
               const std::string& after) {
  if (actual == expected) return;
  std::string text = "after\n" + after;
  for (std::size_t n = 0; n < std::max(actual.size(), expected.size()); ++n) {
    text += joined("  ", n < actual.size() ? actual[n] : "-", "\t", n < expected.size() ? expected[n] : "-", "\n");
  }
  fail(__FILE__, __LINE__, text);
}

bool goOn(void*) {
  return true;
}

std::unique_ptr<mif::kernel::Source> open() {
  auto opened = mif::kernel::openSource({kPlenty, kPlenty});
  if (!opened) {
    fail(__FILE__, __LINE__, opened.error().message);
    return nullptr;
  }
  return opened.take();
}

std::vector<Change> listed(mif::kernel::Source& source, RecordKind kind) {
  Listing listing;
  MIF_CHECK(source.dump(kind, listing, goOn, nullptr).ok());
  return listing.changes;
}

// What comes before equals in the kernel's list: secondaries of IPv4 are at its end, whatever their scope.
std::int64_t rankOf(const Address& address) {
  const auto scope = static_cast<std::int64_t>(address.scope);
  if (address.family == 6) return scope;
  const bool isSecondary = (address.flags & mif::contract::AddressFlag::kSecondary) != 0;
  return isSecondary ? 1 : -scope;
}

std::string textOf(const Address& address) {
  return joined(address.index, " ", address.address.text(), "/", int{address.prefixLength});
}

std::string textOf(const Rule& rule) {
  return joined(int{rule.family}, " ", rule.priority, " table ", rule.table);
}

// One line an address, by family and interface, in the kernel's order.
std::vector<std::string> addressesOf(const mif::table::Tables& tables) {
  std::vector<std::tuple<std::uint8_t, std::uint32_t, std::int64_t, std::int64_t, std::string>> found;
  tables.addresses().rows().forEach([&](mif::table::Position position, const mif::table::AddressRow& row) {
    const Address& address = row.record;
    found.emplace_back(address.family, address.index, rankOf(address), tables.addresses().orderAt(position),
                       textOf(address));
    return true;
  });
  std::sort(found.begin(), found.end());
  std::vector<std::string> lines;
  for (const auto& entry : found) lines.push_back(std::get<4>(entry));
  return lines;
}

std::vector<std::string> addressesOf(std::vector<Change> changes) {
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return std::tie(a.address.family, a.address.index) < std::tie(b.address.family, b.address.index);
  });
  std::vector<std::string> lines;
  for (const Change& change : changes) lines.push_back(textOf(change.address));
  return lines;
}

std::vector<std::string> rulesOf(const mif::table::Tables& tables) {
  std::vector<std::tuple<std::uint8_t, std::uint32_t, std::int64_t, std::string>> found;
  tables.rules().rows().forEach([&](mif::table::Position position, const Rule& rule) {
    found.emplace_back(rule.family, rule.priority, tables.rules().orderAt(position), textOf(rule));
    return true;
  });
  std::sort(found.begin(), found.end());
  std::vector<std::string> lines;
  for (const auto& entry : found) lines.push_back(std::get<3>(entry));
  return lines;
}

std::vector<std::string> rulesOf(const std::vector<Change>& changes) {
  std::vector<std::string> lines;
  for (const Change& change : changes) lines.push_back(textOf(change.rule));
  return lines;
}

std::vector<std::string> sorted(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

// Tables that follow the present namespace, as a monitor has them.
class Follower {
 public:
  Follower() : source_(open()), sink_(tables_) {
    for (const RecordKind kind : mif::table::kAllKinds) dump(kind);
  }

  const mif::table::Tables& tables() const { return tables_; }
  // How many of these it was told to read again.
  std::size_t repairs(RecordKind kind) const { return repairs_[static_cast<std::size_t>(kind)]; }

  void follow() {
    for (;;) {
      const auto drained = source_->drain(sink_, 1000);
      MIF_CHECK(drained.ok() && drained.value() != mif::kernel::Drained::kLost);
      if (!drained || drained.value() != mif::kernel::Drained::kMore) break;
    }
    for (const RecordKind kind : {RecordKind::kAddress, RecordKind::kRule}) {
      if (tables_.suspects().of(kind).empty()) continue;
      ++repairs_[static_cast<std::size_t>(kind)];
      dump(kind);
    }
  }

 private:
  void dump(RecordKind kind) {
    tables_.beginSweep(kind, ChangeCause::kInferred);
    const auto dumped = source_->dump(kind, sink_, goOn, nullptr);
    tables_.endSweep(kind, dumped.ok() && dumped.value() == mif::kernel::Dumped::kConsistent);
  }

  std::unique_ptr<mif::kernel::Source> source_;
  mif::table::Tables tables_;
  Applying sink_;
  std::array<std::size_t, mif::table::Kinds::kCount> repairs_{};
};

// Commands of ip(8), some of which the kernel refuses.
class RandomCommands {
 public:
  explicit RandomCommands(std::uint32_t seed) : random_(seed) {}

  std::string next() {
    const std::string device = below(2) == 0 ? "a0" : "a1";
    const char* const verb = below(5) < 3 ? "add" : "del";
    switch (below(6)) {
      case 0:
      case 1:
        return joined("addr ", verb, " 10.", below(4), ".0.", 1 + below(5), "/", below(4) == 0 ? 32 : 24, " dev ",
                      device);
      case 2:
        // A subnet has one scope.
        return joined("addr ", verb, " 10.", 10 + below(3), ".0.", 1 + below(3), "/24 dev ", device, " scope link");
      case 3:
        return joined("addr ", verb, " 2001:db8:", below(2), "::", 1 + below(6), "/64 dev ", device,
                      below(2) == 0 ? " nodad" : "");
      case 4:
        return joined("addr ", verb, " fe80::", 1 + below(4), "/64 dev ", device, " nodad");
      default:
        return joined("rule ", verb, below(2) == 0 ? " from 10.0.0.0/8" : " from 2001:db8::/32", " pref ",
                      100 + below(2), " table ", 10 + below(9));
    }
  }

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_()) % limit; }

 private:
  std::mt19937 random_;
};

// After each few of many random commands the order kept is the order listed.
void keepsOrder(std::uint32_t seed, bool isPromoting) {
  const bool isPrivileged = inPrivateNamespace([&] {
    ip("link add a0 type veth peer name a1\nlink set a0 up\nlink set a1 up\n");
    setting("ipv4/conf/all/promote_secondaries", isPromoting ? "1" : "0");
    const auto oracle = open();
    if (oracle == nullptr) return;
    Follower follower;
    RandomCommands random(seed);
    std::size_t mostAddresses = 0;
    std::size_t mostRules = 0;
    for (int round = 0; round < 60; ++round) {
      std::string batch;
      for (std::uint32_t n = 1 + random.below(12); n > 0; --n) batch += random.next() + "\n";
      tryIp(batch);
      std::vector<std::string> addresses;
      const auto rules = rulesOf(listed(*oracle, RecordKind::kRule));
      // The kernel announces some addresses a moment after it lists them, and makes link-local ones when it pleases
      // (C3).
      const auto deadline = mif::base::now() + 5000;
      do {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        addresses = addressesOf(listed(*oracle, RecordKind::kAddress));
        follower.follow();
      } while (sorted(addressesOf(follower.tables())) != sorted(addresses) && mif::base::now() < deadline);
      checkSame(addressesOf(follower.tables()), addresses, batch);
      checkSame(rulesOf(follower.tables()), rules, batch);
      mostAddresses = std::max(mostAddresses, addresses.size());
      mostRules = std::max(mostRules, rules.size());
    }
    MIF_CHECK(mostAddresses > 20 && mostRules > 12);
    // Rules are never read again for their order.
    MIF_CHECK_EQUAL(follower.repairs(RecordKind::kRule), 0u);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

}  // namespace

MIF_TEST(
    "order: after random changes addresses and rules are in the order that the kernel lists them in (C9, C15, E7)") {
  for (const std::uint32_t seed : {1u, 2u, 3u}) keepsOrder(seed, false);
}

MIF_TEST("order: the same where IPv4 secondaries are promoted (C9, C15)") {
  for (const std::uint32_t seed : {4u, 5u, 6u}) keepsOrder(seed, true);
}
