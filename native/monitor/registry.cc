// SPDX-License-Identifier: MIT
#include "monitor/registry.h"

#include <map>
#include <mutex>
#include <utility>

#include "kernel/network-namespace.h"
#include "kernel/open-source.h"
#include "kernel/waiter.h"
#include "monitor/limits.h"

namespace mif::monitor {

namespace {

class Registry {
 public:
  // Of the process. Never destroyed: environments may end after the static objects of the process.
  static Registry& ofProcess() {
    static Registry* const registry = new Registry();
    return *registry;
  }

  base::Result<std::shared_ptr<Monitor>> open(kernel::NetworkNamespace target, bool isForeign,
                                              const contract::Observation& observation) {
    const std::lock_guard lock(mutex_);
    std::erase_if(monitors_, [](const auto& entry) { return entry.second.expired(); });
    std::weak_ptr<Monitor>& known = monitors_[{target.identity, observation}];
    // One that has failed is of no use to anybody new; perhaps the reason has passed.
    std::shared_ptr<Monitor> monitor = known.lock();
    if (monitor != nullptr && monitor->state() != contract::MonitorState::kClosed) return monitor;

    base::Result<std::unique_ptr<kernel::Waiter>> waiter = kernel::openWaiter();
    if (!waiter) return waiter.error();
    monitor = std::make_shared<Monitor>(waiter.take(), openerOf(std::move(target), isForeign, observation), isForeign);
    known = monitor;
    return monitor;
  }

 private:
  static OpenSource openerOf(kernel::NetworkNamespace target, bool isForeign,
                             const contract::Observation& observation) {
    const kernel::SourceOptions wanted{limits::kReceiveBuffer, limits::kHeldNotifications, observation};
    if (!isForeign) return [wanted] { return kernel::openSource(wanted); };
    // Shared because a function object has to be copyable.
    const auto file = std::make_shared<kernel::NetworkNamespace>(std::move(target));
    return [wanted, file]() -> base::Result<std::unique_ptr<kernel::Source>> {
      const base::Result<base::Done> entered = kernel::enterNamespace(*file);
      if (!entered) return entered.error();
      return kernel::openSource(wanted);
    };
  }

  std::mutex mutex_;
  std::map<std::pair<kernel::NamespaceIdentity, contract::Observation>, std::weak_ptr<Monitor>> monitors_;
};

}  // namespace

base::Result<std::shared_ptr<Monitor>> openMonitor(const std::optional<std::string>& namespacePath,
                                                   const contract::Observation& observation) {
  base::Result<kernel::NetworkNamespace> own = kernel::namespaceOfThread();
  if (!own) return own.error();
  if (!namespacePath) return Registry::ofProcess().open(own.take(), false, observation);
  base::Result<kernel::NetworkNamespace> target = kernel::namespaceOfFile(*namespacePath);
  if (!target) return target.error();
  const bool isForeign = target.value().identity != own.value().identity;
  return Registry::ofProcess().open(target.take(), isForeign, observation);
}

}  // namespace mif::monitor
