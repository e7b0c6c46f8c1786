// SPDX-License-Identifier: MIT
// Requests for sockets, and sockets, between JavaScript and the rooms that make them.
#pragma once

#include <napi.h>

#include <optional>

#include "base/result.h"
#include "monitor/monitor.h"
#include "socket/bound-socket.h"

namespace mif::binding {

// A NativeBindRequest. Nothing when it is not one, and then an exception is pending.
std::optional<socket::BindRequest> readBindRequest(napi_env env, napi_value value);

// A NativeConnectRequest, likewise.
std::optional<monitor::ConnectRequest> readConnectRequest(napi_env env, napi_value value);

// Gives a socket to JavaScript, as a NativeBoundSocket, or throws why there is none. The descriptor is closed when it
// cannot be given.
napi_value give(napi_env env, base::Result<socket::BoundSocket> created);

}  // namespace mif::binding
