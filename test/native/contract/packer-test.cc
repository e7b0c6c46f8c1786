// SPDX-License-Identifier: MIT
#include "contract/packer.h"

#include <array>

#include "contract/contract.gen.h"
#include "test.h"

namespace {

using mif::address::IpAddress;
using mif::contract::Packer;
using Words = std::vector<std::uint32_t>;

MIF_TEST("contract/packer: text is its length and its bytes, most significant first, padded with zeros") {
  Packer packer;
  packer.string("");
  packer.string("eth0");
  packer.string("wlan1");
  MIF_CHECK(packer.words() == Words{0, 4, 0x65746830, 5, 0x776c616e, 0x31000000});
}

MIF_TEST("contract/packer: a byte above 127 does not spill into its neighbours") {
  Packer packer;
  packer.string(
      "a\xff"
      "b\x80");
  MIF_CHECK(packer.words() == Words{4, 0x61ff6280});
}

MIF_TEST("contract/packer: an address is its family and its groups, and nothing more when absent") {
  Packer packer;
  packer.address(IpAddress());
  packer.address(IpAddress::parse("192.0.2.1"));
  packer.address(IpAddress::parse("2001:db8::1"));
  MIF_CHECK(packer.words() == Words{0, 4, 0xc0000201, 6, 0x20010db8, 0, 0, 1});
}

MIF_TEST("contract/packer: a prefix carries its length beside its family") {
  Packer packer;
  packer.prefix({IpAddress::parse("10.0.0.0"), 8});
  packer.prefix({IpAddress::unspecified(6), 0});
  packer.prefix({IpAddress::parse("::1"), 128});
  MIF_CHECK(packer.words() == Words{0x0804, 0x0a000000, 6, 0, 0, 0, 0, 0x8006, 0, 0, 0, 1});
}

MIF_TEST("contract/packer: a link-layer address of any length keeps its bytes") {
  constexpr std::array<std::byte, 6> kMac = {std::byte{2}, std::byte{0},    std::byte{0},
                                             std::byte{0}, std::byte{0xfe}, std::byte{1}};
  Packer packer;
  packer.mac(mif::address::LinkAddress::fromBytes(kMac));
  packer.mac({});
  MIF_CHECK(packer.words() == Words{6, 0x02000000, 0xfe010000, 0});
}

MIF_TEST("contract/packer: a lifetime without end is all ones, and one that is long over is not") {
  Packer packer;
  packer.lifetime(mif::base::kForever);
  packer.lifetime(0x1'0000'0002);
  packer.lifetime(-1);
  MIF_CHECK(packer.words() == Words{0xffffffff, 0xffffffff, 2, 1, 0, 0});
}

MIF_TEST("contract/packer: a count that is known afterwards goes where its place was kept") {
  Packer packer;
  packer.word(7);
  const std::size_t place = packer.size();
  packer.word(0);
  packer.word(9);
  packer.patch(place, 8);
  MIF_CHECK(packer.words() == Words{7, 8, 9});
  packer.clear();
  MIF_CHECK_EQUAL(packer.size(), 0u);
}

MIF_TEST("contract/packer: a record says which of its optional members follow") {
  mif::contract::Neighbour neighbour;
  neighbour.index = 3;
  neighbour.family = 4;
  neighbour.address = IpAddress::parse("192.0.2.9");
  neighbour.state = mif::contract::NeighbourState::kStale;
  Packer packer;
  pack(neighbour, packer);
  MIF_CHECK(packer.words() == Words{0, 3, 4, 4, 0xc0000209, 4, 0});
  neighbour.protocol = mif::contract::RouteProtocol::kStatic;
  packer.clear();
  pack(neighbour, packer);
  MIF_CHECK(packer.words() == Words{2, 3, 4, 4, 0xc0000209, 4, 0, 4});
}

}  // namespace
