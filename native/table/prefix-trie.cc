// SPDX-License-Identifier: MIT
#include "table/prefix-trie.h"

#include <algorithm>
#include <bit>

namespace mif::table {

namespace {

constexpr int kStride = 6;
// More do not fit into Node::path beside their number.
constexpr int kMostStrides = 9;
// Descents that take their steps by turns: each waits for memory while the others go on.
constexpr std::size_t kAbreast = 16;

// For the next bits of an address but the last one: the prefixes of a node that contain it (Node::prefixes).
constexpr std::array<std::uint64_t, 32> prefixesByStart() {
  std::array<std::uint64_t, 32> all{};
  for (unsigned start = 0; start < 32; ++start) {
    for (unsigned length = 0; length < kStride; ++length) {
      all[start] |= std::uint64_t{1} << ((1u << length) + (start >> (5 - length)));
    }
  }
  return all;
}
constexpr std::array<std::uint64_t, 32> kPrefixesByStart = prefixesByStart();

constexpr std::uint64_t bitAt(unsigned bit) {
  return std::uint64_t{1} << bit;
}

constexpr std::uint64_t pathOf(int strides, std::uint64_t bits) {
  return (bits << 8) | static_cast<std::uint64_t>(strides);
}

// The strides of `bits` from `first` on, where it has `strides` of them.
constexpr std::uint64_t stridesFrom(std::uint64_t bits, int strides, int first) {
  return bits & (bitAt(static_cast<unsigned>(kStride * (strides - first))) - 1);
}

// How many bits are set. What is published runs on the oldest x86-64, which has no instruction for it; whether this one
// has is asked once, as the count without it is half of a lookup in a small table.
#if defined(__x86_64__) && !defined(__POPCNT__)
const bool hasPopcnt = __builtin_cpu_supports("popcnt") != 0;

inline std::size_t countOf(std::uint64_t bits) {
  if (!hasPopcnt) return static_cast<std::size_t>(std::popcount(bits));
  std::size_t count;
  __asm__("popcnt %1, %0" : "=r"(count) : "rm"(bits) : "cc");
  return count;
}
#else
inline std::size_t countOf(std::uint64_t bits) {
  return static_cast<std::size_t>(std::popcount(bits));
}
#endif

}  // namespace

// What of an address is not looked at yet, from the most significant bit on; zeros behind its end.
template <int kBits>
class PrefixTrie<kBits>::Rest {
 public:
  Rest() = default;
  explicit Rest(Address address) {
    if constexpr (kBits == 32) {
      high_ = std::uint64_t{group(address, 0)} << 32;
    } else {
      high_ = (std::uint64_t{group(address, 0)} << 32) | group(address, 4);
      low_ = (std::uint64_t{group(address, 8)} << 32) | group(address, 12);
    }
  }

  // The first of them, at most 63.
  std::uint64_t top(int bits) const { return bits == 0 ? 0 : high_ >> (64 - bits); }
  unsigned stride() const { return static_cast<unsigned>(high_ >> (64 - kStride)); }

  void drop(int bits) {
    if (bits == 0) return;
    high_ <<= bits;
    if constexpr (kBits == 128) {
      high_ |= low_ >> (64 - bits);
      low_ <<= bits;
    }
  }

 private:
  static std::uint32_t group(Address address, std::size_t at) {
    return (std::uint32_t{address[at]} << 24) | (std::uint32_t{address[at + 1]} << 16) |
           (std::uint32_t{address[at + 2]} << 8) | std::uint32_t{address[at + 3]};
  }

  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
};

template <int kBits>
inline std::size_t PrefixTrie<kBits>::rankOf(std::uint64_t bits, unsigned bit) {
  return countOf(bits & (bitAt(bit) - 1));
}

template <int kBits>
inline const std::uint32_t& PrefixTrie<kBits>::valueAt(const Node& node, unsigned bit) const {
  return values_.at(node.values)[rankOf(node.prefixes, bit)];
}

// On the way of an address down the trie.
template <int kBits>
class PrefixTrie<kBits>::Descent {
 public:
  Descent() = default;
  Descent(const PrefixTrie& trie, Address address) : rest_(address), node_(&trie.roots_[rest_.top(1)]) {
    rest_.drop(1);
  }

