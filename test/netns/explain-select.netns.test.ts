// SPDX-License-Identifier: MIT
// Explanations and selections of one random host: they never disagree. `npm run selection` asks of other hosts, and more.

import { expect, it } from 'vitest';
import { openHost } from '../../lib/host/open-host.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { busyHost } from '../lab/topology/busy-host.ts';
import { explainAtRandom } from '../selection/explained.ts';
import { changeAtRandom } from '../selection/random-host.ts';

const seed = 4_191;
const changes = 120;
const questions = 200;

requires('root', 'ip')('explain', () => {
  it('explain: of a random host it says what select says, with a reason for each candidate and hints that hold (F3, F7)', async () => {
    await using lab = await Lab.up(busyHost);
    await changeAtRandom(lab, { seed, changes });
    await using host = await openHost({ netns: lab.path('host') });
    const { asked, paths, rejected, hints, disagreements } = explainAtRandom(host, seed, questions);
    expect(disagreements).toEqual([]);
    // An explanation of nothing would be right, too.
    expect(paths).toBeGreaterThan(asked / 10);
    expect(rejected).toBeGreaterThan(asked);
    expect(hints).toBeGreaterThan(asked / 10);
  });
});
