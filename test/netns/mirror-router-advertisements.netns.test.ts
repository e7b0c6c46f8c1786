// SPDX-License-Identifier: MIT
// Real router advertisements from radvd: what the kernel makes of them is one provisioning domain for each router, and
// an advertisement that only repeats is no news.

import { afterEach, expect, it } from 'vitest';
import { type Host, openHost, type ProvisioningDomain } from '../../lib/index.ts';
import { Witness } from '../lab/agreement.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

/** A router that advertises one prefix every 3 to 4 seconds, the shortest that radvd allows. */
function advertises(prefix: string, options = ''): string {
  return `
    interface lan {
      AdvSendAdvert on;
      MinRtrAdvInterval 3;
      MaxRtrAdvInterval 4;
      AdvDefaultLifetime 600;
      ${options}
      prefix ${prefix} { AdvOnLink on; AdvAutonomous on; AdvValidLifetime 3600; AdvPreferredLifetime 1800; };
    };`;
}

/** Domains that are more than the link itself. */
function domains(host: Host): ProvisioningDomain[] {
  return host.snapshot().pvds.filter(({ origin }) => origin !== 'link-local');
}

function domain(host: Host, id: string): ProvisioningDomain | undefined {
  return host.snapshot().pvds.find((pvd) => pvd.id === id);
}

const addressesOf = (pvd: ProvisioningDomain) => pvd.addresses.map(({ address }) => address);

/** Advertisements that the kernel of a node has taken in so far. */
async function advertisements(lab: Lab, node: string): Promise<number> {
  const counters = await lab.exec(node, 'cat', '/proc/net/snmp6');
  return Number(/^Icmp6InRouterAdvertisements\s+(\d+)/m.exec(counters)?.[1]);
}

