// SPDX-License-Identifier: MIT
// Decodes some changes ahead of the sink: it is told what to expect, so that the memory that applying a change needs is
// fetched while the next ones are decoded. That wait is otherwise a tenth of a dump and a sixth of a storm of routes.
#pragma once

#include <array>
#include <cstddef>

#include "contract/change.h"
#include "kernel/source.h"

namespace mif::kernel {

class Lookahead {
 public:
  // Where to decode the next change to. One that waits long enough is given to the sink, to make room.
  contract::Change& place(Sink& sink) {
    if (count_ == kAhead) give(sink);
    return changes_[end_];
  }
  // What is at the place is a change for the sink.
  void push(Sink& sink) {
    sink.expect(changes_[end_]);
    end_ = (end_ + 1) % kAhead;
    ++count_;
  }
  // Gives the sink all that wait.
  void flush(Sink& sink) {
    while (count_ > 0) give(sink);
  }
  // Forgets them.
  void clear() { count_ = 0; }

 private:
  // Enough for the memory that the first needs to arrive while the last is decoded.
  static constexpr std::size_t kAhead = 8;

  void give(Sink& sink) {
    sink.accept(changes_[(end_ + kAhead - count_) % kAhead]);
    --count_;
  }

  std::array<contract::Change, kAhead> changes_;
  std::size_t end_ = 0;
  std::size_t count_ = 0;
};

}  // namespace mif::kernel
