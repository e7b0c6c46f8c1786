// SPDX-License-Identifier: MIT
// Selection against the kernel, on random hosts: the interface, first hop, source, table and the refusals that it says are
// those that the kernel says. `npm run selection` asks for other seeds, and more. What runs by default is one seed that
// is always the same and one that never is; MIF_TEST_SEED repeats the latter.

import { expect, it } from 'vitest';
import { requires } from '../lab/requirements.ts';
import { mustAgree } from './comparison.ts';

interface Campaign {
  seeds: number[];
  changes: number;
  questions: number;
}

const ofEveryDay: Campaign = {
  seeds: [6_724, 8_028, Number(process.env['MIF_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 32))],
  changes: 150,
  questions: 500,
};

const asked = process.env['MIF_SELECTION'];
const { seeds, changes, questions }: Campaign = asked === undefined ? ofEveryDay : JSON.parse(asked);

requires(
  'root',
  'ip',
  'nsenter',
  'python3',
)('selection', () => {
  it.each(seeds)(
    `selection: of random hosts, seed %i, it says what the kernel says (D7, D17, D23, D24, D25, E3, F11, R11)`,
    async (seed) => {
      const { asked: all, paths, approximate, byDoubt, explained } = await mustAgree({ seed, changes, questions });
      console.log(`${all} questions, ${paths} paths, ${approximate} approximate: ${JSON.stringify(byDoubt)}`);
      const { rejected, hints } = explained;
      console.log(`${explained.asked} explanations: ${explained.paths} paths, ${rejected} rejected, ${hints} hints`);
      // A comparison of nothing would agree too.
      expect(all).toBe(2 * questions);
      expect(paths).toBeGreaterThan(all / 10);
      expect(approximate).toBeLessThan(all / 2);
      expect(explained.asked).toBe(all);
      expect(explained.paths).toBeGreaterThan(all / 10);
      expect(rejected).toBeGreaterThan(all / 2);
      expect(hints).toBeGreaterThan(0);
    },
  );
});
