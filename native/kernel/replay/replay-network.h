// SPDX-License-Identifier: MIT
// A network that exists only in memory, for tests, benchmarks and the published test kit: what a kernel would
// dump, and what it would announce, with its faults on request. Any thread may change it while a source reads it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/cursor.h"
#include "base/result.h"
#include "contract/change.h"
#include "kernel/source.h"
#include "kernel/wake-descriptor.h"

namespace mif::kernel {

class ReplayNetwork : public std::enable_shared_from_this<ReplayNetwork> {
 public:
  // Errors: as WakeDescriptor::open.
  static base::Result<std::shared_ptr<ReplayNetwork>> create();

  // A source that reads this network. One at a time.
  std::unique_ptr<Source> source();

  // The change happens and is announced.
  void announce(const contract::Change& change);
  // It happens and nobody is told (traps D1 to D5).
  void change(const contract::Change& change);
  // It is announced and did not happen, or happened before.
  void mention(const contract::Change& change);
  // A recorded datagram: each of its messages happens and is announced, in the form in which it was recorded.
  // Messages that the decoder does not accept are announced all the same. Wire format of this machine.
  void announceDatagram(base::Bytes datagram);
  // A recorded datagram of a dump: its records exist, silently.
  void loadDump(base::Bytes datagram);

  // What waits to be read is lost, and the source is told so when it reads next (trap A1).
  void lose();
  // The next `count` dumps of this kind end as unstable and leave their last record out (trap A6).
  void disturbDumps(contract::RecordKind kind, std::uint32_t count);
  // The next `count` dumps of this kind fail with this error.
  void refuseDumps(contract::RecordKind kind, std::uint32_t count, base::Error error);
  // Called before each record of a dump, on the reader's thread, without the network being locked.
  void onDumping(std::function<void(contract::RecordKind, std::size_t recordsBefore)> callback);

 private:
  friend class ReplaySource;
  struct Announcement {
    // A change, or the bytes of a datagram when there are any.
    contract::Change change;
    std::vector<std::byte> datagram;
  };
  struct Faults {
    std::uint32_t disturbed = 0;
    std::uint32_t refused = 0;
    base::Error refusal;
  };
  static constexpr std::size_t kKinds = 6;

  explicit ReplayNetwork(WakeDescriptor waiting) : waiting_(std::move(waiting)) {}

  void happen(const contract::Change& change);
  void queue(Announcement announcement);
  Faults& faultsOf(contract::RecordKind kind) { return faults_[static_cast<std::size_t>(kind)]; }
  std::vector<contract::Change>& recordsOf(contract::RecordKind kind) {
    return records_[static_cast<std::size_t>(kind)];
  }

  std::mutex mutex_;
  WakeDescriptor waiting_;
  std::array<std::vector<contract::Change>, kKinds> records_;
  std::array<Faults, kKinds> faults_;
  std::deque<Announcement> announcements_;
  bool isLost_ = false;
  std::function<void(contract::RecordKind, std::size_t)> onDumping_;
};

}  // namespace mif::kernel
