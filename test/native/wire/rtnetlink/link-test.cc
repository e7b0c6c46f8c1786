// SPDX-License-Identifier: MIT
#include "test.h"
#include "wire/message-builder.h"
#include "wire/rtnetlink/decoded.h"

namespace {

using mif::test::decodedText;
using mif::test::MessageBuilder;
using mif::wire::rtnetlink::Origin;

constexpr std::uint16_t kNewLink = 16;
constexpr std::uint16_t kDelLink = 17;
constexpr std::uint8_t kAnyFamily = 0;
constexpr std::uint8_t kInet6 = 10;

// struct ifinfomsg of an Ethernet interface.
MessageBuilder link(std::uint16_t type, std::uint8_t family, std::uint32_t index, std::uint32_t changed = 0) {
  return MessageBuilder(type).raw(family, std::uint8_t{0}, std::uint16_t{1}, index, std::uint32_t{0x1003}, changed);
}

MIF_TEST("wire/rtnetlink: a dump gives every attribute of a link, alternative names included (B8)") {
  MIF_CHECK_DECODED(
      "rtnetlink/link-dump", Origin::kDump,
      {
          "put link 1 name lo type 772 mac 00:00:00:00:00:00 broadcast 00:00:00:00:00:00 mtu 65536 "
          "flags 65609 queue 1000 ra 1 temporary -1",
          "put link 2 name v1 kind veth type 1 mac 02:00:00:00:00:02 broadcast ff:ff:ff:ff:ff:ff "
          "mtu 1500 flags 69699 state 6 parent 3 group 7 queue 1000 ra 1",
          "put link 3 name v0 kind veth type 1 mac 02:00:00:00:00:01 broadcast ff:ff:ff:ff:ff:ff "
          "mtu 1500 flags 69699 state 6 parent 2 master 4 queue 1000 alt uplink-of-the-office alt wan0 ra 1",
          "put link 4 name br0 kind bridge type 1 mac 02:00:00:00:00:03 broadcast ff:ff:ff:ff:ff:ff "
          "mtu 1500 flags 4098 state 2 queue 1000 ra 1",
      });
}

MIF_TEST("wire/rtnetlink: coming up is two messages, carrier before running (B1)") {
  MIF_CHECK_DECODED("rtnetlink/link-add-up-delete", Origin::kNotification,
                    {
                        "put link 2 name v1 kind veth type 1 mac 02:00:00:00:00:02 broadcast ff:ff:ff:ff:ff:ff "
                        "mtu 1500 flags 4098 state 2 queue 1000 ra 1",
                        "put link 3 name v0 kind veth type 1 mac 02:00:00:00:00:01 broadcast ff:ff:ff:ff:ff:ff "
                        "mtu 1500 flags 4098 state 2 parent 2 queue 1000 ra 1",
                        "put link 2 name v1 kind veth type 1 mac 02:00:00:00:00:02 broadcast ff:ff:ff:ff:ff:ff "
                        "mtu 1500 flags 4099 state 3 parent 3 queue 1000 ra 1",
                        "put link 3 name v0 kind veth type 1 mac 02:00:00:00:00:01 broadcast ff:ff:ff:ff:ff:ff "
                        "mtu 1500 flags 69635 state 3 parent 2 queue 1000 ra 1",
                        "put link 3 name v0 kind veth type 1 mac 02:00:00:00:00:01 broadcast ff:ff:ff:ff:ff:ff "
                        "mtu 1500 flags 69699 state 6 parent 2 queue 1000 ra 1",
                        "put link 2 name v1 kind veth type 1 mac 02:00:00:00:00:02 broadcast ff:ff:ff:ff:ff:ff "
                        "mtu 1500 flags 69699 state 6 parent 3 queue 1000 ra 1",
                        "put link 3 name v0 kind veth type 1 mac 02:00:00:00:00:01 broadcast ff:ff:ff:ff:ff:ff "
                        "mtu 1500 flags 4098 state 2 queue 1000 ra 1",
                        "put link 2 name v1 kind veth type 1 mac 02:00:00:00:00:02 broadcast ff:ff:ff:ff:ff:ff "
                        "mtu 1500 flags 4098 state 2 queue 1000 ra 1",
                        "remove link 3 name v0 kind veth type 1 mac 02:00:00:00:00:01 broadcast ff:ff:ff:ff:ff:ff "
                        "mtu 1500 flags 4098 state 2 queue 1000",
                        "remove link 2 name v1 kind veth type 1 mac 02:00:00:00:00:02 broadcast ff:ff:ff:ff:ff:ff "
                        "mtu 1500 flags 4098 state 2 queue 1000",
                    });
}

MIF_TEST("wire/rtnetlink: a port that leaves its bridge is no link that goes (B4)") {
  constexpr const char* kMember =
      "put link 3 name v0 kind veth type 1 mac 02:00:00:00:00:01 broadcast ff:ff:ff:ff:ff:ff mtu 1500 flags 69699 "
      "state 6 parent 2 master 4 queue 1000 ra 1";
  constexpr const char* kBridge =
      "put link 4 name br0 kind bridge type 1 mac 02:00:00:00:00:03 broadcast ff:ff:ff:ff:ff:ff mtu 1500 flags 4098 "
      "state 2 queue 1000 ra 1";
  MIF_CHECK_DECODED("rtnetlink/link-bridge-port", Origin::kNotification,
                    {
                        kMember,
                        kMember,
                        kBridge,
                        "ignored",
                        kMember,
                        "ignored",
                        "ignored",
                        "put link 3 name v0 kind veth type 1 mac 02:00:00:00:00:01 broadcast ff:ff:ff:ff:ff:ff "
                        "mtu 1500 flags 69699 state 6 parent 2 queue 1000 ra 1",
                        kBridge,
                    });
}

MIF_TEST("wire/rtnetlink: an AF_INET6 link message is a part of a link and says nothing of its parent (B5, B11)") {
  MIF_CHECK_DECODED("rtnetlink/link-ipv6-part", Origin::kNotification,
                    {"partial link 3 name v0 type 1 mac 02:00:00:00:00:01 mtu 1500 flags 69699 state 6 ra 1"});
}

MIF_TEST("wire/rtnetlink: only AF_UNSPEC ends a link (B4, B5)") {
  for (const std::uint8_t family : {std::uint8_t{7}, kInet6, std::uint8_t{2}, std::uint8_t{45}}) {
    MIF_CHECK_EQUAL(decodedText(link(kDelLink, family, 3).message()), "ignored");
  }
  MIF_CHECK_EQUAL(decodedText(link(kDelLink, kAnyFamily, 3).message()), "remove link 3 type 1 flags 4099");
  MIF_CHECK_EQUAL(decodedText(link(kNewLink, 7, 3).message()), "ignored");
}

MIF_TEST("wire/rtnetlink: a link whose peer is elsewhere says in which namespace (B10, B11)") {
  constexpr const char* kMoving =
      " link 2 name v1 kind veth type 1 mac 02:00:00:00:00:02 broadcast ff:ff:ff:ff:ff:ff mtu 1500 flags 4098 state 2 "
      "parent 3 queue 1000";
  constexpr const char* kLeft =
      "put link 3 name v0 kind veth type 1 mac 02:00:00:00:00:01 broadcast ff:ff:ff:ff:ff:ff mtu ";
  constexpr const char* kForeign = " flags 4099 state 2 parent 2 parent-namespace 0 queue 1000 ra 1";
  MIF_CHECK_DECODED("rtnetlink/link-moved", Origin::kNotification,
                    {std::string("put") + kMoving + " ra 1", std::string("remove") + kMoving,
                     std::string(kLeft) + "1500" + kForeign, std::string(kLeft) + "1400" + kForeign});
}

MIF_TEST("wire/rtnetlink: a renamed link keeps its index, and its IPv4 address repeats itself (B7)") {
  MIF_CHECK_DECODED("rtnetlink/link-rename", Origin::kNotification,
                    {
                        "put link 3 name wan kind veth type 1 mac 02:00:00:00:00:01 broadcast ff:ff:ff:ff:ff:ff "
                        "mtu 1500 flags 69699 state 6 parent 2 queue 1000 ra 1",
                        "put address 192.0.2.1/24 dev 3 label wan flags 128",
                    });
}

MIF_TEST("wire/rtnetlink: a wireless event is not taken for the whole link (B15)") {
  MessageBuilder event = link(kNewLink, kAnyFamily, 3).attribute(3, "wlan0").attribute(11, std::uint64_t{1});
  MIF_CHECK_EQUAL(decodedText(event.message()), "ignored");
  MessageBuilder change = link(kNewLink, kAnyFamily, 3, 0x40).attribute(3, "wlan0").attribute(11, std::uint64_t{1});
  MIF_CHECK_EQUAL(decodedText(change.message()), "put link 3 name wlan0 type 1 flags 4099");
}

MIF_TEST("wire/rtnetlink: a parent of 0 is none, and a namespace without a parent is none either (B11)") {
  MIF_CHECK_EQUAL(decodedText(link(kNewLink, kAnyFamily, 3)
                                  .attribute(5, std::uint32_t{0})
                                  .attribute(37, std::int32_t{2})
                                  .attribute(10, std::uint32_t{0})
                                  .message()),
                  "put link 3 type 1 flags 4099");
  // A foreign namespace that has no id here.
  MIF_CHECK_EQUAL(
      decodedText(
          link(kNewLink, kAnyFamily, 3).attribute(37, std::int32_t{-1}).attribute(5, std::uint32_t{9}).message()),
      "put link 3 type 1 flags 4099 parent 9 parent-namespace -1");
}

MIF_TEST("wire/rtnetlink: attributes that repeat do not add up (J3)") {
  const MessageBuilder names = MessageBuilder().attribute(53, "one").attribute(53, "two");
  MIF_CHECK_EQUAL(
      decodedText(link(kNewLink, kAnyFamily, 3).attribute(52, names).attribute(52 | 0x8000, names).message()),
      "put link 3 type 1 flags 4099 alt one alt two");
}

MIF_TEST("wire/rtnetlink: an operational state of the future is unknown, an unknown attribute is no harm (J3)") {
  MIF_CHECK_EQUAL(decodedText(link(kNewLink, kAnyFamily, 3)
                                  .attribute(16, std::uint8_t{9})
                                  .attribute(999, std::uint64_t{1})
                                  .attribute(4, std::uint32_t{1500})
                                  .message()),
                  "put link 3 type 1 mtu 1500 flags 4099");
}

MIF_TEST("wire/rtnetlink: a link message cut anywhere within its fixed part is malformed (J5)") {
  const MessageBuilder whole = link(kNewLink, kAnyFamily, 3);
  for (std::size_t missing = 1; missing <= whole.payload().size(); ++missing) {
    MIF_CHECK_EQUAL(decodedText(MessageBuilder(whole).cut(missing).message()), "malformed");
  }
  MIF_CHECK_EQUAL(decodedText(link(kNewLink, kAnyFamily, 0).message()), "malformed");
}

MIF_TEST("wire/rtnetlink: a lie about a length within a nested attribute makes the link malformed (J2, J6)") {
  const MessageBuilder lie = MessageBuilder().attribute(1, std::uint32_t{0x41}, 2);
  for (const std::uint16_t type : {std::uint16_t{18}, std::uint16_t{52}, std::uint16_t{0x8000 | 18}}) {
    MIF_CHECK_EQUAL(decodedText(link(kNewLink, kAnyFamily, 3).attribute(type, lie).message()), "malformed");
  }
}

}  // namespace
