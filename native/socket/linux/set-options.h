// SPDX-License-Identifier: MIT
// Socket options as asked, each read back.
#pragma once

#include "base/result.h"
#include "socket/bound-socket.h"

namespace mif::socket {

// Sets all that the request asks for, on a fresh socket. Errors name the option: kPermission, kUnsupported,
// kBindFailed.
base::Result<base::Done> setOptions(int fd, const BindRequest& request);

}  // namespace mif::socket
