// SPDX-License-Identifier: MIT
// Everything that belongs to one environment, which is the main thread or one worker. There are no statics, so that
// any number of them can come and go.
#pragma once

#include <napi.h>

#include <memory>

#include "kernel/router-listener.h"
#include "monitor/monitor.h"
#include "socket/datagram.h"

namespace mif::binding {

class MonitorWrap;

struct EnvState {
  // Makes the state of a new environment; the environment frees it. Null when it is ending already.
  static EnvState* install(napi_env env);
  // Null before install, and when the environment is ending.
  static EnvState* of(napi_env env);

  Napi::FunctionReference monitorClass;
  Napi::FunctionReference snapshotClass;
  Napi::FunctionReference selectorClass;
  Napi::FunctionReference datagramSocketClass;
  Napi::FunctionReference routerListenerClass;
  // What the next object of snapshotClass, selectorClass or routerListenerClass is made of: constructors take
  // JavaScript values only.
  monitor::SharedView nextView;
  MonitorWrap* nextMonitor = nullptr;
  std::unique_ptr<kernel::RouterListener> nextRouterListener;
  // Made for the first socket that receives; each uses it for one turn.
  std::unique_ptr<socket::ReceiveBuffer> receiveBuffer;
};

}  // namespace mif::binding
