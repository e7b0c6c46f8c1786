// SPDX-License-Identifier: MIT
#include "wire/rtnetlink/request.h"

#include <array>

#include "wire/rtnetlink/constants.h"
#include "wire/rtnetlink/layout.h"

namespace mif::wire::rtnetlink {

namespace {

using contract::RecordKind;
using netlink::Request;

constexpr std::array<std::uint8_t, 1> kAnyFamily = {kAF_UNSPEC};
constexpr std::array<std::uint8_t, 2> kInternetFamilies = {kAF_INET, kAF_INET6};

Request dumpOf(std::uint16_t type, std::uint32_t sequence, std::size_t bodySize) {
  return Request(type, netlink::kNLM_F_DUMP, sequence, bodySize);
}

}  // namespace

std::span<const std::uint8_t> dumpFamilies(RecordKind kind) {
  if (kind == RecordKind::kInterface || kind == RecordKind::kNexthop) return kAnyFamily;
  return kInternetFamilies;
}

Request dumpRequest(RecordKind kind, std::uint8_t family, std::uint32_t sequence, const DumpFilter& filter) {
  // The family is the first byte of every body. Strict checking refuses any other field that is not a filter.
  switch (kind) {
    case RecordKind::kInterface: {
      Request request = dumpOf(kRTM_GETLINK, sequence, layout::ifinfomsg::kSize);
      request.put(layout::ifinfomsg::ifi_family, family);
      request.attribute(kIFLA_EXT_MASK, kRTEXT_FILTER_SKIP_STATS);
      return request;
    }
    case RecordKind::kAddress: {
      Request request = dumpOf(kRTM_GETADDR, sequence, layout::ifaddrmsg::kSize);
      request.put(layout::ifaddrmsg::ifa_family, family);
      request.put(layout::ifaddrmsg::ifa_index, filter.index);
      return request;
    }
    case RecordKind::kNexthop: {
      Request request = dumpOf(kRTM_GETNEXTHOP, sequence, layout::nhmsg::kSize);
      request.put(layout::nhmsg::nh_family, family);
      return request;
    }
    case RecordKind::kRoute: {
      Request request = dumpOf(kRTM_GETROUTE, sequence, layout::rtmsg::kSize);
      request.put(layout::rtmsg::rtm_family, family);
      if (filter.table != 0) request.attribute(kRTA_TABLE, filter.table);
      if (filter.index != 0) request.attribute(kRTA_OIF, filter.index);
      return request;
    }
    case RecordKind::kRule: {
      Request request = dumpOf(kRTM_GETRULE, sequence, layout::fib_rule_hdr::kSize);
      request.put(layout::fib_rule_hdr::family, family);
      return request;
    }
    case RecordKind::kNeighbour:
      break;
  }
  Request request = dumpOf(kRTM_GETNEIGH, sequence, layout::ndmsg::kSize);
  request.put(layout::ndmsg::ndm_family, family);
  if (filter.isProxy) request.put(layout::ndmsg::ndm_flags, kNTF_PROXY);
  if (filter.index != 0) request.attribute(kNDA_IFINDEX, filter.index);
  return request;
}

Request addressLabelsRequest(std::uint32_t sequence) {
  Request request = dumpOf(kRTM_GETADDRLABEL, sequence, layout::ifaddrlblmsg::kSize);
  request.put(layout::ifaddrlblmsg::ifal_family, kAF_INET6);
  return request;
}

Request interfaceRequest(std::uint32_t index, std::uint32_t sequence) {
  Request request(kRTM_GETLINK, 0, sequence, layout::ifinfomsg::kSize);
  request.put(layout::ifinfomsg::ifi_index, index);
  request.attribute(kIFLA_EXT_MASK, kRTEXT_FILTER_SKIP_STATS);
  return request;
}

Request interfaceRequest(std::string_view name, std::uint32_t sequence) {
  Request request(kRTM_GETLINK, 0, sequence, layout::ifinfomsg::kSize);
  request.attribute(kIFLA_EXT_MASK, kRTEXT_FILTER_SKIP_STATS);
  // Means the name as well as the alternative ones.
  request.attribute(kIFLA_ALT_IFNAME, name);
  return request;
}

}  // namespace mif::wire::rtnetlink
