// SPDX-License-Identifier: MIT
#include "monitor/reader.h"

#include <algorithm>
#include <utility>

#include "monitor/limits.h"

namespace mif::monitor {

namespace {

using contract::ChangeCause;
using contract::Extent;
using contract::MonitorState;
using contract::RecordKind;
using kernel::Drained;
using kernel::Dumped;

base::Error closedError() {
  base::Error error;
  error.code = base::ErrorCode::kClosed;
  error.message = "the network is not observed any more";
  return error;
}

}  // namespace

// Holds the lock of the tables from the first change to end(), which is at the end of a datagram or of a few.
class Reader::Turn final : public kernel::Sink {
 public:
  explicit Turn(Reader& reader) : reader_(reader) {}
  ~Turn() override { end(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  void accept(const contract::Change& change) override {
    if (!isHeld_) reader_.tablesMutex_.lock();
    isHeld_ = true;
    reader_.tables_.apply(change);
  }

  // The tables are this thread's to write; reading them takes no lock.
  void expect(const contract::Change& change) override { reader_.tables_.expect(change); }

  void end() {
    if (isHeld_) reader_.tablesMutex_.unlock();
    isHeld_ = false;
  }

  static bool breathe(void* turn) {
    static_cast<Turn*>(turn)->end();
    return static_cast<Turn*>(turn)->reader_.breathe();
  }

 private:
  Reader& reader_;
  bool isHeld_ = false;
};

Reader::Reader(std::unique_ptr<kernel::Waiter> waiter, OpenSource openSource, const AuditPace& pace)
    : waiter_(std::move(waiter)),
      openSource_(std::move(openSource)),
      frozen_(std::make_shared<table::View>()),
      audits_(pace),
      thread_([this] { run(); }) {}

Reader::~Reader() {
  isStopping_.store(true, std::memory_order_release);
  waiter_->interrupt();
  thread_.join();
}

std::optional<base::Error> Reader::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

kernel::Capabilities Reader::capabilities() const {
  const std::lock_guard lock(mutex_);
  return capabilities_;
}

Stats Reader::stats() const {
  Stats stats;
  {
    const std::lock_guard lock(mutex_);
    stats = stats_;
  }
  stats.wakes = subscriptions_.wakes();
  stats.users = static_cast<std::uint32_t>(subscriptions_.size());
  return stats;
}

SharedView Reader::view() {
  const std::lock_guard lock(tablesMutex_);
  if (frozen_ != nullptr) return frozen_;
  const bool isSyncedNow = isSynced();
  gaveUnsynced_ = gaveUnsynced_ || !isSyncedNow;
  SharedView last = last_.lock();
  if (last != nullptr && last->generation == tables_.generation() && last->epoch == epoch_ &&
      last->isSynced == isSyncedNow) {
    return last;
  }
  table::View view = tables_.view();
  view.epoch = epoch_;
  view.isSynced = isSyncedNow;
  last = std::make_shared<const table::View>(std::move(view));
  last_ = last;
  return last;
}

void Reader::read(const Monitor::Work& work) {
  const std::lock_guard lock(tablesMutex_);
  work(tables_, frozen_ == nullptr && isSynced());
}

void Reader::indexDestinations() {
  order([&] {
    const std::lock_guard lock(tablesMutex_);
    tables_.indexDestinations();
  });
}

base::Result<base::UniqueFd> Reader::createBoundSocket(const socket::BindRequest& request) {
  base::Result<base::UniqueFd> result = closedError();
  order([&] {
    if (state() != MonitorState::kClosed) result = socket::createBoundSocket(request);
  });
  return result;
}

base::Result<std::unique_ptr<kernel::RouteQuery>> Reader::openRouteQuery() {
  base::Result<std::unique_ptr<kernel::RouteQuery>> result = closedError();
  order([&] {
    if (source_ != nullptr && state() != MonitorState::kClosed) result = source_->openRouteQuery();
  });
  return result;
}

base::Result<std::unique_ptr<kernel::RouterListener>> Reader::openRouterListener(kernel::RouterNews news) {
  base::Result<std::unique_ptr<kernel::RouterListener>> result = closedError();
  order([&] {
    if (state() != MonitorState::kClosed) result = kernel::openRouterListener(news);
  });
  return result;
}

base::Result<bool> Reader::lookUpInterface(const std::string& name) {
  base::Result<bool> result = closedError();
  order([&] {
    if (source_ == nullptr) return;
    Turn turn(*this);
    result = source_->lookUpInterface(name, turn);
    turn.end();
    note();
  });
  return result;
}

void Reader::order(const std::function<void()>& work) {
  Order order{work};
  std::unique_lock lock(mutex_);
  orders_.push_back(&order);
  lock.unlock();
  interrupt();
  lock.lock();
  served_.wait(lock, [&] { return order.isDone; });
}

void Reader::interrupt() {
  isCalled_.store(true, std::memory_order_release);
  waiter_->interrupt();
}

void Reader::run() {
  base::Result<std::unique_ptr<kernel::Source>> opened = openSource_();
  if (opened) {
    source_ = opened.take();
    {
      const std::lock_guard lock(mutex_);
      capabilities_ = source_->capabilities();
    }
    state_.store(MonitorState::kSyncing, std::memory_order_release);
    synchronise(ChangeCause::kKernel);
  } else {
    close(opened.error());
  }

  while (!isStopping()) {
    const Moment now = Clock::now();
    const bool isLive = state() == MonitorState::kLive;
    if (isLive) {
      const std::vector<Extent> due = dueRepairs(now);
      if (!due.empty()) {
        repair(due);
        continue;
      }
    }
    subscriptions_.wakeDue(now);
    std::optional<Moment> until = subscriptions_.nextDue();
    const auto notAfter = [&](Moment moment) { until = until ? std::min(*until, moment) : moment; };
    const bool isForSource = isLive && now >= drainAt_;
    if (isLive && !isForSource) notAfter(drainAt_);
    if (isLive) {
      const std::optional<Moment> repair = nextRepair();
      if (const std::optional<Moment> next = repair ? repair : audits_.next()) notAfter(*next);
    }
    wait(isForSource, until);
    if (isSourceReady_) {
      drainLive();
    } else if (isForSource) {
      auditDue();
    }
  }
}

void Reader::wait(bool isForSource, std::optional<Moment> until) {
  isSourceReady_ = waiter_->wait(isForSource ? std::optional(source_->fd()) : std::nullopt, until);
  serve();
}

bool Reader::pauseUntil(Moment moment) {
  for (;;) {
    if (isStopping()) return false;
    const Moment now = Clock::now();
    if (now >= moment) return true;
    subscriptions_.wakeDue(now);
    const std::optional<Moment> due = subscriptions_.nextDue();
    wait(false, due ? std::min(*due, moment) : moment);
  }
}

void Reader::serve() {
  if (!isCalled_.exchange(false, std::memory_order_acq_rel)) return;
  std::unique_lock lock(mutex_);
  while (!orders_.empty()) {
    Order* order = orders_.front();
    orders_.pop_front();
    lock.unlock();
    order->work();
    lock.lock();
    // Whoever waits may be gone as soon as it knows and has the lock.
    order->isDone = true;
    served_.notify_all();
  }
}

bool Reader::breathe() {
  const Moment now = Clock::now();
  if (isCalled_.load(std::memory_order_acquire)) wait(false, now);
  if (!patienceEnds_ || now >= *patienceEnds_) subscriptions_.wakeDue(now);
  return !isStopping();
}

base::Result<Reader::Outcome> Reader::drain() {
  for (;;) {
    Turn turn(*this);
    const base::Result<Drained> drained = source_->drain(turn, limits::kDatagramsPerTurn);
    turn.end();
    note();
    if (!drained) return drained.error();
    if (drained.value() == Drained::kLost) return Outcome::kLost;
    if (drained.value() == Drained::kEmpty) return Outcome::kDone;
    if (!breathe()) return Outcome::kStopped;
  }
}

void Reader::drainLive() {
  const std::uint64_t before = source_->counters().datagrams;
  const Moment start = Clock::now();
  // Whoever is woken between two turns follows to a view that is old at once, and each view that is held makes the next
  // turn copy what it changes.
  patienceEnds_ = start + limits::kGatherInStorm;
  const base::Result<Outcome> outcome = drain();
  patienceEnds_.reset();
  if (!outcome || outcome.value() == Outcome::kLost) return resynchronise();

  const Moment now = Clock::now();
  const std::uint64_t found = source_->counters().datagrams - before;
  if (found > 0) audits_.heard(now);
  const bool isInARow = found >= limits::kStormDatagrams && start - drainAt_ < limits::kGather;
  drainsInARow_ = isInARow ? drainsInARow_ + 1 : 0;
  if (start - gatherSince_ >= limits::kGather) {
    gatherSince_ = start;
    foundSince_ = 0;
  }
  foundSince_ += found;
  const bool isRush = foundSince_ >= limits::kGatherDatagrams;
  if (!isRush || source_->capabilities().receiveBuffer < limits::kGatherBuffer) return;
  drainAt_ = now + (drainsInARow_ >= limits::kStormDrains ? limits::kGatherInStorm : limits::kGather);
}

void Reader::note() {
  // Also for what is no event: lifetimes that a network renews (trap C6) are told to nobody, but pictures follow them.
  if (state() == MonitorState::kLive && tables_.generation() != toldGeneration_) {
    toldGeneration_ = tables_.generation();
    subscriptions_.changed(Clock::now());
  }
  const std::lock_guard lock(mutex_);
  stats_.source = source_->counters();
  stats_.generation = tables_.generation();
  stats_.missed = tables_.missed();
  stats_.epoch = epoch_;
}

void Reader::resynchronise() {
  freeze(MonitorState::kResyncing);
  {
    const std::lock_guard lock(mutex_);
    ++stats_.resyncs;
  }
  subscriptions_.changed(Clock::now());
  synchronise(ChangeCause::kResync);
}

void Reader::synchronise(ChangeCause cause) {
  std::chrono::milliseconds pause = limits::kResyncPause;
  std::uint32_t errors = 0;
  for (;;) {
    const base::Result<Outcome> outcome = dumpEverything(cause);
    if (isStopping()) return;
    if (outcome && outcome.value() == Outcome::kDone) return goLive();
    errors = outcome ? 0 : errors + 1;
    if (errors >= limits::kResyncErrors) return close(outcome.error());
    if (!pauseUntil(Clock::now() + pause)) return;
    pause = std::min(pause * 2, limits::kResyncPauseLimit);
  }
}

base::Result<Reader::Outcome> Reader::dumpEverything(ChangeCause cause) {
  // Before dumping, never after: see trap A2. What is thrown away happened before the dump, which therefore shows it.
  const base::Result<base::Done> discarded = source_->discard();
  if (!discarded) return discarded.error();
  for (const RecordKind kind : table::kAllKinds) {
    const base::Result<Outcome> dumped = dump(kind, cause);
    if (!dumped || dumped.value() != Outcome::kDone) return dumped;
  }
  base::Result<contract::AddressLabels> labels = source_->addressLabels();
  if (!labels) return labels.error();
  {
    const std::lock_guard lock(tablesMutex_);
    tables_.setLabels(labels.take());
  }
  return catchUp();
}

base::Result<Reader::Outcome> Reader::catchUp() {
  tables_.beginCatchUp();
  const base::Result<Outcome> outcome = drain();
  tables_.endCatchUp();
  return outcome;
}

base::Result<Reader::Outcome> Reader::dump(const Extent& extent, ChangeCause cause) {
  const Moment start = Clock::now();
  std::chrono::milliseconds pause = limits::kDumpPause;
  for (std::uint32_t attempt = 1;; ++attempt) {
    const base::Result<Dumped> dumped = dumpOnce(extent, cause);
    if (!dumped && isStopping()) return Outcome::kStopped;
    if (!dumped) return dumped.error();
    if (dumped.value() == Dumped::kLost) return Outcome::kLost;
    if (endAttempt(extent, dumped.value(), attempt, Clock::now() - start)) {
      note();
      return Outcome::kDone;
    }
    if (!pauseUntil(Clock::now() + pause)) return Outcome::kStopped;
    pause *= 2;
  }
}

base::Result<Dumped> Reader::dumpOnce(const Extent& extent, ChangeCause cause) {
  {
    const std::lock_guard lock(tablesMutex_);
    tables_.beginSweep(extent, cause);
  }
  Turn turn(*this);
  const base::Result<Dumped> dumped = source_->dump(extent, turn, &Turn::breathe, &turn);
  turn.end();
  if (!dumped || dumped.value() == Dumped::kLost) {
    const std::lock_guard lock(tablesMutex_);
    tables_.abandonSweep(extent.kind);
  }
  return dumped;
}

bool Reader::endAttempt(const Extent& extent, Dumped dumped, std::uint32_t attempt, std::chrono::nanoseconds duration) {
  const std::lock_guard lock(tablesMutex_);
  const bool isConsistent = dumped == Dumped::kConsistent && !tables_.sweepRepeated(extent.kind);
  const bool isLast = attempt == limits::kDumpAttempts || duration > limits::kDumpPatience;
  if (!isConsistent && !isLast) return false;
  tables_.endSweep(extent, isConsistent);
  if (isConsistent) {
    trust(extent, duration);
  } else {
    doubt(extent.kind, attempt >= limits::kEnoughAttempts, duration);
  }
  return true;
}

void Reader::trust(const Extent& extent, std::chrono::nanoseconds duration) {
  if (!extent.isWhole()) return;
  audits_.compared(extent.kind, Clock::now(), duration);
  doubts_.remove(extent.kind);
  unsure_.remove(extent.kind);
  if (doubts_.isEmpty()) doubtPause_ = {};
}

void Reader::doubt(RecordKind kind, bool isEnough, std::chrono::nanoseconds duration) {
  doubts_.add(kind);
  if (isEnough) {
    unsure_.remove(kind);
  } else {
    unsure_.add(kind);
  }
  const std::chrono::nanoseconds longer = std::max(doubtPause_ * 2, duration * limits::kRepairRest);
  doubtPause_ = std::clamp<std::chrono::nanoseconds>(longer, limits::kDoubtPause, limits::kDoubtPauseLimit);
  doubtsAt_ = Clock::now() + doubtPause_;
}

bool Reader::isSynced() const {
  return !isRepairing_ && unsure_.isEmpty() && tables_.suspects().isEmpty();
}

std::vector<Extent> Reader::dueRepairs(Moment now) const {
  std::vector<Extent> due;
  for (const RecordKind kind : table::kAllKinds) {
    if (now >= doubtsAt_ && doubts_.has(kind)) {
      due.emplace_back(kind);
    } else if (now >= repairAt_) {
      const std::vector<Extent> suspects = tables_.suspects().of(kind);
      due.insert(due.end(), suspects.begin(), suspects.end());
    }
  }
  return due;
}

std::optional<Reader::Moment> Reader::nextRepair() const {
  std::optional<Moment> next;
  if (!tables_.suspects().isEmpty()) next = repairAt_;
  if (!doubts_.isEmpty()) next = next ? std::min(*next, doubtsAt_) : doubtsAt_;
  return next;
}

void Reader::repair(const std::vector<Extent>& extents) {
  {
    const std::lock_guard lock(tablesMutex_);
    isRepairing_ = true;
  }
  {
    const std::lock_guard lock(mutex_);
    ++stats_.repairs;
  }
  const Moment start = Clock::now();
  patienceEnds_ = start + limits::kRepairGrace;
  base::Result<Outcome> outcome = Outcome::kDone;
  for (const Extent& extent : extents) {
    if (!outcome || outcome.value() != Outcome::kDone) break;
    outcome = dump(extent, ChangeCause::kInferred);
  }
  if (outcome && outcome.value() == Outcome::kDone) outcome = catchUp();
  patienceEnds_.reset();
  repairAt_ = Clock::now() + (Clock::now() - start) * limits::kRepairRest;
  bool isNews = false;
  {
    const std::lock_guard lock(tablesMutex_);
    isRepairing_ = false;
    isNews = gaveUnsynced_ && isSynced();
    if (isNews) gaveUnsynced_ = false;
  }
  if (!outcome || outcome.value() == Outcome::kLost) return resynchronise();
  if (isNews) subscriptions_.changed(Clock::now());
}

void Reader::auditDue() {
  if (state() != MonitorState::kLive || nextRepair()) return;
  if (const std::optional<RecordKind> kind = audits_.due(Clock::now())) audit(*kind);
}

// One attempt; what disturbs it is more urgent. It says nothing against the tables, so they stay synced; what a
// disturbed one has found makes them suspect, and is repaired (Tables::abandonSweep).
void Reader::audit(RecordKind kind) {
  const Moment start = Clock::now();
  const std::uint64_t generationBefore = tables_.generation();
  // Nothing was lost, so it is not a resync.
  const base::Result<Dumped> dumped = dumpOnce(kind, ChangeCause::kInferred);
  if (isStopping()) return;
  if (dumped && dumped.value() == Dumped::kLost) return resynchronise();
  const std::chrono::nanoseconds duration = Clock::now() - start;
  if (dumped && dumped.value() == Dumped::kConsistent && !tables_.sweepRepeated(kind)) {
    std::uint64_t corrections = tables_.generation() - generationBefore;
    {
      const std::lock_guard lock(tablesMutex_);
      corrections += tables_.endSweep(kind, true);
      trust(kind, duration);
    }
    const std::lock_guard lock(mutex_);
    ++stats_.audits;
    stats_.corrections += corrections;
  } else {
    if (dumped) {
      const std::lock_guard lock(tablesMutex_);
      tables_.abandonSweep(kind);
    }
    audits_.disturbed(kind, Clock::now(), duration);
  }
  note();
  const base::Result<Outcome> outcome = catchUp();
  if (!outcome || outcome.value() == Outcome::kLost) resynchronise();
}

void Reader::freeze(MonitorState state) {
  const std::lock_guard lock(tablesMutex_);
  if (frozen_ == nullptr) {
    table::View view = tables_.view();
    view.epoch = epoch_;
    frozen_ = std::make_shared<const table::View>(std::move(view));
  }
  state_.store(state, std::memory_order_release);
}

void Reader::goLive() {
  {
    const std::lock_guard lock(tablesMutex_);
    frozen_.reset();
    ++epoch_;
    gaveUnsynced_ = false;
    state_.store(MonitorState::kLive, std::memory_order_release);
  }
  {
    const std::lock_guard lock(mutex_);
    capabilities_ = source_->capabilities();
  }
  toldGeneration_ = tables_.generation();
  note();
  subscriptions_.changed(Clock::now());
}

void Reader::close(base::Error failure) {
  {
    // First: whoever sees that it is closed asks why.
    const std::lock_guard lock(mutex_);
    failure_ = std::move(failure);
  }
  freeze(MonitorState::kClosed);
  source_.reset();
  subscriptions_.changed(Clock::now());
  // Whoever asked while it was open is answered now.
  isCalled_.store(true, std::memory_order_release);
  serve();
}

}  // namespace mif::monitor
