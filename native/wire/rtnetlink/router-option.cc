// SPDX-License-Identifier: MIT
// RTM_NEWNDUSEROPT: struct nduseroptmsg, the option, then attributes. RTM_NEWPREFIX: struct prefixmsg, then attributes.
#include "wire/rtnetlink/router-option.h"

#include <algorithm>
#include <optional>

#include "wire/netlink/attribute.h"
#include "wire/rtnetlink/constants.h"
#include "wire/rtnetlink/layout.h"
#include "wire/rtnetlink/record.h"

namespace mif::wire::rtnetlink {

namespace {

using netlink::Attribute;
using netlink::Attributes;

// An advertisement (RFC 4861 section 4.2).
constexpr std::uint8_t kRouterAdvertisement = 134;

// A prefix information option (RFC 4861 section 4.6.2): where its fields lie.
constexpr std::uint8_t kPrefixInformation = 3;
constexpr std::size_t kPrefixInformationSize = 32;
constexpr std::size_t kPrefixInformationUnits = 4;
constexpr std::size_t kPrefixLengthAt = 2;
constexpr std::size_t kPrefixFlagsAt = 3;
constexpr std::size_t kValidAt = 4;
constexpr std::size_t kPreferredAt = 8;
constexpr std::size_t kPrefixAt = 16;
constexpr std::uint8_t kOnLink = 0x80;
constexpr std::uint8_t kAutonomous = 0x40;

void writeBigEndian(std::vector<std::byte>& bytes, std::size_t at, std::uint32_t number) {
  for (std::size_t n = 0; n < sizeof(number); ++n) {
    bytes[at + n] = static_cast<std::byte>(number >> (8 * (sizeof(number) - 1 - n)));
  }
}

// Kernels before 6.8 tell two flags by numbers of their own, later ones the octet of the option, of which the bits that
// those are do not exist.
std::uint8_t optionFlags(std::uint8_t told) {
  if ((told & (kIF_PREFIX_ONLINK | kIF_PREFIX_AUTOCONF)) == 0) return told;
  return static_cast<std::uint8_t>(((told & kIF_PREFIX_ONLINK) != 0 ? kOnLink : 0) |
                                   ((told & kIF_PREFIX_AUTOCONF) != 0 ? kAutonomous : 0));
}

Decoded readUserOption(base::Bytes payload, RouterOption& option) {
  using namespace layout::nduseroptmsg;
  const auto family = base::readAt<std::uint8_t>(payload, nduseropt_family);
  const auto length = base::readAt<std::uint16_t>(payload, nduseropt_opts_len);
  const auto index = base::readAt<std::uint32_t>(payload, nduseropt_ifindex);
  const auto type = base::readAt<std::uint8_t>(payload, nduseropt_icmp_type);
  if (!family || !length || !index || !type || payload.size() < kSize) return Decoded::kMalformed;
  if (*family != kAF_INET6 || *type != kRouterAdvertisement) return Decoded::kIgnored;
  const auto bytes = base::sliceAt(payload, kSize, *length);
  if (!bytes) return Decoded::kMalformed;
  option.interfaceIndex = *index;
  option.bytes.assign(bytes->begin(), bytes->end());
  option.router = {};
  const std::size_t end = std::min<std::size_t>(netlink::aligned(kSize + bytes->size()), payload.size());
  Attributes attributes(payload.subspan(end));
  Attribute attribute;
  while (attributes.next(attribute)) {
    if (attribute.type == kNDUSEROPT_SRCADDR) option.router = addressAt(attribute.value, 6);
  }
  return attributes.isComplete() ? Decoded::kChange : Decoded::kMalformed;
}

// Attribute          Value    Note
// PREFIX_ADDRESS     address
// PREFIX_CACHEINFO   struct prefix_cacheinfo
Decoded readPrefix(base::Bytes payload, RouterOption& option) {
  using namespace layout::prefixmsg;
  const auto family = base::readAt<std::uint8_t>(payload, prefix_family);
  const auto index = base::readAt<std::uint32_t>(payload, prefix_ifindex);
  const auto length = base::readAt<std::uint8_t>(payload, prefix_len);
  const auto flags = base::readAt<std::uint8_t>(payload, prefix_flags);
  if (!family || !index || !length || !flags || payload.size() < kSize) return Decoded::kMalformed;
  if (*family != kAF_INET6) return Decoded::kIgnored;

  std::optional<base::Bytes> prefix;
  std::optional<std::uint32_t> preferred;
  std::optional<std::uint32_t> valid;
  Attributes attributes(payload.subspan(kSize));
  Attribute attribute;
  while (attributes.next(attribute)) {
    if (attribute.type == kPREFIX_ADDRESS) {
      prefix = base::sliceAt(attribute.value, 0, 16);
    } else if (attribute.type == kPREFIX_CACHEINFO) {
      preferred = base::readAt<std::uint32_t>(attribute.value, layout::prefix_cacheinfo::preferred_time);
      valid = base::readAt<std::uint32_t>(attribute.value, layout::prefix_cacheinfo::valid_time);
    }
  }
  if (!attributes.isComplete() || !prefix || !preferred || !valid) return Decoded::kMalformed;

  option.interfaceIndex = *index;
  option.router = {};
  option.bytes.assign(kPrefixInformationSize, std::byte{0});
  option.bytes[0] = std::byte{kPrefixInformation};
  option.bytes[1] = std::byte{kPrefixInformationUnits};
  option.bytes[kPrefixLengthAt] = std::byte{*length};
  option.bytes[kPrefixFlagsAt] = std::byte{optionFlags(*flags)};
  writeBigEndian(option.bytes, kValidAt, *valid);
  writeBigEndian(option.bytes, kPreferredAt, *preferred);
  std::copy(prefix->begin(), prefix->end(), option.bytes.begin() + kPrefixAt);
  return Decoded::kChange;
}

}  // namespace

Decoded readRouterOption(const netlink::Message& message, RouterOption& option) {
  switch (message.type) {
    case kRTM_NEWNDUSEROPT:
      return readUserOption(message.payload, option);
    case kRTM_NEWPREFIX:
      return readPrefix(message.payload, option);
    default:
      return Decoded::kIgnored;
  }
}

}  // namespace mif::wire::rtnetlink
