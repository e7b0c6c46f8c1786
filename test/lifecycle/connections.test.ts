// SPDX-License-Identifier: MIT
// Connections of connect() are sockets of Node's whose descriptors were made before it had them: whatever ends first, nothing
// of them is left. Half of them are never answered, so some are always under way.

import { expect, it } from 'vitest';
import { runProgram } from './program.ts';

it('lifecycle: workers can be terminated while connections are made and under way (SEC-28)', async () => {
  const ending = await runProgram('connections', ['terminate', '40']);
  expect(ending).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(ending.report.after).toEqual(ending.report.before);
});

it('lifecycle: process.exit() while connections are under way ends the process with its code (SEC-28)', async () => {
  expect(await runProgram('connections', ['exit'])).toMatchObject({ code: 7, signal: null, stderr: '' });
});

it('lifecycle: a host that is closed amid a hundred connections ends those that are not made, and no other', async () => {
  const ending = await runProgram('connections', ['close']);
  expect(ending).toMatchObject({ code: 0, signal: null, stderr: '' });
  const { rounds, before, after } = ending.report;
  expect(rounds).toHaveLength(4);
  for (const { wanted, made, destroyed, codes } of rounds) {
    expect(made).toBeGreaterThanOrEqual(wanted);
    expect({ destroyed, codes }).toEqual({ destroyed: 0, codes: { ERR_MIF_CLOSED: 100 - made } });
    expect(made).toBeLessThan(100);
  }
  expect(after).toEqual(before);
});
