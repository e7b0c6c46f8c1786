// SPDX-License-Identifier: MIT
#include "inputs.h"

#include <utility>

#include "promise.h"
#include "stream.h"
#include "vector.h"
#include "wire.h"
#include "wire/netlink/constants.h"
#include "wire/netlink/message.h"

namespace mif::fuzz {

namespace {

using wire::netlink::Message;

// Vectors of another byte order say nothing here.
std::vector<test::Datagram> datagramsOf(const std::string& name) {
  std::string problem;
  test::Vector vector = test::parseVector(name, problem);
  require(problem.empty(), problem.c_str());
  return vector.isHostOrder() ? std::move(vector.datagrams) : std::vector<test::Datagram>();
}

Inputs corpus(const std::string& file) {
  return datagramsOf("../fuzz/corpus/" + file);
}

bool isReply(const Message& message) {
  return message.type == wire::netlink::kNLMSG_ERROR || message.type == wire::netlink::kNLMSG_DONE;
}

bool isFor(const WirePart& part, const Message& message) {
  if (part.put != 0) return message.type == part.put || message.type == part.remove;
  return part.name == "reply" && isReply(message);
}

void addTo(Inputs& inputs, std::size_t part, base::Bytes bytes) {
  std::vector<std::byte>& input = inputs.emplace_back(1, static_cast<std::byte>(part));
  input.insert(input.end(), bytes.begin(), bytes.end());
}

Inputs wireSeeds() {
  Inputs inputs = corpus("wire-traps");
  for (const std::string& name : test::vectorNames("rtnetlink")) {
    for (const auto& datagram : datagramsOf(name)) {
      for (std::size_t part = 0; part < wireParts().size(); ++part) {
        if (wireParts()[part].name == "datagram") addTo(inputs, part, datagram);
        wire::netlink::Messages messages(datagram);
        Message message;
        while (messages.next(message)) {
          if (isFor(wireParts()[part], message)) addTo(inputs, part, message.payload);
        }
      }
    }
  }
  return inputs;
}

Inputs streamSeeds() {
  Inputs inputs;
  for (const std::string& name : test::vectorNames("rtnetlink")) {
    const bool isDump = name.find("dump") != std::string::npos;
    // One script of all that the vector says.
    std::vector<std::byte> all;
    for (const auto& datagram : datagramsOf(name)) {
      const std::vector<std::byte> script = streamOf(datagram, isDump);
      all.insert(all.end(), script.begin(), script.end());
    }
    if (!all.empty()) inputs.push_back(std::move(all));
  }
  return inputs;
}

}  // namespace

const std::vector<Target>& targets() {
  static const std::vector<Target> all = {
      {"wire", [](base::Bytes input) { static_cast<void>(runWire(input)); }, wireSeeds},
      {"stream", [](base::Bytes input) { static_cast<void>(runStream(input)); }, streamSeeds},
  };
  return all;
}

Inputs Target::found() const {
  return corpus(name);
}

}  // namespace mif::fuzz
