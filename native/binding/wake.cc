// SPDX-License-Identifier: MIT
#include "binding/wake.h"

#include <utility>

#include "binding/to-js.h"

namespace mif::binding {

std::shared_ptr<Wake> Wake::open(napi_env env, Receiver& receiver) {
  std::shared_ptr<Wake> wake(new Wake(receiver));
  const napi_value name = toJs(env, std::string_view("mif:wake"));
  if (name == nullptr) return nullptr;
  // Node frees the function on its own when the environment ends, and some time after close(); this share keeps the
  // object behind it until then.
  auto share = std::make_unique<std::shared_ptr<Wake>>(wake);
  const napi_status created = napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, share.get(), &finalize,
                                                              wake.get(), &deliver, &wake->function_);
  if (created != napi_ok) return nullptr;
  (void)share.release();
  wake->hold(env, false);
  return wake;
}

void Wake::wake() {
  if (isRaised_.exchange(true, std::memory_order_acq_rel)) return;
  // Answers napi_closing when the environment is ending; then it stays raised and this is not called again.
  (void)napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
}

void Wake::hold(napi_env env, bool alive) {
  if (function_ == nullptr) return;
  // Both only fail without a function.
  if (alive) {
    (void)napi_ref_threadsafe_function(env, function_);
  } else {
    (void)napi_unref_threadsafe_function(env, function_);
  }
}

void Wake::close() {
  if (std::exchange(receiver_, nullptr) == nullptr || function_ == nullptr) return;
  (void)napi_release_threadsafe_function(function_, napi_tsfn_abort);
}

void Wake::deliver(napi_env env, napi_value, void* context, void*) {
  // Without an environment it is Node emptying the queue, after finalize(): there is no Wake any more.
  if (env == nullptr) return;
  Wake& wake = *static_cast<Wake*>(context);
  // Before the call: what changes while it runs is another wake.
  wake.isRaised_.store(false, std::memory_order_release);
  if (wake.receiver_ != nullptr) wake.receiver_->woken(env);
}

// After close(), or because the environment ends: of that this is how we hear. Node frees the function when this
// returns, so the subscription, through which the monitor's thread could still use it, ends here at the latest.
void Wake::finalize(napi_env, void* data, void*) {
  const std::unique_ptr<std::shared_ptr<Wake>> share(static_cast<std::shared_ptr<Wake>*>(data));
  Wake& wake = **share;
  if (Receiver* receiver = std::exchange(wake.receiver_, nullptr)) receiver->ended();
  wake.function_ = nullptr;
}

}  // namespace mif::binding
