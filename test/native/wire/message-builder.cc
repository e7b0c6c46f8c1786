// SPDX-License-Identifier: MIT
#include "wire/message-builder.h"

namespace mif::test {

MessageBuilder& MessageBuilder::zeros(std::size_t count) {
  payload_.resize(payload_.size() + count);
  return *this;
}

void MessageBuilder::append(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const std::byte*>(data);
  payload_.insert(payload_.end(), bytes, bytes + size);
}

}  // namespace mif::test
