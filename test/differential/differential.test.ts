// SPDX-License-Identifier: MIT
// The mirror against the kernel, operation by operation, from seeds: without faults with every privilege, and with
// faults without any. `npm run differential` asks for other seeds, and more. What runs by default is one seed that is
// always the same and one that never is; MIF_TEST_SEED repeats the latter.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requires } from '../lab/requirements.ts';
import { tryOut } from './campaign.ts';
import { compileFaults, staged } from './faults.ts';
import type { Trial } from './trial.ts';

interface Campaign {
  seeds: number[];
  operations: number;
  hasFaults: boolean[];
}

const ofEveryDay: Campaign = {
  seeds: [20_260, Number(process.env['MIF_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 32))],
  operations: 200,
  hasFaults: [false, true],
};

const asked = process.env['MIF_DIFFERENTIAL'];
const { seeds, operations, hasFaults }: Campaign = asked === undefined ? ofEveryDay : JSON.parse(asked);

/** A trial that fails is repeated until little of it is left, which takes longer than the trial. */
const timeoutMs = 300_000 + operations * 1_000;

requires(
  'root',
  'ip',
  'nsenter',
  'setpriv',
  'python3',
  'cc',
  'sysctl',
)('differential', () => {
  let folder: string;
  let faults: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mif-faults-'));
    faults = await compileFaults(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const without = hasFaults.includes(false) ? seeds : [];
  const withFaults = hasFaults.includes(true) ? seeds : [];

  it.each(without)(
    `differential: after each of ${operations} operations of seed %i the mirror equals the kernel (R1)`,
    async (seed) => {
      const trial = await tryOut({ seed, operations, hasFaults: false });
      console.log(summary(trial));
      // Nobody lies and nothing overruns, so whatever is counted is the library's own mistake.
      const { overruns, truncated, foreignSender, malformed, resyncs } = trial.stats;
      expect({ overruns, truncated, foreignSender, malformed, resyncs }).toEqual({
        overruns: 0,
        truncated: 0,
        foreignSender: 0,
        malformed: 0,
        resyncs: 0,
      });
    },
    timeoutMs,
  );

  it.each(withFaults)(
    `differential: nor do faults between ${operations} operations of seed %i make it differ (A1, A2, A5, A11, A13)`,
    async (seed) => {
      const trial = await tryOut({ seed, operations, hasFaults: true }, { faults });
      console.log(summary(trial));
      const { happened, stats, forged, storms } = trial;
      for (const fault of staged) expect(happened[fault], fault).toBeGreaterThan(0);
      expect([forged, storms].every((count) => count > 0)).toBe(true);
      // Each is counted, and nothing else is.
      expect(stats.foreignSender, 'foreign senders').toBe(happened.forged + forged);
      expect(stats.truncated, 'cut').toBe(happened['cut announcement'] + happened['cut reply']);
      expect(stats.overruns, 'overruns').toBeGreaterThanOrEqual(happened.overrun + storms);
      expect(stats.resyncs, 'resyncs').toBeGreaterThan(0);
      expect(stats.unstableDumps, 'unstable dumps').toBeGreaterThan(0);
    },
    timeoutMs,
  );
});

function summary({ performed, checks, slowestMs, stats, happened, forged, storms }: Trial): string {
  const { resyncs, repairs, unstableDumps, overruns, truncated, foreignSender, missed, malformed } = stats;
  const counts = { resyncs, repairs, unstableDumps, overruns, truncated, foreignSender, missed, malformed };
  const accepted = performed.filter(({ command }) => command !== undefined).length;
  const told = `${accepted} operations, ${checks} checks, the slowest ${slowestMs.toFixed(0)} ms`;
  return `${told}; ${JSON.stringify({ ...counts, ...happened, reallyForged: forged, storms })}`;
}
