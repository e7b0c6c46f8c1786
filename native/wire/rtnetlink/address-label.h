// SPDX-License-Identifier: MIT
// Decodes address labels, which are no records of the mirror (contract/address-label.h) and so no Change.
#pragma once

#include <optional>

#include "contract/address-label.h"
#include "wire/netlink/message.h"

namespace mif::wire::rtnetlink {

// Reads one message of the answer to addressLabelsRequest; nothing where it is another message, or malformed.
std::optional<contract::AddressLabel> readAddressLabel(const netlink::Message& message);

}  // namespace mif::wire::rtnetlink
