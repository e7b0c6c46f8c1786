// SPDX-License-Identifier: MIT
// One network namespace as the whole process sees it: the thread that reads the kernel, the tables, and those who
// are woken when they change. opening, syncing, live, resyncing, closed (contract::MonitorState).
// The thread never runs JavaScript and never waits for it; a blocked event loop loses nothing (traps A19, A20).
// Every method may be called from any thread unless it says otherwise.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/result.h"
#include "contract/contract.gen.h"
#include "kernel/capabilities.h"
#include "kernel/router-listener.h"
#include "kernel/source.h"
#include "kernel/waiter.h"
#include "monitor/audits.h"
#include "socket/bound-socket.h"
#include "table/tables.h"
#include "table/view.h"

namespace mif::monitor {

// Who wants to know. Has to outlive its subscription.
class Subscriber {
 public:
  virtual ~Subscriber() = default;
  // The state or the tables may have changed: answer with view(), soon, from a thread of your own. There is one wake
  // until then. Called on the monitor's thread with no lock held. Must not block and must not call the monitor.
  virtual void wake() = 0;
};

struct Stats {
  kernel::SourceCounters source;
  std::uint64_t generation = 0;
  std::uint32_t epoch = 0;
  std::uint64_t resyncs = 0;      // Dumps of everything after a loss.
  std::uint64_t repairs = 0;      // Dumps of some tables after an event that implies silent changes.
  std::uint64_t audits = 0;       // Comparisons of one kind with the kernel that nothing called for, audits.h.
  std::uint64_t corrections = 0;  // Records that these found otherwise than they were known.
  std::uint64_t wakes = 0;        // Calls of Subscriber::wake.
  std::uint64_t missed = 0;       // Notifications about what was not there, table/tables.h.
  std::uint32_t users = 0;        // Subscribers at present.
};

using SharedView = std::shared_ptr<const table::View>;

// Opens the source, on the monitor's thread: the place to enter another namespace.
using OpenSource = std::function<base::Result<std::unique_ptr<kernel::Source>>()>;

class Reader;

class Monitor {
 public:
  // Starts the thread and returns at once. `isForeign` says that the source will be of another namespace than this
  // process's, so that sockets must be created on the monitor's thread. Only tests have another pace.
  Monitor(std::unique_ptr<kernel::Waiter> waiter, OpenSource openSource, bool isForeign, const AuditPace& pace = {});
  // Tells the thread to end, then waits for it: for one datagram of the kernel's at most. Not on the monitor's thread.
  ~Monitor();
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  contract::MonitorState state() const;
  // Why it closed by itself: kPermission, kUnsupported or kKernel.
  std::optional<base::Error> failure() const;
  // All false before the source is open.
  kernel::Capabilities capabilities() const;
  Stats stats() const;

  // The latest consistent view: the present one when live, else the last one before the loss, with isSynced false; an
  // empty one before the first dump is complete. Never null. Waits for no more than one turn (limits.h).
  SharedView view() const;
  // The same, and answers the wake: a later change wakes again.
  SharedView view(Subscriber& subscriber);

  // From now on every change wakes it, `settleMs` milliseconds after the first of a run of changes; 0 for at once.
  // It is woken for the present state too, unless that is still opening or syncing.
  void subscribe(Subscriber& subscriber, std::uint32_t settleMs);
  // After it returns, wake() is not running and will not be called again. Unknown subscribers are ignored. Not from
  // within wake().
  void unsubscribe(Subscriber& subscriber);

  // Calls work(tables, whether they are known to equal the kernel's) while they stand still, so for microseconds. They
  // are the present ones, also during a resync, when they may be partly of the past; only closing ends them.
  using Work = std::function<void(const table::Tables& tables, bool isSynced)>;
  void read(const Work& work) const;
  // From now on routes can be found by destination (table::Tables::indexDestinations). Blocks the caller while the
  // monitor's thread does that: a fifth of a second for a million routes, and nothing when it has been done.
  void indexDestinations();

  // A bound socket in the namespace of the monitor. Blocks the caller while the monitor's thread makes it, unless
  // the namespace is this process's own. Errors: as socket::createBoundSocket, and kClosed.
  base::Result<base::UniqueFd> createBoundSocket(const socket::BindRequest& request);

  // To ask the kernel for ways in the namespace of the monitor, from any thread, also when the monitor is gone. Blocks
  // the caller while the monitor's thread opens it. Errors: kClosed, kUnsupported, kKernel.
  base::Result<std::unique_ptr<kernel::RouteQuery>> openRouteQuery();

  // Hears routers in the namespace of the monitor, also when the monitor is gone. Blocks the caller as
  // createBoundSocket does. Errors: as kernel::openRouterListener, and kClosed.
  base::Result<std::unique_ptr<kernel::RouterListener>> openRouterListener(kernel::RouterNews news);

  // Reads one interface again, by any of its names; the next view has it. Whether there is one: alternative names come
  // and go unannounced (trap B8). Blocks the caller while the monitor's thread asks. Errors: kClosed, kKernel.
  base::Result<bool> lookUpInterface(const std::string& name);

 private:
  const bool isForeign_;
  const std::unique_ptr<Reader> reader_;
};

}  // namespace mif::monitor
