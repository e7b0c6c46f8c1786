// SPDX-License-Identifier: MIT
// The live routes of one family: for each key a list in the kernel's order. What order and equality of keys mean
// is the business of route-table.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "address/prefix.h"
#include "contract/contract.gen.h"
#include "table/fib.h"
#include "table/position-index.h"
#include "table/route-attributes.h"
#include "table/route-rows.h"
#include "table/sweep.h"

namespace mif::table {

// fe80::/10 (RFC 4291 section 2.5.6) and ff00::/8 (section 2.7): destinations that exist once on each link.
bool isPerLink(const address::IpAddress& destination);

// A route taken apart as it is kept. One object serves a million of them without allocating.
struct PartedRoute {
  // Takes `route` apart and computes the hash.
  void assign(const contract::Route& route);

  address::Prefix destination;
  std::uint32_t metric = 0;
  std::uint8_t tos = 0;
  // The rest, see SharedAttributes. Its table and source belong to the key.
  contract::Route attributes;
  // Of the key.
  std::uint64_t hash = 0;
};

template <typename Row>
class RouteLists {
 public:
  // The pool may serve several lists; it has to outlive them.
  explicit RouteLists(AttributesPool& pool) : pool_(pool) {}

  const Chunked<Row>& rows() const { return rows_; }
  const contract::Route& attributesAt(Position position) const { return pool_.at(rows_.at(position)->attributes); }
  // The one behind, or kNoPosition.
  Position next(Position position) const { return rows_.at(position)->next; }
  // Hash of the key at a position.
  std::uint64_t hashAt(Position position) const;

  // As Tables::expect.
  void expect(const contract::Route& route) const;
  // The first route with the key of `route`, or kNoPosition.
  Position first(const PartedRoute& route) const;

  // Adds the route to the list that begins at `first`, before `behind`, or at the end for kNoPosition. An empty list
  // begins at kNoPosition.
  Position insert(const PartedRoute& route, Position first, Position behind);
  // Gives a position other attributes of the same key.
  void assign(Position position, const contract::Route& attributes);
  // Takes it out of the list that begins at `first`.
  void erase(Position position, Position first);
  // Moves it before `behind`, another of its list, or to the end for kNoPosition. Whether it was elsewhere.
  bool move(Position position, Position first, Position behind);

  // Makes fib(), from what is there, and keeps it from now on.
  void indexDestinations();
  // What leads to an address, or null before indexDestinations().
  const Fib<Row>* fib() const { return fib_.get(); }

  // Bytes of the indexes.
  std::size_t indexBytes() const { return index_.bytes() + (fib_ ? fib_->bytes() : 0); }

  // Marks of the dump under way.
  Sweep sweep;

 private:
  void link(Position position, std::uint64_t hash, Position first, Position behind);
  void unlink(Position position, std::uint64_t hash, Position first);
  // The position before this one in the list, the last one for kNoPosition.
  Position previous(Position position, Position first) const;

  AttributesPool& pool_;
  Chunked<Row> rows_;
  PositionIndex index_;
  // Not before somebody asks: who never does pays nothing for it.
  std::unique_ptr<Fib<Row>> fib_;
};

extern template class RouteLists<Route4>;
extern template class RouteLists<Route6>;

}  // namespace mif::table
