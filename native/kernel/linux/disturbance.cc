// SPDX-License-Identifier: MIT
#include "kernel/linux/disturbance.h"

#include <algorithm>

#include "wire/netlink/message.h"
#include "wire/rtnetlink/constants.h"
#include "wire/rtnetlink/decode.h"

namespace mif::kernel {

using contract::RecordKind;

namespace {

bool isAbout(const wire::netlink::Message& message, RecordKind kind, std::uint8_t family) {
  const wire::rtnetlink::Decoder& decoder = wire::rtnetlink::decoders()[static_cast<std::size_t>(kind)];
  if (message.type != decoder.put && message.type != decoder.remove) return false;
  // Every body begins with the family.
  return family == 0 ||
         wire::rtnetlink::versionOf(base::readAt<std::uint8_t>(message.payload, 0).value_or(0)) == family;
}

}  // namespace

void Disturbance::begin(RecordKind kind, std::uint8_t family) {
  kind_ = kind;
  family_ = family;
  datagrams_ = 0;
  isTouched_ = false;
  seams_.clear();
  touched_.clear();
}

void Disturbance::listed(const contract::Change& change) {
  if (kind_ == RecordKind::kRoute) last_ = change.route.destination.address;
}

void Disturbance::datagramEnded() {
  ++datagrams_;
  if (kind_ == RecordKind::kRoute && family_ == 4) seams_.push_back(last_);
}

void Disturbance::announced(base::Bytes datagram) {
  wire::netlink::Messages messages(datagram);
  wire::netlink::Message message;
  while (messages.next(message)) {
    if (!isAbout(message, kind_, family_)) continue;
    isTouched_ = true;
    if (kind_ != RecordKind::kRoute || family_ != 4) continue;
    using wire::rtnetlink::Decoded;
    using wire::rtnetlink::Origin;
    const Decoded decoded = wire::rtnetlink::decode(message, Origin::kNotification, base::now(), change_);
    if (decoded == Decoded::kChange) touched_.push_back(change_.route.destination.address);
  }
}

bool Disturbance::isDisturbed() {
  // One datagram is made at one moment (trap A7).
  if (datagrams_ <= 1 || !isTouched_) return false;
  switch (kind_) {
    case RecordKind::kInterface:
    case RecordKind::kAddress:
      // For these the kernel sets NLM_F_DUMP_INTR.
      return false;
    case RecordKind::kNexthop:
      // It goes on behind the id at which it stopped.
      return false;
    case RecordKind::kRoute:
      // IPv6: it goes on behind as many entries as it has listed, wherever others came or went before that place.
      if (family_ == 6) return true;
      // IPv4: it goes on at the destination at which it stopped, by a count of the routes to that one alone.
      std::sort(seams_.begin(), seams_.end());
      return std::any_of(touched_.begin(), touched_.end(), [&](const address::IpAddress& touched) {
        return std::binary_search(seams_.begin(), seams_.end(), touched);
      });
    case RecordKind::kRule:
    case RecordKind::kNeighbour:
      // By a count of entries.
      return true;
  }
  return true;
}

}  // namespace mif::kernel
