// SPDX-License-Identifier: MIT
#include "monitor/monitor.h"

#include <chrono>
#include <utility>

#include "monitor/reader.h"

namespace mif::monitor {

Monitor::Monitor(std::unique_ptr<kernel::Waiter> waiter, OpenSource openSource, bool isForeign, const AuditPace& pace)
    : isForeign_(isForeign), reader_(std::make_unique<Reader>(std::move(waiter), std::move(openSource), pace)) {}

Monitor::~Monitor() = default;

contract::MonitorState Monitor::state() const {
  return reader_->state();
}

std::optional<base::Error> Monitor::failure() const {
  return reader_->failure();
}

kernel::Capabilities Monitor::capabilities() const {
  return reader_->capabilities();
}

Stats Monitor::stats() const {
  return reader_->stats();
}

SharedView Monitor::view() const {
  return reader_->view();
}

void Monitor::read(const Work& work) const {
  reader_->read(work);
}

void Monitor::indexDestinations() {
  reader_->indexDestinations();
}

SharedView Monitor::view(Subscriber& subscriber) {
  reader_->subscriptions().answerChange(subscriber);
  return reader_->view();
}

void Monitor::subscribe(Subscriber& subscriber, std::uint32_t settleMs) {
  Subscriptions& subscriptions = reader_->subscriptions();
  subscriptions.add(subscriber, std::chrono::milliseconds(settleMs));
  // After adding: if it goes live in between, it is told twice at most, never not at all.
  const contract::MonitorState now = state();
  if (now == contract::MonitorState::kOpening || now == contract::MonitorState::kSyncing) return;
  subscriptions.changed(subscriber, std::chrono::steady_clock::now());
  reader_->interrupt();
}

void Monitor::unsubscribe(Subscriber& subscriber) {
  (void)reader_->subscriptions().remove(subscriber);
}

base::Result<base::UniqueFd> Monitor::createBoundSocket(const socket::BindRequest& request) {
  return isForeign_ ? reader_->createBoundSocket(request) : socket::createBoundSocket(request);
}

base::Result<std::unique_ptr<kernel::RouteQuery>> Monitor::openRouteQuery() {
  return reader_->openRouteQuery();
}

base::Result<std::unique_ptr<kernel::RouterListener>> Monitor::openRouterListener(kernel::RouterNews news) {
  return isForeign_ ? reader_->openRouterListener(news) : kernel::openRouterListener(news);
}

base::Result<bool> Monitor::lookUpInterface(const std::string& name) {
  return reader_->lookUpInterface(name);
}

}  // namespace mif::monitor
