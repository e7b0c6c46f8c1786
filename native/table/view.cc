// SPDX-License-Identifier: MIT
#include "table/view.h"

#include <vector>

namespace mif::table {

namespace {

using contract::Packer;
using contract::RecordKind;

// Positions of IPv6 routes as a reader sees them: both families are one table to it.
constexpr Position kIpv6 = 0x80000000;

const contract::Interface& recordOf(const contract::Interface& row) {
  return row;
}
const contract::Address& recordOf(const AddressRow& row) {
  return row.record;
}
const contract::Nexthop& recordOf(const contract::Nexthop& row) {
  return row;
}
const contract::Rule& recordOf(const contract::Rule& row) {
  return row;
}
const contract::Neighbour& recordOf(const contract::Neighbour& row) {
  return row;
}

// What a call of View::read appends; counts as it goes.
class Page {
 public:
  Page(std::uint32_t limit, Packer& packer) : packer_(packer), start_(packer.size()), left_(limit) {
    packer_.word(kNoPosition);
    packer_.word(0);
  }

  bool isFull() const { return left_ == 0; }
  bool isContinued() const { return isContinued_; }
  void continueAt(Position position) {
    packer_.patch(start_, position);
    isContinued_ = true;
  }
  template <typename Record>
  void add(const Record& record) {
    contract::pack(record, packer_);
    packer_.patch(start_ + 1, ++count_);
    --left_;
  }

 private:
  Packer& packer_;
  std::size_t start_;
  std::uint32_t left_;
  std::uint32_t count_ = 0;
  bool isContinued_ = false;
};

template <typename Rows>
void readRows(const Rows& rows, Position from, Page& page) {
  rows.forEach(
      [&](Position position, const auto& row) {
        if (page.isFull()) {
          page.continueAt(position);
          return false;
        }
        page.add(recordOf(row));
        return true;
      },
      from);
}

// A filter for the rows of a view: asks each set of attributes once, however many routes share it.
class RowFilter {
 public:
  RowFilter(const RouteFilter& filter, const RouteRows& routes)
      : filter_(filter), routes_(routes), verdicts_(filter.isEmpty() ? 0 : routes.attributes.end()) {}

  template <typename Row>
  bool accepts(const Row& row) {
    if (filter_.isEmpty()) return true;
    if (!filter_.acceptsLength(row.length)) return false;
    Verdict& verdict = verdicts_[row.attributes];
    if (verdict == Verdict::kNone) {
      verdict = filter_.accepts(routes_.attributesOf(row.attributes)) ? Verdict::kYes : Verdict::kNo;
    }
    return verdict == Verdict::kYes;
  }

 private:
  enum class Verdict : std::uint8_t { kNone, kYes, kNo };

  const RouteFilter& filter_;
  const RouteRows& routes_;
  // By AttributesId.
  std::vector<Verdict> verdicts_;
};

template <typename Rows>
void readRoutes(const RouteRows& routes, const Rows& rows, Position base, Position from, RowFilter& filter,
                Page& page) {
  contract::Route route;
  rows.forEach(
      [&](Position position, const auto& row) {
        if (!filter.accepts(row)) return true;
        if (page.isFull()) {
          page.continueAt(base | position);
          return false;
        }
        routes.fill(row, route);
        page.add(route);
        return true;
      },
      from);
}

std::size_t countRoutes(const RouteRows& routes, const RouteFilter& filter) {
  if (filter.isEmpty()) return routes.size();
  std::size_t count = 0;
  RowFilter rows(filter, routes);
  const auto visit = [&](Position, const auto& row) {
    if (rows.accepts(row)) ++count;
    return true;
  };
  if (filter.family != 6) routes.v4.forEach(visit);
  if (filter.family != 4) routes.v6.forEach(visit);
  return count;
}

}  // namespace

std::size_t View::size(RecordKind kind, const RouteFilter& filter) const {
  switch (kind) {
    case RecordKind::kInterface:
      return interfaces.size();
    case RecordKind::kAddress:
      return addresses.size();
    case RecordKind::kNexthop:
      return nexthops.size();
    case RecordKind::kRoute:
      return countRoutes(routes, filter);
    case RecordKind::kRule:
      return rules.size();
    case RecordKind::kNeighbour:
      return neighbours.size();
  }
  return 0;
}

void View::read(RecordKind kind, Position from, std::uint32_t limit, const RouteFilter& filter, Packer& packer) const {
  Page page(limit, packer);
  switch (kind) {
    case RecordKind::kInterface:
      return readRows(interfaces, from, page);
    case RecordKind::kAddress:
      return readRows(addresses, from, page);
    case RecordKind::kNexthop:
      return readRows(nexthops, from, page);
    case RecordKind::kRoute: {
      RowFilter rows(filter, routes);
      if ((from & kIpv6) == 0 && filter.family != 6) readRoutes(routes, routes.v4, 0, from, rows, page);
      if (filter.family != 4 && !page.isContinued()) {
        readRoutes(routes, routes.v6, kIpv6, (from & kIpv6) != 0 ? from & ~kIpv6 : 0, rows, page);
      }
      return;
    }
    case RecordKind::kRule:
      return readRows(rules, from, page);
    case RecordKind::kNeighbour:
      return readRows(neighbours, from, page);
  }
}

}  // namespace mif::table
