// SPDX-License-Identifier: MIT
// What native/selection says that Linux does, against Linux: random addresses, flags, labels, settings and ways out,
// and sockets that are connected to see which source they are given.
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "base/unique-fd.h"
#include "kernel/open-source.h"
#include "kernel/private-namespace.h"
#include "selection/kernel-source.h"
#include "test.h"

namespace {

using mif::address::IpAddress;
using mif::contract::AddressScope;
using mif::contract::Change;
using mif::selection::PolicyTable;
using mif::selection::SourceCandidate;
using mif::selection::SourcePreferences;
using namespace mif::test;
using Privacy = SourcePreferences::Privacy;

// IPV6_ADDR_PREFERENCES, which <netinet/in.h> lacks.
constexpr int kAddrPreferences = 72;

class AddressSink final : public mif::kernel::Sink {
 public:
  void accept(const Change& change) override { addresses.push_back(change.address); }

  std::vector<mif::contract::Address> addresses;
};

// Every address of the namespace in the kernel's order.
std::vector<mif::contract::Address> listAddresses() {
  AddressSink sink;
  auto opened = mif::kernel::openSource({});
  MIF_CHECK(opened.ok());
  if (!opened) return {};
  const auto source = opened.take();
  const auto goOn = [](void*) { return true; };
  MIF_CHECK(source->dump({mif::contract::RecordKind::kAddress}, sink, goOn, nullptr).ok());
  return std::move(sink.addresses);
}

// Lifetimes aside.
bool areSame(const std::vector<mif::contract::Address>& some, const std::vector<mif::contract::Address>& others) {
  return std::equal(some.begin(), some.end(), others.begin(), others.end(), [](const auto& one, const auto& other) {
    return one.index == other.index && one.address == other.address && one.flags == other.flags;
  });
}

void writeSetting(const std::string& name, int value) {
  const mif::base::UniqueFd fd(::open(("/proc/sys/net/ipv6/conf/" + name).c_str(), O_WRONLY | O_CLOEXEC));
  const std::string text = std::to_string(value);
  MIF_CHECK(::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

IpAddress addressIn(std::span<const std::byte> bytes) {
  const IpAddress address = IpAddress::fromBytes(bytes);
  return mif::address::isUnspecified(address) ? IpAddress() : address;
}

// The source that a socket is given that is connected to `destination` by an interface, if any.
IpAddress sourceOf6(const IpAddress& destination, std::uint32_t interface, std::uint32_t preferences) {
  const mif::base::UniqueFd fd(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const int index = static_cast<int>(interface);
  MIF_CHECK(::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index) == 0);
  const int flags = static_cast<int>(preferences);
  if (flags != 0) MIF_CHECK(::setsockopt(fd.get(), IPPROTO_IPV6, kAddrPreferences, &flags, sizeof flags) == 0);
  sockaddr_in6 name{};
  name.sin6_family = AF_INET6;
  name.sin6_port = htons(9);
  name.sin6_scope_id = interface;
  std::memcpy(&name.sin6_addr, destination.bytes().data(), 16);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) return {};
  socklen_t length = sizeof name;
  MIF_CHECK(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name), &length) == 0);
  return addressIn(std::as_bytes(std::span(name.sin6_addr.s6_addr)));
}

IpAddress sourceOf4(const IpAddress& destination) {
  const mif::base::UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(9);
  std::memcpy(&name.sin_addr, destination.bytes().data(), 4);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) return {};
  socklen_t length = sizeof name;
  MIF_CHECK(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name), &length) == 0);
  return addressIn(std::as_bytes(std::span(&name.sin_addr, 1)));
}

const char* const kTwoLinks =
    "link add a0 type veth peer name a1\nlink add b0 type veth peer name b1\n"
    "link set a0 addrgenmode none\nlink set a1 addrgenmode none\n"
    "link set b0 addrgenmode none\nlink set b1 addrgenmode none\n"
    "link set a0 up\nlink set a1 up\nlink set b0 up\nlink set b1 up\n";

// A host of two links that changes at random.
class RandomHost {
 public:
  explicit RandomHost(std::uint32_t seed) : random_(seed) {
    ip(kTwoLinks);
    // Addresses of a0 stay tentative, if they are not told not to be; those of b0 never are.
    writeSetting("a0/dad_transmits", 200);
    writeSetting("b0/accept_dad", 0);
    writeSetting("a0/optimistic_dad", 1);
  }

