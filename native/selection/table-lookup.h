// SPDX-License-Identifier: MIT
// One routing table, asked for a destination as the kernel asks it: the longest prefix first, at each prefix the routes
// in their order, and a shorter prefix when none of them will do (fib_table_lookup, fib6_table_lookup). The families
// differ in almost everything behind the longest prefix.
#pragma once

#include <cstdint>

#include "contract/contract.gen.h"
#include "selection/flow.h"
#include "selection/network.h"
#include "selection/trace.h"
#include "table/fib.h"

namespace mif::selection {

struct Answer {
  enum class Kind : std::uint8_t {
    // The next rule is asked: no route, or one that says so.
    kNothing,
    kRoute,
    // A route that refuses; `type` says how.
    kRefusal,
  };

  Kind kind = Kind::kNothing;
  table::Position route = table::kNoPosition;
  // Attributes of the route; as long as the tables do not change.
  const contract::Route* attributes = nullptr;
  std::uint32_t metric = 0;
  // Bits of its destination.
  std::uint8_t length = 0;
  // The hop that is taken, and how many could be.
  std::uint16_t hop = 0;
  std::uint16_t ways = 0;
  // contract::SelectionDoubt.
  std::uint32_t doubts = 0;
};

// The router, interface and state of the n-th hop of a route.
struct Way {
  std::uint32_t device = 0;
  address::IpAddress gateway;
  std::uint32_t flags = 0;
};
Way wayOf(const contract::Route& attributes, std::uint16_t hop, const Network& network);

template <typename Row>
struct Lookup {
  const Network& network;
  const Flow& flow;
  // Null for none.
  Trace* trace = nullptr;
  // The rule that names the table, for the trace.
  std::uint32_t rule = 0;

  Answer ask(const typename table::Fib<Row>::Trie& table) const;
};

template <>
Answer Lookup<table::Route4>::ask(const table::Fib<table::Route4>::Trie& table) const;
template <>
Answer Lookup<table::Route6>::ask(const table::Fib<table::Route6>::Trie& table) const;

}  // namespace mif::selection
