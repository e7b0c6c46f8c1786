// SPDX-License-Identifier: MIT
// The mirror against the kernel's own word: after whatever happens in a namespace, every table says the same as `ip`,
// entry by entry, and the changes told on the way add up to it. MIF_TEST_SEED repeats a run.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { openHost } from '../../lib/index.ts';
import { patienceMs, Witness } from '../lab/agreement.ts';
import { differences } from '../lab/comparison.ts';
import { KernelChanges } from '../lab/kernel-changes.ts';
import { Lab } from '../lab/lab.ts';
import { mifJson } from '../lab/mif-command.ts';
import { askKernel, comparable, nouns } from '../lab/oracle.ts';
import { requires } from '../lab/requirements.ts';
import { busyDevices, busyHost } from '../lab/topology/busy-host.ts';
import { until } from '../lab/until.ts';

const seed = Number(process.env['MIF_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const changesWanted = 200;

requires('root', 'ip')('mirror', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.up(busyHost);
  });
  afterEach(() => lab?.[Symbol.asyncDispose]());

  /** Makes random changes until so many were accepted; tells after each how many, and the last commands. */
  async function change(seed: number, onAccepted: (count: number, last: string) => Promise<void>): Promise<void> {
    const changes = new KernelChanges(seed, busyDevices);
    const accepted: string[] = [];
    while (accepted.length < changesWanted) {
      const { command, done } = changes.next();
      if ((await lab.tryIp('host', command)).code !== 0) continue;
      done();
      accepted.push(command);
      await onAccepted(accepted.length, accepted.slice(-10).join('\n  '));
    }
  }

  it('mirror: the first snapshot equals `ip` in every table (MIF-85)', async () => {
    await using host = await openHost({ netns: lab.netns('host') });
    expect(await new Witness(lab, 'host', host).disagreements()).toEqual([]);
    const { interfaces, addresses, routes, rules } = host.snapshot();
    expect([interfaces.length, rules.length]).toEqual([9, 7]);
    expect(addresses.length).toBeGreaterThan(8);
    expect(routes.length).toBeGreaterThan(25);
  });

  it.each([
    ['nobody listens', false],
    ['somebody listens', true],
  ])('mirror: lifetimes run on while nothing changes, and %s', async (_, isListenedTo) => {
    await lab.ip('host', 'addr add 10.1.0.9/24 dev v0 valid_lft 600 preferred_lft 300');
    await using host = await openHost({ netns: lab.netns('host') });
    if (isListenedTo) host.on('change', () => {});
    const lifetimeIn = (addresses: Iterable<object>): number => {
      const [found] = comparable('addresses', addresses).filter(({ address }) => address === '10.1.0.9');
      return Number(found?.['validLifetime']);
    };
    const taken = host.snapshot();
    const before = lifetimeIn(taken.addresses);
    expect(before).toBeGreaterThan(590);
    const isLater = async () => lifetimeIn((await askKernel(lab, 'host')).addresses) <= before - 2;
    await until('two seconds to pass in the kernel', isLater);
    expect(lifetimeIn(host.snapshot().addresses)).toBeLessThanOrEqual(before - 1);
    // What was taken stays as it was.
    expect(lifetimeIn(taken.addresses)).toBe(before);
  });

  it('mirror: 200 random changes leave every table equal to `ip`, and their announcements add up (R1)', async () => {
    console.log(`MIF_TEST_SEED=${seed}`);
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    await change(seed, async (count, last) => {
      if (count % 10 === 0) await witness.agreement(`${last}\n(MIF_TEST_SEED=${seed}, change ${count})`);
    });
  });

  it('mirror: `mif ls NOUN --json --netns` says the same as `ip`, before and after 200 random changes', async () => {
    const compare = async (noun: (typeof nouns)[number], when: string) => {
      let last: string[] = [];
      await until(
        () => `mif ls ${noun} to agree with ip ${when} (MIF_TEST_SEED=${seed})\n${last.join('\n')}\n`,
        async () => {
          const listing = await mifJson(['ls', noun, '--netns', lab.netns('host')]);
          expect(Object.keys(listing).sort()).toEqual(['generation', noun].sort());
          last = differences((await askKernel(lab, 'host'))[noun], comparable(noun, listing[noun]));
          return last.length === 0;
        },
        patienceMs,
      );
    };
    const listed = nouns.filter((noun) => noun !== 'nexthops');
    for (const noun of listed) await compare(noun, 'before all changes');
    await change(seed + 1, async () => {});
    for (const noun of listed) await compare(noun, 'after 200 changes');
  });
});
