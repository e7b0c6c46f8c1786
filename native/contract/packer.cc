// SPDX-License-Identifier: MIT
#include "contract/packer.h"

namespace mif::contract {

namespace {

constexpr std::size_t kBytesPerWord = 4;
constexpr std::uint32_t kAllOnes = 0xffffffff;

}  // namespace

void Packer::string(std::string_view text) {
  bytes({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void Packer::mac(const address::LinkAddress& address) {
  bytes(address.bytes());
}

void Packer::address(const address::IpAddress& address) {
  word(address.family());
  groups(address);
}

void Packer::prefix(const address::Prefix& prefix) {
  word(prefix.address.family() | std::uint32_t{prefix.length} << 8);
  groups(prefix.address);
}

void Packer::lifetime(base::Deadline deadline) {
  if (deadline == base::kForever) {
    word(kAllOnes);
    word(kAllOnes);
    return;
  }
  // A negative number would read as an enormous one, and -1 as "for ever".
  const std::uint64_t milliseconds = deadline < 0 ? 0 : static_cast<std::uint64_t>(deadline);
  word(static_cast<std::uint32_t>(milliseconds));
  word(static_cast<std::uint32_t>(milliseconds >> 32));
}

void Packer::bytes(std::span<const std::uint8_t> bytes) {
  word(static_cast<std::uint32_t>(bytes.size()));
  for (std::size_t at = 0; at < bytes.size(); at += kBytesPerWord) {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + kBytesPerWord; ++i) value = value << 8 | (i < bytes.size() ? bytes[i] : 0u);
    word(value);
  }
}

void Packer::groups(const address::IpAddress& address) {
  for (int n = 0; n < address.bits() / 32; ++n) word(address.group(n));
}

}  // namespace mif::contract
