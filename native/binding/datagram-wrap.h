// SPDX-License-Identifier: MIT
// A datagram socket that tells where each datagram arrived and lets each leave from where it should
// (NativeDatagramSocket of binding.d.ts). Owns its descriptor until close(), or until the environment ends.
#pragma once

#include <napi.h>

#include <cstddef>

#include "base/unique-fd.h"
#include "binding/descriptor-watch.h"
#include "binding/env-state.h"
#include "socket/bound-socket.h"

namespace mif::binding {

class DatagramWrap final : public Napi::ObjectWrap<DatagramWrap>, private DescriptorWatch::Receiver {
 public:
  static bool defineClass(Napi::Env env, EnvState& state);

  // Takes NativeDatagramOptions. An exception is pending when it fails, and the descriptor is still the caller's.
  explicit DatagramWrap(const Napi::CallbackInfo& info);
  ~DatagramWrap() override;

 private:
  Napi::Value receive(const Napi::CallbackInfo& info);
  Napi::Value send(const Napi::CallbackInfo& info);
  Napi::Value watch(const Napi::CallbackInfo& info);
  Napi::Value hold(const Napi::CallbackInfo& info);
  Napi::Value connect(const Napi::CallbackInfo& info);
  Napi::Value disconnect(const Napi::CallbackInfo& info);
  Napi::Value join(const Napi::CallbackInfo& info);
  Napi::Value leave(const Napi::CallbackInfo& info);
  Napi::Value localName(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  void ready(napi_env env, napi_async_context context) override;
  void ended() override;

  using Change = base::Result<base::Done> (*)(int fd, const address::IpAddress& group, std::uint32_t interfaceIndex);
  Napi::Value changeMembership(const Napi::CallbackInfo& info, Change change);
  // Whether it is open; throws ERR_MIF_CLOSED otherwise.
  bool requireOpen(napi_env env);
  // Interface that gives a link-local address its scope (trap F8).
  std::uint32_t scopeFor(std::uint32_t asked) const { return asked != 0 ? asked : bound_.interfaceIndex; }

  base::UniqueFd fd_;
  // Null once closed.
  DescriptorWatch* watch_ = nullptr;
  // How it was made.
  socket::BindRequest bound_;
  std::size_t longest_ = 0;
};

}  // namespace mif::binding
