// SPDX-License-Identifier: MIT
// Workers ended from outside, at any moment of their monitors' life. The process survives and keeps nothing of them.

import { expect, it } from 'vitest';
import { runProgram } from './program.ts';

it.each([
  ['while their monitors open and dump', 'opening', 40, 5],
  ['while a wake is always on its way', 'delivery', 20, 5],
  // The gate of docs/adr/0001.
  ['at random moments: 300 with 20 monitors each', 'random', 300, 20],
])('lifecycle: workers can be terminated %s (SEC-28)', async (_, moment, workers, monitors) => {
  const ending = await runProgram('terminate', [String(workers), String(monitors), moment]);
  expect(ending).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(ending.report.after).toEqual(ending.report.before);
});

it('lifecycle: process.exit() in a callback ends the process with its code (SEC-28)', async () => {
  expect(await runProgram('exit', ['main'])).toMatchObject({ code: 7, signal: null, stderr: '' });
});

it('lifecycle: process.exit() in a callback of a worker ends the worker and nothing else (SEC-28)', async () => {
  expect(await runProgram('exit', ['worker'])).toMatchObject({ code: 0, stderr: '', report: { code: 7 } });
});
