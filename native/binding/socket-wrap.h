// SPDX-License-Identifier: MIT
// Requests for sockets, and sockets, between JavaScript and the rooms that make them.
#pragma once

#include <napi.h>

#include <optional>

#include "base/result.h"
#include "monitor/monitor.h"
#include "socket/bound-socket.h"

namespace mif::binding {

// The arguments of createBoundSocket. Nothing when they are wrong, and then an exception is pending. One by one, not as
// an object: reading that would take as long as making the socket.
std::optional<socket::BindRequest> readBindRequest(const Napi::CallbackInfo& info);

// Gives a socket to JavaScript, or throws why there is none. The descriptor is closed when it cannot be given.
napi_value give(napi_env env, base::Result<base::UniqueFd> created);

}  // namespace mif::binding
