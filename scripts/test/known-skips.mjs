// SPDX-License-Identifier: MIT
// The tests that skip themselves even where everything is installed, and why that is right. CI fails when another does.

const known = [
  // They count calls of the allocator; a sanitizer brings one of its own.
  { title: /^sanitizer (address|thread): /, reason: /sanitizer/ },
  // A line that npm does not have for this machine.
  { title: /^Node \d+$/, reason: /^needs node@\d+ of npm/ },
];

export function isKnownSkip({ title, reason }) {
  return known.some((entry) => entry.title.test(title) && entry.reason.test(reason));
}
