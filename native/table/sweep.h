// SPDX-License-Identifier: MIT
// Which records a dump has listed. Kept beside the rows: marks within them would make every chunk differ from
// those of the views, and a dump that changes nothing would copy the whole table.
#pragma once

#include <cstddef>
#include <vector>

#include "table/chunked.h"

namespace mif::table {

class Sweep {
 public:
  // Begins, or begins another attempt: a dump under churn may lack what was there all the time (trap A6).
  void begin() {
    repeated_ = false;
    inThisDump_.clear();
  }

  // The dump lists what is at this position.
  void mark(Position position) {
    repeated_ = repeated_ || isListed(position);
    set(inThisDump_, position);
    set(inAnyDump_, position);
  }

  // A position was given up; who takes it next has not been listed.
  void forget(Position position) {
    if (position < inThisDump_.size()) inThisDump_[position] = false;
    if (position < inAnyDump_.size()) inAnyDump_[position] = false;
  }

  // By the dump under way, the last one if there were several attempts.
  bool isListed(Position position) const { return position < inThisDump_.size() && inThisDump_[position]; }
  // Whether that dump listed a record twice.
  bool repeated() const { return repeated_; }

  // Ends the sweep of `rows` and gives the positions of what is gone: of those that the dump is about, what the last
  // dump did not list or, when that was not consistent, what no attempt listed.
  template <typename Rows, typename IsAbout>
  std::vector<Position> end(const Rows& rows, bool isConsistent, IsAbout&& isAbout) {
    const std::vector<bool>& listed = isConsistent ? inThisDump_ : inAnyDump_;
    std::vector<Position> gone;
    rows.forEach([&](Position position, const auto& row) {
      const bool isListed = position < listed.size() && listed[position];
      if (!isListed && isAbout(row)) gone.push_back(position);
      return true;
    });
    *this = Sweep();
    return gone;
  }

 private:
  static void set(std::vector<bool>& marks, Position position) {
    if (position >= marks.size()) marks.resize(position + std::size_t{1});
    marks[position] = true;
  }

  bool repeated_ = false;
  std::vector<bool> inThisDump_;
  std::vector<bool> inAnyDump_;
};

}  // namespace mif::table
