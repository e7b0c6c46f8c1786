// SPDX-License-Identifier: MIT
// The source against a real kernel, in namespaces of its own.
#include "kernel/linux/rtnetlink-source.h"

#include <linux/rtnetlink.h>
#include <net/if.h>

#include <cstring>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kernel/churn.h"
#include "kernel/collected.h"
#include "kernel/private-namespace.h"
#include "record-text.h"
#include "table/records.h"
#include "table/tables.h"
#include "test.h"

namespace {

using mif::contract::Change;
using mif::contract::Extent;
using mif::contract::Observation;
using mif::contract::RecordKind;
using mif::contract::RouteDetail;
using mif::kernel::Drained;
using mif::kernel::Dumped;
using mif::kernel::RtnetlinkSource;
using namespace mif::test;

constexpr std::size_t kPlenty = 8 << 20;

std::unique_ptr<mif::kernel::Source> open(std::size_t receiveBuffer = kPlenty) {
  auto opened = RtnetlinkSource::open({receiveBuffer, kPlenty});
  if (!opened) {
    fail(__FILE__, __LINE__, opened.error().message);
    return nullptr;
  }
  return opened.take();
}

// Destinations of a dump's routes that begin with a prefix, each as often as it was listed.
std::multiset<std::string> destinations(const Collected& dump, const std::string& start) {
  std::multiset<std::string> found;
  for (const Change& change : dump.changes) {
    const std::string text = change.route.destination.address.text();
    if (text.starts_with(start)) found.insert(text);
  }
  return found;
}

}  // namespace

