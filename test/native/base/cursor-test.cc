// SPDX-License-Identifier: MIT
#include "base/cursor.h"

#include <array>
#include <limits>

#include "test.h"

namespace {

using mif::base::Cursor;
using mif::base::readAt;
using mif::base::sliceAt;

constexpr std::array<std::byte, 5> kFive = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}, std::byte{5}};

MIF_TEST("base/cursor: a number that ends one byte behind the span is not read") {
  MIF_CHECK(readAt<std::uint32_t>(kFive, 1).has_value());
  MIF_CHECK(!readAt<std::uint32_t>(kFive, 2).has_value());
  MIF_CHECK(!readAt<std::uint64_t>(kFive, 0).has_value());
  MIF_CHECK(!readAt<std::uint8_t>({}, 0).has_value());
}

MIF_TEST("base/cursor: an offset that would wrap is not read (J5)") {
  const std::size_t last = std::numeric_limits<std::size_t>::max();
  MIF_CHECK(!readAt<std::uint32_t>(kFive, last).has_value());
  MIF_CHECK(!readAt<std::uint32_t>(kFive, last - 3).has_value());
  MIF_CHECK(!sliceAt(kFive, last, 2).has_value());
  MIF_CHECK(!sliceAt(kFive, 2, last).has_value());
}

MIF_TEST("base/cursor: an unaligned number is read whole (J1)") {
  const auto value = readAt<std::uint16_t>(kFive, 3);
  MIF_REQUIRE(value.has_value());
  std::array<std::byte, 2> bytes;
  std::memcpy(bytes.data(), &*value, 2);
  MIF_CHECK(bytes[0] == std::byte{4} && bytes[1] == std::byte{5});
}

MIF_TEST("base/cursor: a read that fails moves nothing") {
  Cursor cursor(kFive);
  MIF_CHECK(cursor.read<std::uint32_t>().has_value());
  MIF_CHECK(!cursor.read<std::uint16_t>().has_value());
  MIF_CHECK(!cursor.take(2).has_value());
  MIF_CHECK_EQUAL(cursor.remaining(), 1u);
  MIF_CHECK_EQUAL(*cursor.read<std::uint8_t>(), 5);
}

MIF_TEST("base/cursor: a step beyond the end stops at the end") {
  Cursor cursor(kFive);
  cursor.skip(4);
  MIF_CHECK_EQUAL(cursor.remaining(), 1u);
  cursor.skip(4);
  MIF_CHECK_EQUAL(cursor.remaining(), 0u);
  MIF_CHECK(cursor.take(0).has_value());
}

MIF_TEST("base/cursor: a slice is exactly what was asked for") {
  const auto slice = sliceAt(kFive, 1, 4);
  MIF_REQUIRE(slice.has_value());
  MIF_CHECK_EQUAL(slice->size(), 4u);
  MIF_CHECK(slice->front() == std::byte{2});
  MIF_CHECK(!sliceAt(kFive, 2, 4).has_value());
}

}  // namespace
