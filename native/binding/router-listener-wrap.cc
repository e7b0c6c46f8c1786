// SPDX-License-Identifier: MIT
#include "binding/router-listener-wrap.h"

#include <utility>
#include <vector>

#include "binding/call-js.h"
#include "binding/from-js.h"
#include "binding/js-error.h"
#include "binding/to-js.h"

namespace mif::binding {

// A property of the object rather than a reference of ours, as in monitor-wrap.cc.
static constexpr char kOnReady[] = "onReady";

// The kernel keeps indexes as positive int.
static constexpr Range kIndexes = {1, 0x7fffffff};

static napi_value toJs(napi_env env, const kernel::Heard& heard) {
  Fields fields(env);
  napi_value data = nullptr;
  if (napi_create_buffer_copy(env, heard.bytes.size(), heard.bytes.data(), nullptr, &data) != napi_ok) data = nullptr;
  fields.value("data", data);
  fields.text("router", heard.router.text());
  fields.number("interfaceIndex", heard.interfaceIndex);
  fields.number("hopLimit", heard.hopLimit);
  return fields.get();
}

static napi_value toJs(napi_env env, const std::vector<kernel::Heard>& news) {
  napi_value array = nullptr;
  if (napi_create_array_with_length(env, news.size(), &array) != napi_ok) return nullptr;
  for (std::uint32_t at = 0; at < news.size(); ++at) {
    const napi_value heard = toJs(env, news[at]);
    if (heard == nullptr || napi_set_element(env, array, at, heard) != napi_ok) return nullptr;
  }
  return array;
}

bool RouterListenerWrap::defineClass(Napi::Env env, EnvState& state) {
  const Napi::Function constructor = DefineClass(env, "RouterListener",
                                                 {
                                                     InstanceMethod<&RouterListenerWrap::receive>("receive"),
                                                     InstanceMethod<&RouterListenerWrap::solicit>("solicit"),
                                                     InstanceMethod<&RouterListenerWrap::close>("close"),
                                                 });
  if (constructor.IsEmpty()) return false;
  state.routerListenerClass = Napi::Persistent(constructor);
  return true;
}

napi_value RouterListenerWrap::create(napi_env env, std::unique_ptr<kernel::RouterListener> listener,
                                      napi_value options) {
  EnvState* state = EnvState::of(env);
  if (state == nullptr) return nullptr;
  state->nextRouterListener = std::move(listener);
  napi_value wrap = nullptr;
  (void)napi_new_instance(env, state->routerListenerClass.Value(), 1, &options, &wrap);
  state->nextRouterListener.reset();
  return wrap;
}

RouterListenerWrap::RouterListenerWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<RouterListenerWrap>(info) {
  const napi_env env = info.Env();
  EnvState* state = EnvState::of(env);
  if (state == nullptr || state->nextRouterListener == nullptr) {
    throwError(env, {base::ErrorCode::kInvalidArg, "listeners are opened by monitor.openRouterListener()", "", 0, ""});
    return;
  }
  std::unique_ptr<kernel::RouterListener> listener = std::move(state->nextRouterListener);
  Options options(env, info[0], "options");
  const napi_value onReady = options.requiredFunction(kOnReady);
  if (options.hasFailed()) return;
  const napi_property_descriptor property = {kOnReady, nullptr, nullptr,      nullptr,
                                             nullptr,  onReady, napi_default, nullptr};
  if (napi_define_properties(env, info.This(), 1, &property) != napi_ok) return;
  watch_ = DescriptorWatch::open(env, listener->descriptor(), info.This(), *this);
  if (watch_ == nullptr) {
    throwError(env, {base::ErrorCode::kUnsupported, "this runtime cannot watch a socket", "", 0, ""});
    return;
  }
  listener_ = std::move(listener);
  watch_->hold(false);
  watch_->watch(true, false);
}

RouterListenerWrap::~RouterListenerWrap() {
  ended();
}

void RouterListenerWrap::ended() {
  // The loop lets go of the descriptor before it is closed.
  if (watch_ != nullptr) watch_->close();
  watch_ = nullptr;
  listener_.reset();
}

void RouterListenerWrap::ready(napi_env env, napi_async_context context) {
  // Empty when the object has been collected and its destructor has not run yet.
  const napi_value self = Value();
  if (self != nullptr) callJsFromLoop(env, context, self, kOnReady);
}

Napi::Value RouterListenerWrap::receive(const Napi::CallbackInfo& info) {
  const napi_env env = info.Env();
  if (!requireOpen(env)) return {};
  std::vector<kernel::Heard> news;
  const base::Result<base::Done> heard = listener_->hear(news);
  if (!heard) {
    throwError(env, heard.error());
    return {};
  }
  const kernel::HearingCounters& counters = listener_->counters();
  Fields fields(env);
  fields.value("news", toJs(env, news));
  fields.number("lost", static_cast<double>(counters.lost));
  fields.number("foreign", static_cast<double>(counters.foreign));
  fields.number("malformed", static_cast<double>(counters.malformed));
  return {env, fields.get()};
}

Napi::Value RouterListenerWrap::solicit(const Napi::CallbackInfo& info) {
  if (!requireOpen(info.Env())) return {};
  const auto index = readInteger(info.Env(), info[0], "interfaceIndex", kIndexes);
  if (!index) return {};
  const base::Result<bool> sent = listener_->solicit(*index);
  if (!sent) {
    throwError(info.Env(), sent.error());
    return {};
  }
  return Napi::Boolean::New(info.Env(), sent.value());
}

Napi::Value RouterListenerWrap::close(const Napi::CallbackInfo&) {
  ended();
  return {};
}

bool RouterListenerWrap::requireOpen(napi_env env) {
  if (listener_ != nullptr) return true;
  throwError(env, {base::ErrorCode::kClosed, "the listener is closed", "", 0, ""});
  return false;
}

}  // namespace mif::binding
