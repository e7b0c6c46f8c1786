// SPDX-License-Identifier: MIT
#include "binding/monitor-wrap.h"

#include <vector>

#include "binding/call-js.h"
#include "binding/from-js.h"
#include "binding/js-error.h"
#include "binding/router-listener-wrap.h"
#include "binding/selector-wrap.h"
#include "binding/snapshot-wrap.h"
#include "binding/socket-wrap.h"
#include "binding/to-js.h"
#include "contract/contract.gen.h"
#include "contract/observation.h"
#include "monitor/registry.h"

namespace mif::binding {

// The callback is a property of the object rather than a reference of ours: a callback mostly refers to the object,
// and a reference from here would keep both alive for ever (a monitor that nobody closed could not be collected).
static constexpr char kOnWake[] = "onWake";

static napi_value toJs(napi_env env, const kernel::Capabilities& capabilities) {
  Fields fields(env);
  fields.boolean("tables", capabilities.hasTables);
  fields.boolean("rules", capabilities.hasRules);
  fields.boolean("nexthops", capabilities.hasNexthops);
  fields.boolean("addressLifetimes", capabilities.hasAddressLifetimes);
  fields.boolean("strictChecking", capabilities.hasStrictChecking);
  fields.boolean("announcesLoss", capabilities.announcesLoss);
  fields.boolean("eventFilter", capabilities.hasEventFilter);
  fields.boolean("bindToDevice", capabilities.hasBindToDevice);
  fields.number("receiveBuffer", capabilities.receiveBuffer);
  return fields.get();
}

static napi_value toJs(napi_env env, const monitor::Stats& stats) {
  // Exact up to 2^53, which no counter reaches.
  const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
  Fields fields(env);
  fields.number("generation", number(stats.generation));
  fields.number("epoch", stats.epoch);
  fields.number("resyncs", number(stats.resyncs));
  fields.number("repairs", number(stats.repairs));
  fields.number("audits", number(stats.audits));
  fields.number("corrections", number(stats.corrections));
  fields.number("wakes", number(stats.wakes));
  fields.number("missed", number(stats.missed));
  fields.number("datagrams", number(stats.source.datagrams));
  fields.number("messages", number(stats.source.messages));
  fields.number("ignored", number(stats.source.ignored));
  fields.number("malformed", number(stats.source.malformed));
  fields.number("foreignSender", number(stats.source.foreignSender));
  fields.number("overruns", number(stats.source.overruns));
  fields.number("truncated", number(stats.source.truncated));
  fields.number("dumps", number(stats.source.dumps));
  fields.number("unstableDumps", number(stats.source.unstableDumps));
  fields.number("users", stats.users);
  return fields.get();
}

bool MonitorWrap::defineClass(Napi::Env env, EnvState& state) {
  const Napi::Function constructor =
      DefineClass(env, "Monitor",
                  {
                      InstanceMethod<&MonitorWrap::state>("state"),
                      InstanceMethod<&MonitorWrap::failure>("failure"),
                      InstanceMethod<&MonitorWrap::snapshot>("snapshot"),
                      InstanceMethod<&MonitorWrap::capabilities>("capabilities"),
                      InstanceMethod<&MonitorWrap::stats>("stats"),
                      InstanceMethod<&MonitorWrap::hold>("hold"),
                      InstanceMethod<&MonitorWrap::lookUpInterface>("lookUpInterface"),
                      InstanceMethod<&MonitorWrap::createSelector>("createSelector"),
                      InstanceMethod<&MonitorWrap::createBoundSocket>("createBoundSocket"),
                      InstanceMethod<&MonitorWrap::openRouterListener>("openRouterListener"),
                      InstanceMethod<&MonitorWrap::close>("close"),
                  });
  if (constructor.IsEmpty()) return false;
  state.monitorClass = Napi::Persistent(constructor);
  return true;
}

MonitorWrap::MonitorWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<MonitorWrap>(info) {
  const napi_env env = info.Env();
  Options options(env, info[0], "options");
  const std::optional<std::string> namespacePath = options.text("namespacePath");
  contract::Observation observation;
  observation.detail = static_cast<contract::RouteDetail>(
      options.integer("routes", {0, static_cast<std::uint32_t>(contract::RouteDetail::kAll)})
          .value_or(static_cast<std::uint32_t>(contract::RouteDetail::kAll)));
  observation.tables = options.integers("tables", {.least = 1});
  const std::uint32_t settleMs = options.requiredInteger("settleMs");
  const napi_value onWake = options.requiredFunction("onWake");
  if (options.hasFailed()) return;

  const napi_property_descriptor property = {kOnWake, nullptr, nullptr,      nullptr,
                                             nullptr, onWake,  napi_default, nullptr};
  if (napi_define_properties(env, info.This(), 1, &property) != napi_ok) return;

  base::Result<std::shared_ptr<monitor::Monitor>> opened = monitor::openMonitor(namespacePath, observation);
  if (!opened) {
    throwError(env, opened.error());
    return;
  }
  wake_ = Wake::open(env, *this);
  if (wake_ == nullptr) return;
  monitor_ = opened.take();
  monitor_->subscribe(*wake_, settleMs);
}

MonitorWrap::~MonitorWrap() {
  ended();
}

void MonitorWrap::ended() {
  // Before the wake is closed: only then nobody can be using it (Monitor::unsubscribe).
  if (monitor_ != nullptr) monitor_->unsubscribe(*wake_);
  monitor_.reset();
  closeRouteQuery();
  if (wake_ != nullptr) wake_->close();
  wake_.reset();
}

kernel::RouteQuery* MonitorWrap::routeQuery(napi_env env) {
  if (routeQuery_ != nullptr || !requireOpen(env, "cannot ask the kernel")) return routeQuery_.get();
  base::Result<std::unique_ptr<kernel::RouteQuery>> opened = monitor_->openRouteQuery();
  if (opened) {
    routeQuery_ = opened.take();
  } else {
    throwError(env, opened.error());
  }
  return routeQuery_.get();
}

void MonitorWrap::woken(napi_env env) {
  // Empty when the object has been collected and its destructor has not run yet.
  const napi_value self = Value();
  if (self != nullptr) callJs(env, self, kOnWake);
}

Napi::Value MonitorWrap::state(const Napi::CallbackInfo& info) {
  const contract::MonitorState state = monitor_ == nullptr ? contract::MonitorState::kClosed : monitor_->state();
  return {info.Env(), toJs(info.Env(), static_cast<std::uint32_t>(state))};
}

Napi::Value MonitorWrap::failure(const Napi::CallbackInfo& info) {
  const std::optional<base::Error> failure = monitor_ == nullptr ? std::nullopt : monitor_->failure();
  return {info.Env(), failure ? toJs(info.Env(), *failure) : undefined(info.Env())};
}

Napi::Value MonitorWrap::snapshot(const Napi::CallbackInfo& info) {
  if (!requireOpen(info.Env(), "cannot take a snapshot")) return {};
  monitor::SharedView view = monitor_->view(*wake_);
  // The object keeps its view, so no other view can have the same address while it is there.
  const bool isSame = view.get() == shownView_ && !shown_.IsEmpty();
  if (const Napi::Value known = isSame ? shown_.Value() : Napi::Value(); !known.IsEmpty() && known.IsObject())
    return known;
  shownView_ = view.get();
  const napi_value made = SnapshotWrap::create(info.Env(), std::move(view));
  if (made != nullptr) shown_ = Napi::Weak(Napi::Object(info.Env(), made));
  return {info.Env(), made};
}

Napi::Value MonitorWrap::capabilities(const Napi::CallbackInfo& info) {
  if (!requireOpen(info.Env(), "cannot tell the capabilities")) return {};
  return {info.Env(), toJs(info.Env(), monitor_->capabilities())};
}

Napi::Value MonitorWrap::stats(const Napi::CallbackInfo& info) {
  if (!requireOpen(info.Env(), "cannot tell the counters")) return {};
  return {info.Env(), toJs(info.Env(), monitor_->stats())};
}

Napi::Value MonitorWrap::hold(const Napi::CallbackInfo& info) {
  const std::optional<bool> alive = readBoolean(info.Env(), info[0], "alive");
  if (alive) setHeld(info.Env(), *alive);
  return {};
}

Napi::Value MonitorWrap::lookUpInterface(const Napi::CallbackInfo& info) {
  if (!requireOpen(info.Env(), "cannot look an interface up")) return {};
  const std::optional<std::string> name = readText(info.Env(), info[0], "name");
  if (!name) return {};
  const base::Result<bool> found = monitor_->lookUpInterface(*name);
  if (!found) {
    throwError(info.Env(), found.error());
    return {};
  }
  return Napi::Boolean::New(info.Env(), found.value());
}

Napi::Value MonitorWrap::createSelector(const Napi::CallbackInfo& info) {
  if (!requireOpen(info.Env(), "cannot select")) return {};
  return {info.Env(), SelectorWrap::create(info.Env(), *this, info[0])};
}

Napi::Value MonitorWrap::createBoundSocket(const Napi::CallbackInfo& info) {
  if (!requireOpen(info.Env(), "cannot create a socket")) return {};
  const std::optional<socket::BindRequest> request = readBindRequest(info);
  if (!request) return {};
  return {info.Env(), give(info.Env(), monitor_->createBoundSocket(*request))};
}

Napi::Value MonitorWrap::openRouterListener(const Napi::CallbackInfo& info) {
  if (!requireOpen(info.Env(), "cannot hear routers")) return {};
  Options options(info.Env(), info[0], "options");
  const std::string news = options.requiredWord("news", {"options", "advertisements"});
  if (options.hasFailed()) return {};
  base::Result<std::unique_ptr<kernel::RouterListener>> opened = monitor_->openRouterListener(
      news == "options" ? kernel::RouterNews::kUserOptions : kernel::RouterNews::kAdvertisements);
  if (!opened) {
    throwError(info.Env(), opened.error());
    return {};
  }
  return {info.Env(), RouterListenerWrap::create(info.Env(), opened.take(), info[0])};
}

Napi::Value MonitorWrap::close(const Napi::CallbackInfo& info) {
  setHeld(info.Env(), false);
  ended();
  return {};
}

bool MonitorWrap::requireOpen(napi_env env, const char* asked) {
  if (monitor_ != nullptr) return true;
  throwError(env, {base::ErrorCode::kClosed, std::string(asked) + ": the monitor was closed", "", 0, ""});
  return false;
}

void MonitorWrap::setHeld(napi_env env, bool alive) {
  if (wake_ == nullptr || isHeld_ == alive) return;
  isHeld_ = alive;
  wake_->hold(env, alive);
  // A program that waits for a callback need not keep the monitor in a variable.
  if (alive) {
    Ref();
  } else {
    Unref();
  }
}

}  // namespace mif::binding
