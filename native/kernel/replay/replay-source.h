// SPDX-License-Identifier: MIT
// Reads a ReplayNetwork as the sources of real systems read theirs.
#pragma once

#include <memory>

#include "kernel/replay/replay-network.h"
#include "kernel/source.h"

namespace mif::kernel {

class ReplaySource final : public Source {
 public:
  explicit ReplaySource(std::shared_ptr<ReplayNetwork> network);

  int fd() const override { return network_->waiting_.fd(); }
  base::Result<Drained> drain(Sink& sink, std::uint32_t limit) override;
  base::Result<base::Done> discard() override;
  base::Result<Dumped> dump(const contract::Extent& extent, Sink& sink, bool (*breathe)(void*), void* context) override;
  base::Result<bool> lookUpInterface(const std::string& name, Sink& sink) override;
  base::Result<contract::AddressLabels> addressLabels() override { return contract::AddressLabels{}; }
  base::Result<std::unique_ptr<RouteQuery>> openRouteQuery() override;
  const Capabilities& capabilities() const override { return capabilities_; }
  const SourceCounters& counters() const override { return counters_; }

 private:
  void pass(const ReplayNetwork::Announcement& announcement, Sink& sink);

  std::shared_ptr<ReplayNetwork> network_;
  Capabilities capabilities_;
  SourceCounters counters_;
};

}  // namespace mif::kernel
