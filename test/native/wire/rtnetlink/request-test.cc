// SPDX-License-Identifier: MIT
#include "wire/rtnetlink/request.h"

#include <algorithm>
#include <array>

#include "test.h"
#include "vector.h"
#include "wire/netlink/message.h"

namespace {

using mif::contract::RecordKind;
using mif::wire::netlink::Request;
using mif::wire::rtnetlink::dumpFamilies;
using mif::wire::rtnetlink::dumpRequest;

constexpr std::uint8_t kInet = 2;
constexpr std::uint8_t kInet6 = 10;

// The vectors hold requests, with sequence 1, that a kernel accepted with strict checking.
bool isAsAccepted(const Request& request, const char* name) {
  const auto vector = mif::test::readVector(std::string("rtnetlink/request-") + name);
  return vector.datagrams.size() == 1 && std::ranges::equal(request.bytes(), vector.datagrams.front());
}

MIF_TEST("wire/rtnetlink: dump requests are byte for byte those that strict checking accepts (A14, A15, B16)") {
  if (!mif::test::readVector("rtnetlink/request-link").isHostOrder()) MIF_SKIP("the vectors are of the other order");
  MIF_CHECK(isAsAccepted(dumpRequest(RecordKind::kInterface, 0, 1), "link"));
  MIF_CHECK(isAsAccepted(dumpRequest(RecordKind::kAddress, kInet, 1), "address-ipv4"));
  MIF_CHECK(isAsAccepted(dumpRequest(RecordKind::kAddress, kInet6, 1, {.index = 1}), "address-ipv6-of-link"));
  MIF_CHECK(isAsAccepted(mif::wire::rtnetlink::addressLabelsRequest(1), "address-labels"));
  MIF_CHECK(isAsAccepted(dumpRequest(RecordKind::kNexthop, 0, 1), "nexthop"));
  MIF_CHECK(isAsAccepted(dumpRequest(RecordKind::kRoute, kInet, 1), "route-ipv4"));
  MIF_CHECK(isAsAccepted(dumpRequest(RecordKind::kRoute, kInet6, 1, {.index = 1, .table = 254}),
                         "route-ipv6-of-table-and-link"));
  MIF_CHECK(isAsAccepted(dumpRequest(RecordKind::kRule, kInet6, 1), "rule-ipv6"));
  MIF_CHECK(isAsAccepted(dumpRequest(RecordKind::kNeighbour, kInet, 1, {.index = 1}), "neighbour-ipv4-of-link"));
  MIF_CHECK(isAsAccepted(dumpRequest(RecordKind::kNeighbour, kInet6, 1, {.isProxy = true}), "neighbour-ipv6-proxies"));
}

MIF_TEST("wire/rtnetlink: kinds whose dump covers one family are dumped for both (E5)") {
  for (const RecordKind kind : {RecordKind::kAddress, RecordKind::kRoute, RecordKind::kRule, RecordKind::kNeighbour}) {
    MIF_CHECK(std::ranges::equal(dumpFamilies(kind), std::array{kInet, kInet6}));
  }
  for (const RecordKind kind : {RecordKind::kInterface, RecordKind::kNexthop}) {
    MIF_CHECK(std::ranges::equal(dumpFamilies(kind), std::array{std::uint8_t{0}}));
  }
}

MIF_TEST("wire/rtnetlink: a request for one interface names it and is no dump (B6)") {
  const Request request = mif::wire::rtnetlink::interfaceRequest(7, 3);
  mif::wire::netlink::Messages messages(request.bytes());
  mif::wire::netlink::Message message;
  MIF_REQUIRE(messages.next(message));
  MIF_CHECK_EQUAL(message.type, 18);
  MIF_CHECK_EQUAL(message.flags, mif::wire::netlink::kNLM_F_REQUEST);
  MIF_CHECK_EQUAL(mif::base::readAt<std::uint32_t>(message.payload, 4), std::optional<std::uint32_t>(7));
}

}  // namespace
