// SPDX-License-Identifier: MIT
// What the native library exports (NativeBinding of binding.d.ts), and nothing else.

#include <napi.h>

#include "base/clock.h"
#include "base/unique-fd.h"
#include "binding/datagram-wrap.h"
#include "binding/env-state.h"
#include "binding/from-js.h"
#include "binding/js-error.h"
#include "binding/monitor-wrap.h"
#include "binding/router-listener-wrap.h"
#include "binding/selector-wrap.h"
#include "binding/snapshot-wrap.h"
#include "binding/socket-wrap.h"
#include "binding/to-js.h"
#include "contract/contract.gen.h"
#include "socket/bound-socket.h"

namespace mif::binding {

namespace {

Napi::Value now(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(base::now()));
}

Napi::Value openMonitor(const Napi::CallbackInfo& info) {
  const EnvState* state = EnvState::of(info.Env());
  if (state == nullptr) return {};
  const napi_value options = info[0];
  napi_value monitor = nullptr;
  (void)napi_new_instance(info.Env(), state->monitorClass.Value(), 1, &options, &monitor);
  return {info.Env(), monitor};
}

Napi::Value createBoundSocket(const Napi::CallbackInfo& info) {
  const auto request = readBindRequest(info);
  if (!request) return {};
  return {info.Env(), give(info.Env(), socket::createBoundSocket(*request))};
}

Napi::Value openDatagramSocket(const Napi::CallbackInfo& info) {
  const EnvState* state = EnvState::of(info.Env());
  if (state == nullptr) return {};
  const napi_value options = info[0];
  napi_value socket = nullptr;
  (void)napi_new_instance(info.Env(), state->datagramSocketClass.Value(), 1, &options, &socket);
  return {info.Env(), socket};
}

Napi::Value closeDescriptor(const Napi::CallbackInfo& info) {
  const auto fd = readInteger(info.Env(), info[0], "fd", {0, 0x7fffffff});
  if (fd) base::UniqueFd(static_cast<int>(*fd)).reset();
  return {};
}

Napi::Value heldDevice(const Napi::CallbackInfo& info) {
  const auto fd = readInteger(info.Env(), info[0], "fd", {0, 0x7fffffff});
  if (!fd) return {};
  const base::Result<std::uint32_t> device = socket::deviceOf(static_cast<int>(*fd));
  if (!device) throwError(info.Env(), device.error());
  return device ? Napi::Number::New(info.Env(), device.value()) : Napi::Value();
}

Napi::Object exportAll(Napi::Env env, Napi::Object exports) {
  EnvState* state = EnvState::install(env);
  if (state == nullptr || !MonitorWrap::defineClass(env, *state) || !SnapshotWrap::defineClass(env, *state) ||
      !SelectorWrap::defineClass(env, *state) || !DatagramWrap::defineClass(env, *state) ||
      !RouterListenerWrap::defineClass(env, *state)) {
    return exports;
  }
  Fields fields(env, exports);
  fields.text("contractDigest", contract::kDigest);
  fields.value("now", Napi::Function::New<now>(env, "now"));
  fields.value("openMonitor", Napi::Function::New<openMonitor>(env, "openMonitor"));
  fields.value("createBoundSocket", Napi::Function::New<createBoundSocket>(env, "createBoundSocket"));
  fields.value("openDatagramSocket", Napi::Function::New<openDatagramSocket>(env, "openDatagramSocket"));
  fields.value("heldDevice", Napi::Function::New<heldDevice>(env, "heldDevice"));
  fields.value("closeDescriptor", Napi::Function::New<closeDescriptor>(env, "closeDescriptor"));
  return exports;
}

}  // namespace

NODE_API_MODULE(node_mif, exportAll)

}  // namespace mif::binding
