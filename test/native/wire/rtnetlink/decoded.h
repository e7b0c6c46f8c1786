// SPDX-License-Identifier: MIT
// A whole vector decoded to text, one line per message.
#pragma once

#include <string>
#include <vector>

#include "contract/change.h"
#include "vector.h"
#include "wire/netlink/message.h"
#include "wire/rtnetlink/decode.h"

namespace mif::test {

// The moment at which every message of a test is received, milliseconds.
inline constexpr base::Deadline kReceivedAt = 1'000'000'000;

// What decode() makes of one message: textOf the change, or "ignored", or "malformed".
std::string decodedText(const wire::netlink::Message& message,
                        wire::rtnetlink::Origin origin = wire::rtnetlink::Origin::kNotification);

// The same for every message of a vector but NLMSG_DONE, in order. Fails the case where a datagram is not wholly
// messages.
std::vector<std::string> decodedTexts(const std::string& vector,
                                      wire::rtnetlink::Origin origin = wire::rtnetlink::Origin::kNotification);

// Compares line by line, and says which line differs.
void checkLines(const std::vector<std::string>& actual, const std::vector<std::string>& expected, const char* file,
                int line);

}  // namespace mif::test

// Fails the case unless the vector decodes to exactly these lines; skips it where the machine's order is another.
#define MIF_CHECK_DECODED(vector, origin, ...)                                                             \
  do {                                                                                                     \
    if (!::mif::test::readVector(vector).isHostOrder()) MIF_SKIP("the vector is of the other byte order"); \
    ::mif::test::checkLines(::mif::test::decodedTexts(vector, origin), __VA_ARGS__, __FILE__, __LINE__);   \
  } while (false)
