// SPDX-License-Identifier: MIT
// A view of the tables as JavaScript holds it (NativeSnapshot of binding.d.ts). It can outlive its monitor.
#pragma once

#include <napi.h>

#include "binding/env-state.h"
#include "monitor/monitor.h"

namespace mif::binding {

class SnapshotWrap final : public Napi::ObjectWrap<SnapshotWrap> {
 public:
  static bool defineClass(Napi::Env env, EnvState& state);
  // Null on failure.
  static napi_value create(napi_env env, monitor::SharedView view);

  // Not for JavaScript: throws unless create() called it.
  explicit SnapshotWrap(const Napi::CallbackInfo& info);
  ~SnapshotWrap() override;

 private:
  Napi::Value generation(const Napi::CallbackInfo& info);
  Napi::Value epoch(const Napi::CallbackInfo& info);
  Napi::Value synced(const Napi::CallbackInfo& info);
  Napi::Value size(const Napi::CallbackInfo& info);
  Napi::Value read(const Napi::CallbackInfo& info);
  Napi::Value difference(const Napi::CallbackInfo& info);

  monitor::SharedView view_;
};

}  // namespace mif::binding
