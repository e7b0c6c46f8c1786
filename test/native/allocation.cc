// SPDX-License-Identifier: MIT
// Counts what this thread allocates, so that a test can say "a million routes decode without allocating". Leaves the
// allocator of a sanitizer alone: replacing it would blind it.
#include <cstdlib>
#include <new>

#include "test.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

std::optional<std::uint64_t> mif::test::allocations() {
  return std::nullopt;
}

#else

namespace {
thread_local std::uint64_t allocated = 0;
}

std::optional<std::uint64_t> mif::test::allocations() {
  return allocated;
}

void* operator new(std::size_t size) {
  ++allocated;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

#endif
