// SPDX-License-Identifier: MIT
// Writes records as 32-bit words, the form in which tables cross to JavaScript: one copy, no object built
// here. lib/binding/unpacker.ts reads it. Numbers are host order; bytes, of text as of addresses, go most
// significant first within a word, so that the reader shifts and need not know the order of the host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "address/ip-address.h"
#include "address/link-address.h"
#include "address/prefix.h"
#include "base/clock.h"

namespace mif::contract {

class Packer {
 public:
  void word(std::uint32_t value) { words_.push_back(value); }

  // Length in bytes, then the bytes, padded with zeros to a word.
  void string(std::string_view text);
  void mac(const address::LinkAddress& address);

  // Family (0, 4 or 6), then one or four groups.
  void address(const address::IpAddress& address);
  // Family in the low byte and length in the next, then the groups.
  void prefix(const address::Prefix& prefix);

  // Milliseconds on base::now()'s clock, low word first; all ones for ever. One before the clock began is 0.
  void lifetime(base::Deadline deadline);

  std::size_t size() const { return words_.size(); }
  // For counts that are known only afterwards.
  void patch(std::size_t at, std::uint32_t value) { words_[at] = value; }
  const std::vector<std::uint32_t>& words() const { return words_; }
  void clear() { words_.clear(); }

 private:
  void bytes(std::span<const std::uint8_t> bytes);
  void groups(const address::IpAddress& address);

  std::vector<std::uint32_t> words_;
};

}  // namespace mif::contract
