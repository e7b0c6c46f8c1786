// SPDX-License-Identifier: MIT
// RTM_NEWADDRLABEL: struct ifaddrlblmsg, then attributes.
#include "wire/rtnetlink/address-label.h"

#include "wire/netlink/attribute.h"
#include "wire/rtnetlink/constants.h"
#include "wire/rtnetlink/layout.h"
#include "wire/rtnetlink/record.h"

namespace mif::wire::rtnetlink {

// Attribute      Value    Note
// IFAL_ADDRESS   address  also for length 0
// IFAL_LABEL     u32
std::optional<contract::AddressLabel> readAddressLabel(const netlink::Message& message) {
  using namespace layout::ifaddrlblmsg;
  if (message.type != kRTM_NEWADDRLABEL || message.payload.size() < kSize) return std::nullopt;
  const auto length = base::readAt<std::uint8_t>(message.payload, ifal_prefixlen);
  const auto index = base::readAt<std::uint32_t>(message.payload, ifal_index);
  if (base::readAt<std::uint8_t>(message.payload, ifal_family) != kAF_INET6 || !length || !index) return std::nullopt;

  contract::AddressLabel result;
  if (*index != 0) result.index = *index;
  address::IpAddress start;
  std::optional<std::uint32_t> label;
  netlink::Attributes attributes(message.payload.subspan(kSize));
  netlink::Attribute attribute;
  while (attributes.next(attribute)) {
    if (attribute.type == kIFAL_ADDRESS) start = addressAt(attribute.value, 6);
    if (attribute.type == kIFAL_LABEL) label = attribute.number<std::uint32_t>();
  }
  const auto prefix = prefixOf(start, *length, 6);
  if (!attributes.isComplete() || !prefix || !label) return std::nullopt;
  result.prefix = *prefix;
  result.label = *label;
  return result;
}

}  // namespace mif::wire::rtnetlink
