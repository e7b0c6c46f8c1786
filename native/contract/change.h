// SPDX-License-Identifier: MIT
// One thing that the kernel says about one record: the only language between the decoders and the tables.
#pragma once

#include <cstdint>

#include "contract/contract.gen.h"

namespace mif::contract {

// What happened to the record.
enum class Verb : std::uint8_t {
  kPut,     // It exists as described.
  kRemove,  // It is gone; only the fields of its identity count.
};

// How a route notification changed the list of its key (NLM_F_* of the request, trap D7). In a dump: kListed.
enum class Placement : std::uint8_t {
  kListed,   // Says only that it exists.
  kAdd,      // Did not exist before.
  kAppend,   // Behind its equals.
  kPrepend,  // Before its equals.
  kReplace,  // In the place of the first of its equals (trap D6).
  kUnclear,  // In the place of an equal that may not be observed (observation.h): only a dump tells.
};

// A decoder fills one of these again and again, so that a million routes allocate nothing: only the member
// that `kind` names is meaningful, the others keep their capacity.
struct Change {
  RecordKind kind = RecordKind::kInterface;
  Verb verb = Verb::kPut;
  Placement placement = Placement::kListed;
  // kInterface only: the message carries a part of the attributes (AF_INET6, trap B5), so merge, never replace.
  bool isPartial = false;

  Interface interface;
  Address address;
  Nexthop nexthop;
  Route route;
  Rule rule;
  Neighbour neighbour;
};

}  // namespace mif::contract
