// SPDX-License-Identifier: MIT
#include "kernel/private-namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <set>
#include <thread>

#include "kernel/open-source.h"
#include "record-text.h"
#include "table/tables.h"
#include "test.h"

namespace mif::test {

namespace {

using contract::Change;
using contract::RecordKind;

class TablesSink final : public kernel::Sink {
 public:
  void accept(const Change& change) override { tables.apply(change); }
  table::Tables tables;
};

// Takes out what a kernel changes without a word.
void normalise(Change& change) {
  change.interface.generation = 0;
  change.nexthop.flags = 0;
  change.route.flags = 0;
  for (contract::Hop& hop : change.route.hops) hop.flags = 0;
  change.route.lifetime = base::kForever;
  change.address.preferredLifetime = base::kForever;
  change.address.validLifetime = base::kForever;
}

template <typename Record, typename Rows, typename RecordOf>
void add(RecordKind kind, Record Change::* member, const Rows& rows, RecordOf&& recordOf,
         std::vector<std::string>& lines) {
  rows.forEach([&](table::Position, const auto& row) {
    Change change;
    change.kind = kind;
    change.*member = recordOf(row);
    if (kind == RecordKind::kNeighbour && (change.neighbour.state & contract::NeighbourState::kPermanent) == 0) {
      return true;
    }
    normalise(change);
    lines.push_back(textOf(change, 0));
    return true;
  });
}

// What ip(8) complains about. A child inherits the namespace of the thread that makes it.
std::string run(const std::string& commands) {
  std::string errors;
  int input[2];
  int output[2];
  if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(output, O_CLOEXEC) != 0) return "no pipe";
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDERR_FILENO);
  const std::array<std::string, 4> words = {"ip", "-force", "-batch", "-"};
  std::array<char*, 5> arguments{};
  for (std::size_t n = 0; n < words.size(); ++n) arguments[n] = const_cast<char*>(words[n].c_str());
  pid_t child = 0;
  const int spawned = ::posix_spawnp(&child, "ip", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(input[0]);
  ::close(output[1]);
  if (spawned != 0) return "cannot be run";
  // Read and written at the same time, else each could wait for the other.
  std::thread writer([&] {
    const std::string text = commands + "\n";
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t written = ::write(input[1], text.data() + at, text.size() - at);
      if (written <= 0) break;
      at += static_cast<std::size_t>(written);
    }
    ::close(input[1]);
  });
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = ::read(output[0], buffer.data(), buffer.size())) > 0;) {
    errors.append(buffer.data(), static_cast<std::size_t>(got));
  }
  writer.join();
  ::close(output[0]);
  ::waitpid(child, nullptr, 0);
  return errors;
}

// One line for each list of IPv4 duplicates, in the order in which the kernel uses them (trap D8).
void addOrders(const table::RouteRows& routes, std::vector<std::string>& lines) {
  std::set<table::Position> behind;
  routes.v4.forEach([&](table::Position, const table::Route4& row) {
    behind.insert(row.next);
    return true;
  });
  routes.v4.forEach([&](table::Position position, const table::Route4& row) {
    if (row.next == table::kNoPosition || behind.contains(position)) return true;
    std::string line = "in this order:";
    for (const table::Route4* at = &row; at != nullptr; at = routes.v4.at(at->next)) {
      Change change;
      change.kind = RecordKind::kRoute;
      routes.fill(*at, change.route);
      normalise(change);
      line += "; " + textOf(change, 0);
    }
    lines.push_back(line);
    return true;
  });
}

}  // namespace

bool inPrivateNamespace(const std::function<void()>& body) {
  bool isEntered = false;
  std::thread([&] {
    if (::unshare(CLONE_NEWNET) != 0) return;
    isEntered = true;
    ip("link set lo up");
    body();
  }).join();
  return isEntered;
}

void ip(const std::string& commands) {
  const std::string errors = run(commands);
  if (!errors.empty()) fail(__FILE__, __LINE__, "ip: " + errors);
}

void tryIp(const std::string& commands) {
  run(commands);
}

std::vector<std::string> truth() {
  base::Result<std::unique_ptr<kernel::Source>> source = kernel::openSource({1 << 20, 1 << 20});
  if (!source) return {};
  TablesSink sink;
  for (const RecordKind kind : table::kAllKinds) {
    const auto dumped = source.value()->dump(kind, sink, [](void*) { return true; }, nullptr);
    if (!dumped) return {};
  }
  return comparableLines(sink.tables.view());
}

std::vector<std::string> comparableLines(const table::View& view) {
  std::vector<std::string> lines;
  const auto itself = [](const auto& row) -> const auto& { return row; };
  add(RecordKind::kInterface, &Change::interface, view.interfaces, itself, lines);
  add(
      RecordKind::kAddress, &Change::address, view.addresses,
      [](const table::AddressRow& row) -> const contract::Address& { return row.record; }, lines);
  add(RecordKind::kNexthop, &Change::nexthop, view.nexthops, itself, lines);
  const auto whole = [&](const auto& row) {
    contract::Route route;
    view.routes.fill(row, route);
    return route;
  };
  add(RecordKind::kRoute, &Change::route, view.routes.v4, whole, lines);
  add(RecordKind::kRoute, &Change::route, view.routes.v6, whole, lines);
  addOrders(view.routes, lines);
  add(RecordKind::kRule, &Change::rule, view.rules, itself, lines);
  add(RecordKind::kNeighbour, &Change::neighbour, view.neighbours, itself, lines);
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string differenceOf(const std::vector<std::string>& actual, const std::vector<std::string>& expected) {
  std::vector<std::string> extra;
  std::vector<std::string> missing;
  std::set_difference(actual.begin(), actual.end(), expected.begin(), expected.end(), std::back_inserter(extra));
  std::set_difference(expected.begin(), expected.end(), actual.begin(), actual.end(), std::back_inserter(missing));
  std::string text;
  for (const std::string& line : extra) text += " | wrongly: " + line;
  for (const std::string& line : missing) text += " | missing: " + line;
  return text;
}

}  // namespace mif::test
