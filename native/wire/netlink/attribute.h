// SPDX-License-Identifier: MIT
// The attributes (type, length, value) behind a message's fixed part or nested within another attribute
// (RFC 3549 section 2.3.2). A value longer than its type is read from the front, a shorter one is as if the
// attribute were absent (trap J3).
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/cursor.h"
#include "wire/netlink/constants.h"

namespace mif::wire::netlink {

struct Attribute {
  // Without the two bits below (trap J2).
  std::uint16_t type = 0;
  bool isNested = false;
  bool isNetworkByteOrder = false;
  // Without header and padding. As long as the datagram.
  base::Bytes value;

  // The number at the front of the value, host order.
  template <std::integral T>
  [[nodiscard]] std::optional<T> number() const {
    return base::readAt<T>(value, 0);
  }

  // Up to the first NUL, or the whole value when it has none. As long as the datagram.
  std::string_view text() const;
};

// Walks a run of attributes. The last one may lack its padding.
class Attributes {
 public:
  // The bytes have to outlive the attributes.
  explicit Attributes(base::Bytes bytes) : cursor_(bytes) {}

  // Whether there was a further attribute; when not, isComplete says why.
  [[nodiscard]] bool next(Attribute& attribute) {
    const base::Bytes rest = cursor_.rest();
    const auto length = base::readAt<std::uint16_t>(rest, kAttributeLength);
    const auto type = base::readAt<std::uint16_t>(rest, kAttributeType);
    if (!length || !type) return false;
    // A length below the header's own would stand still for ever (trap J6).
    if (*length < kAttributeHeaderSize || *length > rest.size()) return false;
    attribute.type = *type & kNLA_TYPE_MASK;
    attribute.isNested = (*type & kNLA_F_NESTED) != 0;
    attribute.isNetworkByteOrder = (*type & kNLA_F_NET_BYTEORDER) != 0;
    attribute.value = rest.subspan(kAttributeHeaderSize, *length - kAttributeHeaderSize);
    cursor_.skip(static_cast<std::size_t>(aligned(*length)));
    return true;
  }

  // After next said no: whether everything was read. Up to three bytes that cannot hold a header count as
  // padding, as the kernel's own walk has it; anything else that is left is malformed.
  bool isComplete() const { return cursor_.remaining() < kAttributeHeaderSize; }

 private:
  base::Cursor cursor_;
};

}  // namespace mif::wire::netlink
