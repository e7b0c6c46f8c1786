// SPDX-License-Identifier: MIT
// The messages within one datagram (RFC 3549 section 2.3.2). Splits and bounds them; what a payload means is
// the business of reply.h and of wire/rtnetlink.
#pragma once

#include <cstdint>

#include "base/cursor.h"
#include "wire/netlink/constants.h"

namespace mif::wire::netlink {

struct Message {
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  // Of the request that it answers, or that caused the notification, perhaps another process's (trap A10).
  std::uint32_t sequence = 0;
  std::uint32_t port = 0;
  // Without header and padding. As long as the datagram.
  base::Bytes payload;

  // The kernel saw the dumped table change meanwhile. Any message of a dump may carry it (trap A5); its absence
  // proves nothing (trap A6).
  bool isDumpInterrupted() const { return (flags & kNLM_F_DUMP_INTR) != 0; }
  // The kernel honoured the filter of a dump request (trap A14).
  bool isDumpFiltered() const { return (flags & kNLM_F_DUMP_FILTERED) != 0; }
};

// Walks a datagram. The last message may lack its padding.
class Messages {
 public:
  // The datagram has to outlive the messages.
  explicit Messages(base::Bytes datagram) : cursor_(datagram) {}

  // Whether there was a further message; when not, isComplete says why.
  [[nodiscard]] bool next(Message& message);

  // After next said no: whether the datagram ended where a message ended. Otherwise the rest is shorter than a
  // header or claims a length shorter than one or longer than what is left, and was not read.
  bool isComplete() const { return cursor_.remaining() == 0; }

 private:
  base::Cursor cursor_;
};

}  // namespace mif::wire::netlink
