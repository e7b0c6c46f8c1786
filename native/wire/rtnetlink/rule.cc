// SPDX-License-Identifier: MIT
// RTM_NEWRULE and RTM_DELRULE: struct fib_rule_hdr, then attributes.
#include <limits>

#include "wire/netlink/attribute.h"
#include "wire/rtnetlink/layout.h"
#include "wire/rtnetlink/record.h"

namespace mif::wire::rtnetlink {

namespace {

using contract::Rule;
using netlink::Attribute;
using netlink::Attributes;

// The suppressors are always there, with -1 for none (trap E2).
std::optional<std::uint32_t> suppressorOf(const Attribute& attribute) {
  const auto value = attribute.number<std::uint32_t>();
  return value == kNotSuppressed ? std::nullopt : value;
}

void readPorts(const Attribute& range, std::optional<std::uint16_t>& first, std::optional<std::uint16_t>& last) {
  const auto start = base::readAt<std::uint16_t>(range.value, layout::fib_rule_port_range::start);
  const auto end = base::readAt<std::uint16_t>(range.value, layout::fib_rule_port_range::end);
  if (!start || !end) return;
  first = start;
  last = end;
}

void readUids(const Attribute& range, Rule& rule) {
  const auto start = base::readAt<std::uint32_t>(range.value, layout::fib_rule_uid_range::start);
  const auto end = base::readAt<std::uint32_t>(range.value, layout::fib_rule_uid_range::end);
  if (!start || !end) return;
  rule.uidFirst = start;
  rule.uidLast = end;
}

// The one number of rtnetlink that is big-endian (be64); its lower half is the last four bytes.
std::optional<std::uint32_t> tunnelOf(const Attribute& attribute) {
  constexpr std::size_t kSize = 8;
  if (attribute.value.size() < kSize) return std::nullopt;
  std::uint32_t id = 0;
  for (const std::byte byte : attribute.value.first(kSize).last(4)) id = id << 8 | std::to_integer<std::uint32_t>(byte);
  return id;
}

// A selector that this version cannot apply makes every selection through the rule approximate, so it is
// counted where users see it (trap E2).
void countUnknown(Rule& rule) {
  if (rule.unknownAttributes < std::numeric_limits<std::uint16_t>::max()) ++rule.unknownAttributes;
}

}  // namespace

// Attribute                Value    Note
// FRA_DST, FRA_SRC         address  with the lengths of the header
// FRA_IIFNAME, FRA_OIFNAME string
// FRA_GOTO                 u32      priority to go on at
// FRA_PRIORITY             u32      left out for 0
// FRA_FWMARK, FRA_FWMASK   u32
// FRA_TABLE                u32      supersedes the eight bits of the header (D10)
// FRA_SUPPRESS_PREFIXLEN   u32      -1 for none, always there (E2)
// FRA_SUPPRESS_IFGROUP     u32      -1 for none
// FRA_TUN_ID               be64
// FRA_L3MDEV               u8       1 for the VRF rule (E6)
// FRA_UID_RANGE            struct   first and last, u32 (E3)
// FRA_PROTOCOL             u8       who installed it
// FRA_IP_PROTO             u8
// FRA_SPORT_, _DPORT_RANGE struct   first and last, u16
// FRA_DSCP                 u8
// FRA_*_MASK               u8, u16  Linux 6.15 writes them always; whole means as if it were not there
// FRA_FLOW, FRA_PAD        -        no selectors
Decoded readRule(base::Bytes payload, Rule& rule) {
  using namespace layout::fib_rule_hdr;
  if (payload.size() < kSize) return Decoded::kMalformed;
  const auto header = [payload](std::size_t offset) { return base::readAt<std::uint8_t>(payload, offset).value_or(0); };
  const std::uint8_t version = versionOf(header(family));
  // Multicast routing has rules of its own, under families of its own.
  if (version == 0) return Decoded::kIgnored;

  resetKeeping(rule, &Rule::inputInterface, &Rule::outputInterface);
  rule.family = version;
  rule.tos = header(tos);
  rule.table = header(table);
  rule.action = static_cast<contract::RuleAction>(header(action));
  rule.flags = base::readAt<std::uint32_t>(payload, flags).value_or(0);

  address::IpAddress from;
  address::IpAddress to;
  Attributes attributes(payload.subspan(kSize));
  Attribute attribute;
  while (attributes.next(attribute)) {
    switch (attribute.type) {
      case kFRA_SRC:
        from = addressAt(attribute.value, version);
        break;
      case kFRA_DST:
        to = addressAt(attribute.value, version);
        break;
      case kFRA_IIFNAME:
        rule.inputInterface = attribute.text();
        break;
      case kFRA_OIFNAME:
        rule.outputInterface = attribute.text();
        break;
      case kFRA_GOTO:
        rule.gotoPriority = attribute.number<std::uint32_t>();
        break;
      case kFRA_PRIORITY:
        rule.priority = attribute.number<std::uint32_t>().value_or(0);
        break;
      case kFRA_FWMARK:
        rule.mark = attribute.number<std::uint32_t>();
        break;
      case kFRA_FWMASK:
        rule.markMask = attribute.number<std::uint32_t>();
        break;
      case kFRA_TABLE:
        rule.table = attribute.number<std::uint32_t>().value_or(rule.table);
        break;
      case kFRA_SUPPRESS_PREFIXLEN:
        rule.suppressPrefixLength = suppressorOf(attribute);
        break;
      case kFRA_SUPPRESS_IFGROUP:
        rule.suppressGroup = suppressorOf(attribute);
        break;
      case kFRA_TUN_ID:
        rule.tunnelId = tunnelOf(attribute);
        break;
      case kFRA_L3MDEV:
        rule.isL3mdev = attribute.number<std::uint8_t>().value_or(0) != 0;
        break;
      case kFRA_UID_RANGE:
        readUids(attribute, rule);
        break;
      case kFRA_PROTOCOL:
        rule.protocol = static_cast<contract::RouteProtocol>(attribute.number<std::uint8_t>().value_or(0));
        break;
      case kFRA_IP_PROTO:
        rule.ipProtocol = attribute.number<std::uint8_t>();
        break;
      case kFRA_SPORT_RANGE:
        readPorts(attribute, rule.sourcePortFirst, rule.sourcePortLast);
        break;
      case kFRA_DPORT_RANGE:
        readPorts(attribute, rule.destinationPortFirst, rule.destinationPortLast);
        break;
      case kFRA_DSCP:
        rule.dscp = attribute.number<std::uint8_t>();
        break;
      case kFRA_SPORT_MASK:
      case kFRA_DPORT_MASK:
        if (attribute.number<std::uint16_t>() != kWholePort) countUnknown(rule);
        break;
      case kFRA_DSCP_MASK:
        if (attribute.number<std::uint8_t>() != kWholeDscp) countUnknown(rule);
        break;
      case kFRA_FLOW:
      case kFRA_PAD:
        break;
      default:
        countUnknown(rule);
        break;
    }
  }
  if (!attributes.isComplete()) return Decoded::kMalformed;

  const auto source = prefixOf(from, header(src_len), version);
  const auto destination = prefixOf(to, header(dst_len), version);
  if (!source || !destination) return Decoded::kMalformed;
  if (source->length != 0) rule.source = *source;
  if (destination->length != 0) rule.destination = *destination;
  return Decoded::kChange;
}

}  // namespace mif::wire::rtnetlink
