// SPDX-License-Identifier: MIT
// The readers behind decode(), and what they share. Not for other rooms. Each reads the payload of one message
// into one record, which it writes over completely; each bounds every read by the payload.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "address/ip-address.h"
#include "address/prefix.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "contract/change.h"
#include "wire/rtnetlink/constants.h"
#include "wire/rtnetlink/decode.h"
#include "wire/rtnetlink/layout.h"

namespace mif::wire::rtnetlink {

Decoded readInterface(base::Bytes payload, contract::Verb verb, contract::Interface& link, bool& isPartial);
Decoded readAddress(base::Bytes payload, base::Deadline receivedAt, contract::Address& address);
Decoded readNexthop(base::Bytes payload, contract::Nexthop& nexthop);
Decoded readRoute(base::Bytes payload, base::Deadline receivedAt, contract::Route& route);
Decoded readRule(base::Bytes payload, contract::Rule& rule);
Decoded readNeighbour(base::Bytes payload, contract::Neighbour& neighbour);

// Parts of a link, false where malformed: the value of IFLA_AF_SPEC, which has all families, and the attributes of
// IPv6 alone, which the kernel also sends by themselves.
bool readSettings(base::Bytes families, std::optional<contract::InterfaceSettings>& settings);
bool readIpv6Settings(base::Bytes family, contract::InterfaceSettings& settings);

// The address of that version at the front of a value; absent when the value is shorter (trap J3).
inline address::IpAddress addressAt(base::Bytes value, std::uint8_t version) {
  const std::size_t length = version == 4 ? 4 : 16;
  return value.size() < length ? address::IpAddress{} : address::IpAddress::fromBytes(value.first(length));
}

// RTA_VIA: the gateway of another family than the route's (trap D11, RFC 5549).
inline address::IpAddress gatewayVia(base::Bytes via) {
  const auto family = base::readAt<std::uint16_t>(via, layout::rtvia::rtvia_family);
  if (!family || *family > 0xff) return {};
  const std::uint8_t version = versionOf(static_cast<std::uint8_t>(*family));
  if (version == 0) return {};
  return addressAt(via.subspan(layout::rtvia::rtvia_addr), version);
}

// Puts a prefix together from its two halves: the length of the fixed part and the attribute, which the kernel
// leaves out for length 0. Nothing when a length has no address or is longer than one: taking it for a default
// route would be the worst guess.
inline std::optional<address::Prefix> prefixOf(const address::IpAddress& address, std::uint8_t length,
                                               std::uint8_t version) {
  if (length > (version == 4 ? 32 : 128)) return std::nullopt;
  if (address.isPresent()) return address::Prefix{address, length};
  if (length != 0) return std::nullopt;
  return address::Prefix{address::IpAddress::unspecified(version), 0};
}

// Gives a record its defaults back but leaves a member the memory that it has, so that the next record of a dump
// needs none.
template <typename Record, typename... Members>
void resetKeeping(Record& record, Members Record::*... members) {
  std::tuple<Members...> kept(std::move(record.*members)...);
  // Built in place rather than assigned from a fresh one, because that copy shows in the cost of a route.
  std::destroy_at(&record);
  std::construct_at(&record);
  std::apply([&](Members&... values) { ((values.clear(), record.*members = std::move(values)), ...); }, kept);
}

}  // namespace mif::wire::rtnetlink
