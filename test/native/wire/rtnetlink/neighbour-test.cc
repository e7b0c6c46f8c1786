// SPDX-License-Identifier: MIT
#include "test.h"
#include "wire/message-builder.h"
#include "wire/rtnetlink/decoded.h"

namespace {

using mif::test::decodedText;
using mif::test::MessageBuilder;
using mif::wire::rtnetlink::Origin;

MIF_TEST("wire/rtnetlink: a neighbour has its state, its flags and who made it") {
  MIF_CHECK_DECODED("rtnetlink/neighbour", Origin::kNotification,
                    {
                        "put neighbour 192.0.2.9 dev 3 mac 02:00:00:00:00:09 state 128 proto 4",
                        "put neighbour 2001:db8:1::9 dev 3 mac 02:00:00:00:00:09 state 4 flags 128",
                        "put neighbour 192.0.2.9 dev 3 state 32 proto 4",
                        "remove neighbour 192.0.2.9 dev 3 state 32 proto 4",
                    });
}

MIF_TEST("wire/rtnetlink: a bridge's forwarding entry is no neighbour (B4)") {
  MIF_CHECK_DECODED("rtnetlink/neighbour-bridge", Origin::kNotification, {"ignored"});
}

MIF_TEST("wire/rtnetlink: proxies are a dump of their own, and are told by their flag") {
  MIF_CHECK_DECODED("rtnetlink/neighbour-dump", Origin::kDump,
                    {"put neighbour 192.0.2.9 dev 3 mac 02:00:00:00:00:09 state 128"});
  MIF_CHECK_DECODED("rtnetlink/neighbour-proxy-dump", Origin::kDump, {"put neighbour 192.0.2.10 dev 3 flags 8"});
}

MIF_TEST("wire/rtnetlink: a neighbour without its address, or cut, is malformed (J5)") {
  MessageBuilder whole(28);
  whole.raw(std::uint8_t{2}).zeros(11);
  MIF_CHECK_EQUAL(decodedText(whole.message()), "malformed");
  MIF_CHECK_EQUAL(decodedText(MessageBuilder(whole).attribute(1, std::uint16_t{1}).message()), "malformed");
  for (std::size_t missing = 1; missing <= whole.payload().size(); ++missing) {
    MIF_CHECK_EQUAL(decodedText(MessageBuilder(whole).cut(missing).message()), "malformed");
  }
}

}  // namespace
