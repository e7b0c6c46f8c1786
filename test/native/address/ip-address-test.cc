// SPDX-License-Identifier: MIT
#include "address/ip-address.h"

#include <array>

#include "test.h"

namespace {

using mif::address::IpAddress;

MIF_TEST("address/ip-address: text is the one form of RFC 5952 section 4") {
  struct Row {
    const char* given;
    const char* expected;
  };
  constexpr std::array<Row, 16> kRows = {{
      {"192.0.2.1", "192.0.2.1"},
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      // Section 4.1: no leading zeros. Section 4.3: lower case.
      {"2001:0DB8::0001", "2001:db8::1"},
      // Section 4.2.1: as short as possible. Section 4.2.2: not for one group.
      {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      // Section 4.2.3: the longest run, the first of equals.
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"0:0:1:2:3:4:5:6", "::1:2:3:4:5:6"},
      {"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
      // Section 5.
      {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
      {"::ffff:0:0", "::ffff:0.0.0.0"},
      {"64:ff9b::c000:201", "64:ff9b::c000:201"},
  }};
  for (const Row& row : kRows) MIF_CHECK_EQUAL(IpAddress::parse(row.given).text(), row.expected);
}

MIF_TEST("address/ip-address: text reads back as the same address") {
  // A cheap generator is enough: groups of 0, 1 and something else make every pattern of runs.
  std::uint32_t state = 1;
  for (int i = 0; i < 2000; ++i) {
    std::array<std::byte, 16> bytes{};
    for (std::size_t group = 0; group < 8; ++group) {
      state = state * 1664525 + 1013904223;
      const std::uint32_t kind = state >> 30;
      bytes[2 * group] = static_cast<std::byte>(kind == 3 ? state >> 16 : 0);
      bytes[2 * group + 1] = static_cast<std::byte>(kind == 0 ? 0 : kind == 1 ? 1 : state >> 8);
    }
    const IpAddress address = IpAddress::fromBytes(bytes);
    MIF_CHECK(IpAddress::parse(address.text()) == address);
  }
}

MIF_TEST("address/ip-address: what is no address is absent, not half an address") {
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", ":::", "1:2:3:4:5:6:7", "fe80::1%eth0",
                           "12345::", "0000:0000:0000:0000:0000:ffff:192.168.100.228:0", " 1.2.3.4"}) {
    MIF_CHECK(!IpAddress::parse(text).isPresent());
    MIF_CHECK(IpAddress::parse(text) == IpAddress());
  }
  MIF_CHECK(!IpAddress::parse(std::string_view("1.2.3.4\0x", 9)).isPresent());
  MIF_CHECK_EQUAL(IpAddress().text(), "");
}

MIF_TEST("address/ip-address: bytes of no family's length are absent") {
  const std::array<std::byte, 17> bytes{};
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    const IpAddress address = IpAddress::fromBytes(std::span(bytes).first(length));
    MIF_CHECK_EQUAL(address.family(), length == 4 ? 4 : length == 16 ? 6 : 0);
    MIF_CHECK_EQUAL(address.bytes().size(), length == 4 || length == 16 ? length : 0);
  }
}

MIF_TEST("address/ip-address: groups are numbers, most significant first") {
  MIF_CHECK_EQUAL(IpAddress::parse("192.0.2.1").group(0), 0xc0000201u);
  MIF_CHECK_EQUAL(IpAddress::parse("2001:db8::1").group(0), 0x20010db8u);
  MIF_CHECK_EQUAL(IpAddress::parse("2001:db8::1").group(3), 1u);
}

MIF_TEST("address/ip-address: 0.0.0.0 and :: are two addresses") {
  MIF_CHECK(IpAddress::unspecified(4) != IpAddress::unspecified(6));
  MIF_CHECK_EQUAL(IpAddress::unspecified(4).text(), "0.0.0.0");
  MIF_CHECK_EQUAL(IpAddress::unspecified(6).text(), "::");
  MIF_CHECK(!IpAddress::unspecified(5).isPresent());
}

}  // namespace
