// SPDX-License-Identifier: MIT
#include "monitor/subscriptions.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "test.h"

namespace {

using mif::monitor::Subscriber;
using mif::monitor::Subscriptions;
using Moment = Subscriptions::Moment;
using std::chrono::milliseconds;

class Counting final : public Subscriber {
 public:
  void wake() override {
    ++wakes;
    if (onWake) onWake();
  }
  int wakes = 0;
  std::function<void()> onWake;
};

constexpr Moment kStart = Moment(std::chrono::hours(1));

}  // namespace

MIF_TEST("subscriptions: a subscriber that has been woken is left alone until it answers (MIF-82)") {
  Subscriptions subscriptions;
  Counting one;
  subscriptions.add(one, milliseconds(0));
  for (int n = 0; n < 3; ++n) {
    subscriptions.changed(kStart);
    subscriptions.wakeDue(kStart);
  }
  MIF_CHECK_EQUAL(one.wakes, 1);
  MIF_CHECK(!subscriptions.nextDue());
  subscriptions.answerChange(one);
  subscriptions.wakeDue(kStart);
  MIF_CHECK_EQUAL(one.wakes, 1);
  subscriptions.changed(kStart);
  subscriptions.wakeDue(kStart);
  MIF_CHECK_EQUAL(one.wakes, 2);
  MIF_CHECK_EQUAL(subscriptions.wakes(), 2u);
}

MIF_TEST("subscriptions: a change while the wake is unanswered is covered by the answer, one after it wakes again") {
  Subscriptions subscriptions;
  Counting one;
  subscriptions.add(one, milliseconds(0));
  subscriptions.changed(kStart);
  // The answer comes first, the view is taken afterwards: what changes in between is in the view and wakes again.
  one.onWake = [&] {
    subscriptions.answerChange(one);
    if (one.wakes == 1) subscriptions.changed(kStart);
  };
  subscriptions.wakeDue(kStart);
  MIF_CHECK_EQUAL(one.wakes, 2);
}

MIF_TEST("subscriptions: changes settle from the first of a run on, for each subscriber its own time") {
  Subscriptions subscriptions;
  Counting patient;
  Counting hasty;
  subscriptions.add(patient, milliseconds(100));
  subscriptions.add(hasty, milliseconds(0));
  subscriptions.changed(kStart);
  subscriptions.changed(kStart + milliseconds(60));
  subscriptions.wakeDue(kStart + milliseconds(60));
  MIF_CHECK_EQUAL(hasty.wakes, 1);
  MIF_CHECK_EQUAL(patient.wakes, 0);
  MIF_CHECK(subscriptions.nextDue() == kStart + milliseconds(100));
  subscriptions.wakeDue(kStart + milliseconds(100));
  MIF_CHECK_EQUAL(patient.wakes, 1);
}

MIF_TEST("subscriptions: nobody is woken after remove has returned, and remove waits for a wake that is running") {
  Subscriptions subscriptions;
  Counting slow;
  std::mutex mutex;
  std::condition_variable changed;
  bool isWaking = false;
  bool mayEnd = false;
  bool hasEnded = false;
  slow.onWake = [&] {
    std::unique_lock lock(mutex);
    isWaking = true;
    changed.notify_all();
    changed.wait(lock, [&] { return mayEnd; });
    hasEnded = true;
  };
  subscriptions.add(slow, milliseconds(0));
  subscriptions.changed(kStart);
  std::thread waker([&] { subscriptions.wakeDue(kStart); });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return isWaking; });
  }
  std::thread releaser([&] {
    const std::lock_guard lock(mutex);
    mayEnd = true;
    changed.notify_all();
  });
  MIF_CHECK(subscriptions.remove(slow));
  {
    const std::lock_guard lock(mutex);
    MIF_CHECK(hasEnded);
  }
  waker.join();
  releaser.join();
  subscriptions.changed(kStart);
  subscriptions.wakeDue(kStart);
  MIF_CHECK_EQUAL(slow.wakes, 1);
  MIF_CHECK(!subscriptions.remove(slow));
}

MIF_TEST("subscriptions: a subscriber may be removed by another while everybody is being woken") {
  Subscriptions subscriptions;
  Counting first;
  Counting second;
  subscriptions.add(first, milliseconds(0));
  subscriptions.add(second, milliseconds(0));
  first.onWake = [&] { subscriptions.remove(second); };
  subscriptions.changed(kStart);
  subscriptions.wakeDue(kStart);
  MIF_CHECK_EQUAL(first.wakes, 1);
  MIF_CHECK_EQUAL(second.wakes, 0);
}
