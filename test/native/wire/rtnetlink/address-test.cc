// SPDX-License-Identifier: MIT
#include <array>

#include "contract/change.h"
#include "test.h"
#include "wire/message-builder.h"
#include "wire/rtnetlink/decoded.h"

namespace {

using mif::test::decodedText;
using mif::test::kReceivedAt;
using mif::test::MessageBuilder;
using mif::wire::rtnetlink::decode;
using mif::wire::rtnetlink::Decoded;
using mif::wire::rtnetlink::Origin;

constexpr std::uint16_t kNewAddress = 20;
constexpr std::uint8_t kInet = 2;

// struct ifaddrmsg on interface 3.
MessageBuilder address(std::uint8_t family = kInet, std::uint8_t prefixLength = 24, std::uint8_t flags = 0) {
  return MessageBuilder(kNewAddress).raw(family, prefixLength, flags, std::uint8_t{0}, std::uint32_t{3});
}

MessageBuilder cacheInfo(std::uint32_t preferred, std::uint32_t valid) {
  return MessageBuilder().raw(preferred, valid, std::uint32_t{0}, std::uint32_t{0});
}

// 192.0.2.1 as it lies in memory.
constexpr std::array<std::byte, 4> kLocal = {std::byte{192}, std::byte{0}, std::byte{2}, std::byte{1}};

MIF_TEST("wire/rtnetlink: an IPv4 address is IFA_LOCAL, and IFA_ADDRESS only when it is a peer (C2)") {
  MIF_CHECK_DECODED("rtnetlink/address-ipv4", Origin::kNotification,
                    {
                        "put address 192.0.2.1/24 dev 3 broadcast 192.0.2.255 label v0:one flags 128",
                        "put address 192.0.2.2/24 dev 3 label v0 flags 129 metric 77",
                        "put address 10.0.0.1/32 dev 3 peer 10.0.0.2 label v0 flags 128",
                        "put address 10.9.0.1/16 dev 3 label v0 flags 512 preferred 300000 valid 600000",
                        "remove address 192.0.2.2/24 dev 3 label v0 flags 129 metric 77",
                    });
}

MIF_TEST("wire/rtnetlink: an IPv6 address has all 32 bits of its flags, and its peer apart (C1, C2, C8)") {
  MIF_CHECK_DECODED("rtnetlink/address-ipv6", Origin::kNotification,
                    {
                        "put address 2001:db8:1::1/64 dev 3 flags 130",
                        "put address 2001:db8:2::1/128 dev 3 peer 2001:db8:2::2 flags 130",
                        // 0x302: managed temporary and no prefix route, which the eight bits lose.
                        "put address 2001:db8:3::1/64 dev 3 flags 770 preferred 300000 valid 600000",
                        "put address 2001:db8:4::1/64 dev 3 flags 34 preferred 0 valid 600000",
                        "remove address 2001:db8:1::1/64 dev 3 flags 130",
                    });
}

MIF_TEST("wire/rtnetlink: an address is announced tentative and again when it is not (C3, C14)") {
  MIF_CHECK_DECODED("rtnetlink/address-tentative", Origin::kNotification,
                    {
                        "put address 2001:db8:1::1/64 dev 3 flags 192",
                        "put address fe80::ff:fe00:2/64 dev 2 scope 253 flags 128 origin 3",
                        "put address fe80::ff:fe00:1/64 dev 3 scope 253 flags 128 origin 3",
                        "put address 2001:db8:1::1/64 dev 3 flags 128",
                    });
}

MIF_TEST("wire/rtnetlink: dumps of both families tell who made an address where the kernel says (C14)") {
  MIF_CHECK_DECODED("rtnetlink/address-ipv4-dump", Origin::kDump,
                    {
                        "put address 127.0.0.1/8 dev 1 label lo scope 254 flags 128",
                        "put address 198.51.100.1/24 dev 2 label v1 flags 128",
                        "put address 192.0.2.1/24 dev 3 label v0 flags 128",
                    });
  MIF_CHECK_DECODED("rtnetlink/address-ipv6-dump", Origin::kDump,
                    {
                        "put address ::1/128 dev 1 scope 254 flags 128 origin 1",
                        "put address 2001:db8:2::1/64 dev 2 flags 130",
                        "put address fe80::ff:fe00:2/64 dev 2 scope 253 flags 128 origin 3",
                        "put address 2001:db8:3::1/64 dev 3 flags 2 preferred 300000 valid 600000",
                        "put address 2001:db8:1::1/64 dev 3 flags 130",
                        "put address fe80::ff:fe00:1/64 dev 3 scope 253 flags 128 origin 3",
                    });
}

MIF_TEST("wire/rtnetlink: seconds on the wire become a moment, and all ones become never (C12)") {
  mif::contract::Change change;
  const auto lifetimes = [&change](std::uint32_t preferred, std::uint32_t valid) {
    const MessageBuilder message = address().attribute(2, kLocal).attribute(6, cacheInfo(preferred, valid));
    return decode(message.message(), Origin::kDump, kReceivedAt, change) == Decoded::kChange;
  };
  MIF_REQUIRE(lifetimes(1, 0xffffffff));
  MIF_CHECK_EQUAL(change.address.preferredLifetime, kReceivedAt + 1000);
  MIF_CHECK_EQUAL(change.address.validLifetime, mif::base::kForever);
  // The longest finite one, 136 years, does not wrap.
  MIF_REQUIRE(lifetimes(0xfffffffe, 0xfffffffe));
  MIF_CHECK_EQUAL(change.address.validLifetime, kReceivedAt + 0xfffffffe * std::int64_t{1000});
}

MIF_TEST("wire/rtnetlink: a preferred lifetime of 0 means deprecated, whatever the flag says (C8)") {
  const auto flagsOf = [](std::uint32_t preferred, std::uint32_t flags) {
    return decodedText(
        address().attribute(2, kLocal).attribute(8, flags).attribute(6, cacheInfo(preferred, 600)).message());
  };
  MIF_CHECK_EQUAL(flagsOf(0, 0), "put address 192.0.2.1/24 dev 3 flags 32 preferred 0 valid 600000");
  MIF_CHECK_EQUAL(flagsOf(0, 0x20), "put address 192.0.2.1/24 dev 3 flags 32 preferred 0 valid 600000");
  MIF_CHECK_EQUAL(flagsOf(1, 0), "put address 192.0.2.1/24 dev 3 preferred 1000 valid 600000");
}

MIF_TEST("wire/rtnetlink: the eight bits serve where IFA_FLAGS is missing, in whatever order (C1)") {
  MIF_CHECK_EQUAL(decodedText(address(kInet, 24, 0x80).attribute(2, kLocal).message()),
                  "put address 192.0.2.1/24 dev 3 flags 128");
  MIF_CHECK_EQUAL(
      decodedText(address(kInet, 24, 0x80).attribute(8, std::uint32_t{0x300}).attribute(2, kLocal).message()),
      "put address 192.0.2.1/24 dev 3 flags 768");
  MIF_CHECK_EQUAL(
      decodedText(address(kInet, 24, 0x80).attribute(8, std::uint16_t{0x300}).attribute(2, kLocal).message()),
      "put address 192.0.2.1/24 dev 3 flags 128");
}

MIF_TEST("wire/rtnetlink: an address message without an address, or with a longer prefix, is malformed") {
  MIF_CHECK_EQUAL(decodedText(address().message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(address().attribute(2, std::uint16_t{7}).message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(address(kInet, 33).attribute(2, kLocal).message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(address(10, 129).attribute(1, MessageBuilder().zeros(16)).message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(address(45).message()), "ignored");
}

MIF_TEST("wire/rtnetlink: an address message cut anywhere within its fixed part is malformed (J5)") {
  const MessageBuilder whole = address();
  for (std::size_t missing = 1; missing <= whole.payload().size(); ++missing) {
    MIF_CHECK_EQUAL(decodedText(MessageBuilder(whole).cut(missing).message()), "malformed");
  }
}

}  // namespace
