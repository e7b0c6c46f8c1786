// SPDX-License-Identifier: MIT
// What a callback throws is an uncaught exception like any other: neither lost nor the end of a process that handles it.

import { expect, it } from 'vitest';
import { runProgram } from './program.ts';

it('lifecycle: an exception of a callback reaches uncaughtException, and the next call comes (SEC-28)', async () => {
  const { code, report } = await runProgram('throw', ['caught']);
  expect({ code, report }).toEqual({
    code: 0,
    report: { calls: 3, messages: ['thrown by call 1', 'thrown by call 2'] },
  });
});

it('lifecycle: an exception of a callback that nobody handles ends the process with its stack', async () => {
  const { code, signal, stderr } = await runProgram('throw', ['uncaught']);
  expect({ code, signal }).toEqual({ code: 1, signal: null });
  expect(stderr).toMatch(/Error: thrown by call 1\n\s+at .*throw\.mjs/);
});

it('lifecycle: an exception of a callback in a worker is told to its parent', async () => {
  expect(await runProgram('throw', ['worker'])).toMatchObject({ code: 0, report: { message: 'thrown by call 1' } });
});
