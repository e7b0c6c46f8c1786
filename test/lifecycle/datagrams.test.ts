// SPDX-License-Identifier: MIT
// Datagram sockets are watched by the loop of their environment: it ends, and nothing of them is left.

import { expect, it } from 'vitest';
import { runProgram } from './program.ts';

it('lifecycle: workers with busy datagram sockets can be terminated at any moment (SEC-28)', async () => {
  const ending = await runProgram('datagrams', ['terminate', '60']);
  expect(ending).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(ending.report.after).toEqual(ending.report.before);
});

it('lifecycle: process.exit() in a callback of a datagram socket ends the process with its code (SEC-28)', async () => {
  expect(await runProgram('datagrams', ['exit'])).toMatchObject({ code: 7, signal: null, stderr: '' });
});

it('lifecycle: what a callback of a datagram socket throws is uncaught, and the socket goes on', async () => {
  const ending = await runProgram('datagrams', ['throw']);
  expect(ending).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(ending.report.heard.toSorted()).toEqual(['after 1', 'after 2', 'call 1', 'call 2']);
});