  void change6() {
    std::string commands = "addr flush dev a0\naddr flush dev b0\n";
    prefersTemporary_ = {isTrue(), isTrue()};
    usesOptimistic_ = isTrue();
    onlyOutgoing_ = number(4) == 0;
    writeSetting("a0/use_tempaddr", prefersTemporary_[0] ? 2 : 1);
    writeSetting("b0/use_tempaddr", prefersTemporary_[1] ? 2 : 1);
    writeSetting("a0/use_optimistic", usesOptimistic_ ? 1 : 0);
    for (const char* link : {"a0", "b0"})
      writeSetting(std::string(link) + "/use_oif_addrs_only", onlyOutgoing_ ? 1 : 0);
    out_ = isTrue() ? "a0" : "b0";
    ip(commands + "route replace ::/0 dev " + out_);
    commands.clear();
    for (std::uint32_t i = 3 + number(5); i > 0; --i) commands += anAddress();
    // The kernel may refuse one: twice the same.
    tryIp(commands);
    labels_ = PolicyTable::kernelLabels();
    commands = "addrlabel flush\naddrlabel add prefix ::/0 label 1\naddrlabel add prefix fc00::/7 label 5\n";
    labels_ = PolicyTable();
    labels_.put({{IpAddress::parse("::"), 0}, 0, 1, std::nullopt});
    labels_.put({{IpAddress::parse("fc00::"), 7}, 0, 5, std::nullopt});
    if (isTrue()) {
      commands += "addrlabel add prefix 2001:db8:2::/48 label 5\naddrlabel add prefix 2001:db8:1::/48 dev b0 label 5\n";
      labels_.put({{IpAddress::parse("2001:db8:2::"), 48}, 0, 5, std::nullopt});
      labels_.put({{IpAddress::parse("2001:db8:1::"), 48}, 0, 5, ::if_nametoindex("b0")});
    }
    ip(commands);
  }

  // Compares what the kernel and we say of a random destination. False when its addresses changed meanwhile, or
  // when nobody can tell which way it takes.
  bool ask6(bool hasMobility, std::size_t& answers) {
    const auto before = listAddresses();
    const IpAddress destination = IpAddress::parse(aHost6("9"));
    if (!isWaySure(destination, before)) return false;
    const std::uint32_t interface = ::if_nametoindex(out_.c_str());
    const std::uint32_t flags = std::array<std::uint32_t, 3>{0, 1, 2}[number(3)] | (isTrue() ? 4u : 0u);
    const IpAddress said = sourceOf6(destination, interface, flags);
    if (!areSame(listAddresses(), before)) return false;
    std::vector<SourceCandidate> candidates;
    for (const auto& address : before) {
      candidates.push_back(candidateOf(address, labels_));
      SourceCandidate& made = candidates.back();
      made.prefersTemporary = made.interface == ::if_nametoindex("a0")   ? prefersTemporary_[0]
                              : made.interface == ::if_nametoindex("b0") ? prefersTemporary_[1]
                                                                         : false;
      made.usesOptimistic = made.interface == ::if_nametoindex("a0") && usesOptimistic_;
    }
    auto request = mif::selection::requestFor(destination, interface, labels_);
    request.preferences = *mif::selection::preferencesOf(flags);
    const auto best = chooseAsKernel6(candidates, request, {hasMobility, onlyOutgoing_});
    compare(destination, said, best ? candidates[*best].address : IpAddress(), before);
    answers += said.isPresent();
    return true;
  }

  void change4() {
    std::string commands = "addr flush dev a0\naddr flush dev b0\naddr flush dev lo\n";
    if (isTrue()) commands += "addr add 127.0.0.1/8 dev lo scope host\n";
    if (isTrue()) commands += "addr add 192.0.2.77/32 dev lo\n";
    ip(commands);
    commands.clear();
    for (std::uint32_t i = number(7); i > 0; --i) {
      const std::string scope = std::array{"global", "global", "link", "host", "site"}[number(5)];
      const std::string peer = number(4) == 0 ? " peer 10.0." + std::to_string(number(3)) + ".9/32" : "/24";
      commands += "addr add 10.0." + std::to_string(number(3)) + "." + std::to_string(1 + number(3)) + peer + " dev " +
                  (isTrue() ? "a0" : "b0") + " scope " + scope + "\n";
    }
    tryIp(commands);
  }

  void ask4(std::size_t& answers) {
    mif::selection::KernelRequest4 request;
    request.interface = ::if_nametoindex("a0");
    std::string route = "route replace 203.0.113.0/24 dev a0";
    const std::uint32_t way = number(3);
    if (way == 0) {
      const std::string router = "10.0." + std::to_string(number(3)) + ".9";
      request.router = IpAddress::parse(router);
      route += " via " + router + " onlink";
    }
    if (way == 1) request.scope = AddressScope::kLink;
    if (way == 2) route += " scope global";
    ip(route);
    const auto addresses = listAddresses();
    std::vector<SourceCandidate> candidates;
    for (const auto& address : addresses) candidates.push_back(candidateOf(address, labels_));
    const auto best = chooseAsKernel4(candidates, request);
    const IpAddress destination = IpAddress::parse("203.0.113.7");
    const IpAddress said = sourceOf4(destination);
    compare(destination, said, best ? candidates[*best].address : IpAddress(), addresses);
    answers += said.isPresent();
  }

