// SPDX-License-Identifier: MIT
#include "stream.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "fib-promises.h"
#include "kernel/replay/replay-network.h"
#include "promise.h"
#include "script.h"
#include "small-world.h"
#include "table/tables.h"
#include "view-promises.h"
#include "view-records.h"
#include "wire/netlink/message.h"
#include "wire/rtnetlink/decode.h"

namespace mif::fuzz {

namespace {

using contract::Change;
using contract::ChangeCause;
using contract::RecordKind;
using contract::Verb;
using kernel::Drained;
using kernel::Dumped;
using table::kAllKinds;
using table::Tables;
using table::View;

enum class Deed : std::uint8_t {
  kAnnounce,
  kHappen,
  kMention,
  kMessage,
  kLose,
  kDisturb,
  kRefuse,
  kRepeat,
  kDrain,
  kDump,
  kSynchronise,
  kLook,
};
constexpr std::size_t kDeeds = 12;

// Attempts at a dump, as the monitor makes several.
constexpr int kAttempts = 3;
// Changes that are remembered, for others to follow them.
constexpr std::size_t kRecent = 4;
constexpr std::uint32_t kAll = 0xffffffff;

RecordKind kindOf(Script& script) {
  return kAllKinds[script.choice(kAllKinds.size())];
}

// Applies what a source reads, as the monitor's thread does, and looks at what each change does.
class Applier final : public kernel::Sink {
 public:
  explicit Applier(Tables& tables) : tables_(tables) {}

  void accept(const Change& change) override {
    const std::uint64_t before = tables_.generation();
    tables_.apply(change);
    ++applied_;
    require(tables_.generation() == before || tables_.generation() == before + 1, "a change counts once or not at all");
    require(tables_.eventGeneration() <= tables_.generation(), "an event is a change");
    if (!isListing_) return;
    listed_.push_back(change);
    if (repeats_ > 0) {
      --repeats_;
      tables_.apply(change);
      isRepeated_ = true;
    }
  }

  void beginListing(std::uint8_t repeats) {
    isListing_ = true;
    isRepeated_ = false;
    repeats_ = repeats;
    listed_.clear();
  }
  void endListing() { isListing_ = false; }

  const std::vector<Change>& listed() const { return listed_; }
  bool isRepeated() const { return isRepeated_; }
  std::size_t applied() const { return applied_; }

 private:
  Tables& tables_;
  std::size_t applied_ = 0;
  bool isListing_ = false;
  // A dump lists its first records twice, so many of them (trap A6).
  std::uint8_t repeats_ = 0;
  bool isRepeated_ = false;
  std::vector<Change> listed_;
};

class Stream {
 public:
  explicit Stream(base::Bytes input) : script_(input), applier_(tables_) {
    auto network = kernel::ReplayNetwork::create();
    require(network.ok(), "there is a descriptor left");
    network_ = network.take();
    source_ = network_->source();
  }

  StreamTally run() {
    while (!script_.isOver()) {
      next();
      const std::uint64_t generation = tables_.generation();
      require(generation >= generation_, "generations grow");
      generation_ = generation;
      peak_.note(tables_.view());
    }
    finish();
    tally_.applied = applier_.applied();
    return tally_;
  }

 private:
  struct Look {
    View view;
    std::vector<std::uint32_t> contents;
  };
  // Positions are used again, so a table has no more of them than it ever had records, but for the rest of a chunk.
  struct Peak {
    void note(const View& view) {
      v4 = std::max(v4, view.routes.v4.size());
      v6 = std::max(v6, view.routes.v6.size());
      const auto rounded = [](std::size_t size) { return (size + 255) / 256 * 256; };
      // One drain or dump may have added and removed many between two looks.
      require(view.routes.v4.end() <= rounded(v4 + kSlack) && view.routes.v6.end() <= rounded(v6 + kSlack),
              "positions are used again");
    }
    static constexpr std::size_t kSlack = 1024;
    std::size_t v4 = 0;
    std::size_t v6 = 0;
  };

  void next() {
    switch (static_cast<Deed>(script_.choice(kDeeds))) {
      case Deed::kAnnounce:
        return network_->announce(newChange());
      case Deed::kHappen:
        return network_->change(newChange());
      case Deed::kMention:
        return network_->mention(newChange());
      case Deed::kMessage:
        return passMessage();
      case Deed::kLose:
        return network_->lose();
      case Deed::kDisturb:
        return network_->disturbDumps(kindOf(script_), script_.choice(kAttempts + 1));
      case Deed::kRefuse:
        return network_->refuseDumps(kindOf(script_), script_.choice(3), {});
      case Deed::kRepeat:
        repeats_ = script_.choice(4);
        return;
      case Deed::kDrain:
        return drain(1u + script_.choice(8));
      case Deed::kDump:
        if (dump(kindOf(script_), ChangeCause::kInferred)) catchUp();
        return;
      case Deed::kSynchronise:
        static_cast<void>(synchronise());
        return;
      case Deed::kLook:
        return look();
    }
  }

