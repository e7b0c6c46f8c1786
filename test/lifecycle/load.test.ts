// SPDX-License-Identifier: MIT
// Everything at once, for as long as a race needs: it is under sanitizers that this says most (scripts/test/sanitizers.mjs).

import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../lab/command.ts';
import { requires } from '../lab/requirements.ts';
import { runProgram } from './program.ts';

requires(
  'root',
  'ip',
  'nsenter',
)('lifecycle', () => {
  const name = `mif-${process.pid}-load`;
  beforeAll(async () => {
    await run('ip', ['netns', 'add', name]);
    await run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
  });
  afterAll(() => run('ip', ['netns', 'del', name]));

  it('lifecycle: monitors in four environments read, select, make sockets, open and close while routes change (SEC-28)', async () => {
    const ending = await runProgram('load', ['3', '5', '4000'], { namespacePath: `/run/netns/${name}` });
    expect(ending).toMatchObject({ code: 0, signal: null, stderr: '' });
    const { environments, after, before } = ending.report;
    expect(environments).toHaveLength(4);
    for (const { wakes, steps, answers, sockets, reopened, visits } of environments) {
      expect(Math.min(wakes, steps, answers, sockets, reopened, visits)).toBeGreaterThan(0);
    }
    expect(after).toEqual(before);
  });
});
