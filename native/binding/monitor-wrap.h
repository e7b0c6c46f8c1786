// SPDX-License-Identifier: MIT
// One environment's handle to a monitor (NativeMonitor of binding.d.ts). The monitor is shared by the process; the
// subscription and the wake-ups are this handle's and end with it: by close(), when the object is collected, or when
// the environment ends.
#pragma once

#include <napi.h>

#include <memory>

#include "binding/env-state.h"
#include "binding/wake.h"
#include "kernel/route-query.h"
#include "monitor/monitor.h"

namespace mif::binding {

class MonitorWrap final : public Napi::ObjectWrap<MonitorWrap>, private Wake::Receiver {
 public:
  static bool defineClass(Napi::Env env, EnvState& state);

  // Takes NativeMonitorOptions. An exception is pending when it fails.
  explicit MonitorWrap(const Napi::CallbackInfo& info);
  ~MonitorWrap() override;

  // Null once ended.
  monitor::Monitor* monitor() const { return monitor_.get(); }

  // To ask the kernel in the namespace of the monitor; opened when it is first wanted, closed with the handle. Null,
  // and an exception is pending, when it cannot be.
  kernel::RouteQuery* routeQuery(napi_env env);
  // The next one wanted is another: this one has failed.
  void closeRouteQuery() { routeQuery_.reset(); }

 private:
  Napi::Value state(const Napi::CallbackInfo& info);
  Napi::Value failure(const Napi::CallbackInfo& info);
  Napi::Value snapshot(const Napi::CallbackInfo& info);
  Napi::Value capabilities(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);
  Napi::Value hold(const Napi::CallbackInfo& info);
  Napi::Value lookUpInterface(const Napi::CallbackInfo& info);
  Napi::Value createSelector(const Napi::CallbackInfo& info);
  Napi::Value createBoundSocket(const Napi::CallbackInfo& info);
  Napi::Value openRouterListener(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  void woken(napi_env env) override;
  void ended() override;

  // Whether it is open; throws ERR_MIF_CLOSED otherwise.
  bool requireOpen(napi_env env, const char* asked);
  // Whether the event loop and this object are kept alive.
  void setHeld(napi_env env, bool alive);

  // Null once ended.
  std::shared_ptr<monitor::Monitor> monitor_;
  std::shared_ptr<Wake> wake_;
  std::unique_ptr<kernel::RouteQuery> routeQuery_;
  bool isHeld_ = false;
  // The view that was given last, if JavaScript still has the object.
  Napi::ObjectReference shown_;
  const table::View* shownView_ = nullptr;
};

}  // namespace mif::binding
