// SPDX-License-Identifier: MIT
// What the kernel does to addresses in the course of time: duplicate detection, lifetimes, links that go down. The mirror
// says what the kernel says at each moment, and domains offer only what can be used.

import { afterEach, expect, it } from 'vitest';
import { type Host, type HostChange, openHost, type PvdAddress } from '../../lib/index.ts';
import { candidateSources } from '../../lib/pvd/candidate-source.ts';
import { Witness } from '../lab/agreement.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { link, type Topology } from '../lab/topology.ts';
import { until } from '../lab/until.ts';

/** Two hosts on one wire that ask whether an address is taken before they use it. */
const detecting: Topology = {
  links: [link('host/v0#10', 'other/v1#11')],
  nodes: {
    host: { detectsDuplicates: true, setUp: ['link set v0 up'] },
    other: { detectsDuplicates: true, setUp: ['link set v1 up'] },
  },
};

const settings = { 'ipv6/conf/v0/optimistic_dad': 1, 'ipv6/conf/v0/use_optimistic': 1 };
const optimistic: Topology = {
  ...detecting,
  nodes: { ...detecting.nodes, host: { ...detecting.nodes['host']!, settings } },
};

const wire: Topology = {
  links: detecting.links,
  nodes: { host: { setUp: ['link set v0 up'] }, other: { setUp: ['link set v1 up'] } },
};

const address = '2001:db8:1::1';

function flagsOf(host: Host, wanted: string): readonly string[] | undefined {
  return [...host.snapshot().addresses].find((record) => record.address === wanted)?.flags;
}

/** The address as a member of a domain, wherever it is one. */
function memberOf(host: Host, wanted: string): PvdAddress | undefined {
  return host
    .snapshot()
    .pvds.flatMap(({ addresses }) => addresses)
    .find((member) => member.address === wanted);
}

/** Addresses that a new connection over any domain may come from, best first. */
function sources(host: Host, family: 4 | 6, destination: string): string[] {
  const found = host.snapshot().pvds.flatMap((pvd) => candidateSources(pvd, { family, address: destination }));
  return found.map((candidate) => candidate.address);
}

/** What an address was told to be, one word list a change, beginning with its addition. */
function storyOf(changes: readonly HostChange[], wanted: string): (readonly string[])[] {
  return changes.flatMap(({ added, changed, removed }) => [
    ...(added.addresses ?? []).filter((record) => record.address === wanted).map(({ flags }) => flags),
    ...(changed.addresses ?? []).filter(({ after }) => after.address === wanted).map(({ after }) => after.flags),
    ...(removed.addresses ?? []).filter((record) => record.address === wanted).map(() => ['removed']),
  ]);
}

