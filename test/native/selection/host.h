// SPDX-License-Identifier: MIT
// A host for questions about selection: tables that are filled by hand, one line a record.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "contract/change.h"
#include "selection/flow.h"
#include "selection/selector.h"
#include "selection/trace.h"
#include "table/tables.h"

namespace mif::test {

class SelectionHost {
 public:
  // With the loopback interface and the rules that every namespace begins with.
  SelectionHost();

  SelectionHost& with(std::initializer_list<contract::Change> changes);

  // "dev 2 from 10.1.0.1 by 10.1.0.254, table 254", with what else there is to say, or the verdict.
  std::string query(const selection::Flow& flow);
  std::string query(std::string_view destination) { return query(flowTo(destination)); }
  std::string connect(const selection::Flow& flow);
  std::string connect(std::string_view destination) { return connect(flowTo(destination)); }
  std::string bind(const selection::Flow& flow, std::initializer_list<std::string_view> sources = {});
  // The rules that were looked at, "0 asked; 10 mark; ".
  std::string rulesAsked(const selection::Flow& flow);
  // The routes that were looked at, "10.0.0.0/8 metric 5: dead; ".
  std::string routesAsked(const selection::Flow& flow);

  static selection::Flow flowTo(std::string_view destination);

 private:
  table::Tables tables_;
  selection::Selector selector_;
};

// A rule of family 6.
contract::Change rule6(std::uint32_t priority, std::uint32_t table);

}  // namespace mif::test
