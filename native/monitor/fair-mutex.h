// SPDX-License-Identifier: MIT
// A mutex whose holder cannot take it again before one who waits had it. The monitor's thread releases and takes the
// lock of the tables thousands of times a second; with a plain mutex it would win each time, and a reader would wait
// for the end of a dump instead of the end of a datagram.
#pragma once

#include <mutex>

namespace mif::monitor {

class FairMutex {
 public:
  void lock() {
    // Whoever waits for the data holds the turn meanwhile, so the next in line waits for the turn.
    turn_.lock();
    data_.lock();
    turn_.unlock();
  }
  void unlock() { data_.unlock(); }

 private:
  std::mutex turn_;
  std::mutex data_;
};

}  // namespace mif::monitor
