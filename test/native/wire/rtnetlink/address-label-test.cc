// SPDX-License-Identifier: MIT
#include "wire/rtnetlink/address-label.h"

#include <string>
#include <vector>

#include "test.h"
#include "vector.h"
#include "wire/message-builder.h"
#include "wire/rtnetlink/decoded.h"
#include "wire/rtnetlink/request.h"

namespace {

using mif::contract::AddressLabel;
using mif::test::MessageBuilder;
using mif::wire::rtnetlink::readAddressLabel;

constexpr std::uint16_t kNewLabel = 72;

std::string textOf(const AddressLabel& label) {
  return label.prefix.address.text() + '/' + std::to_string(label.prefix.length) + ' ' + std::to_string(label.label) +
         (label.index ? " dev " + std::to_string(*label.index) : "");
}

// 2001:db8::/32, label 99.
MessageBuilder label(std::uint8_t family = 10, std::uint8_t length = 32) {
  return MessageBuilder(kNewLabel)
      .raw(family, std::uint8_t{0}, length, std::uint8_t{0}, std::uint32_t{0}, std::uint32_t{1})
      .attribute(1, MessageBuilder().raw(std::uint32_t{0xb80d0120}).zeros(12))
      .attribute(2, std::uint32_t{99});
}

MIF_TEST("wire/rtnetlink: address labels come in the order in which they apply") {
  if (!mif::test::readVector("rtnetlink/address-label-dump").isHostOrder())
    MIF_SKIP("the vector is of the other order");
  std::vector<std::string> texts;
  for (const auto& datagram : mif::test::readVector("rtnetlink/address-label-dump").datagrams) {
    mif::wire::netlink::Messages messages(datagram);
    mif::wire::netlink::Message message;
    while (messages.next(message)) {
      if (const auto found = readAddressLabel(message)) texts.push_back(textOf(*found));
    }
  }
  mif::test::checkLines(texts,
                        {
                            "::1/128 0",
                            "::/96 3",
                            "::ffff:0.0.0.0/96 4",
                            "2001:db8:7::/48 99 dev 3",
                            "2001:db8::/32 7",
                            "2001::/32 6",
                            "2001:10::/28 7",
                            "3ffe::/16 12",
                            "2002::/16 2",
                            "fec0::/10 11",
                            "fc00::/7 5",
                            "::/0 1",
                        },
                        __FILE__, __LINE__);
}

MIF_TEST("wire/rtnetlink: an address label without a label, of another family or cut is none (J3, J5)") {
  const auto whole = readAddressLabel(label().message());
  MIF_CHECK(whole.has_value());
  if (whole && MessageBuilder().raw(std::uint16_t{1}).payload().front() == std::byte{1}) {
    MIF_CHECK_EQUAL(textOf(*whole), "2001:db8::/32 99");
  }
  MIF_CHECK(!readAddressLabel(label(2).message()));
  MIF_CHECK(!readAddressLabel(label(10, 129).message()));
  for (std::size_t missing = 1; missing <= label().payload().size(); ++missing) {
    MIF_CHECK(!readAddressLabel(label().cut(missing).message()));
  }
  MIF_CHECK(!readAddressLabel(MessageBuilder(20).zeros(64).message()));
}

}  // namespace