 private:
  std::uint32_t number(std::uint32_t limit) { return static_cast<std::uint32_t>(random_()) % limit; }
  bool isTrue() { return number(2) == 0; }

  // An address of the host itself is reached by its own interface, but only from a moment after it was added: nobody
  // can tell which way a packet takes to it, which matters if only addresses of that interface count.
  bool isWaySure(const IpAddress& destination, const std::vector<mif::contract::Address>& addresses) const {
    return std::none_of(addresses.begin(), addresses.end(), [&](const auto& one) {
      const bool isPending = (one.flags & mif::contract::AddressFlag::kTentative) != 0;
      return one.address == destination && (onlyOutgoing_ || isPending);
    });
  }

  std::string aHost6(const std::string& alternative) {
    const std::string prefix =
        std::array{"2001:db8:1::", "2001:db8:1:8000::", "2001:db8:2::", "fd11::", "fec0::",
                   "2001:10::",    "2002:c633:6401::",  "fe80::",       "ff02::", "ff0e::"}[number(10)];
    return prefix + (isTrue() ? alternative : std::to_string(1 + number(3)));
  }

  std::string anAddress() {
    std::string host = aHost6("7");
    if (host.starts_with("ff")) host = "2001:db8:1::1";
    const bool isOnA = isTrue();
    std::string text = "addr add " + host + "/" + std::array{"64", "64", "48", "128"}[number(4)] + " dev " +
                       (isOnA ? "a0" : "b0") + " noprefixroute";
    // What makes a temporary address has to have 64 bits.
    if (text.find("/64") != std::string::npos && number(3) == 0) {
      return text + " mngtmpaddr valid_lft 7200 preferred_lft 3600" + (isOnA ? " nodad\n" : "\n");
    }
    if (number(4) == 0) text += " home";
    const std::uint32_t state = number(4);
    if (isOnA && state == 0) {
      text += " optimistic";
    } else if (isOnA && state != 1) {
      text += " nodad";
    }
    return text + (number(4) == 0 ? " preferred_lft 0\n" : "\n");
  }

  void compare(const IpAddress& destination, const IpAddress& kernel, const IpAddress& ours,
               const std::vector<mif::contract::Address>& addresses) {
    if (kernel == ours) return;
    std::string text = "to " + destination.text() + " by " + out_ + " the kernel says '" + kernel.text() +
                       "', we say '" + ours.text() + "', of";
    for (const auto& one : addresses) {
      text += ' ' + one.address.text() + '/' + std::to_string(one.prefixLength) + " if" + std::to_string(one.index) +
              " flags " + std::to_string(one.flags);
    }
    fail(__FILE__, __LINE__, text);
  }

  std::mt19937 random_;
  std::string out_;
  PolicyTable labels_;
  std::array<bool, 2> prefersTemporary_{};
  bool usesOptimistic_ = false;
  bool onlyOutgoing_ = false;
};

// Whether this kernel knows home addresses (CONFIG_IPV6_MIP6): it tells by what it prefers.
bool knowsHomeAddresses() {
  bool isKnown = false;
  MIF_CHECK(inPrivateNamespace([&] {
    ip(std::string(kTwoLinks) +
       "addr add 2001:db8:1::1/64 dev a0 nodad\naddr add 2001:db8:2::1/64 dev a0 nodad home\n");
    isKnown =
        sourceOf6(IpAddress::parse("2001:db8:1::9"), ::if_nametoindex("a0"), 0) == IpAddress::parse("2001:db8:2::1");
  }));
  return isKnown;
}

}  // namespace

MIF_TEST("selection/kernel-source: Linux gives the IPv6 source that we say, whatever the host (SAS-10, SAS-18)") {
  std::size_t answers = 0;
  const bool isPrivileged = inPrivateNamespace([&] {
    const bool hasMobility = knowsHomeAddresses();
    RandomHost host(1729);
    std::size_t asked = 0;
    for (int round = 0; round < 60; ++round) {
      host.change6();
      for (int i = 0; i < 30; ++i) asked += host.ask6(hasMobility, answers);
    }
    // Few are in vain: temporary addresses of b0 need a moment to be its own.
    MIF_CHECK(asked > 1500);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
  MIF_CHECK(answers > 1400);
}

MIF_TEST("selection/kernel-source: Linux gives the IPv4 source that we say, whatever the host (SAS-10)") {
  std::size_t answers = 0;
  const bool isPrivileged = inPrivateNamespace([&] {
    RandomHost host(4104);
    for (int round = 0; round < 40; ++round) {
      host.change4();
      for (int i = 0; i < 5; ++i) host.ask4(answers);
    }
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
  MIF_CHECK(answers > 120);
}
