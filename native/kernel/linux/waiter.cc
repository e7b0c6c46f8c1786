// SPDX-License-Identifier: MIT
// Waiting by ppoll(2). The monitor leaves the source out while it lets notifications gather: with poll that costs
// nothing, with epoll two system calls a time.
#include "kernel/waiter.h"

#include <poll.h>

#include <array>
#include <utility>

#include "kernel/wake-descriptor.h"

namespace mif::kernel {

namespace {

class PollWaiter final : public Waiter {
 public:
  explicit PollWaiter(WakeDescriptor told) : told_(std::move(told)) {}

  bool wait(std::optional<int> fd, std::optional<Moment> until) override {
    // ppoll leaves out what is negative.
    std::array<pollfd, 2> polled = {{{told_.fd(), POLLIN, 0}, {fd.value_or(-1), POLLIN, 0}}};
    timespec left{};
    if (until) {
      const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(*until - Moment::clock::now());
      if (nanoseconds.count() > 0) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(nanoseconds);
        left.tv_sec = seconds.count();
        left.tv_nsec = (nanoseconds - seconds).count();
      }
    }
    const int ready = ::ppoll(polled.data(), polled.size(), until ? &left : nullptr, nullptr);
    if (ready > 0 && polled.front().revents != 0) told_.clear();
    return ready > 0 && polled.back().revents != 0;
  }

  void interrupt() override { told_.raise(); }

 private:
  WakeDescriptor told_;
};

}  // namespace

base::Result<std::unique_ptr<Waiter>> openWaiter() {
  base::Result<WakeDescriptor> told = WakeDescriptor::open();
  if (!told) return told.error();
  return std::unique_ptr<Waiter>(std::make_unique<PollWaiter>(told.take()));
}

}  // namespace mif::kernel
