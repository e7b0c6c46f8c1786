// SPDX-License-Identifier: MIT
// What an end or an exception leaves to others is the next change. In a namespace whose routes can be changed.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../lab/command.ts';
import { requires } from '../lab/requirements.ts';
import { runProgram } from './program.ts';

requires(
  'root',
  'ip',
  'nsenter',
)('lifecycle', () => {
  const name = `mif-${process.pid}-change`;
  const own = { namespacePath: `/run/netns/${name}` };
  // Each its own: a route that is there already is no change.
  beforeEach(async () => {
    await run('ip', ['netns', 'add', name]);
    await run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
  });
  afterEach(() => run('ip', ['netns', 'del', name]));

  it('lifecycle: workers can be terminated while the network changes all the time (SEC-28)', async () => {
    const ending = await runProgram('terminate', ['60', '10', 'changes'], own);
    expect(ending).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(ending.report.after).toEqual(ending.report.before);
  });

  it('lifecycle: the end of one environment leaves the handle of another, which is told of the next change', async () => {
    const { code, stderr, report } = await runProgram('environments', ['change'], own);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(report.users).toEqual([1, 2, 1]);
  });

  it('lifecycle: a callback that threw is called for the next change (SEC-28)', async () => {
    const { code, report } = await runProgram('throw', ['changes'], own);
    expect({ code, report }).toEqual({
      code: 0,
      report: { calls: 3, messages: ['thrown by call 1', 'thrown by call 2'] },
    });
  });
});
