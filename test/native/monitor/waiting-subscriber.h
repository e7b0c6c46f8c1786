// SPDX-License-Identifier: MIT
// A subscriber for tests: counts its wakes, and waits for conditions instead of for time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "monitor/monitor.h"

namespace mif::test {

// How long a condition may take before a test calls it false.
inline constexpr std::chrono::seconds kPatience{20};

class WaitingSubscriber final : public monitor::Subscriber {
 public:
  void wake() override {
    const std::lock_guard lock(mutex_);
    ++wakes_;
    woken_.notify_all();
  }

  std::uint32_t wakes() const {
    const std::lock_guard lock(mutex_);
    return wakes_;
  }

  // Asks at once and after each wake, until the condition holds. It has to take a view, else there is no further
  // wake.
  template <typename Condition>
  [[nodiscard]] bool waitUntil(Condition&& condition) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
      std::uint32_t before = wakes();
      if (condition()) return true;
      std::unique_lock lock(mutex_);
      if (!woken_.wait_until(lock, end, [&] { return wakes_ != before; })) {
        lock.unlock();
        return condition();
      }
    }
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  std::uint32_t wakes_ = 0;
};

}  // namespace mif::test