  // Looks at a node. Whether there is another one below it to look at.
  bool step(const PrefixTrie& trie, int longest) {
    if (const int skipped = kStride * node_->strides(); skipped != 0) {
      if (rest_.top(skipped) != node_->pathBits()) return false;
      rest_.drop(skipped);
      offset_ += skipped;
    }
    const unsigned stride = rest_.stride();
    std::uint64_t matches = node_->prefixes & kPrefixesByStart[stride >> 1];
    if (offset_ + kStride > longest + 1) {
      if (offset_ > longest) return false;
      matches &= bitAt(2u << (longest - offset_)) - 1;
    }
    // Moves, not a jump: nobody can foretell it, and a processor that guesses wrong has to wait for the node.
    const bool isMatch = matches != 0;
    best_ = isMatch ? node_ : best_;
    bestMatches_ = isMatch ? matches : bestMatches_;
    bestOffset_ = isMatch ? offset_ : bestOffset_;
    if ((node_->children & bitAt(stride)) == 0) return false;
    node_ = trie.childAt(*node_, stride);
    rest_.drop(kStride);
    offset_ += kStride;
    return true;
  }

  // Fetches, without waiting, the next node.
  void expect() const { __builtin_prefetch(node_); }

  Match match(const PrefixTrie& trie, int longest) const {
    if (best_ == nullptr) return trie.hasDefault_ && longest >= 0 ? Match{trie.default_, 0} : Match();
    const auto bit = static_cast<unsigned>(std::bit_width(bestMatches_)) - 1;
    const int length = bestOffset_ + static_cast<int>(std::bit_width(bit)) - 1;
    return {trie.valueAt(*best_, bit), length};
  }

