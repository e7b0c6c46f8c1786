// SPDX-License-Identifier: MIT
// What routers say, on the event loop (NativeRouterListener of binding.d.ts). Never keeps the loop alive, nor itself:
// when nobody has it any more it is closed.
#pragma once

#include <napi.h>

#include <memory>

#include "binding/descriptor-watch.h"
#include "binding/env-state.h"
#include "kernel/router-listener.h"

namespace mif::binding {

class RouterListenerWrap final : public Napi::ObjectWrap<RouterListenerWrap>, private DescriptorWatch::Receiver {
 public:
  static bool defineClass(Napi::Env env, EnvState& state);

  // Makes one of a listener and of NativeRouterListenerOptions. Null, and an exception is pending, when it cannot.
  static napi_value create(napi_env env, std::unique_ptr<kernel::RouterListener> listener, napi_value options);

  // By create only.
  explicit RouterListenerWrap(const Napi::CallbackInfo& info);
  ~RouterListenerWrap() override;

 private:
  Napi::Value receive(const Napi::CallbackInfo& info);
  Napi::Value solicit(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  void ready(napi_env env, napi_async_context context) override;
  void ended() override;

  // Whether it is open; throws ERR_MIF_CLOSED otherwise.
  bool requireOpen(napi_env env);

  // Null once closed.
  std::unique_ptr<kernel::RouterListener> listener_;
  DescriptorWatch* watch_ = nullptr;
};

}  // namespace mif::binding
