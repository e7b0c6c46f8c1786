// SPDX-License-Identifier: MIT
// Ends of single monitors: closed, forgotten, or shared with somebody who goes on.

import { expect, it } from 'vitest';
import { runProgram } from './program.ts';

it('lifecycle: a monitor can be closed in its callback, and twice, and no call follows', async () => {
  const { code, stderr, report } = await runProgram('close');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  // 1: the first one has left its subscription behind nowhere.
  expect(report).toMatchObject({ callsAfterClose: 0, users: 1, state: 4, failure: null });
});

it('lifecycle: a closed monitor says so where it cannot answer, and nothing where there is nothing to do', async () => {
  const { report } = await runProgram('close');
  const closed = 'ERR_MIF_CLOSED';
  expect(report).toMatchObject({ snapshot: closed, stats: closed, capabilities: closed, lookUpInterface: closed });
  expect(report).toMatchObject({ createSelector: closed, createBoundSocket: closed, hold: 'none', closed: 'none' });
});

it('lifecycle: 1,000 times opened and closed, a monitor leaves no descriptor and no thread', async () => {
  const { code, stderr, report } = await runProgram('open-close', ['1000']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(report.after).toEqual(report.before);
});

it('lifecycle: environments share one monitor, and the end of one is not the end of the other', async () => {
  const { code, report } = await runProgram('environments');
  expect(code).toBe(0);
  expect(report.users).toEqual([1, 2, 1]);
  expect(new Set(report.dumps).size).toBe(1);
});

it('lifecycle: a monitor that nobody refers to is collected, and one that is held is not', async () => {
  const { code, stderr, report } = await runProgram('collect', [], { nodeOptions: ['--expose-gc'] });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(report).toEqual({ opened: 51, usersWhileHeld: 2 });
});

it('lifecycle: a program lives as long as a monitor is held, and no longer', async () => {
  const { code, signal, report } = await runProgram('liveness');
  expect({ code, signal, report }).toEqual({ code: 0, signal: null, report: { calls: 1 } });
});
