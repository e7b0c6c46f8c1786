// SPDX-License-Identifier: MIT
#include "monitor/attempts.h"

#include <algorithm>
#include <utility>

namespace mif::monitor {

namespace {

base::Error interfaceGone(const socket::BindRequest& request) {
  base::Error error;
  error.code = base::ErrorCode::kInterfaceNotFound;
  error.message = "interface \"" + request.interfaceName + "\" (index " + std::to_string(request.interfaceIndex) +
                  ") is gone; the connection was bound to it";
  return error;
}

// A link-local destination needs the interface as its scope (trap F8).
std::uint32_t scopeOf(const ConnectRequest& request) {
  const bool isLinkLocal =
      request.destination.family() == 6 && (request.destination.group(0) & 0xffc00000) == 0xfe800000;
  return isLinkLocal ? request.bind.interfaceIndex : 0;
}

}  // namespace

AttemptId Attempts::request(Subscriber& subscriber, const ConnectRequest& request) {
  const std::lock_guard lock(mutex_);
  if (++lastId_ == 0) ++lastId_;
  attempts_.push_back({lastId_, &subscriber, request, std::chrono::steady_clock::now(), Stage::kRequested, {}, {}});
  Attempt& attempt = attempts_.back();
  attempt.outcome.attempt = lastId_;
  const AttemptId id = lastId_;
  if (closed_) fail(attempt, *closed_);
  return id;
}

void Attempts::cancel(const Subscriber& subscriber, AttemptId id) {
  const std::lock_guard lock(mutex_);
  attempts_.remove_if([&](const Attempt& attempt) { return attempt.subscriber == &subscriber && attempt.id == id; });
}

void Attempts::cancelAll(const Subscriber& subscriber) {
  const std::lock_guard lock(mutex_);
  attempts_.remove_if([&](const Attempt& attempt) { return attempt.subscriber == &subscriber; });
}

std::vector<Outcome> Attempts::takeOutcomes(Subscriber& subscriber) {
  const std::lock_guard lock(mutex_);
  subscriptions_.answerOutcome(subscriber);
  std::vector<Outcome> outcomes;
  for (auto attempt = attempts_.begin(); attempt != attempts_.end();) {
    if (attempt->subscriber == &subscriber && attempt->stage == Stage::kEnded) {
      outcomes.push_back(std::move(attempt->outcome));
      attempt = attempts_.erase(attempt);
    } else {
      ++attempt;
    }
  }
  return outcomes;
}

void Attempts::startRequested() {
  const std::lock_guard lock(mutex_);
  for (Attempt* attempt : those([](const Attempt& candidate) { return candidate.stage == Stage::kRequested; })) {
    start(*attempt);
  }
}

void Attempts::appendInterests(std::vector<kernel::Interest>& interests) {
  const std::lock_guard lock(mutex_);
  watched_.clear();
  for (const Attempt& attempt : attempts_) {
    if (attempt.stage != Stage::kConnecting) continue;
    interests.push_back({attempt.fd.get(), true, false});
    watched_.push_back(attempt.id);
  }
}

void Attempts::finishReady(const std::vector<kernel::Interest>& interests) {
  const std::lock_guard lock(mutex_);
  auto watched = watched_.begin();
  for (const kernel::Interest& interest : interests) {
    if (!interest.isForWriting) continue;
    const AttemptId id = *watched++;
    if (!interest.isReady) continue;
    // By its id: it may have been given up meanwhile, and its descriptor be that of another attempt.
    const auto attempt = std::find_if(attempts_.begin(), attempts_.end(), [id](const Attempt& candidate) {
      return candidate.id == id && candidate.stage == Stage::kConnecting;
    });
    if (attempt != attempts_.end()) finish(*attempt);
  }
}

bool Attempts::isConnecting() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(attempts_.begin(), attempts_.end(),
                     [](const Attempt& attempt) { return attempt.stage != Stage::kEnded; });
}

void Attempts::failOn(std::uint32_t interfaceIndex) {
  const std::lock_guard lock(mutex_);
  const auto isBound = [interfaceIndex](const Attempt& attempt) {
    return attempt.stage != Stage::kEnded && attempt.request.bind.interfaceIndex == interfaceIndex;
  };
  for (Attempt* attempt : those(isBound)) fail(*attempt, interfaceGone(attempt->request.bind));
}

void Attempts::failAll(const base::Error& error) {
  const std::lock_guard lock(mutex_);
  closed_ = error;
  for (Attempt* attempt : those([](const Attempt& candidate) { return candidate.stage != Stage::kEnded; })) {
    fail(*attempt, error);
  }
}

template <typename Condition>
std::vector<Attempts::Attempt*> Attempts::those(Condition&& condition) {
  std::vector<Attempt*> found;
  for (Attempt& attempt : attempts_) {
    if (condition(attempt)) found.push_back(&attempt);
  }
  return found;
}

void Attempts::start(Attempt& attempt) {
  base::Result<socket::BoundSocket> bound = socket::createBoundSocket(attempt.request.bind);
  if (!bound) return fail(attempt, bound.error());
  attempt.fd = std::move(bound.value().fd);
  const base::Result<socket::ConnectStart> started = socket::startConnect(
      attempt.fd.get(), attempt.request.destination, attempt.request.port, scopeOf(attempt.request));
  if (!started) return fail(attempt, started.error());
  attempt.stage = Stage::kConnecting;
  if (started.value() == socket::ConnectStart::kConnected) finish(attempt);
}

void Attempts::finish(Attempt& attempt) {
  base::Result<socket::Established> established = socket::finishConnect(attempt.fd.get());
  if (!established) return fail(attempt, established.error());
  attempt.outcome.fd = std::move(attempt.fd);
  attempt.outcome.established = established.take();
  end(attempt);
}

void Attempts::fail(Attempt& attempt, base::Error error) {
  attempt.fd.reset();
  attempt.outcome.failure = std::move(error);
  end(attempt);
}

void Attempts::end(Attempt& attempt) {
  attempt.stage = Stage::kEnded;
  const auto elapsed = std::chrono::steady_clock::now() - attempt.startedAt;
  attempt.outcome.elapsedMs =
      static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count());
  const auto entry =
      std::find_if(attempts_.begin(), attempts_.end(), [&](const Attempt& other) { return &other == &attempt; });
  attempts_.splice(attempts_.end(), attempts_, entry);
  subscriptions_.hasOutcome(*attempt.subscriber);
}

}  // namespace mif::monitor
