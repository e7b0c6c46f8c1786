// SPDX-License-Identifier: MIT
// Suites by what they need, cheapest first: a unit test needs nothing, a native test a C++ compiler, a netns test
// root and a Linux kernel. A test whose need is missing skips itself by name; nothing is retried.

import { defineConfig } from 'vitest/config';

const second = 1000;

/** What keeps two suites apart: their files, their place in the order, how long a slow machine may take. */
interface Suite {
  name: string;
  include: string[];
  timeoutMs: number;
  /** One file at a time: these share the kernel's name spaces or measure time. */
  serial?: boolean;
}

const suites: Suite[] = [
  { name: 'architecture', include: ['test/architecture/**/*.test.ts'], timeoutMs: 60 * second },
  { name: 'unit', include: ['test/unit/**/*.test.ts'], timeoutMs: 30 * second },
  { name: 'contract', include: ['test/contract/**/*.test.ts'], timeoutMs: 60 * second },
  { name: 'native', include: ['test/native/**/*.test.ts'], timeoutMs: 900 * second },
  { name: 'netns', include: ['test/{netns,lab}/**/*.test.ts'], timeoutMs: 120 * second, serial: true },
  { name: 'differential', include: ['test/differential/**/*.test.ts'], timeoutMs: 300 * second, serial: true },
  { name: 'selection', include: ['test/selection/**/*.test.ts'], timeoutMs: 300 * second, serial: true },
  { name: 'lifecycle', include: ['test/lifecycle/**/*.test.ts'], timeoutMs: 300 * second, serial: true },
  { name: 'leak', include: ['test/leak/**/*.test.ts'], timeoutMs: 30 * second, serial: true },
  { name: 'scale', include: ['test/scale/**/*.test.ts'], timeoutMs: 120 * second, serial: true },
  { name: 'soak', include: ['test/soak/**/*.test.ts'], timeoutMs: 300 * second, serial: true },
  { name: 'docs', include: ['test/docs/**/*.test.ts'], timeoutMs: 180 * second, serial: true },
];

export default defineConfig({
  test: {
    projects: suites.map(({ name, include, timeoutMs, serial }, order) => ({
      test: {
        name,
        include,
        testTimeout: timeoutMs,
        hookTimeout: timeoutMs,
        fileParallelism: !serial,
        sequence: { groupOrder: order },
        // The built package is loaded by Node, as its users load it, never transformed.
        server: { deps: { external: [/\/dist\//] } },
      },
    })),
  },
});
