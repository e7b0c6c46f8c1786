// SPDX-License-Identifier: MIT
// Tells on the event loop that a descriptor can be read or written. A descriptor of the environment's own loop: no
// thread and no wake-up stands in between.
#pragma once

#include <napi.h>

#include <cstddef>
#include <memory>

// Of libuv, whose header is no part of Node-API's.
struct uv_handle_s;
struct uv_poll_s;

namespace mif::binding {

// Frees itself some time after close(), when the loop has let go of it.
class DescriptorWatch {
 public:
  // Who is called, on the environment's thread.
  class Receiver {
   public:
    // Something is possible that was asked for. May close the watch.
    virtual void ready(napi_env env, napi_async_context context) = 0;
    // The environment ends: no call follows. Has to close the watch and may close the descriptor.
    virtual void ended() = 0;

   protected:
    ~Receiver() = default;
  };

  // Watches nothing at first, and keeps the event loop alive while it does. `resource` is the object that callbacks
  // belong to. Null when the environment is ending, or cannot do it.
  static DescriptorWatch* open(napi_env env, int fd, napi_value resource, Receiver& receiver);

  void watch(bool isForReading, bool isForWriting);
  // Whether the event loop is kept alive.
  void hold(bool alive);
  // No call follows. The descriptor may be closed afterwards.
  void close();

 private:
  DescriptorWatch(napi_env env, Receiver& receiver) : env_(env), receiver_(&receiver) {}

  uv_poll_s* poll() const;
  uv_handle_s* handle() const;

  static void onReady(uv_poll_s* poll, int status, int events);
  static void onClosed(uv_handle_s* handle);
  static void onEnd(napi_async_cleanup_hook_handle hook, void* data);

  napi_env env_;
  // Null once closed.
  Receiver* receiver_;
  // Memory of the handle, whose size the loop says.
  std::unique_ptr<std::byte[]> memory_;
  napi_async_context context_ = nullptr;
  napi_async_cleanup_hook_handle hook_ = nullptr;
  // What is watched for.
  int events_ = 0;
};

}  // namespace mif::binding
