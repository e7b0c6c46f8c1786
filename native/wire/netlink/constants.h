// SPDX-License-Identifier: MIT
// Numbers of netlink framing in the kernel's spelling (linux/netlink.h), written out here so that this room
// builds on any OS; native/kernel/linux/abi-check.cc compares them with the real header. RFC 3549 section 2.3.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mif::wire::netlink {

// Headers and attributes begin at multiples of this many bytes (NLMSG_ALIGNTO, NLA_ALIGNTO).
inline constexpr std::size_t kAlignment = 4;

// struct nlmsghdr, bytes.
inline constexpr std::size_t kHeaderLength = 0;    // u32, the whole message including this header.
inline constexpr std::size_t kHeaderType = 4;      // u16
inline constexpr std::size_t kHeaderFlags = 6;     // u16
inline constexpr std::size_t kHeaderSequence = 8;  // u32, of the request that it answers.
inline constexpr std::size_t kHeaderPort = 12;     // u32, port of the requester; 0 for the kernel's own doing.
inline constexpr std::size_t kHeaderSize = 16;

// struct nlattr, bytes.
inline constexpr std::size_t kAttributeLength = 0;  // u16, including this header, without padding.
inline constexpr std::size_t kAttributeType = 2;    // u16, with the two bits below.
inline constexpr std::size_t kAttributeHeaderSize = 4;

// Bits of an attribute's type that are not its type (trap J2).
inline constexpr std::uint16_t kNLA_F_NESTED = 0x8000;
inline constexpr std::uint16_t kNLA_F_NET_BYTEORDER = 0x4000;
inline constexpr std::uint16_t kNLA_TYPE_MASK = 0x3fff;

// Message types below the first one of a family.
inline constexpr std::uint16_t kNLMSG_NOOP = 1;
inline constexpr std::uint16_t kNLMSG_ERROR = 2;
inline constexpr std::uint16_t kNLMSG_DONE = 3;
inline constexpr std::uint16_t kNLMSG_OVERRUN = 4;

// Flags of any message.
inline constexpr std::uint16_t kNLM_F_REQUEST = 0x1;
inline constexpr std::uint16_t kNLM_F_MULTI = 0x2;
inline constexpr std::uint16_t kNLM_F_ACK = 0x4;
inline constexpr std::uint16_t kNLM_F_DUMP_INTR = 0x10;
inline constexpr std::uint16_t kNLM_F_DUMP_FILTERED = 0x20;

// Flags of a request to read.
inline constexpr std::uint16_t kNLM_F_ROOT = 0x100;
inline constexpr std::uint16_t kNLM_F_MATCH = 0x200;
inline constexpr std::uint16_t kNLM_F_DUMP = kNLM_F_ROOT | kNLM_F_MATCH;

// Flags of a request to write. A notification carries those of the request behind it (trap D7).
inline constexpr std::uint16_t kNLM_F_REPLACE = 0x100;
inline constexpr std::uint16_t kNLM_F_EXCL = 0x200;
inline constexpr std::uint16_t kNLM_F_CREATE = 0x400;
inline constexpr std::uint16_t kNLM_F_APPEND = 0x800;

// Flags of NLMSG_ERROR and NLMSG_DONE.
inline constexpr std::uint16_t kNLM_F_CAPPED = 0x100;
inline constexpr std::uint16_t kNLM_F_ACK_TLVS = 0x200;

// Attributes of an extended acknowledgement.
inline constexpr std::uint16_t kNLMSGERR_ATTR_MSG = 1;
inline constexpr std::uint16_t kNLMSGERR_ATTR_OFFS = 2;

// A length rounded up to the next boundary. In 64 bits, so that no length field can make it wrap, not even
// where std::size_t has 32 (trap J5).
constexpr std::uint64_t aligned(std::uint64_t length) {
  return (length + kAlignment - 1) & ~std::uint64_t{kAlignment - 1};
}

}  // namespace mif::wire::netlink