  // One of its own, or what may follow a recent one.
  Change newChange() {
    const std::uint8_t choice = script_.choice(2 * kRecent);
    Change change = choice < kRecent ? smallChange(script_) : sequel(script_, recent_[choice - kRecent]);
    recent_[recentAt_++ % kRecent] = change;
    return change;
  }

  // A message of one of the decoders, announced or in a dump.
  void passMessage() {
    const auto& decoder = wire::rtnetlink::decoders()[script_.choice(wire::rtnetlink::decoders().size())];
    const bool isDump = script_.flag();
    const std::uint16_t type = !isDump && script_.flag() ? decoder.remove : decoder.put;
    const auto flags = static_cast<std::uint16_t>(script_.byte() << 8);
    const base::Bytes payload = script_.bytes();
    std::vector<std::byte> datagram(wire::netlink::kHeaderSize);
    const auto length = static_cast<std::uint32_t>(datagram.size() + payload.size());
    std::memcpy(datagram.data() + wire::netlink::kHeaderLength, &length, sizeof length);
    std::memcpy(datagram.data() + wire::netlink::kHeaderType, &type, sizeof type);
    std::memcpy(datagram.data() + wire::netlink::kHeaderFlags, &flags, sizeof flags);
    datagram.insert(datagram.end(), payload.begin(), payload.end());
    return isDump ? network_->loadDump(datagram) : network_->announceDatagram(datagram);
  }

  void drain(std::uint32_t limit) {
    const auto drained = source_->drain(applier_, limit);
    require(drained.ok(), "replayed notifications can be read");
    if (drained.value() != Drained::kLost) return;
    ++tally_.losses;
    static_cast<void>(synchronise());
  }

  // As the monitor dumps one kind. Whether that gave the truth, or as much of it as there was to have.
  bool dump(RecordKind kind, ChangeCause cause) {
    const std::uint64_t before = tables_.generation();
    for (int attempt = 1;; ++attempt) {
      tables_.beginSweep(kind, cause);
      applier_.beginListing(std::exchange(repeats_, std::uint8_t{0}));
      const auto dumped = source_->dump(kind, applier_, [](void*) { return true; }, nullptr);
      applier_.endListing();
      ++tally_.dumps;
      if (!dumped.ok()) {
        tables_.abandonSweep(kind);
        isTrue_ = false;
        return false;
      }
      const bool isRepeated = tables_.sweepRepeated(kind);
      require(!applier_.isRepeated() || isRepeated || kind == RecordKind::kRule, "a dump that repeats is noticed");
      const bool isConsistent = dumped.value() == Dumped::kConsistent && !isRepeated && !applier_.isRepeated();
      if (!isConsistent) ++tally_.unstableDumps;
      if (!isConsistent && attempt < kAttempts) continue;
      tables_.endSweep(kind, isConsistent);
      const bool isNews = tables_.generation() != before;
      require(isNews || !tables_.suspects().kinds().has(kind), "a dump without news leaves its kind above suspicion");
      if (isConsistent) requireListed(tables_.view(), kind, applier_.listed());
      isTrue_ = isTrue_ && isConsistent;
      return true;
    }
  }

  void catchUp() {
    tables_.beginCatchUp();
    const auto drained = source_->drain(applier_, kAll);
    tables_.endCatchUp();
    require(drained.ok(), "replayed notifications can be read");
    if (drained.value() == Drained::kLost) ++tally_.losses;
  }

  // As the monitor does at first and after a loss. Whether each dump was consistent.
  bool synchronise() {
    require(source_->discard().ok(), "what waits can be thrown away");
    isTrue_ = true;
    for (const RecordKind kind : kAllKinds) {
      if (!dump(kind, ChangeCause::kResync)) return false;
    }
    catchUp();
    return isTrue_;
  }

  void look() {
    Look& place = looks_[script_.choice(looks_.size())];
    Look now{tables_.view(), {}};
    now.contents = contentsOf(now.view);
    requireSound(now.view);
    requireIndexed();
    table::RouteFilter filter;
    filter.family = std::array<std::uint8_t, 3>{0, 4, 6}[script_.choice(3)];
    if (script_.choice(4) == 3) filter.table = 254;
    if (script_.choice(4) == 3) filter.protocol = contract::RouteProtocol::kStatic;
    if (script_.choice(4) == 3) filter.types = 1u << static_cast<std::uint32_t>(contract::RouteType::kUnicast);
    if (script_.choice(4) == 3) filter.maxPrefixLength = 24;
    compare(now.view, filter);
    compare(now.view, {});
    place = std::move(now);
  }

