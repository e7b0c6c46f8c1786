// SPDX-License-Identifier: MIT
// Who is to be woken, and when. A subscriber that has been woken is left alone until it answers, so a blocked event
// loop costs one wake; the test whether to wake and the mark that it happened are one step, so none is lost.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "monitor/monitor.h"

namespace mif::monitor {

class Subscriptions {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  // Any thread.
  void add(Subscriber& subscriber, std::chrono::milliseconds settle);
  // Waits until wake() of it is not running. Whether it was known.
  bool remove(Subscriber& subscriber);
  std::size_t size() const;
  std::uint64_t wakes() const { return wakes_.load(std::memory_order_relaxed); }

  // The tables or the state changed: everybody is to be woken.
  void changed(Moment now);
  // One is to be woken.
  void changed(Subscriber& subscriber, Moment now);
  // A subscriber takes a view. To be called before it is taken: what comes between wakes again.
  void answerChange(Subscriber& subscriber);

  // When wakeDue has something to do next. The monitor's thread, as below.
  std::optional<Moment> nextDue() const;
  // Wakes those whose time has come.
  void wakeDue(Moment now);

 private:
  struct Subscription {
    Subscriber* subscriber;
    std::chrono::milliseconds settle;
    // To be woken from this moment on; not while an earlier wake is unanswered.
    std::optional<Moment> due;
    bool isTold = false;

    bool isDue(Moment now) const { return due && !isTold && *due <= now; }
  };

  Subscription* find(const Subscriber& subscriber);

  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::vector<Subscription> subscriptions_;
  // Whose wake() is running, or null.
  const Subscriber* waking_ = nullptr;
  std::atomic<std::uint64_t> wakes_{0};
};

}  // namespace mif::monitor
