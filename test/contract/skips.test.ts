// SPDX-License-Identifier: MIT
// What `npm test` makes of a test that skips itself. The first runs it on a machine without cmake, which the native tests
// need: a PATH with nothing but Node.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { isKnownSkip } = await import(new URL('../../scripts/test/known-skips.mjs', import.meta.url).href);

it.each([
  ['', { code: 0, last: '0 passed, 0 failed, 1 skipped', said: 'skipped, needs cmake:\n  native (needs cmake)\n' }],
  ['true', { code: 1, last: '0 passed, 1 failed, 0 skipped', said: 'native (needs cmake): skipped (needs cmake), ' }],
])('skips: without a tool that tests need, and CI=%j, they are skipped or lost, each by name', (ci, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'mif-skips-'));
  try {
    symlinkSync(process.execPath, join(folder, 'node'));
    const { status, stdout } = spawnSync(process.execPath, ['scripts/test.mjs', 'test/native/native.test.ts'], {
      cwd: root,
      env: { PATH: folder, CI: ci },
      encoding: 'utf8',
    });
    expect({ code: status, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
      code: expected.code,
      last: expected.last,
    });
    expect(stdout).toContain(expected.said);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('skips: CI forgives a test that is listed with its reason, not another reason of the same test', () => {
  const title = 'sanitizer thread: wire/rtnetlink: a dump of many records allocates';
  const known = isKnownSkip({ title, reason: 'a sanitizer brings its own allocator' });
  const lost = [
    { title, reason: 'a network namespace of its own takes CAP_SYS_ADMIN' },
    { title: 'wire/rtnetlink: a dump of many records allocates', reason: 'a sanitizer brings its own allocator' },
    { title: 'unprivileged (needs setpriv)', reason: 'needs setpriv' },
  ];
  expect([known, ...lost.map(isKnownSkip)]).toEqual([true, false, false, false]);
});