requires(
  'root',
  'ip',
  'nsenter',
  'radvd',
)('mirror, router advertisements', () => {
  let lab: Lab;
  afterEach(() => lab?.[Symbol.asyncDispose]());

  it('mirror: a router that advertises is a domain with its prefix, its address and its route (PVD-11, PVD-12, MIF-26)', async () => {
    lab = await Lab.up('single');
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    expect(domains(host)).toEqual([]);
    await lab.radvd('ra', advertises('2001:db8:a:1::/64', 'AdvDefaultPreference high;'));
    const found = await until('the domain', () => domain(host, 'eth0/fe80::a:1'));
    expect(found).toMatchObject({
      interfaces: ['eth0'],
      providers: ['fe80::a:1'],
      explicit: false,
      prefixes: ['2001:db8:a:1::/64'],
      routers: [{ address: 'fe80::a:1', interface: 'eth0', family: 6, preference: 'high' }],
      addresses: [{ family: 6, prefixLength: 64, state: 'preferred', shared: false }],
    });
    expect(addressesOf(found)[0]).toMatch(/^2001:db8:a:1:/);
    const route = [...host.snapshot().routes].find(({ destination }) => destination === '::/0');
    expect(route).toMatchObject({ protocol: 'ra', gateway: 'fe80::a:1', interface: 'eth0', preference: 'high' });
    expect(route?.lifetime).toBeGreaterThan(500);
    await witness.agreement('an advertisement');
  });

  it('mirror: an advertisement that only repeats makes no change, and moves the lifetimes on (C6)', async () => {
    lab = await Lab.up('single');
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    await lab.radvd('ra', advertises('2001:db8:a:1::/64'));
    const { handle } = await until('the domain', () => domain(host, 'eth0/fe80::a:1'));
    await witness.agreement('the first advertisement');
    const heard: string[] = [];
    host.on('change', ({ added, changed, removed }) => {
      for (const noun of ['interfaces', 'addresses', 'routes', 'pvds'] as const) {
        if (added[noun]?.length || changed[noun]?.length || removed[noun]?.length) {
          heard.push(JSON.stringify({ added: added[noun], changed: changed[noun], removed: removed[noun] }));
        }
      }
    });
    const before = await advertisements(lab, 'host');
    await until('three more advertisements', async () => (await advertisements(lab, 'host')) >= before + 3, 30_000);
    expect(heard).toEqual([]);
    // Had the mirror stood still, it would be ten seconds behind the kernel now.
    await witness.agreement('three more advertisements');
    expect(domain(host, 'eth0/fe80::a:1')?.handle).toBe(handle);
  });

  // The kernel says which router a route leads to, not which one announced a prefix: while nothing else tells, every
  // address is in the domains of both routers, and is marked.
  it.each([
    ['prefixes of their own', '2001:db8:b:1::/64', 2],
    ['the same prefix', '2001:db8:a:1::/64', 1],
  ])(
    'mirror: two routers on one link with %s are two domains that share what is not known to be of one (PVD-11, PVD-13, M01a)',
    async (_, prefix, count) => {
      lab = await Lab.up('two-providers-one-link');
      await using host = await openHost({ netns: lab.netns('host'), sources: 'kernel' });
      const witness = new Witness(lab, 'host', host);
      await lab.radvd('ra', advertises('2001:db8:a:1::/64'));
      await lab.radvd('rb', advertises(prefix));
      await until('both domains', () => {
        const found = ['eth0/fe80::a:1', 'eth0/fe80::b:1'].map((id) => domain(host, id));
        return found.every((pvd) => pvd?.addresses.length === count);
      });
      for (const letter of ['a', 'b']) {
        const found = domain(host, `eth0/fe80::${letter}:1`)!;
        expect(found.providers).toEqual([`fe80::${letter}:1`]);
        expect(found.routers).toMatchObject([{ address: `fe80::${letter}:1`, interface: 'eth0' }]);
        expect(found.addresses.map(({ shared }) => shared)).toEqual(Array(count).fill(true));
      }
      expect(domains(host)).toHaveLength(2);
      await witness.agreement('advertisements of two routers');
    },
  );

  it('mirror: a router that says goodbye is no way out any more, and its addresses stay (G2)', async () => {
    lab = await Lab.up('two-providers-one-link');
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    await lab.radvd('ra', advertises('2001:db8:a:1::/64'));
    const b = await lab.radvd('rb', advertises('2001:db8:b:1::/64'));
    await until('both domains', () => domain(host, 'eth0/fe80::a:1') && domain(host, 'eth0/fe80::b:1'));
    const survivor = domain(host, 'eth0/fe80::a:1')!.handle;
    // On SIGTERM radvd advertises a router lifetime of 0.
    await b.stop();
    await until('the route to go', () => ![...host.snapshot().routes].some(({ gateway }) => gateway === 'fe80::b:1'));
    await witness.agreement('the last advertisement of rb');
    expect(domains(host).flatMap(({ routers }) => routers.map(({ address }) => address))).toEqual(['fe80::a:1']);
    const announced = (letter: string) =>
      [...host.snapshot().addresses].find(({ address }) => address.startsWith(`2001:db8:${letter}:1:`));
    expect(announced('b')).toMatchObject({ interface: 'eth0', flags: expect.not.arrayContaining(['deprecated']) });
    expect(domains(host).flatMap(addressesOf)).toContain(announced('b')!.address);
    expect(domain(host, 'eth0/fe80::a:1')?.handle).toBe(survivor);
  });

  it('mirror: a router with another address is another domain, with another handle (PVD-11, M-id)', async () => {
    lab = await Lab.up('single');
    await using host = await openHost({ netns: lab.netns('host') });
    const first = await lab.radvd('ra', advertises('2001:db8:a:1::/64'));
    const { handle } = await until('the domain', () => domain(host, 'eth0/fe80::a:1'));
    await first.stop();
    await lab.ipBatch('ra', ['addr del fe80::a:1/64 dev lan', 'addr add fe80::a:2/64 dev lan']);
    await lab.radvd('ra', advertises('2001:db8:a:1::/64'));
    const second = await until('the new domain', () => domain(host, 'eth0/fe80::a:2'));
    expect(second.handle).not.toBe(handle);
    await until('the old one to go', () => !domain(host, 'eth0/fe80::a:1'));
  });
});
