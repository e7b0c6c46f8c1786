// SPDX-License-Identifier: MIT
// The shrinker alone, and at work: a trial judged by an oracle that is wrong on purpose must come down to the one
// command that the oracle is wrong about.

import { expect, it } from 'vitest';
import { Random } from '../lab/random.ts';
import { requires } from '../lab/requirements.ts';
import { leastFailure } from './campaign.ts';
import { asShell, randomOperations } from './operations.ts';
import { shrink } from './shrink.ts';
import { everyTable, type Judge, network, runTrial } from './trial.ts';

const numbers = Array.from({ length: 200 }, (_, n) => n);
const minuteMs = 60_000;

const failsWith =
  (...needed: number[]) =>
  async (part: readonly number[]) =>
    needed.every((number) => part.includes(number));

it.each([[[0]], [[199]], [[3, 77]], [[0, 100, 199]], [[10, 11, 12, 13, 14]]])(
  'shrink: of 200 items exactly those that are needed are left: %j',
  async (needed) => {
    const { items, isLeast, attempts } = await shrink(numbers, failsWith(...needed), minuteMs);
    expect({ items, isLeast }).toEqual({ items: needed, isLeast: true });
    expect(attempts).toBeLessThan(120);
  },
);

it('shrink: whatever two to six of 200 items are needed, they are left, in their order', async () => {
  const random = new Random(7);
  for (let round = 0; round < 100; ++round) {
    const needed = [...new Set(Array.from({ length: random.between(2, 6) }, () => random.below(200)))];
    const { items } = await shrink(numbers, failsWith(...needed), minuteMs);
    expect(items).toEqual(needed.sort((a, b) => a - b));
  }
});

it('shrink: what needs all its items keeps them', async () => {
  const all = async (part: readonly number[]) => part.length === 8;
  expect((await shrink(numbers.slice(0, 8), all, minuteMs)).items).toEqual(numbers.slice(0, 8));
});

it('shrink: when time is up it says so, and gives what it has, which fails', async () => {
  const fails = async (part: readonly number[]) => part.includes(9);
  const { items, isLeast, attempts } = await shrink(numbers, fails, 0);
  expect({ items, isLeast, attempts }).toEqual({ items: numbers, isLeast: false, attempts: 0 });
});

requires(
  'root',
  'ip',
  'nsenter',
  'python3',
  'sysctl',
)('differential', () => {
  /** Overlooks some rules, so that the mirror seems to have made them up. */
  const forgetful: Judge = (kernel, picture) =>
    everyTable({ ...kernel, rules: kernel.rules.filter(({ priority }) => !isOverlooked(Number(priority))) }, picture);
  const isOverlooked = (priority: number) => priority >= 20 && priority < 25;

  it('differential: a failure is shrunk to the one command that matters, ready to paste', async () => {
    const chance = { seed: 8, operations: 200, hasFaults: false };
    const trial = await runTrial(randomOperations(chance), { judge: forgetful });
    expect(trial.failure.join()).toMatch(/^rules: only the mirror has .*"priority":2[0-4],/);
    expect(trial.performed.length).toBeGreaterThan(3);
    const { performed } = await leastFailure(trial, { judge: forgetful });
    expect(performed).toEqual([{ command: expect.stringMatching(/^-[46] rule add pref 2[0-4] /), isChecked: true }]);
    expect(asShell(network, performed).split('\n').at(-1)).toBe(`ip -n $host ${performed[0]?.command}; sleep 0.3`);
    // The same operations are no failure to an oracle that is right.
    expect((await runTrial(trial.performed.values())).failure).toEqual([]);
  });
});
