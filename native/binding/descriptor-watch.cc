// SPDX-License-Identifier: MIT
#include "binding/descriptor-watch.h"

#include <cstring>
#include <utility>

#include "binding/to-js.h"

// As of libuv 1.19, of which every Node that this library runs in has a later one; they cannot change before libuv 2.
extern "C" {
std::size_t uv_handle_size(int type);
const char* uv_handle_type_name(int type);
int uv_poll_init(uv_loop_s* loop, uv_poll_s* poll, int fd);
int uv_poll_start(uv_poll_s* poll, int events, void (*callback)(uv_poll_s* poll, int status, int events));
int uv_poll_stop(uv_poll_s* poll);
void* uv_handle_get_data(const uv_handle_s* handle);
void uv_handle_set_data(uv_handle_s* handle, void* data);
void uv_ref(uv_handle_s* handle);
void uv_unref(uv_handle_s* handle);
void uv_close(uv_handle_s* handle, void (*callback)(uv_handle_s* handle));
}

namespace mif::binding {

namespace {

// UV_POLL, UV_READABLE, UV_WRITABLE.
constexpr int kPollType = 8;
constexpr int kReadable = 1;
constexpr int kWritable = 2;

}  // namespace

DescriptorWatch* DescriptorWatch::open(napi_env env, int fd, napi_value resource, Receiver& receiver) {
  const char* type = uv_handle_type_name(kPollType);
  if (type == nullptr || std::strcmp(type, "poll") != 0) return nullptr;
  uv_loop_s* loop = nullptr;
  const napi_value name = toJs(env, std::string_view("MIFDATAGRAM"));
  if (name == nullptr || napi_get_uv_event_loop(env, &loop) != napi_ok) return nullptr;

  std::unique_ptr<DescriptorWatch> watch(new DescriptorWatch(env, receiver));
  watch->memory_ = std::make_unique<std::byte[]>(uv_handle_size(kPollType));
  if (uv_poll_init(loop, watch->poll(), fd) != 0) return nullptr;
  uv_handle_set_data(watch->handle(), watch.get());
  // From here on the loop has the handle, and only it says when the memory is free.
  DescriptorWatch* opened = watch.release();
  if (napi_async_init(env, resource, name, &opened->context_) == napi_ok &&
      napi_add_async_cleanup_hook(env, &onEnd, opened, &opened->hook_) == napi_ok) {
    return opened;
  }
  opened->close();
  return nullptr;
}

void DescriptorWatch::watch(bool isForReading, bool isForWriting) {
  if (receiver_ == nullptr) return;
  events_ = (isForReading ? kReadable : 0) | (isForWriting ? kWritable : 0);
  if (events_ == 0) {
    (void)uv_poll_stop(poll());
  } else {
    (void)uv_poll_start(poll(), events_, &onReady);
  }
}

void DescriptorWatch::hold(bool alive) {
  if (receiver_ == nullptr) return;
  if (alive) {
    uv_ref(handle());
  } else {
    uv_unref(handle());
  }
}

void DescriptorWatch::close() {
  if (std::exchange(receiver_, nullptr) == nullptr) return;
  if (context_ != nullptr) (void)napi_async_destroy(env_, context_);
  uv_close(handle(), &onClosed);
}

uv_poll_s* DescriptorWatch::poll() const {
  return static_cast<uv_poll_s*>(static_cast<void*>(memory_.get()));
}

uv_handle_s* DescriptorWatch::handle() const {
  return static_cast<uv_handle_s*>(static_cast<void*>(memory_.get()));
}

void DescriptorWatch::onReady(uv_poll_s* poll, int status, int) {
  auto* watch = static_cast<DescriptorWatch*>(uv_handle_get_data(static_cast<uv_handle_s*>(static_cast<void*>(poll))));
  napi_handle_scope scope = nullptr;
  if (napi_open_handle_scope(watch->env_, &scope) != napi_ok) return;
  // What the network said about an earlier datagram looks like a bad descriptor to the loop, which stops watching it.
  if (status < 0) (void)uv_poll_start(poll, watch->events_, &onReady);
  const napi_env env = watch->env_;
  watch->receiver_->ready(env, watch->context_);
  (void)napi_close_handle_scope(env, scope);
}

void DescriptorWatch::onClosed(uv_handle_s* handle) {
  const std::unique_ptr<DescriptorWatch> watch(static_cast<DescriptorWatch*>(uv_handle_get_data(handle)));
  if (watch->hook_ != nullptr) (void)napi_remove_async_cleanup_hook(watch->hook_);
}

void DescriptorWatch::onEnd(napi_async_cleanup_hook_handle, void* data) {
  auto* watch = static_cast<DescriptorWatch*>(data);
  // Closed already: the loop says so before the environment has ended.
  if (watch->receiver_ != nullptr) watch->receiver_->ended();
}

}  // namespace mif::binding
