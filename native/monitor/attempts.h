// SPDX-License-Identifier: MIT
// Connections that are being made: bound before they start (socket/bound-socket.h), watched until they stand or
// fail. Which to start, in what order, and when to give up is decided in lib/socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <vector>

#include "kernel/waiter.h"
#include "monitor/monitor.h"
#include "monitor/subscriptions.h"

namespace mif::monitor {

class Attempts {
 public:
  // Subscribers are told by `subscriptions` when an attempt of theirs ended.
  explicit Attempts(Subscriptions& subscriptions) : subscriptions_(subscriptions) {}

  // Any thread. The attempt starts when startRequested is called, on the one thread that is in the right namespace.
  AttemptId request(Subscriber& subscriber, const ConnectRequest& request);
  void cancel(const Subscriber& subscriber, AttemptId id);
  void cancelAll(const Subscriber& subscriber);
  std::vector<Outcome> takeOutcomes(Subscriber& subscriber);

  // The monitor's thread. Starts what waits for that.
  void startRequested();
  // Appends what to wait for.
  void appendInterests(std::vector<kernel::Interest>& interests);
  // Looks at those of them that are ready now.
  void finishReady(const std::vector<kernel::Interest>& interests);
  bool isConnecting() const;
  // The interface is gone: what is bound to it can only wait for its time-out (trap F5).
  void failOn(std::uint32_t interfaceIndex);
  // Whatever is under way or comes later fails with this error.
  void failAll(const base::Error& error);

 private:
  enum class Stage : std::uint8_t { kRequested, kConnecting, kEnded };
  struct Attempt {
    AttemptId id;
    Subscriber* subscriber;
    ConnectRequest request;
    std::chrono::steady_clock::time_point startedAt;
    Stage stage = Stage::kRequested;
    base::UniqueFd fd;
    Outcome outcome;
  };

  // To walk over while those that end change their places.
  template <typename Condition>
  std::vector<Attempt*> those(Condition&& condition);
  void start(Attempt& attempt);
  void finish(Attempt& attempt);
  void fail(Attempt& attempt, base::Error error);
  void end(Attempt& attempt);

  Subscriptions& subscriptions_;
  mutable std::mutex mutex_;
  // In the order in which they were requested; those that ended, in which they ended.
  std::list<Attempt> attempts_;
  // Whom the interests of the last appendInterests are of, in their order.
  std::vector<AttemptId> watched_;
  AttemptId lastId_ = 0;
  std::optional<base::Error> closed_;
};

}  // namespace mif::monitor
