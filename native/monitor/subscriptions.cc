// SPDX-License-Identifier: MIT
#include "monitor/subscriptions.h"

#include <algorithm>

namespace mif::monitor {

void Subscriptions::add(Subscriber& subscriber, std::chrono::milliseconds settle) {
  const std::lock_guard lock(mutex_);
  subscriptions_.push_back({&subscriber, settle, {}, false});
}

bool Subscriptions::remove(Subscriber& subscriber) {
  std::unique_lock lock(mutex_);
  const std::size_t removed =
      std::erase_if(subscriptions_, [&](const Subscription& entry) { return entry.subscriber == &subscriber; });
  idle_.wait(lock, [&] { return waking_ != &subscriber; });
  return removed != 0;
}

std::size_t Subscriptions::size() const {
  const std::lock_guard lock(mutex_);
  return subscriptions_.size();
}

void Subscriptions::changed(Moment now) {
  const std::lock_guard lock(mutex_);
  for (Subscription& entry : subscriptions_) {
    if (!entry.due) entry.due = now + entry.settle;
  }
}

void Subscriptions::changed(Subscriber& subscriber, Moment now) {
  const std::lock_guard lock(mutex_);
  Subscription* entry = find(subscriber);
  if (entry != nullptr && !entry->due) entry->due = now;
}

void Subscriptions::answerChange(Subscriber& subscriber) {
  const std::lock_guard lock(mutex_);
  Subscription* entry = find(subscriber);
  if (entry == nullptr) return;
  entry->due.reset();
  entry->isTold = false;
}

std::optional<Subscriptions::Moment> Subscriptions::nextDue() const {
  const std::lock_guard lock(mutex_);
  std::optional<Moment> next;
  for (const Subscription& entry : subscriptions_) {
    if (entry.due && !entry.isTold && (!next || *entry.due < *next)) next = entry.due;
  }
  return next;
}

void Subscriptions::wakeDue(Moment now) {
  std::unique_lock lock(mutex_);
  for (;;) {
    // Sought anew each time: while the lock was open, others may have come and gone.
    const auto due = std::find_if(subscriptions_.begin(), subscriptions_.end(),
                                  [now](const Subscription& entry) { return entry.isDue(now); });
    if (due == subscriptions_.end()) return;
    due->isTold = true;
    Subscriber* subscriber = due->subscriber;
    waking_ = subscriber;
    wakes_.fetch_add(1, std::memory_order_relaxed);
    lock.unlock();
    subscriber->wake();
    lock.lock();
    waking_ = nullptr;
    idle_.notify_all();
  }
}

Subscriptions::Subscription* Subscriptions::find(const Subscriber& subscriber) {
  const auto found = std::find_if(subscriptions_.begin(), subscriptions_.end(),
                                  [&](const Subscription& entry) { return entry.subscriber == &subscriber; });
  return found == subscriptions_.end() ? nullptr : &*found;
}

}  // namespace mif::monitor
