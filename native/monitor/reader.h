// SPDX-License-Identifier: MIT
// The monitor's thread and what it works on. It reads notifications, repairs what events made doubtful, audits at rest,
// resyncs after a loss, serves requests between two datagrams, and tells subscribers. The order of a sync is that of
// MIF-85: subscribe, dump, then apply what was announced meanwhile.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "contract/contract.gen.h"
#include "kernel/source.h"
#include "kernel/waiter.h"
#include "monitor/audits.h"
#include "monitor/fair-mutex.h"
#include "monitor/monitor.h"
#include "monitor/subscriptions.h"
#include "socket/bound-socket.h"
#include "table/tables.h"

namespace mif::monitor {

class Reader {
 public:
  Reader(std::unique_ptr<kernel::Waiter> waiter, OpenSource openSource, const AuditPace& pace);
  // Interrupts the thread, then waits for it.
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Any thread.
  contract::MonitorState state() const { return state_.load(std::memory_order_acquire); }
  std::optional<base::Error> failure() const;
  kernel::Capabilities capabilities() const;
  Stats stats() const;
  SharedView view();
  // As Monitor::read.
  void read(const Monitor::Work& work);
  // As Monitor::indexDestinations.
  void indexDestinations();
  // As socket::createBoundSocket, on the thread.
  base::Result<base::UniqueFd> createBoundSocket(const socket::BindRequest& request);
  // As Monitor::openRouteQuery.
  base::Result<std::unique_ptr<kernel::RouteQuery>> openRouteQuery();
  // As kernel::openRouterListener, on the thread.
  base::Result<std::unique_ptr<kernel::RouterListener>> openRouterListener(kernel::RouterNews news);
  // As Monitor::lookUpInterface.
  base::Result<bool> lookUpInterface(const std::string& name);
  // Makes the thread look at subscriptions().
  void interrupt();
  Subscriptions& subscriptions() { return subscriptions_; }

 private:
  using Clock = std::chrono::steady_clock;
  using Moment = Clock::time_point;

  // Applies what a source reads, under the lock of the tables.
  class Turn;
  // What another thread waits for.
  struct Order {
    const std::function<void()>& work;
    bool isDone = false;
  };
  // How an attempt to equal the kernel's tables went.
  enum class Outcome : std::uint8_t { kDone, kLost, kStopped };

  // Has the thread do it, between two datagrams, and waits.
  void order(const std::function<void()>& work);
  void run();
  bool isStopping() const { return isStopping_.load(std::memory_order_acquire); }
  // Waits for requests and, if wanted, the source; then serves requests.
  void wait(bool isForSource, std::optional<Moment> until);
  // Waits, serving requests and waking subscribers, until the moment or a stop. Whether to go on.
  bool pauseUntil(Moment moment);
  void serve();
  // Between two datagrams of a dump. Whether to go on.
  bool breathe();

  // Applies all that waits. kLost leaves the rest to be discarded.
  base::Result<Outcome> drain();
  // The same when live, and what follows from it.
  void drainLive();
  // Passes on what the last turn did, to subscribers and counters; wakes nobody yet.
  void note();

  // Dumps everything again and again until that succeeds without a loss, then goes live.
  void synchronise(contract::ChangeCause cause);
  base::Result<Outcome> dumpEverything(contract::ChangeCause cause);
  // Dumps it until that is consistent, within limits::kDumpAttempts and kDumpPatience.
  base::Result<Outcome> dump(const contract::Extent& extent, contract::ChangeCause cause);
  // Dumps it once. Leaves the sweep to be ended, unless the dump failed or notifications were lost.
  base::Result<kernel::Dumped> dumpOnce(const contract::Extent& extent, contract::ChangeCause cause);
  // Ends the sweep after the n-th attempt, so much time after the first began; false when there is to be another.
  bool endAttempt(const contract::Extent& extent, kernel::Dumped dumped, std::uint32_t attempt,
                  std::chrono::nanoseconds duration);
  // Applies the notifications that are older than the dump before.
  base::Result<Outcome> catchUp();
  void resynchronise();

  // What is to be dumped again now, in the order of kAllKinds, and when to ask next.
  std::vector<contract::Extent> dueRepairs(Moment now) const;
  std::optional<Moment> nextRepair() const;
  void repair(const std::vector<contract::Extent>& extents);
  void doubt(contract::RecordKind kind, bool isEnough, std::chrono::nanoseconds duration);
  void trust(const contract::Extent& extent, std::chrono::nanoseconds duration);
  // Audits a kind if one is due and nothing is to be repaired, which comes first.
  void auditDue();
  void audit(contract::RecordKind kind);
  // Whether the tables are known to equal the kernel's, up to what is announced. Under the lock of the tables.
  bool isSynced() const;

  // Serves the present view from now on.
  void freeze(contract::MonitorState state);
  void goLive();
  void close(base::Error failure);

  const std::unique_ptr<kernel::Waiter> waiter_;
  const OpenSource openSource_;
  Subscriptions subscriptions_;

  std::atomic<contract::MonitorState> state_{contract::MonitorState::kOpening};
  std::atomic<bool> isStopping_{false};
  // Whether interrupt() was called since the thread last looked.
  std::atomic<bool> isCalled_{false};

  // Guards what other threads read of the tables.
  mutable FairMutex tablesMutex_;
  table::Tables tables_;
  // What is served while the tables are not to be seen; null when they are.
  SharedView frozen_;
  // The view that was given last, if anybody still has it.
  std::weak_ptr<const table::View> last_;
  std::uint32_t epoch_ = 0;
  // A dump of what an event made suspect is under way.
  bool isRepairing_ = false;
  // Kinds whose last dumps were too few to be believed.
  table::Kinds unsure_;
  // Somebody has a live view that says it is not synced.
  bool gaveUnsynced_ = false;

  // Guards what follows.
  mutable std::mutex mutex_;
  std::condition_variable served_;
  std::deque<Order*> orders_;
  std::optional<base::Error> failure_;
  kernel::Capabilities capabilities_;
  Stats stats_;

  // Of the thread alone, from here on.
  std::unique_ptr<kernel::Source> source_;
  bool isSourceReady_ = false;
  std::uint64_t toldGeneration_ = 0;
  // Not before this are notifications read, so that they gather.
  Moment drainAt_{};
  // What was found since a moment, at most kGather ago when it was begun.
  Moment gatherSince_{};
  std::uint64_t foundSince_ = 0;
  std::uint32_t drainsInARow_ = 0;
  // Not before this is anything repaired.
  Moment repairAt_{};
  // During a repair or a drain, when subscribers are woken although it is not done.
  std::optional<Moment> patienceEnds_;
  // Kinds whose last dump was disturbed, and when to dump them again.
  table::Kinds doubts_;
  Moment doubtsAt_{};
  std::chrono::nanoseconds doubtPause_{};
  Audits audits_;

  // Last: it uses all of the above.
  std::thread thread_;
};

}  // namespace mif::monitor
