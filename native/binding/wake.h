// SPDX-License-Identifier: MIT
// From the monitor's thread to the event loop: any number of wakes become one call, as soon as the loop gets to it.
// Carries no data; whoever is called asks for what is new.
#pragma once

#include <napi.h>

#include <atomic>
#include <memory>

#include "monitor/monitor.h"

namespace mif::binding {

class Wake final : public monitor::Subscriber {
 public:
  // Who is called, on the environment's thread.
  class Receiver {
   public:
    virtual void woken(napi_env env) = 0;
    // The environment ends: no call follows. Has to end the subscription before it returns.
    virtual void ended() = 0;

   protected:
    ~Receiver() = default;
  };

  // The event loop is not kept alive by it at first. Null when the environment is ending.
  static std::shared_ptr<Wake> open(napi_env env, Receiver& receiver);

  // On the monitor's thread.
  void wake() override;

  // The rest on the environment's thread.
  // Whether the event loop is kept alive.
  void hold(napi_env env, bool alive);
  // No call follows. The subscription has ended by now: nothing may call wake() any more. Safe twice.
  void close();

 private:
  explicit Wake(Receiver& receiver) : receiver_(&receiver) {}

  static void deliver(napi_env env, napi_value function, void* context, void* data);
  static void finalize(napi_env env, void* data, void* hint);

  Receiver* receiver_;
  // Null once Node has freed it.
  napi_threadsafe_function function_ = nullptr;
  // A call is on its way, or none can be made any more.
  std::atomic<bool> isRaised_ = false;
};

}  // namespace mif::binding
