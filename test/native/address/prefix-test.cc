// SPDX-License-Identifier: MIT
#include "address/prefix.h"

#include "test.h"

namespace {

using mif::address::commonPrefixLength;
using mif::address::IpAddress;
using mif::address::Prefix;

Prefix prefix(const char* address, std::uint8_t length) {
  return {IpAddress::parse(address), length};
}

MIF_TEST("address/prefix: only the leading bits decide what it contains") {
  MIF_CHECK(prefix("192.0.2.0", 24).contains(IpAddress::parse("192.0.2.255")));
  MIF_CHECK(!prefix("192.0.2.0", 24).contains(IpAddress::parse("192.0.3.0")));
  MIF_CHECK(prefix("192.0.2.77", 24).contains(IpAddress::parse("192.0.2.1")));
  MIF_CHECK(prefix("2001:db8:0:8000::", 49).contains(IpAddress::parse("2001:db8:0:ffff::")));
  MIF_CHECK(!prefix("2001:db8:0:8000::", 49).contains(IpAddress::parse("2001:db8:0:7fff::")));
  MIF_CHECK(prefix("10.0.0.1", 32).contains(IpAddress::parse("10.0.0.1")));
  MIF_CHECK(!prefix("10.0.0.1", 32).contains(IpAddress::parse("10.0.0.0")));
}

MIF_TEST("address/prefix: length 0 contains its family and nothing of the other") {
  MIF_CHECK(prefix("0.0.0.0", 0).contains(IpAddress::parse("255.0.0.1")));
  MIF_CHECK(!prefix("0.0.0.0", 0).contains(IpAddress::parse("::")));
  MIF_CHECK(prefix("::", 0).contains(IpAddress::parse("ffff::")));
  MIF_CHECK(!prefix("::", 0).contains(IpAddress()));
  MIF_CHECK(!Prefix{}.contains(IpAddress()));
}

MIF_TEST("address/prefix: common bits are counted across groups and not across families (SAS-08)") {
  MIF_CHECK_EQUAL(commonPrefixLength(IpAddress::parse("fe80::1"), IpAddress::parse("fe80::2")), 126);
  MIF_CHECK_EQUAL(commonPrefixLength(IpAddress::parse("2001:db8::"), IpAddress::parse("2001:db8:8000::")), 32);
  MIF_CHECK_EQUAL(commonPrefixLength(IpAddress::parse("::1"), IpAddress::parse("::1")), 128);
  MIF_CHECK_EQUAL(commonPrefixLength(IpAddress::parse("128.0.0.0"), IpAddress::parse("0.0.0.0")), 0);
  MIF_CHECK_EQUAL(commonPrefixLength(IpAddress::parse("10.0.0.1"), IpAddress::parse("10.0.0.1")), 32);
  MIF_CHECK_EQUAL(commonPrefixLength(IpAddress::parse("0.0.0.0"), IpAddress::parse("::")), 0);
  MIF_CHECK_EQUAL(commonPrefixLength(IpAddress(), IpAddress()), 0);
}

}  // namespace
