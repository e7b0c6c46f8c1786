// SPDX-License-Identifier: MIT
#include "table/chunked.h"

#include <string>
#include <vector>

#include "test.h"

namespace {

using mif::table::Chunked;
using mif::table::Position;

using Words = Chunked<std::string, 4>;

Words filled(int count) {
  Words words;
  for (int n = 0; n < count; ++n) words.insert(std::to_string(n));
  return words;
}

}  // namespace

MIF_TEST("table: a copy keeps what the original loses, changes and gains afterwards (MIF-82)") {
  Words words = filled(6);
  const Words copy = words;
  words.erase(1);
  words.edit(2) = "changed";
  words.insert("new");
  MIF_CHECK_EQUAL(copy.size(), 6u);
  for (Position position = 0; position < 6; ++position) {
    MIF_REQUIRE(copy.at(position) != nullptr);
    MIF_CHECK_EQUAL(*copy.at(position), std::to_string(position));
  }
  MIF_CHECK_EQUAL(*words.at(2), "changed");
}

MIF_TEST("table: a record keeps its position while others come and go") {
  Words words = filled(9);
  const std::string* before = words.at(5);
  for (Position position : {0u, 1u, 2u, 3u, 8u}) words.erase(position);
  MIF_CHECK_EQUAL(*words.at(5), "5");
  MIF_CHECK(words.at(5) == before);
  MIF_CHECK(words.at(0) == nullptr);
}

MIF_TEST("table: a position that was given up is used again") {
  Words words = filled(4);
  words.erase(2);
  MIF_CHECK_EQUAL(words.insert("again"), 2u);
  MIF_CHECK_EQUAL(words.end(), 4u);
}

MIF_TEST("table: a chunk without records takes no part in a walk and can be filled again") {
  Words words = filled(12);
  for (Position position = 4; position < 8; ++position) words.erase(position);
  std::vector<Position> met;
  words.forEach([&](Position position, const std::string&) {
    met.push_back(position);
    return true;
  });
  MIF_CHECK(met == std::vector<Position>({0, 1, 2, 3, 8, 9, 10, 11}));
  const Position position = words.insert("again");
  MIF_CHECK(position >= 4 && position < 8);
  MIF_CHECK_EQUAL(*words.at(position), "again");
}

MIF_TEST("table: a walk begins where it is told and ends when it is told") {
  const Words words = filled(12);
  std::vector<Position> met;
  words.forEach(
      [&](Position position, const std::string&) {
        met.push_back(position);
        return position < 9;
      },
      6);
  MIF_CHECK(met == std::vector<Position>({6, 7, 8, 9}));
}

MIF_TEST("table: two copies are compared only where they do not share memory") {
  Words words = filled(12);
  const Words before = words;
  words.edit(5) = "changed";
  words.insert("new");
  std::vector<Position> met;
  Words::forEachUnshared(before, words, [&](Position position, const std::string* left, const std::string* right) {
    met.push_back(position);
    if (position == 5) MIF_CHECK(left != nullptr && *left == "5" && right != nullptr && *right == "changed");
    if (position == 12) MIF_CHECK(left == nullptr && right != nullptr && *right == "new");
  });
  MIF_CHECK(met == std::vector<Position>({4, 5, 6, 7, 12}));
}

MIF_TEST("table: a write copies one chunk once, however many writes follow") {
  Words words = filled(8);
  const Words copy = words;
  words.edit(0) = "a";
  const std::string* after = words.at(1);
  words.edit(1) = "b";
  MIF_CHECK(words.at(1) == after);
  MIF_CHECK(words.at(4) == copy.at(4));
}
