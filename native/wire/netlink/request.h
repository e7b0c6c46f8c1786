// SPDX-License-Identifier: MIT
// Builds one request: header, fixed body, attributes, in host order. Small and without allocation; that the body
// has the size that strict checking wants is the caller's to see to (trap A15).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/cursor.h"
#include "wire/netlink/constants.h"

namespace mif::wire::netlink {

class Request {
 public:
  // Bytes; enough for every body of rtnetlink (at most 16) and a dozen attributes.
  static constexpr std::size_t kCapacity = 256;

  // NLM_F_REQUEST is added. The body is zeros; put() fills it.
  Request(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence, std::size_t bodySize);

  // A field of the body at its offset within the body.
  template <typename T>
    requires std::is_integral_v<T>
  void put(std::size_t offset, T value) {
    write(kHeaderSize + offset, &value, sizeof(T));
  }

  // Behind what is there, padded. An attribute that does not fit is a mistake of the caller; it is left out.
  void attribute(std::uint16_t type, std::uint32_t value);
  // The same for text, which the kernel wants to end with a zero.
  void attribute(std::uint16_t type, std::string_view text);
  // The same for bytes as they are.
  void attribute(std::uint16_t type, base::Bytes value);

  // As long as this object lives and is not changed.
  base::Bytes bytes() const { return base::Bytes(bytes_).first(size_); }
  std::uint32_t sequence() const { return sequence_; }

 private:
  void attribute(std::uint16_t type, const void* value, std::size_t length);
  void write(std::size_t at, const void* value, std::size_t length);
  void setSize(std::size_t size);

  std::array<std::byte, kCapacity> bytes_{};
  std::size_t size_ = 0;
  std::uint32_t sequence_ = 0;
};

}  // namespace mif::wire::netlink