MIF_TEST("rtnetlink source: a dump lists what is there, of its kind and marked as listed") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip("link add a0 type veth peer name a1\nlink set a0 up\nlink set a1 up\naddr add 192.0.2.1/24 dev a0\nneigh add "
       "192.0.2.9 lladdr 02:00:00:00:00:09 dev a0\n"
       "neigh add proxy 192.0.2.8 dev a0\nnexthop add id 7 dev a0\nrule add pref 9 table 10\n");
    const auto source = open();
    if (source == nullptr) return;
    for (const RecordKind kind : mif::table::kAllKinds) {
      Collected dump;
      const auto dumped = source->dump(kind, dump, goOn, nullptr);
      MIF_CHECK(dumped.ok() && dumped.value() == Dumped::kConsistent);
      MIF_CHECK(!dump.changes.empty());
      for (const Change& change : dump.changes) {
        MIF_CHECK(change.kind == kind);
        MIF_CHECK(change.verb == mif::contract::Verb::kPut);
        MIF_CHECK(change.placement == mif::contract::Placement::kListed);
      }
    }
    MIF_CHECK_EQUAL(source->counters().malformed, 0u);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("rtnetlink source: address labels are those of the namespace, and an empty table is one (C16)") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip("link add a0 type ifb\naddrlabel add prefix 2001:db8:7::/48 label 99\n"
       "addrlabel add prefix 2001:db8:8::/48 dev a0 label 98");
    const auto source = open();
    if (source == nullptr) return;
    const auto labels = source->addressLabels();
    MIF_CHECK(labels.ok() && labels.value().has_value());
    if (!labels || !labels.value()) return;
    const auto labelOf = [&](const char* text) {
      std::optional<mif::contract::AddressLabel> found;
      for (const auto& label : *labels.value()) {
        if (label.prefix == prefix(text)) found = label;
      }
      return found;
    };
    MIF_CHECK(labelOf("2001:db8:7::/48") && labelOf("2001:db8:7::/48")->label == 99);
    MIF_CHECK(labelOf("2001:db8:7::/48") && !labelOf("2001:db8:7::/48")->index);
    MIF_CHECK(labelOf("2001:db8:8::/48") && labelOf("2001:db8:8::/48")->index == ::if_nametoindex("a0"));
    MIF_CHECK(labelOf("::1/128") && labelOf("::1/128")->label == 0);
    MIF_CHECK(labelOf("::/0") && labelOf("::/0")->label == 1);

    ip("addrlabel flush");
    const auto none = source->addressLabels();
    MIF_CHECK(none.ok() && none.value() && none.value()->empty());
    Collected dump;
    MIF_CHECK(source->dump(RecordKind::kAddress, dump, goOn, nullptr).ok());
    MIF_CHECK(!dump.changes.empty());
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("rtnetlink source: neighbour dumps list proxy entries too") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip("link add a0 type veth\nlink set a0 up\nneigh add proxy 192.0.2.8 dev a0\n");
    const auto source = open();
    if (source == nullptr) return;
    Collected dump;
    MIF_CHECK(source->dump(RecordKind::kNeighbour, dump, goOn, nullptr).ok());
    bool isListed = false;
    for (const Change& change : dump.changes) {
      isListed = isListed || (change.neighbour.address.text() == "192.0.2.8" &&
                              (change.neighbour.flags & mif::contract::NeighbourFlag::kProxy) != 0);
    }
    MIF_CHECK(isListed);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("rtnetlink source: the first dump comes in datagrams as large as those of a later one (A7)") {
  const bool isPrivileged = inPrivateNamespace([] {
    std::string batch;
    for (int n = 0; n < 250; ++n) batch += joined("route add 10.0.", n, ".0/24 dev lo\n");
    ip(batch);
    const auto source = open();
    if (source == nullptr) return;
    const auto datagramsOfDump = [&] {
      const auto before = source->counters().datagrams;
      Collected dump;
      MIF_CHECK(source->dump(RecordKind::kRoute, dump, goOn, nullptr).ok());
      MIF_CHECK_EQUAL(destinations(dump, "10.0.").size(), 250u);
      return source->counters().datagrams - before;
    };
    const auto first = datagramsOfDump();
    MIF_CHECK_EQUAL(first, datagramsOfDump());
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("rtnetlink source: a kind that the kernel has nothing of is an empty dump, not an error (A15)") {
  const bool isPrivileged = inPrivateNamespace([] {
    const auto source = open();
    if (source == nullptr) return;
    Collected dump;
    const auto dumped = source->dump(RecordKind::kNexthop, dump, goOn, nullptr);
    MIF_CHECK(dumped.ok() && dumped.value() == Dumped::kConsistent);
    MIF_CHECK(dump.changes.empty());
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("rtnetlink source: a dump that is given up ends at once, and the next one is whole (A8)") {
  const bool isPrivileged = inPrivateNamespace([] {
    std::string batch;
    for (int n = 0; n < 3000; ++n) batch += joined("route add 10.", n / 250, ".", n % 250, ".0/24 dev lo\n");
    ip(batch);
    const auto source = open();
    if (source == nullptr) return;
    Collected part;
    const auto givenUp = source->dump(RecordKind::kRoute, part, [](void*) { return false; }, nullptr);
    MIF_CHECK(!givenUp.ok() && givenUp.error().code == mif::base::ErrorCode::kClosed);
    MIF_CHECK(part.changes.size() < 3000);
    Collected whole;
    MIF_CHECK(source->dump(RecordKind::kRoute, whole, goOn, nullptr).ok());
    MIF_CHECK_EQUAL(destinations(whole, "10.").size(), 3000u);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("rtnetlink source: notifications come in order, also those that came during a dump (A9)") {
  const bool isPrivileged = inPrivateNamespace([] {
    const auto source = open();
    if (source == nullptr) return;
    ip("link add a0 type bridge\n");
    Collected dump;
    const auto during = [](void*) {
      ip("link set a0 mtu 1400\nlink del a0\n");
      return true;
    };
    // One datagram, after which the callback runs.
    MIF_CHECK(source->dump(RecordKind::kInterface, dump, during, nullptr).ok());
    Collected news;
    auto drained = source->drain(news, 1);
    MIF_CHECK(drained.ok() && drained.value() == Drained::kMore);
    drained = source->drain(news, 1000);
    MIF_CHECK(drained.ok() && drained.value() == Drained::kEmpty);
    std::vector<std::uint32_t> mtus;
    for (const Change& change : news.changes) {
      if (change.kind != RecordKind::kInterface) continue;
      mtus.push_back(change.verb == mif::contract::Verb::kRemove ? 0 : change.interface.mtu);
    }
    MIF_CHECK(mtus.size() >= 3 && mtus.front() == 1500 && mtus[mtus.size() - 2] == 1400 && mtus.back() == 0);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("rtnetlink source: what overflows the buffer is a loss, and after discarding nothing is deaf (A1, A2)") {
  const bool isPrivileged = inPrivateNamespace([] {
    const auto source = open(4096);
    if (source == nullptr) return;
    std::string batch;
    for (int n = 0; n < 100; ++n) batch += joined("route add 10.0.", n, ".0/24 dev lo\n");
    ip(batch);
    Collected stale;
    const auto drained = source->drain(stale, 1000);
    MIF_CHECK(drained.ok() && drained.value() == Drained::kLost);
    MIF_CHECK_EQUAL(source->counters().overruns, 1u);
    // The error comes before what is older than the loss; none of that may be taken for news.
    MIF_CHECK(stale.changes.empty());
    // Not read empty yet: the kernel throws this away.
    ip("route add 10.1.0.0/16 dev lo\n");
    MIF_CHECK(source->discard().ok());
    ip("route add 10.2.0.0/16 dev lo\n");
    Collected news;
    const auto after = source->drain(news, 1000);
    MIF_CHECK(after.ok() && after.value() == Drained::kEmpty);
    MIF_CHECK_EQUAL(destinations(news, "10.2.").size(), 1u);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("rtnetlink source: more notifications during a dump than are kept are a loss, not a gap") {
  const bool isPrivileged = inPrivateNamespace([] {
    auto opened = RtnetlinkSource::open({kPlenty, 2000});
    MIF_REQUIRE(opened.ok());
    const auto source = opened.take();
    Collected dump;
    const auto during = [](void*) {
      std::string batch;
      for (int n = 0; n < 100; ++n) batch += joined("route add 10.0.", n, ".0/24 dev lo\n");
      ip(batch);
      return true;
    };
    const auto dumped = source->dump(RecordKind::kInterface, dump, during, nullptr);
    // Not even the dump is known to be consistent then.
    MIF_CHECK(dumped.ok() && dumped.value() == Dumped::kLost);
    Collected news;
    const auto drained = source->drain(news, 1000);
    MIF_CHECK(drained.ok() && drained.value() == Drained::kLost);
    MIF_CHECK(news.changes.empty());
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("rtnetlink source: a message that a process sent is not believed, whatever its header says (A11)") {
  const bool isPrivileged = inPrivateNamespace([] {
    const auto source = open();
    if (source == nullptr) return;
    sockaddr_nl own{};
    socklen_t length = sizeof(own);
    MIF_REQUIRE(::getsockname(source->fd(), reinterpret_cast<sockaddr*>(&own), &length) == 0);
    // A link that is removed, as the kernel would say it.
    struct {
      nlmsghdr header;
      ifinfomsg link;
    } forged{};
    forged.header.nlmsg_len = sizeof(forged);
    forged.header.nlmsg_type = RTM_DELLINK;
    forged.link.ifi_index = 1;
    auto sender = mif::kernel::NetlinkSocket::open();
    MIF_REQUIRE(sender.ok());
    MIF_CHECK(::sendto(sender.value().fd(), &forged, sizeof(forged), 0, reinterpret_cast<sockaddr*>(&own),
                       sizeof(own)) == sizeof(forged));
    Collected news;
    MIF_CHECK(source->drain(news, 1000).ok());
    MIF_CHECK_EQUAL(news.count(RecordKind::kInterface, mif::contract::Verb::kRemove), 0u);
    MIF_CHECK_EQUAL(source->counters().foreignSender, 1u);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST(
    "rtnetlink source: a notification longer than the buffer is a loss once, and is read whole the next time (A13)") {
  const bool isPrivileged = inPrivateNamespace([] {
    const auto source = open();
    if (source == nullptr) return;
    ip("link add a0 type bridge\n");
    std::string batch;
    for (int n = 100; n < 400; ++n)
      batch += joined("link property add dev a0 altname ", std::string(120, 'x'), n, "\n");
    ip(batch);
    MIF_CHECK(source->discard().ok());
    ip("link set a0 mtu 1400\n");
    Collected news;
    auto drained = source->drain(news, 1000);
    MIF_CHECK(drained.ok() && drained.value() == Drained::kLost);
    MIF_CHECK_EQUAL(source->counters().truncated, 1u);
    MIF_CHECK(source->discard().ok());
    Collected dump;
    MIF_CHECK(source->dump(RecordKind::kInterface, dump, goOn, nullptr).ok());
    MIF_CHECK(!dump.changes.empty() && dump.changes.back().interface.altNames.size() == 300);
    ip("link set a0 mtu 1401\n");
    drained = source->drain(news, 1000);
    MIF_CHECK(drained.ok() && drained.value() == Drained::kEmpty);
    MIF_CHECK_EQUAL(news.count(RecordKind::kInterface, mif::contract::Verb::kPut), 1u);
    MIF_CHECK_EQUAL(source->counters().malformed, 0u);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("rtnetlink source: a dump under churn that lost a route that nobody touched says that it is unstable (A6)") {
  const bool isPrivileged = inPrivateNamespace([] {
    std::string batch;
    for (int n = 0; n < 3000; ++n) {
      batch += joined("route add 2001:db8:", 1000 + n, "::/48 dev lo\n");
      batch += joined("route add 10.", n / 250, ".", n % 250, ".0/24 dev lo\n");
    }
    ip(batch);
    const Churn churn(
        "route add 2001:db8:1::/48 dev lo\nroute add 10.0.0.128/25 dev lo\n"
        "route del 2001:db8:1::/48 dev lo\nroute del 10.0.0.128/25 dev lo\n");
    const auto source = open();
    if (source == nullptr) return;
    int unstable = 0;
    for (int round = 0; round < 40; ++round) {
      Collected dump;
      const auto dumped = source->dump(RecordKind::kRoute, dump, goOn, nullptr);
      MIF_REQUIRE(dumped.ok());
      Collected ignored;
      while (true) {
        const auto drained = source->drain(ignored, 1000);
        MIF_REQUIRE(drained.ok());
        if (drained.value() == Drained::kLost) MIF_CHECK(source->discard().ok());
        if (drained.value() == Drained::kEmpty) break;
      }
      auto v4 = destinations(dump, "10.");
      // The one that comes and goes.
      v4.erase("10.0.0.128");
      auto v6 = destinations(dump, "2001:db8:");
      v6.erase("2001:db8:1::");
      const std::set<std::string> different(v6.begin(), v6.end());
      // IPv4 is walked by key and lists every route once whatever else changes; IPv6 does not, and says so.
      MIF_CHECK_EQUAL(v4.size(), 3000u);
      MIF_CHECK_EQUAL(std::set<std::string>(v4.begin(), v4.end()).size(), 3000u);
      if (dumped.value() != Dumped::kConsistent) {
        ++unstable;
      } else {
        MIF_CHECK_EQUAL(different.size(), 3000u);
        MIF_CHECK_EQUAL(v6.size(), 3000u);
      }
    }
    MIF_CHECK(unstable > 0);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("rtnetlink source: a dump of the routes through an interface lists those, of its family (A14)") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip("link add a0 type veth peer name a1\nlink set a0 up\nlink set a1 up\n"
       "route add 10.1.0.0/16 dev a0\nroute add 10.2.0.0/16 dev a1\nroute add 2001:db8:1::/48 dev a0\n"
       "route add 10.3.0.0/16 nexthop dev a0 nexthop dev a1\n");
    const auto source = open();
    if (source == nullptr) return;
    const auto listedBy = [&](const Extent& extent) {
      Collected dump;
      MIF_CHECK(source->dump(extent, dump, goOn, nullptr).ok());
      auto found = destinations(dump, "10.");
      found.merge(destinations(dump, "2001:"));
      return found;
    };
    const std::uint32_t a0 = ::if_nametoindex("a0");
    MIF_CHECK(listedBy(Extent::routes(4, a0)) == (std::multiset<std::string>{"10.1.0.0", "10.3.0.0"}));
    MIF_CHECK(listedBy(Extent::routes(6, a0)) == (std::multiset<std::string>{"2001:db8:1::"}));
    MIF_CHECK(listedBy(Extent::routes(0, a0)).size() == 3);
    MIF_CHECK(listedBy(Extent::routes(4, 0)).size() == 3);
    // None has this index: that is nothing, not an error (A15).
    MIF_CHECK(listedBy(Extent::routes(4, 4000)).empty());
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST(
    "rtnetlink source: neither lists nor tells a route that is not observed, also where no filter keeps it off (D16)") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip("addr add 192.0.2.1/24 dev lo\nroute add 10.0.0.0/16 dev lo\nroute add 10.1.0.0/16 dev lo table 5\n");
    Observation observation{RouteDetail::kForwarding, {RT_TABLE_MAIN, RT_TABLE_LOCAL}};
    // More tables than one dump each, and than the filter has room for.
    for (std::uint32_t table = 1000; table < 2000; ++table) observation.tables.push_back(table);
    auto opened = RtnetlinkSource::open({kPlenty, kPlenty, observation});
    MIF_REQUIRE(opened.ok());
    const auto source = opened.take();
    Collected dump;
    MIF_CHECK(source->dump(RecordKind::kRoute, dump, goOn, nullptr).ok());
    MIF_CHECK(destinations(dump, "") == (std::multiset<std::string>{"10.0.0.0"}));
    ip("addr add 192.0.2.2/32 dev lo\nroute add 10.2.0.0/16 dev lo table 5\nroute add 10.3.0.0/16 dev lo\n");
    Collected news;
    MIF_CHECK(source->drain(news, 1000).ok());
    MIF_CHECK(news.count(RecordKind::kAddress, mif::contract::Verb::kPut) == 1);
    std::erase_if(news.changes, [](const Change& change) { return change.kind != RecordKind::kRoute; });
    MIF_CHECK(destinations(news, "") == (std::multiset<std::string>{"10.3.0.0"}));
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("rtnetlink source: the room for notifications is what was granted, and at least what is needed (A3)") {
  const bool isPrivileged = inPrivateNamespace([] {
    const auto source = open();
    if (source == nullptr) return;
    const auto granted = source->capabilities().receiveBuffer;
    int effective = 0;
    socklen_t length = sizeof(effective);
    MIF_CHECK(::getsockopt(source->fd(), SOL_SOCKET, SO_RCVBUF, &effective, &length) == 0);
    MIF_CHECK_EQUAL(granted, static_cast<std::uint32_t>(effective));
    MIF_CHECK(granted >= kPlenty);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}
