// SPDX-License-Identifier: MIT
// Somebody else who changes the network without a rest, in the namespace of the thread that makes it.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "kernel/private-namespace.h"

namespace mif::test {

// Runs commands of ip(8) over and over until it ends, at the end of a turn of 500.
class Churn {
 public:
  explicit Churn(std::string commands)
      : thread_([this, text = std::move(commands)] {
          std::string batch;
          for (int n = 0; n < 500; ++n) batch += text;
          while (!isOver_.load()) {
            tryIp(batch);
            std::this_thread::sleep_for(kRest);
          }
        }) {}
  ~Churn() {
    isOver_.store(true);
    thread_.join();
  }
  Churn(const Churn&) = delete;
  Churn& operator=(const Churn&) = delete;

 private:
#if defined(__SANITIZE_THREAD__)
  // Who reads is ten times slower, and has to catch up now and then.
  static constexpr std::chrono::milliseconds kRest{200};
#else
  static constexpr std::chrono::milliseconds kRest{0};
#endif

  std::atomic<bool> isOver_{false};
  std::thread thread_;
};

}  // namespace mif::test
