// SPDX-License-Identifier: MIT
// Where records come from. One implementation per operating system, and one that replays. A source is used
// by one thread, the monitor's; it is opened in the network namespace that it observes and keeps observing
// that one whatever its thread does later.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "contract/address-label.h"
#include "contract/change.h"
#include "contract/extent.h"
#include "kernel/capabilities.h"
#include "kernel/route-query.h"

namespace mif::kernel {

// Receives what a source reads. The change lives until the call returns.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void accept(const contract::Change& change) = 0;
  // What accept() will be given soon: a chance to fetch the memory that this will need.
  virtual void expect(const contract::Change&) {}
};

// How draining the notifications ended.
enum class Drained : std::uint8_t {
  kEmpty,  // Nothing more is waiting; nothing was lost.
  kMore,   // The batch limit was reached; call again.
  kLost,   // Notifications were lost: call discard(), then dump again (traps A1, A2).
};

// How a dump ended.
enum class Dumped : std::uint8_t {
  kConsistent,
  kUnstable,  // Something changed meanwhile so that entries may be missing or repeated (traps A5 to A7): dump again.
  kLost,      // Notifications were lost meanwhile, so nobody knows which it is: discard() and dump everything.
};

// Counters since the source was opened. None ever decreases.
struct SourceCounters {
  std::uint64_t datagrams = 0;
  std::uint64_t messages = 0;       // Messages that became a Change.
  std::uint64_t ignored = 0;        // Of a type or family that the mirror does not keep.
  std::uint64_t malformed = 0;      // Rejected by the decoder.
  std::uint64_t foreignSender = 0;  // Not sent by the kernel (trap A11).
  std::uint64_t overruns = 0;       // ENOBUFS (trap A1).
  std::uint64_t truncated = 0;      // MSG_TRUNC (trap A13).
  std::uint64_t dumps = 0;
  std::uint64_t unstableDumps = 0;
};

class Source {
 public:
  virtual ~Source() = default;

  // Readable when notifications wait. Owned by the source.
  virtual int fd() const = 0;

  // Reads waiting notifications into the sink, in order, at most `limit` datagrams. Never blocks.
  virtual base::Result<Drained> drain(Sink& sink, std::uint32_t limit) = 0;

  // Reads waiting notifications until there are none and throws them away (trap A2).
  virtual base::Result<base::Done> discard() = 0;

  // Asks for every record of an extent, perhaps for more, and passes each to the sink as Verb::kPut,
  // Placement::kListed. A kind that this system does not have is an empty dump. Whatever the kernel had begun to change
  // when it was called is in it: notifications are sent before the silent part of a change is done (trap D1). Between
  // two datagrams it calls `breathe`, so that the thread can serve requests; never null. When that says false, the dump
  // is given up and ends with kClosed. Notifications that arrive meanwhile are kept and come out of drain() first, in
  // order.
  virtual base::Result<Dumped> dump(const contract::Extent& extent, Sink& sink, bool (*breathe)(void*),
                                    void* context) = 0;

  // Asks for one interface by any of its names and passes it to the sink, as a notification would. Whether there is
  // one: names come and go without announcement (trap B8). May be called between two datagrams of a dump.
  virtual base::Result<bool> lookUpInterface(const std::string& name, Sink& sink) = 0;

  // Asks for the address labels. Not to be called during a dump.
  virtual base::Result<contract::AddressLabels> addressLabels() = 0;

  // To ask for ways in the namespace of the source, which has to be that of the calling thread. It outlives the source.
  // Errors: kUnsupported, kKernel.
  virtual base::Result<std::unique_ptr<RouteQuery>> openRouteQuery() = 0;

  virtual const Capabilities& capabilities() const = 0;
  virtual const SourceCounters& counters() const = 0;
};

}  // namespace mif::kernel
