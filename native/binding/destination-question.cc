// SPDX-License-Identifier: MIT
#include "binding/destination-question.h"

#include <array>
#include <cstddef>

#include "address/prefix.h"

namespace mif::binding {

namespace {

constexpr std::uint32_t kMostPrecedence = 0xff;

// Reads one word after the other; after the last it says that it has failed, and gives zeros.
class WordReader {
 public:
  explicit WordReader(std::span<const std::uint32_t> words) : words_(words) {}

  bool hasFailed() const { return hasFailed_; }
  bool isAtEnd() const { return words_.empty(); }
  void fail() { hasFailed_ = true; }

  std::uint32_t word() {
    if (words_.empty()) {
      hasFailed_ = true;
      return 0;
    }
    const std::uint32_t next = words_.front();
    words_ = words_.subspan(1);
    return next;
  }

  // How many things follow that take `size` words each; none when there is no room for them.
  std::uint32_t count(std::size_t size) {
    const std::uint32_t told = word();
    if (told <= words_.size() / size) return told;
    hasFailed_ = true;
    return 0;
  }

  // Family and four groups.
  address::IpAddress address() {
    const std::uint32_t family = word();
    std::array<std::byte, 16> bytes{};
    for (std::size_t group = 0; group < 4; ++group) {
      const std::uint32_t bits = word();
      for (std::size_t at = 0; at < 4; ++at) bytes[4 * group + at] = static_cast<std::byte>(bits >> (24 - 8 * at));
    }
    const std::size_t length = family == 4 ? 4 : family == 6 ? 16 : 0;
    if (length == 0) hasFailed_ = true;
    return address::IpAddress::fromBytes(std::span(bytes).first(length));
  }

 private:
  std::span<const std::uint32_t> words_;
  bool hasFailed_ = false;
};

// Words that each thing takes.
constexpr std::size_t kAddress = 5;
constexpr std::size_t kPolicyRow = kAddress + 3;
constexpr std::size_t kLeastCarrier = 3;
constexpr std::size_t kDestination = kAddress + 1;

void readPolicy(WordReader& words, selection::PolicyTable& policy) {
  for (std::uint32_t left = words.count(kPolicyRow); left > 0; --left) {
    const address::IpAddress address = words.address();
    const std::uint32_t length = words.word();
    const std::uint32_t precedence = words.word();
    const std::uint32_t label = words.word();
    if (words.hasFailed() || length > address.bits() || precedence > kMostPrecedence) return words.fail();
    policy.put(
        {{address, static_cast<std::uint8_t>(length)}, static_cast<std::uint8_t>(precedence), label, std::nullopt});
  }
}

selection::Carrier readCarrier(WordReader& words) {
  selection::Carrier carrier;
  carrier.device = words.word();
  for (std::uint32_t left = words.count(kAddress); left > 0; --left) carrier.sources.push_back(words.address());
  for (std::uint32_t left = words.count(2 * kAddress); left > 0; --left) {
    const address::IpAddress source = words.address();
    carrier.advertised.push_back({source, words.address()});
  }
  return carrier;
}

}  // namespace

std::optional<DestinationQuestion> readDestinationQuestion(std::span<const std::uint32_t> given) {
  DestinationQuestion question;
  WordReader words(given);
  question.flow.mark = words.word();
  question.flow.uid = words.word();
  const std::optional<selection::SourcePreferences> preferences = selection::preferencesOf(words.word());
  if (!preferences) return std::nullopt;
  question.flow.preferences = *preferences;
  readPolicy(words, question.policy);
  for (std::uint32_t left = words.count(kLeastCarrier); left > 0; --left) {
    question.carriers.push_back(readCarrier(words));
  }
  for (std::uint32_t left = words.count(kDestination); left > 0; --left) {
    const address::IpAddress address = words.address();
    question.destinations.push_back({address, words.word()});
  }
  if (words.hasFailed() || !words.isAtEnd()) return std::nullopt;
  return question;
}

}  // namespace mif::binding
