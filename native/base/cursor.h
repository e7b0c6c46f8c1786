// SPDX-License-Identifier: MIT
// Bounds-checked reading of bytes in host order. The only place where bytes become numbers: every value is
// copied out, never cast in place, because netlink aligns to 4 only (trap J1), and a read that would leave the
// span says "no" instead of happening. Knows no format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>

namespace mif::base {

using Bytes = std::span<const std::byte>;

// The T at byte `offset`; nothing when it does not lie wholly within `bytes`.
template <typename T>
  requires std::is_integral_v<T>
[[nodiscard]] inline std::optional<T> readAt(Bytes bytes, std::size_t offset) {
  // Written so that no sum can wrap, whatever the offset (trap J5).
  if (bytes.size() < sizeof(T) || offset > bytes.size() - sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

// `length` bytes from `offset` on; nothing when they do not all lie within `bytes`.
[[nodiscard]] inline std::optional<Bytes> sliceAt(Bytes bytes, std::size_t offset, std::size_t length) {
  if (bytes.size() < length || offset > bytes.size() - length) return std::nullopt;
  return bytes.subspan(offset, length);
}

// Reads from front to back. A read that fails moves nothing, so the position is always within the span.
class Cursor {
 public:
  explicit Cursor(Bytes bytes) : rest_(bytes) {}

  // Bytes not read yet; valid as long as the memory under the span.
  Bytes rest() const { return rest_; }
  std::size_t remaining() const { return rest_.size(); }

  // The next T in host order.
  template <typename T>
    requires std::is_integral_v<T>
  [[nodiscard]] std::optional<T> read() {
    const std::optional<T> value = readAt<T>(rest_, 0);
    if (value) rest_ = rest_.subspan(sizeof(T));
    return value;
  }

  // The next `length` bytes.
  [[nodiscard]] std::optional<Bytes> take(std::size_t length) {
    if (length > rest_.size()) return std::nullopt;
    const Bytes taken = rest_.first(length);
    rest_ = rest_.subspan(length);
    return taken;
  }

  // Steps over `length` bytes, or over what is left when that is less: the padding after the last element of
  // a netlink message may be missing.
  void skip(std::size_t length) { rest_ = rest_.subspan(length < rest_.size() ? length : rest_.size()); }

 private:
  Bytes rest_;
};

}  // namespace mif::base
