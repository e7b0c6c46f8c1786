// SPDX-License-Identifier: MIT
#include "binding/env-state.h"

#include <memory>

namespace mif::binding {

EnvState* EnvState::install(napi_env env) {
  auto state = std::make_unique<EnvState>();
  const auto free = [](napi_env, void* data, void*) { delete static_cast<EnvState*>(data); };
  return napi_set_instance_data(env, state.get(), free, nullptr) == napi_ok ? state.release() : nullptr;
}

EnvState* EnvState::of(napi_env env) {
  void* state = nullptr;
  return napi_get_instance_data(env, &state) == napi_ok ? static_cast<EnvState*>(state) : nullptr;
}

}  // namespace mif::binding
