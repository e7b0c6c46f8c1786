// SPDX-License-Identifier: MIT
// Messages made by hand, for what no kernel sends: contradicting lengths, missing parts, numbers of the future.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/cursor.h"
#include "wire/netlink/message.h"

namespace mif::test {

class MessageBuilder {
 public:
  explicit MessageBuilder(std::uint16_t type = 0, std::uint16_t flags = 0) : type_(type), flags_(flags) {}

  // Numbers one behind the other, host order.
  template <typename... Numbers>
  MessageBuilder& raw(Numbers... numbers) {
    (append(&numbers, sizeof numbers), ...);
    return *this;
  }
  MessageBuilder& zeros(std::size_t count);
  // Overwrites what is there at an offset within the payload.
  template <typename T>
  MessageBuilder& at(std::size_t offset, T value) {
    std::memcpy(payload_.data() + offset, &value, sizeof value);
    return *this;
  }

  // An attribute, padded. `claimed` replaces its length, for lies.
  MessageBuilder& attribute(std::uint16_t type, base::Bytes value, int claimed = -1) {
    const auto length = static_cast<std::uint16_t>(claimed >= 0 ? claimed : static_cast<int>(4 + value.size()));
    raw(length, type);
    append(value.data(), value.size());
    return zeros((4 - value.size() % 4) % 4);
  }
  template <typename T>
    requires std::is_integral_v<T>
  MessageBuilder& attribute(std::uint16_t type, T value, int claimed = -1) {
    return attribute(type, std::as_bytes(std::span(&value, 1)), claimed);
  }
  MessageBuilder& attribute(std::uint16_t type, std::string_view text) {
    std::vector<char> terminated(text.begin(), text.end());
    terminated.push_back('\0');
    return attribute(type, std::as_bytes(std::span(terminated)));
  }
  MessageBuilder& attribute(std::uint16_t type, const MessageBuilder& nested) {
    return attribute(type, base::Bytes(nested.payload_));
  }
  // Takes padding, or more, off the end.
  MessageBuilder& cut(std::size_t count) {
    payload_.resize(payload_.size() - count);
    return *this;
  }

  // As long as this object is not changed.
  wire::netlink::Message message() const { return {type_, flags_, 0, 0, payload_}; }
  const std::vector<std::byte>& payload() const { return payload_; }

  // With header, unpadded. `claimed` replaces the length of the message, for lies.
  std::vector<std::byte> datagram(std::int64_t claimed = -1) const {
    MessageBuilder whole;
    const auto length =
        static_cast<std::uint32_t>(claimed >= 0 ? claimed : static_cast<std::int64_t>(16 + payload_.size()));
    whole.raw(length, type_, flags_, std::uint32_t{7}, std::uint32_t{4711});
    whole.append(payload_.data(), payload_.size());
    return whole.payload_;
  }

 private:
  void append(const void* data, std::size_t size);

  std::uint16_t type_;
  std::uint16_t flags_;
  std::vector<std::byte> payload_;
};

}  // namespace mif::test
