// SPDX-License-Identifier: MIT
// A mutex whose holder cannot take it again before one who waits had it. The monitor's thread releases and takes the
// lock of the tables thousands of times a second; with a plain mutex it would win each time, and a reader would wait
// for the end of a dump instead of the end of a datagram.
#pragma once

#include <atomic>
#include <mutex>

namespace mif::monitor {

class FairMutex {
 public:
  void lock() {
    // Mostly nobody waits, and one mutex costs half of two.
    if (waiting_.load(std::memory_order_relaxed) == 0 && data_.try_lock()) return;
    waiting_.fetch_add(1, std::memory_order_relaxed);
    // Whoever waits for the data holds the turn meanwhile, so the next in line waits for the turn.
    turn_.lock();
    data_.lock();
    turn_.unlock();
    waiting_.fetch_sub(1, std::memory_order_relaxed);
  }
  void unlock() { data_.unlock(); }

 private:
  std::atomic<unsigned> waiting_ = 0;
  std::mutex turn_;
  std::mutex data_;
};

}  // namespace mif::monitor
