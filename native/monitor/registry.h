// SPDX-License-Identifier: MIT
// Which monitors this process has, by network namespace and by what of it is observed, so that ten workers share one
// thread and one mirror (docs/adr/0011). The only state of the process; everything else belongs to an environment and
// dies with it (docs/adr/0001). It holds no monitor alive: the last user's pointer does.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "contract/observation.h"
#include "monitor/monitor.h"

namespace mif::monitor {

// The monitor of a namespace, started if there is none: of the file at `namespacePath`, such as /run/netns/x, or of the
// calling thread. Returns at once; what goes wrong later is told by Monitor::failure.
// Errors: kNamespaceNotFound, kUnsupported.
base::Result<std::shared_ptr<Monitor>> openMonitor(const std::optional<std::string>& namespacePath,
                                                   const contract::Observation& observation = {});

}  // namespace mif::monitor
