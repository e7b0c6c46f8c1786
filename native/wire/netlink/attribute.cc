// SPDX-License-Identifier: MIT
#include "wire/netlink/attribute.h"

namespace mif::wire::netlink {

std::string_view Attribute::text() const {
  const std::string_view whole(reinterpret_cast<const char*>(value.data()), value.size());
  return whole.substr(0, whole.find('\0'));
}

}  // namespace mif::wire::netlink
