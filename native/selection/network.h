// SPDX-License-Identifier: MIT
// What selection is about: the tables, while nobody changes them, and what was made of them.
#pragma once

#include "base/clock.h"
#include "selection/inventory.h"
#include "table/fib.h"
#include "table/tables.h"

namespace mif::selection {

struct Network {
  const table::Tables& tables;
  const Inventory& inventory;

  template <typename Row>
  const table::RouteLists<Row>& routes() const {
    return tables.routes().template lists<Row>();
  }
  // Not null: whoever selects has asked for it.
  template <typename Row>
  const table::Fib<Row>& fib() const {
    return *tables.routes().template lists<Row>().fib();
  }
};

}  // namespace mif::selection