requires('root', 'ip')('mirror, addresses in time', () => {
  let lab: Lab;
  afterEach(() => lab?.[Symbol.asyncDispose]());

  /** A host on a topology, with a witness and all that it is told. */
  async function begin(topology: Topology): Promise<{ host: Host; witness: Witness; changes: HostChange[] }> {
    lab = await Lab.up(topology);
    const host = await openHost({ netns: lab.netns('host') });
    const changes: HostChange[] = [];
    host.on('change', (change) => changes.push(change));
    return { host, witness: new Witness(lab, 'host', host), changes };
  }

  it('mirror: an address is tentative, and no source, until nobody else has claimed it (C3)', async () => {
    const { host, witness, changes } = await begin(detecting);
    await using _ = host;
    await lab.ip('host', `addr add ${address}/64 dev v0`);
    await until('the address', () => flagsOf(host, address));
    expect(flagsOf(host, address)).toContain('tentative');
    expect(memberOf(host, address)?.state ?? 'tentative').toBe('tentative');
    expect(sources(host, 6, '2001:db8:2::1')).toEqual([]);
    await until('the end of detection', () => !flagsOf(host, address)?.includes('tentative'));
    expect(memberOf(host, address)).toMatchObject({ state: 'preferred' });
    expect(sources(host, 6, '2001:db8:2::1')).toEqual([address]);
    await witness.agreement('duplicate detection');
    // It came once, and changed: it did not go and come again.
    expect(storyOf(changes, address)).toEqual([expect.arrayContaining(['tentative']), ['permanent']]);
  });

  it('mirror: an address that another host has stays failed for ever, is shown and never a source (C4)', async () => {
    const { host, witness } = await begin(detecting);
    await using _ = host;
    await lab.ip('other', `addr add ${address}/64 dev v1 nodad`);
    await lab.ip('host', `addr add ${address}/64 dev v0`);
    await until('the duplicate to be found', () => flagsOf(host, address)?.includes('dad-failed'));
    await witness.agreement('a duplicate');
    expect(flagsOf(host, address)).toEqual(expect.arrayContaining(['tentative', 'dad-failed']));
    expect(memberOf(host, address)?.state ?? 'dad-failed').toBe('dad-failed');
    expect(sources(host, 6, '2001:db8:2::1')).toEqual([]);
    // An address beside it is not drawn in.
    await lab.ip('host', 'addr add 2001:db8:1::2/64 dev v0');
    await until('another source', () => sources(host, 6, '2001:db8:2::1').length > 0);
    expect(sources(host, 6, '2001:db8:2::1')).toEqual(['2001:db8:1::2']);
    await witness.agreement('another address');
  });

  it('mirror: an optimistic address may be used before detection ends, behind every other (C5)', async () => {
    const { host, witness } = await begin(optimistic);
    await using _ = host;
    await lab.ip('host', 'addr add 2001:db8:1::2/64 dev v0 nodad');
    await until('the first address', () => memberOf(host, '2001:db8:1::2'));
    await lab.ip('host', `addr add ${address}/64 dev v0 optimistic`);
    await until('the optimistic address', () => memberOf(host, address)?.state === 'optimistic');
    expect(sources(host, 6, '2001:db8:2::1')).toEqual(['2001:db8:1::2', address]);
    await until('the end of detection', () => memberOf(host, address)?.state === 'preferred');
    await witness.agreement('optimistic detection');
  });

  it('mirror: an address is deprecated, and ends, when the kernel says so and not before (C7, C12)', async () => {
    const { host, witness, changes } = await begin(wire);
    await using _ = host;
    const inKernel = async (wanted: string) => {
      const entries = await lab.json('host', 'addr show dev v0');
      return entries.flatMap((entry) => entry['addr_info']).filter(({ local }) => local === wanted);
    };
    await lab.ipBatch('host', [
      `addr add ${address}/64 dev v0 nodad preferred_lft 1 valid_lft 3`,
      'addr add 10.1.0.1/24 dev v0 preferred_lft 1 valid_lft 3',
    ]);
    for (const wanted of [address, '10.1.0.1']) {
      await until(`${wanted} to come`, () => flagsOf(host, wanted));
      await until(`${wanted} to be deprecated`, () => flagsOf(host, wanted)?.includes('deprecated'));
      // At this very moment the kernel agrees: nobody here counted the seconds.
      expect(await inKernel(wanted)).toMatchObject([{ deprecated: true }]);
    }
    await until('both to end', () => flagsOf(host, address) === undefined && flagsOf(host, '10.1.0.1') === undefined);
    expect([...(await inKernel(address)), ...(await inKernel('10.1.0.1'))]).toEqual([]);
    await witness.agreement('two lifetimes');
    for (const wanted of [address, '10.1.0.1']) {
      const story = storyOf(changes, wanted);
      expect(story.map((flags) => flags.includes('deprecated') || flags.includes('removed'))).toEqual([
        false,
        true,
        true,
      ]);
      expect(story.at(-1)).toEqual(['removed']);
    }
  });

  it('mirror: in whatever order address and routes are told, a settled change has them together (C10)', async () => {
    lab = await Lab.up(wire);
    await using host = await openHost({ netns: lab.netns('host'), settle: 150 });
    const changes: HostChange[] = [];
    host.on('change', (change) => changes.push(change));
    for (const [added, prefix] of [
      [`${address}/64`, '2001:db8:1::/64'],
      ['10.1.0.1/24', '10.1.0.0/24'],
    ] as const) {
      for (const verb of ['add', 'del'] as const) {
        changes.length = 0;
        await lab.ip('host', `addr ${verb} ${added} dev v0`);
        await until('the change', () => changes.length > 0);
        const [change] = changes;
        const lists = verb === 'add' ? change!.added : change!.removed;
        expect(lists.addresses?.map((record) => `${record.address}/${record.prefixLength}`)).toEqual([added]);
        expect(lists.routes?.map(({ destination }) => destination)).toContain(prefix);
      }
    }
  });

  it('mirror: a link that goes down keeps its IPv4 addresses, and offers none as a source (C13, B2, D1)', async () => {
    const { host, witness } = await begin(wire);
    await using _ = host;
    await lab.ipBatch('host', [`addr add ${address}/64 dev v0`, 'addr add 10.1.0.1/24 dev v0']);
    await until('both domains', () => memberOf(host, address) && memberOf(host, '10.1.0.1'));
    expect(sources(host, 4, '10.2.0.1')).toEqual(['10.1.0.1']);
    await lab.ip('host', 'link set v0 down');
    await until('the IPv6 address to go', () => flagsOf(host, address) === undefined);
    await witness.agreement('link set v0 down');
    expect(flagsOf(host, '10.1.0.1')).toEqual(['permanent']);
    expect([sources(host, 4, '10.2.0.1'), sources(host, 6, '2001:db8:2::1')]).toEqual([[], []]);
    await lab.ip('host', 'link set v0 up');
    await until('the domain to return', () => sources(host, 4, '10.2.0.1').length > 0);
  });
});
