// SPDX-License-Identifier: MIT
#include "wire/netlink/request.h"

#include <cstring>

namespace mif::wire::netlink {

Request::Request(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence, std::size_t bodySize)
    : sequence_(sequence) {
  const auto allFlags = static_cast<std::uint16_t>(flags | kNLM_F_REQUEST);
  setSize(kHeaderSize + static_cast<std::size_t>(aligned(bodySize)));
  write(kHeaderType, &type, sizeof type);
  write(kHeaderFlags, &allFlags, sizeof allFlags);
  write(kHeaderSequence, &sequence, sizeof sequence);
}

void Request::attribute(std::uint16_t type, std::uint32_t value) {
  const std::uint16_t length = kAttributeHeaderSize + sizeof value;
  const std::size_t at = size_;
  if (at + length > kCapacity) return;
  setSize(at + length);
  write(at + kAttributeLength, &length, sizeof length);
  write(at + kAttributeType, &type, sizeof type);
  write(at + kAttributeHeaderSize, &value, sizeof value);
}

void Request::write(std::size_t at, const void* value, std::size_t length) {
  if (length <= size_ && at <= size_ - length) std::memcpy(bytes_.data() + at, value, length);
}

void Request::setSize(std::size_t size) {
  size_ = size < kCapacity ? size : kCapacity;
  const auto length = static_cast<std::uint32_t>(size_);
  write(kHeaderLength, &length, sizeof length);
}

}  // namespace mif::wire::netlink
