// SPDX-License-Identifier: MIT
// Every case of the native test binary as a test of its own. MIF_SANITIZE=address or thread builds it so.

import { beforeAll, expect, test } from 'vitest';
import { build, missingNeed, runCases, titles, type Verdict } from './case-list.ts';

const missing = missingNeed();

if (missing !== undefined) {
  test.skip(`native (needs ${missing})`, () => undefined);
} else {
  // While tests are collected, because the binary says which tests there are.
  build();
  const all = titles();
  let verdicts = new Map<string, Verdict>();

  beforeAll(() => {
    verdicts = runCases(all);
  });

  test('native: there are cases, and each has an outcome', () => {
    expect(all.length).toBeGreaterThan(0);
    expect([...verdicts.keys()].sort()).toEqual([...all].sort());
  });

  for (const title of all) {
    test(title, (context) => {
      const verdict = verdicts.get(title);
      if (verdict?.outcome === 'skip') context.skip(verdict.detail);
      expect(verdict).toEqual({ outcome: 'ok', detail: '' });
    });
  }
}
