// SPDX-License-Identifier: MIT
#include "wire/netlink/request.h"

#include <cstring>
#include <string>

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
  attribute(type, &value, sizeof value);
}

void Request::attribute(std::uint16_t type, std::string_view text) {
  const std::string terminated(text);
  attribute(type, terminated.c_str(), terminated.size() + 1);
}

void Request::attribute(std::uint16_t type, base::Bytes value) {
  attribute(type, value.data(), value.size());
}

void Request::attribute(std::uint16_t type, const void* value, std::size_t length) {
  const std::size_t at = size_;
  const std::size_t end = at + static_cast<std::size_t>(aligned(kAttributeHeaderSize + length));
  if (end > kCapacity) return;
  const auto total = static_cast<std::uint16_t>(kAttributeHeaderSize + length);
  setSize(end);
  write(at + kAttributeLength, &total, sizeof total);
  write(at + kAttributeType, &type, sizeof type);
  write(at + kAttributeHeaderSize, value, length);
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
