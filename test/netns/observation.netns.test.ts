// SPDX-License-Identifier: MIT
// What a host does not show is not kept and, in the kernel, not even queued for it.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HostOptions, openHost } from '../../lib/index.ts';
import type { Route } from '../../lib/binding/contract.gen.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { busyHost } from '../lab/topology/busy-host.ts';
import { until } from '../lab/until.ts';

/** So many routes that the default buffer, of 256 messages, would overflow many times (trap A3). */
const storm = Array.from({ length: 5000 }, (_, n) => `10.${100 + (n >> 12)}.${(n >> 4) & 255}.${(n & 15) << 4}/28`);

requires('root', 'ip')('observation', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.up(busyHost);
  });
  afterEach(() => lab?.[Symbol.asyncDispose]());

  const open = (options: HostOptions) => openHost({ netns: lab.netns('host'), ...options });
  const shown = (routes: Iterable<Route>) =>
    Array.from(routes, ({ destination, table, type, metric }) => `${type} ${destination} ${table} ${metric}`).sort();

  it('observation: a storm in a foreign table is neither queued nor wakes anybody (A3, A4, D10)', async () => {
    await using host = await open({ tables: [254] });
    let changes = 0;
    host.on('change', () => ++changes);
    expect(host.capabilities.eventFilter).toBe(true);
    const before = host.stats();
    await lab.ipBatch(
      'host',
      storm.map((route) => `route add ${route} dev v0 table 4242`),
    );
    await lab.ipBatch(
      'host',
      storm.map((route) => `route del ${route} dev v0 table 4242`),
    );
    expect(host.stats()).toEqual(before);
    expect(changes).toBe(0);
    // The one that is of interest.
    await lab.ip('host', 'route add 10.98.0.0/16 dev v0');
    await until('the change', () => changes === 1);
    expect(host.stats()).toMatchObject({ overruns: 0, messages: before.messages + 1, wakes: before.wakes + 1 });
  });

  it('observation: a host of some tables shows their routes, and what happens to them', async () => {
    await lab.ipBatch('host', [
      'route add 10.97.0.0/16 dev v0 table 4242',
      'route add 10.97.0.0/16 dev v0 table 70000',
      'route add 2001:db8:97::/48 dev v0 table 70000',
    ]);
    await using host = await open({ tables: [70000, 4242, 70000] });
    const expected = [
      'unicast 10.97.0.0/16 4242 0',
      'unicast 10.97.0.0/16 70000 0',
      'unicast 2001:db8:97::/48 70000 1024',
    ];
    expect(shown(host.snapshot().routes)).toEqual(expected);
    await lab.ipBatch('host', [
      'route add 10.96.0.0/16 dev v0 table 4242',
      'route add 10.96.0.0/16 dev v0 table 4243',
      'route del 2001:db8:97::/48 dev v0 table 70000',
    ]);
    const changed = ['unicast 10.96.0.0/16 4242 0', ...expected.slice(0, 2)];
    const now = () => shown(host.snapshot().routes).join();
    await until(
      () => `both changes: ${now()}`,
      () => now() === changed.join(),
    );
    // D1: what goes in silence is read again from these tables alone.
    await lab.ip('host', 'link set v0 down');
    await until('the routes to go', () => host.snapshot().routes.length === 0);
  });

  it("observation: with 'unicast' the kernel's own entries are not kept, with 'none' only default routes (D16)", async () => {
    await using all = await open({});
    await using unicast = await open({ routes: 'unicast' });
    await using none = await open({ routes: 'none' });
    const own = (routes: Iterable<Route>) => shown(routes).filter((route) => route.startsWith('unicast'));
    expect(shown(unicast.snapshot().routes)).toEqual(own(all.snapshot().routes));
    expect(none.snapshot().routes.length).toBe(0);
    const ids = (host: typeof all) => host.snapshot().pvds.map(({ id }) => id);
    expect(ids(none)).toEqual(ids(all));
    expect(ids(unicast)).toEqual(ids(all));

    const before = [unicast.stats().messages, none.stats().messages];
    // An address comes with local and broadcast entries and a route of its prefix; a default route makes a domain.
    await lab.ip('host', 'route add default via 10.2.0.253 dev v1 metric 30 table 77');
    await lab.ip('host', 'addr add 10.5.0.1/24 dev v2');
    const knowsAddress = (host: typeof all) =>
      [...host.snapshot().addresses].some(({ address }) => address === '10.5.0.1');
    // It comes behind the address.
    const knowsRoute = (host: typeof all) =>
      [...host.snapshot().routes].some(({ destination }) => destination === '10.5.0.0/24');
    await until('all to know', () => knowsAddress(none) && knowsRoute(unicast) && knowsRoute(all));
    expect(shown(unicast.snapshot().routes)).toEqual(own(all.snapshot().routes));
    expect(ids(none)).toEqual(ids(all));
    expect(unicast.stats().messages - before[0]!).toBe(3);
    expect(none.stats().messages - before[1]!).toBe(2);
  });

  it('observation: what replaces an entry that is not kept is placed by another dump (D6)', async () => {
    await lab.ip('host', 'route add local 10.95.0.1 dev v0 table local');
    await using all = await open({});
    await using host = await open({ routes: 'unicast' });
    const before = host.stats().repairs;
    await lab.ip('host', 'route replace unicast 10.95.0.1 dev v0 table local scope host');
    const own = (routes: Iterable<Route>) => shown(routes).filter((route) => route.includes('10.95.0.1'));
    await until('both', () =>
      [host, all].every((each) => own(each.snapshot().routes).join() === 'unicast 10.95.0.1/32 255 0'),
    );
    await lab.ip('host', 'route replace local 10.95.0.1 dev v0 table local');
    await until('it to go', () => own(host.snapshot().routes).length === 0);
    expect(host.stats().repairs).toBeGreaterThan(before);
  });

  it.each([['[0]'], ['[4294967296]'], ['[1.5]'], ['["254"]'], ['[254,null]'], ['"254"']])(
    'observation: refuses %s as tables, in the words of who asked',
    async (text) => {
      await expect(open({ tables: JSON.parse(text) })).rejects.toMatchObject({
        code: 'ERR_MIF_INVALID_ARG',
        message: `option tables: ${text} is not an array of numbers from 1 to 4294967295`,
      });
    },
  );
});
