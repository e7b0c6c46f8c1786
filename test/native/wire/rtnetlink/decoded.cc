// SPDX-License-Identifier: MIT
#include "wire/rtnetlink/decoded.h"

#include <algorithm>

#include "record-text.h"
#include "test.h"

namespace mif::test {

using wire::netlink::Message;
using wire::netlink::Messages;
using wire::rtnetlink::decode;
using wire::rtnetlink::Decoded;
using wire::rtnetlink::Origin;

std::string decodedText(const Message& message, Origin origin) {
  contract::Change change;
  switch (decode(message, origin, kReceivedAt, change)) {
    case Decoded::kChange:
      return textOf(change, kReceivedAt);
    case Decoded::kIgnored:
      return "ignored";
    case Decoded::kMalformed:
      break;
  }
  return "malformed";
}

std::vector<std::string> decodedTexts(const std::string& name, Origin origin) {
  std::vector<std::string> texts;
  for (const Datagram& datagram : readVector(name).datagrams) {
    Messages messages(datagram);
    Message message;
    while (messages.next(message)) {
      if (message.type != wire::netlink::kNLMSG_DONE) texts.push_back(decodedText(message, origin));
    }
    if (!messages.isComplete()) fail(__FILE__, __LINE__, name + " has a datagram that is not wholly messages");
  }
  return texts;
}

void checkLines(const std::vector<std::string>& actual, const std::vector<std::string>& expected, const char* file,
                int line) {
  for (std::size_t i = 0; i < std::max(actual.size(), expected.size()); ++i) {
    const std::string seen = i < actual.size() ? actual[i] : "nothing";
    const std::string wanted = i < expected.size() ? expected[i] : "nothing";
    if (seen != wanted)
      fail(file, line, "line " + std::to_string(i + 1) + ": \"" + seen + "\" is not \"" + wanted + '"');
  }
}

}  // namespace mif::test