 private:
  Rest rest_;
  const Node* node_ = nullptr;
  // Bits before its stride.
  int offset_ = 1;
  // The last node in which a prefix contains the address, and which of its prefixes do.
  const Node* best_ = nullptr;
  std::uint64_t bestMatches_ = 0;
  int bestOffset_ = 0;
};

template <int kBits>
auto PrefixTrie<kBits>::find(Address address, int longest) const -> Match {
  Descent descent(*this, address);
  while (descent.step(*this, longest)) {
  }
  return descent.match(*this, longest);
}

template <int kBits>
void PrefixTrie<kBits>::findMany(std::span<const Bytes> addresses, std::span<Match> matches) const {
  for (std::size_t first = 0; first < addresses.size(); first += kAbreast) {
    const std::size_t count = std::min(kAbreast, addresses.size() - first);
    std::array<Descent, kAbreast> descents;
    std::array<std::uint8_t, kAbreast> under;
    std::size_t left = count;
    for (std::size_t n = 0; n < count; ++n) {
      descents[n] = Descent(*this, addresses[first + n]);
      under[n] = static_cast<std::uint8_t>(n);
    }
    while (left != 0) {
      std::size_t kept = 0;
      for (std::size_t n = 0; n < left; ++n) {
        Descent& descent = descents[under[n]];
        const bool goesOn = descent.step(*this, kBits);
        descent.expect();
        under[kept] = under[n];
        kept += goesOn;
      }
      left = kept;
    }
    for (std::size_t n = 0; n < count; ++n) matches[first + n] = descents[n].match(*this, kBits);
  }
}

template <int kBits>
const std::uint32_t* PrefixTrie<kBits>::valueOf(Address prefix, int length) const {
  if (length == 0) return hasDefault_ ? &default_ : nullptr;
  Rest rest(prefix);
  const Node* node = &roots_[rest.top(1)];
  rest.drop(1);
  for (int levels = (length - 1) / kStride;; --levels) {
    const int skipped = node->strides();
    if (skipped > levels || rest.top(kStride * skipped) != node->pathBits()) return nullptr;
    rest.drop(kStride * skipped);
    levels -= skipped;
    if (levels == 0) break;
    if ((node->children & bitAt(rest.stride())) == 0) return nullptr;
    node = childAt(*node, rest.stride());
    rest.drop(kStride);
  }
  const int more = (length - 1) % kStride;
  const unsigned bit = (1u << more) + static_cast<unsigned>(rest.top(more));
  return (node->prefixes & bitAt(bit)) != 0 ? &valueAt(*node, bit) : nullptr;
}

template <int kBits>
std::optional<std::uint32_t> PrefixTrie<kBits>::get(Address prefix, int length) const {
  const std::uint32_t* value = valueOf(prefix, length);
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

template <int kBits>
std::uint32_t* PrefixTrie<kBits>::edit(Address prefix, int length) {
  // What is looked up in a trie that may be changed may be changed.
  return const_cast<std::uint32_t*>(valueOf(prefix, length));
}

template <int kBits>
auto PrefixTrie<kBits>::place(Address prefix, int length, std::uint32_t value) -> Placed {
  if (length == 0) {
    const bool isNew = !hasDefault_;
    if (isNew) default_ = value;
    hasDefault_ = true;
    size_ += isNew;
    return {&default_, isNew};
  }
  Rest rest(prefix);
  Node* node = &roots_[rest.top(1)];
  rest.drop(1);
  // Strides between here and the node that the prefix ends in.
  int levels = (length - 1) / kStride;
  for (;;) {
    if (node->isEmpty()) {
      const int strides = std::min(levels, kMostStrides);
      node->path = pathOf(strides, rest.top(kStride * strides));
    }
    const int strides = node->strides();
    const int comparable = std::min(strides, levels);
    const std::uint64_t differing =
        (node->pathBits() >> (kStride * (strides - comparable))) ^ rest.top(kStride * comparable);
    const int common = comparable - (static_cast<int>(std::bit_width(differing)) + kStride - 1) / kStride;
    if (common < strides) split(*node, common);
    rest.drop(kStride * common);
    levels -= common;
    if (levels == 0) break;
    const unsigned stride = rest.stride();
    node = (node->children & bitAt(stride)) != 0 ? childAt(*node, stride) : addChild(*node, stride);
    rest.drop(kStride);
    --levels;
  }
  const int more = (length - 1) % kStride;
  const unsigned bit = (1u << more) + static_cast<unsigned>(rest.top(more));
  const std::size_t rank = rankOf(node->prefixes, bit);
  const bool isNew = (node->prefixes & bitAt(bit)) == 0;
  if (isNew) {
    const std::size_t count = countOf(node->prefixes);
    node->values = values_.insert(node->values, count, rank, value);
    node->prefixes |= bitAt(bit);
    ++size_;
  }
  return {values_.at(node->values) + rank, isNew};
}

template <int kBits>
bool PrefixTrie<kBits>::erase(Address prefix, int length) {
  if (valueOf(prefix, length) == nullptr) return false;
  --size_;
  if (length == 0) {
    hasDefault_ = false;
    return true;
  }
  struct Step {
    Node* node;
    unsigned stride;
  };
  std::array<Step, kBits / kStride + 1> above;
  std::size_t depth = 0;
  Rest rest(prefix);
  Node* node = &roots_[rest.top(1)];
  rest.drop(1);
  for (int levels = (length - 1) / kStride;; --levels) {
    rest.drop(kStride * node->strides());
    levels -= node->strides();
    if (levels == 0) break;
    above[depth++] = {node, rest.stride()};
    node = childAt(*node, rest.stride());
    rest.drop(kStride);
  }
  const int more = (length - 1) % kStride;
  const unsigned bit = (1u << more) + static_cast<unsigned>(rest.top(more));
  const std::size_t count = countOf(node->prefixes);
  node->values = values_.erase(node->values, count, rankOf(node->prefixes, bit));
  node->prefixes &= ~bitAt(bit);

  while (depth > 0 && node->isEmpty()) {
    const Step& parent = above[--depth];
    removeChild(*parent.node, parent.stride);
    node = parent.node;
  }
  mergeWithOnlyChild(*node);
  return true;
}

// Makes the node end its path after so many strides, with what it was as its only child.
template <int kBits>
void PrefixTrie<kBits>::split(Node& node, int strides) {
  const int all = node.strides();
  const int left = all - strides - 1;
  const std::uint64_t bits = node.pathBits();
  Node below = node;
  below.path = pathOf(left, stridesFrom(bits, all, strides + 1));
  node = Node();
  node.path = pathOf(strides, bits >> (kStride * (all - strides)));
  node.children = bitAt(static_cast<unsigned>(stridesFrom(bits, all, strides) >> (kStride * left)));
  node.nodes = nodes_.insert(0, 0, 0, below);
}

template <int kBits>
auto PrefixTrie<kBits>::addChild(Node& node, unsigned stride) -> Node* {
  const std::size_t count = countOf(node.children);
  node.nodes = nodes_.insert(node.nodes, count, rankOf(node.children, stride), Node());
  node.children |= bitAt(stride);
  return childAt(node, stride);
}

template <int kBits>
void PrefixTrie<kBits>::removeChild(Node& node, unsigned stride) {
  const std::size_t count = countOf(node.children);
  node.nodes = nodes_.erase(node.nodes, count, rankOf(node.children, stride));
  node.children &= ~bitAt(stride);
}

// A node of which only a child is left becomes that child, if the path of both has room in one.
template <int kBits>
void PrefixTrie<kBits>::mergeWithOnlyChild(Node& node) {
  if (node.prefixes != 0 || !std::has_single_bit(node.children)) return;
  Node child = *nodes_.at(node.nodes);
  const int strides = node.strides() + 1 + child.strides();
  if (strides > kMostStrides) return;
  const std::uint64_t through = (node.pathBits() << kStride) | static_cast<unsigned>(std::countr_zero(node.children));
  child.path = pathOf(strides, (through << (kStride * child.strides())) | child.pathBits());
  nodes_.erase(node.nodes, 1, 0);
  node = child;
}

template class PrefixTrie<32>;
template class PrefixTrie<128>;

}  // namespace mif::table
