// SPDX-License-Identifier: MIT
// Waiting by ppoll(2). The monitor waits for the source and for the few sockets that are connecting, and leaves the
// source out while it lets notifications gather: with poll that costs nothing, with epoll two system calls a time.
#include "kernel/waiter.h"

#include <poll.h>

#include <utility>

#include "kernel/wake-descriptor.h"

namespace mif::kernel {

namespace {

class PollWaiter final : public Waiter {
 public:
  explicit PollWaiter(WakeDescriptor told) : told_(std::move(told)) {}

  void wait(std::vector<Interest>& interests, std::optional<Moment> until) override {
    polled_.clear();
    polled_.push_back({told_.fd(), POLLIN, 0});
    for (const Interest& interest : interests) {
      polled_.push_back({interest.fd, static_cast<short>(interest.isForWriting ? POLLOUT : POLLIN), 0});
    }
    timespec left{};
    if (until) {
      const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(*until - Moment::clock::now());
      if (nanoseconds.count() > 0) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(nanoseconds);
        left.tv_sec = seconds.count();
        left.tv_nsec = (nanoseconds - seconds).count();
      }
    }
    const int ready = ::ppoll(polled_.data(), polled_.size(), until ? &left : nullptr, nullptr);
    for (std::size_t n = 0; n < interests.size(); ++n) {
      interests[n].isReady = ready > 0 && polled_[n + 1].revents != 0;
    }
    if (ready > 0 && polled_.front().revents != 0) told_.clear();
  }

  void interrupt() override { told_.raise(); }

 private:
  WakeDescriptor told_;
  // Kept for its capacity.
  std::vector<pollfd> polled_;
};

}  // namespace

base::Result<std::unique_ptr<Waiter>> openWaiter() {
  base::Result<WakeDescriptor> told = WakeDescriptor::open();
  if (!told) return told.error();
  return std::unique_ptr<Waiter>(std::make_unique<PollWaiter>(told.take()));
}

}  // namespace mif::kernel
