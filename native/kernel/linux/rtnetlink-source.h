// SPDX-License-Identifier: MIT
// The kernel's tables by routing netlink (rtnetlink(7)): a queue of what is announced, and a socket that asks. Which
// answers to believe is decided here; what messages say, in wire/rtnetlink.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "contract/change.h"
#include "kernel/linux/disturbance.h"
#include "kernel/linux/lookahead.h"
#include "kernel/linux/netlink-socket.h"
#include "kernel/linux/notification-queue.h"
#include "kernel/open-source.h"
#include "kernel/source.h"
#include "wire/netlink/message.h"
#include "wire/netlink/request.h"

namespace mif::kernel {

class RtnetlinkSource final : public Source {
 public:
  // In the network namespace of the calling thread. Subscribed when it returns.
  static base::Result<std::unique_ptr<Source>> open(const SourceOptions& options);

  int fd() const override { return notifications_.fd(); }
  base::Result<Drained> drain(Sink& sink, std::uint32_t limit) override;
  base::Result<base::Done> discard() override;
  base::Result<Dumped> dump(const contract::Extent& extent, Sink& sink, bool (*breathe)(void*), void* context) override;
  base::Result<bool> lookUpInterface(const std::string& name, Sink& sink) override;
  base::Result<contract::AddressLabels> addressLabels() override;
  base::Result<std::unique_ptr<RouteQuery>> openRouteQuery() override;
  const Capabilities& capabilities() const override { return capabilities_; }
  const SourceCounters& counters() const override { return counters_; }

 private:
  // What a dump is about.
  struct Subject {
    contract::RecordKind kind;
    std::uint8_t family;
    // Routes: interface; 0 for all.
    std::uint32_t index = 0;
    // Routes: table; 0 for all.
    std::uint32_t table = 0;
    bool isProxy = false;
  };
  // How reading the replies to one request went.
  enum class Replies : std::uint8_t {
    kWhole,
    // By the kernel's own words, or cut off: entries may be missing or repeated.
    kInterrupted,
    // There is nothing of that sort.
    kNone,
  };
  explicit RtnetlinkSource(const SourceOptions& options);

  base::Result<base::Done> openRequests();
  void useReplySize(std::size_t size);
  base::Result<base::Done> waitForWriters();
  // Routes of a family, table by table where that is what is observed.
  base::Result<Dumped> dumpRoutes(const contract::Extent& extent, std::uint8_t family, Sink& sink,
                                  bool (*breathe)(void*), void* context);
  base::Result<Dumped> dumpSubject(const Subject& subject, Sink& sink, bool (*breathe)(void*), void* context);
  // Reads replies up to the end of the dump, or, for a single request, the one reply.
  template <typename Accept>
  base::Result<Replies> readReplies(std::uint32_t sequence, bool isDump, Accept&& accept, bool (*breathe)(void*),
                                    void* context);
  void pass(base::Bytes datagram, base::Deadline receivedAt, Sink& sink);
  void acceptDumped(const wire::netlink::Message& message, const Subject& subject, base::Deadline receivedAt,
                    Sink& sink);
  // Whether to pass a notification on; if so, as what.
  bool isObserved(contract::Change& change) const;
  const SourceOptions options_;
  SourceCounters counters_;
  NotificationQueue notifications_;
  NetlinkSocket requests_;
  std::uint32_t sequence_ = 0;
  DatagramReader replyReader_;

  Disturbance disturbance_;
  // Which of kReplySizes is in use.
  std::size_t replySize_ = 0;
  // What a message was once too long for, bytes, doubled.
  std::size_t leastReply_ = 0;

  Lookahead lookahead_;
  Capabilities capabilities_;
};

}  // namespace mif::kernel