  // The first call makes the index from what is there, later ones find it kept.
  void requireIndexed() {
    tables_.indexDestinations();
    require(isIndexed(tables_), "destinations lead to the lists of routes that there are");
  }

  // With everything that was seen before, which still looks as it did.
  void compare(const View& now, const table::RouteFilter& filter) {
    for (const Look& earlier : looks_) {
      require(contentsOf(earlier.view) == earlier.contents || earlier.contents.empty(), "a view never changes");
      require(earlier.view.generation <= now.generation, "later views have later generations");
      tally_.steps += requireDifference(earlier.view, now, filter);
    }
    require(requireDifference(now, now, filter) == 0, "a view does not differ from itself");
  }

  // Without faults a sync finds the truth, another one nothing new, and each record can be found and removed.
  void finish() {
    for (const RecordKind kind : kAllKinds) {
      network_->disturbDumps(kind, 0);
      network_->refuseDumps(kind, 0, {});
    }
    repeats_ = 0;
    const bool isTrue = synchronise();
    const std::uint64_t before = tables_.generation();
    static_cast<void>(synchronise());
    // Addresses that end may pass, between two dumps, what is worth telling.
    if (isTrue && !hasPassingAddresses())
      require(tables_.generation() == before, "a dump that finds what was known changes nothing");
    compare(tables_.view(), {});
    requireSound(tables_.view());
    requireIndexed();
    removeEverything();
    compare(tables_.view(), {});
    requireIndexed();
  }

  bool hasPassingAddresses() const {
    const ViewRecords records(tables_.view());
    return std::any_of(records.addresses.begin(), records.addresses.end(), [](const contract::Address& address) {
      return address.validLifetime != base::kForever || address.preferredLifetime != base::kForever;
    });
  }

  void removeEverything() {
    const ViewRecords records(tables_.view());
    const std::uint64_t missed = tables_.missed();
    records.forEach([this](RecordKind kind, auto member, const auto& record) { remove(kind, member, record); });
    require(tables_.missed() == missed, "each record is found");
    for (const RecordKind kind : kAllKinds) require(tables_.view().size(kind) == 0, "nothing is left");
    require(tables_.view().routes.attributes.size() == 0, "no attributes are left");
  }

  template <typename Member, typename Record>
  void remove(RecordKind kind, Member member, const Record& record) {
    Change change;
    change.kind = kind;
    change.verb = Verb::kRemove;
    change.*member = record;
    const std::size_t before = tables_.view().size(kind);
    applier_.accept(change);
    require(tables_.view().size(kind) == before - 1, "what is removed is gone, and nothing else");
    ++tally_.removals;
  }

  Script script_;
  std::shared_ptr<kernel::ReplayNetwork> network_;
  std::unique_ptr<kernel::Source> source_;
  Tables tables_;
  Applier applier_;
  std::array<Look, 3> looks_;
  std::array<Change, kRecent> recent_;
  std::size_t recentAt_ = 0;
  std::uint8_t repeats_ = 0;
  std::uint64_t generation_ = 0;
  Peak peak_;
  // Every dump of the sync under way was consistent.
  bool isTrue_ = false;
  StreamTally tally_;
};

void say(std::vector<std::byte>& script, std::size_t value) {
  script.push_back(static_cast<std::byte>(value));
}

// Without a filter, which five decisions are about.
void sayLook(std::vector<std::byte>& script, std::size_t place) {
  say(script, static_cast<std::size_t>(Deed::kLook));
  say(script, place);
  script.resize(script.size() + 5);
}

}  // namespace

StreamTally runStream(base::Bytes input) {
  return Stream(input).run();
}

std::vector<std::byte> streamOf(base::Bytes datagram, bool isDump) {
  std::vector<std::byte> script;
  const auto decoders = wire::rtnetlink::decoders();
  wire::netlink::Messages messages(datagram);
  wire::netlink::Message message;
  while (messages.next(message)) {
    const auto decoder = std::find_if(decoders.begin(), decoders.end(), [&](const auto& candidate) {
      return message.type == candidate.put || message.type == candidate.remove;
    });
    if (decoder == decoders.end() || (isDump && message.type == decoder->remove)) continue;
    say(script, static_cast<std::size_t>(Deed::kMessage));
    say(script, static_cast<std::size_t>(decoder - decoders.begin()));
    say(script, isDump ? 1 : 0);
    if (!isDump) say(script, message.type == decoder->remove ? 1 : 0);
    say(script, message.flags >> 8);
    say(script, message.payload.size() % 256);
    say(script, message.payload.size() / 256);
    script.insert(script.end(), message.payload.begin(), message.payload.end());
    if (!isDump) say(script, static_cast<std::size_t>(Deed::kDrain));
    if (!isDump) say(script, 0);
  }
  sayLook(script, 0);
  say(script, static_cast<std::size_t>(Deed::kSynchronise));
  sayLook(script, 1);
  return script;
}

}  // namespace mif::fuzz
