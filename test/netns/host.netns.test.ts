// SPDX-License-Identifier: MIT
// The live view of a host on real kernels: opening, snapshots, changes, iteration, ends.

import { execFileSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isMifError } from '../../lib/binding/mif-error.ts';
import { accessOf, type Host } from '../../lib/host/host.ts';
import { type HostOptions, openHost, openHostNow } from '../../lib/host/open-host.ts';
import type { HostChange } from '../../lib/snapshot/change.ts';
import { KernelChanges } from '../lab/kernel-changes.ts';
import { Lab } from '../lab/lab.ts';
import { Ledger } from '../lab/ledger.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const withLab = requires('root', 'ip', 'nsenter');

/** Waits without the event loop. */
function blockUntil(condition: () => boolean): void {
  const deadline = performance.now() + 5_000;
  while (!condition()) if (performance.now() > deadline) throw new Error('blocked in vain');
}

withLab('host', () => {
  let lab: Lab;
  const open: Host[] = [];

  beforeAll(async () => {
    lab = await Lab.up('bare');
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());
  afterEach(() => {
    for (const host of open.splice(0)) host.close();
  });

  async function hostOf(options: HostOptions = {}): Promise<Host> {
    const host = await openHost({ netns: lab.netns('host'), ...options });
    open.push(host);
    return host;
  }

  /** Whether the present snapshot of a host satisfies a condition, soon. */
  const sees = (host: Host, condition: (names: string[]) => boolean) =>
    until('the host to see it', () => condition(Array.from(host.snapshot().interfaces, ({ name }) => name)));

  describe('opening', () => {
    it('host: opens a namespace by name, by path and by the id of a process in it', async () => {
      const sleeper = lab.spawn('host', 'sleep', ['60']);
      const path = `/proc/${sleeper.pid}/ns/net`;
      // Between fork and setns the process is still in our namespace.
      const own = await hostOf({ netns: lab.path('host') });
      const count = own.snapshot().interfaces.length;
      expect(count).toBe(5);
      expect((await hostOf()).snapshot().interfaces.length).toBe(count);
      await until(
        'nsenter to enter',
        async () => (await hostOf({ netns: path })).snapshot().interfaces.length === count,
      );
      expect((await hostOf({ netns: sleeper.pid! })).snapshot().interfaces.length).toBe(count);
    });

    it('host: says which namespace was not found, and what is none', async () => {
      await expect(openHost({ netns: 'no-such-namespace' })).rejects.toMatchObject({
        code: 'ERR_MIF_NAMESPACE_NOT_FOUND',
        message: expect.stringContaining('no-such-namespace'),
      });
      await expect(openHost({ netns: 2 ** 31 - 2 })).rejects.toMatchObject({ code: 'ERR_MIF_NAMESPACE_NOT_FOUND' });
      const file = lab.write('not-a-namespace', '');
      writeFileSync(file, '');
      await expect(openHost({ netns: file })).rejects.toSatisfy((error) => isMifError(error));
    });

    it('host: refuses options that mean nothing, and an aborted signal', async () => {
      await expect(openHost({ netns: '' })).rejects.toMatchObject({ code: 'ERR_MIF_INVALID_ARG' });
      await expect(openHost({ settle: -1 })).rejects.toMatchObject({ code: 'ERR_MIF_INVALID_ARG' });
      await expect(openHost({ routes: 'some' as 'all' })).rejects.toMatchObject({ code: 'ERR_MIF_INVALID_ARG' });
      const reason = new Error('no longer wanted');
      await expect(openHost({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const aborter = new AbortController();
      const opening = openHost({ netns: lab.netns('host'), signal: aborter.signal });
      aborter.abort(reason);
      await expect(opening).rejects.toBe(reason);
    });

    it('host: opens without the event loop too', () => {
      const host = openHostNow({ netns: lab.netns('host') });
      open.push(host);
      expect(host.snapshot().interfaces.length).toBe(5);
      expect(() => openHostNow({ netns: 'no-such-namespace' })).toThrow(
        expect.objectContaining({ code: 'ERR_MIF_NAMESPACE_NOT_FOUND' }),
      );
    });
  });

  it('host: a wake that nobody waits for is answered all the same, so that another can come', async () => {
    const host = await hostOf();
    const { wakes } = host.stats();
    let mtu = 1400;
    await until('three wakes', async () => {
      // Always something new: what comes before an answer is answered with it.
      await lab.ip('host', `link set v0 mtu ${++mtu}`);
      return host.stats().wakes >= wakes + 3;
    });
    await lab.ip('host', 'link set v0 mtu 1500');
  });

  describe('snapshots', () => {
    it('snapshot: never changes, whatever the host does afterwards', async () => {
      const host = await hostOf();
      const before = host.snapshot();
      const text = JSON.stringify(before);
      await lab.ipBatch('host', [
        'link add s0 type bridge',
        'addr add 192.0.2.1/24 dev v0',
        'route add 203.0.113.0/24 via 192.0.2.9',
        'link set v1 down',
      ]);
      await sees(host, (names) => names.includes('s0'));
      expect(JSON.stringify(before)).toBe(text);
      expect(host.snapshot()).not.toBe(before);
      expect(host.snapshot().generation).toBeGreaterThan(before.generation);
      await lab.ipBatch('host', ['link del s0', 'addr flush dev v0', 'link set v1 up']);
    });

    it('snapshot: is the same object as long as nothing happens', async () => {
      const host = await hostOf();
      const known = host.snapshot();
      expect(host.snapshot()).toBe(known);
      expect(known.synced).toBe(true);
    });

    it('snapshot: filters routes by family, table, type, protocol and length (R9)', async () => {
      await lab.ipBatch('host', [
        'addr add 192.0.2.1/24 dev v0',
        'route add 203.0.113.0/24 via 192.0.2.9 table 1234 proto static',
        'route add default via 192.0.2.9',
        'route add blackhole 198.51.100.0/24',
      ]);
      const host = await hostOf();
      const { routes } = host.snapshot();
      const destinations = (table: Iterable<{ destination: string }>) => [...table].map((route) => route.destination);
      expect(destinations(routes.where({ table: 1234 }))).toEqual(['203.0.113.0/24']);
      expect(destinations(routes.where({ table: 1234, protocol: 'static' }))).toEqual(['203.0.113.0/24']);
      expect(destinations(routes.where({ table: 1234 }).where({ table: 254 }))).toEqual([]);
      expect(destinations(routes.where({ types: ['blackhole'] }))).toEqual(['198.51.100.0/24']);
      expect(destinations(routes.where({ types: [] }))).toEqual([]);
      expect(destinations(routes.where({ maxPrefixLength: 0 }))).toEqual(['0.0.0.0/0']);
      expect(routes.where({ family: 4, maxPrefixLength: 24 }).length).toBe(
        destinations(routes.where({ family: 4 })).filter((text) => Number(text.split('/')[1]) <= 24).length,
      );
      expect(routes.where({ family: 4 }).length + routes.where({ family: 6 }).length).toBe(routes.length);
      expect(() => routes.where({ protocol: 'nonsense' as 'bgp' })).toThrow('nonsense');

      const unicast = await hostOf({ routes: 'unicast' });
      expect(unicast.snapshot().routes.where({ types: ['local', 'blackhole'] }).length).toBe(0);
      expect(unicast.snapshot().routes.length).toBe(routes.where({ types: ['unicast'] }).length);
      const none = await hostOf({ routes: 'none' });
      expect([none.snapshot().routes.length, [...none.snapshot().routes]]).toEqual([0, []]);
      expect(none.snapshot().pvds.find(({ id }) => id === 'v0/192.0.2.9')).toMatchObject({ routes: [] });
      await lab.ipBatch('host', ['route flush table 1234', 'route del blackhole 198.51.100.0/24', 'addr flush dev v0']);
    });

    it('snapshot: names master and parent, tells VPN by kind (B10, B11)', async () => {
      await lab.ipBatch('host', ['link add br7 type bridge', 'link set v0 master br7', 'link set br7 up']);
      const host = await hostOf();
      const byName = new Map(Array.from(host.snapshot().interfaces, (each) => [each.name, each]));
      expect(byName.get('v0')).toMatchObject({ master: 'br7', parent: 'p0', running: true, vpn: false });
      expect(byName.get('br7')).toMatchObject({ kind: 'bridge', vpn: false });
      expect(byName.get('lo')).toMatchObject({ id: 'if:1.1', running: true, operState: 'unknown' });
      await lab.ipBatch('host', ['link del br7']);
    });
  });

  describe('changes', () => {
    it('change: previous snapshot + changes = next snapshot, after 150 random changes of every kind', async () => {
      const host = await hostOf();
      const seed = 20_261;
      const changes = new KernelChanges(seed, ['v0', 'p0']);
      const ledger = new Ledger(host.snapshot());
      let last: HostChange | undefined;
      host.on('change', (change) => {
        last = change;
        ledger.apply(change);
        expect(ledger.disagreements(change.snapshot), `seed ${seed}, generation ${change.generation}`).toEqual([]);
      });
      for (let count = 0; count < 150; ++count) {
        const { command, done } = changes.next();
        if ((await lab.tryIp('host', command)).code === 0) done();
      }
      await until('the last change', () => last?.snapshot === host.snapshot());
      expect(ledger.disagreements(host.snapshot())).toEqual([]);
      expect(host.stats().changes).toBeGreaterThan(50);
    });

    it('change: a rename is told of everything that names the interface (B7)', async () => {
      await lab.ipBatch('host', [
        'link add r0 type veth peer name r1',
        'link set r0 up',
        'link set r1 up',
        'addr add 192.0.2.1/24 dev r0',
        'addr add 2001:db8::1/64 dev r0 nodad',
        'route add 203.0.113.0/24 via 192.0.2.9',
        'route add 198.51.100.0/24 nexthop via 192.0.2.8 nexthop via 192.0.2.9',
        'neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev r0',
      ]);
      const host = await hostOf();
      await sees(host, (names) => names.includes('r0'));
      const ledger = new Ledger(host.snapshot());
      const seen: HostChange[] = [];
      host.on('change', (change) => {
        ledger.apply(change);
        seen.push(change);
      });
      await lab.ip('host', 'link set r0 name renamed');
      await until('the rename', () =>
        seen.some(({ changed }) => changed.interfaces?.some(({ after }) => after.name === 'renamed')),
      );
      expect(ledger.disagreements(host.snapshot())).toEqual([]);
      const { changed, added, removed } = seen[0]!;
      expect(changed.interfaces?.map(({ after }) => `${after.name} ${after.parent}`)).toContain('r1 renamed');
      expect(changed.routes?.some(({ after }) => after.nexthops?.every((hop) => hop.interface === 'renamed'))).toBe(
        true,
      );
      expect(changed.pvds?.map(({ after }) => `${after.id} ${after.interfaces}`)).toContain('r0/static renamed');
      expect([added, removed]).toEqual([{}, {}]);
      await lab.ip('host', 'link del renamed');
    });

    it('change: snapshot() is never ahead of what a listener was told', async () => {
      const host = await hostOf();
      const ledger = new Ledger(host.snapshot());
      let isDone = false;
      host.on('change', (change) => {
        expect(host.snapshot()).toBe(change.snapshot);
        ledger.apply(change);
        isDone ||= change.added.interfaces?.some(({ name }) => name === 'd9') ?? false;
      });
      const working = lab.ipBatch(
        'host',
        [...Array(10).keys()].map((n) => `link add d${n} type bridge`),
      );
      await until('the last link', () => {
        expect(ledger.disagreements(host.snapshot())).toEqual([]);
        return isDone;
      });
      await working;
      await lab.ipBatch(
        'host',
        [...Array(10).keys()].map((n) => `link del d${n}`),
      );
    });

    it('change: snapshot() waits for the listener to be told, though the mirror knows already', async () => {
      const host = await hostOf();
      const seen: HostChange[] = [];
      host.on('change', (change) => seen.push(change));
      const known = host.snapshot();
      const { generation } = host.stats();
      execFileSync('ip', ['-n', lab.netns('host'), 'link', 'add', 'o0', 'type', 'bridge']);
      // This thread has not been back in its event loop, the monitor's thread needs none.
      blockUntil(() => host.stats().generation !== generation);
      expect(host.snapshot()).toBe(known);
      await until('the change', () => seen.length > 0);
      expect(host.snapshot()).toBe(seen.at(-1)!.snapshot);
      // Without a listener nobody is surprised: the present is shown.
      host.removeAllListeners('change');
      const { generation: later } = host.stats();
      execFileSync('ip', ['-n', lab.netns('host'), 'link', 'del', 'o0']);
      blockUntil(() => host.stats().generation !== later);
      expect(host.snapshot()).not.toBe(seen.at(-1)!.snapshot);
    });

    it('change: with a settle time a burst is one change', async () => {
      const host = await hostOf({ settle: 300 });
      const seen: HostChange[] = [];
      host.on('change', (change) => seen.push(change));
      await lab.ipBatch(
        'host',
        [...Array(8).keys()].map((n) => `link add e${n} type bridge`),
      );
      await until('the burst', () => seen.length > 0);
      expect(seen[0]!.added.interfaces?.map(({ name }) => name).sort()).toEqual(
        [...Array(8).keys()].map((n) => `e${n}`),
      );
      await lab.ipBatch(
        'host',
        [...Array(8).keys()].map((n) => `link del e${n}`),
      );
    });

    it('change: tells what the kernel left out as inferred (D1)', async () => {
      await lab.ipBatch('host', ['addr add 192.0.2.1/24 dev v1', 'route add 203.0.113.0/24 via 192.0.2.9']);
      const host = await hostOf();
      const gone: string[] = [];
      const causes = new Set<string>();
      host.on('change', ({ removed, cause }) => {
        for (const { destination } of removed.routes ?? []) {
          gone.push(destination);
          if (destination === '203.0.113.0/24') causes.add(cause);
        }
      });
      await lab.ip('host', 'link set v1 down');
      await until('the static route to go', () => gone.includes('203.0.113.0/24'));
      expect([...causes]).toEqual(['inferred']);
      await lab.ipBatch('host', ['link set v1 up', 'addr flush dev v1']);
    });

    it('change: is published on the channel mif:host:change, whether or not somebody listens to the host', async () => {
      const host = await hostOf();
      const seen: { host: Host; change: HostChange }[] = [];
      const listener = (message: unknown) => seen.push(message as (typeof seen)[number]);
      subscribe('mif:host:change', listener);
      try {
        await lab.ip('host', 'link add c0 type bridge');
        await until('a message', () => seen.length > 0);
        expect(seen[0]!.host).toBe(host);
        expect(seen[0]!.change.added.interfaces).toMatchObject([{ name: 'c0' }]);
      } finally {
        unsubscribe('mif:host:change', listener);
        await lab.ip('host', 'link del c0');
      }
    });
  });

  describe('iteration', () => {
    it('changes(): a reader that was slow gets one change that leads to the present', async () => {
      const host = await hostOf();
      const ledger = new Ledger(host.snapshot());
      const changes = host.changes();
      await lab.ipBatch('host', [
        'link add i0 type bridge',
        'link add i1 type bridge',
        'link del i0',
        'link set i1 mtu 1400',
      ]);
      await sees(host, (names) => names.includes('i1') && !names.includes('i0'));
      await until('the mtu', () => [...host.snapshot().interfaces].find(({ name }) => name === 'i1')?.mtu === 1400);
      const { value: change } = await changes.next();
      ledger.apply(change!);
      expect(ledger.disagreements(change!.snapshot)).toEqual([]);
      expect(change!.snapshot).toBe(host.snapshot());
      expect(change!.added.interfaces).toMatchObject([{ name: 'i1', mtu: 1400 }]);
      // What came and went in between is not mentioned.
      expect(change!.removed.interfaces).toBeUndefined();
      await lab.ip('host', 'link del i1');
      const { value: next } = await changes.next();
      expect(next!.removed.interfaces).toMatchObject([{ name: 'i1' }]);
      expect(await changes.return!()).toEqual({ done: true, value: undefined });
      expect(await changes.next()).toEqual({ done: true, value: undefined });
    });

    it('changes(): nothing is lost between a snapshot and the iteration that follows it', async () => {
      const host = await hostOf();
      const { generation } = host.snapshot();
      execFileSync('ip', ['-n', lab.netns('host'), 'link', 'add', 'g0', 'type', 'bridge']);
      blockUntil(() => host.stats().generation !== generation);
      for await (const { added } of host.changes({ signal: AbortSignal.timeout(5_000) })) {
        expect(added.interfaces?.map(({ name }) => name)).toEqual(['g0']);
        break;
      }
      await lab.ip('host', 'link del g0');
    });

    it('changes(): what a host that nobody waited for had heard of before is none of them', async () => {
      const host = await hostOf();
      host.snapshot();
      const { wakes } = host.stats();
      await lab.ip('host', 'link add k0 type bridge');
      await until('a wake', () => host.stats().wakes > wakes);
      // The wake is ours in the next turn of the event loop.
      await setTimeout(20);
      const changes = host.changes();
      await lab.ip('host', 'link add k1 type bridge');
      const { value: change } = await changes.next();
      expect(change!.added.interfaces).toMatchObject([{ name: 'k1' }]);
      await changes.return!();
      for (const name of ['k0', 'k1']) await lab.ip('host', `link del ${name}`);
    });

    it('changes(): readers at different paces and a listener see the same history', async () => {
      const host = await hostOf();
      const start = host.snapshot();
      const quick = new Ledger(start);
      const slow = new Ledger(start);
      const heard = new Ledger(start);
      const [a, b] = [host.changes(), host.changes()];
      host.on('change', (change) => heard.apply(change));
      for (let round = 0; round < 5; ++round) {
        await lab.ip('host', `link add j${round} type bridge`);
        const { value } = await a.next();
        quick.apply(value!);
      }
      slow.apply((await b.next()).value!);
      for (let round = 0; round < 5; ++round) await lab.ip('host', `link del j${round}`);
      await sees(host, (names) => !names.some((name) => name.startsWith('j')));
      for (const [stream, ledger] of [
        [a, quick],
        [b, slow],
      ] as const)
        ledger.apply((await stream.next()).value!);
      for (const ledger of [quick, slow, heard]) expect(ledger.disagreements(host.snapshot())).toEqual([]);
    });

    it('changes(): a signal ends the read that waits with its reason', async () => {
      const host = await hostOf();
      const aborter = new AbortController();
      const changes = host.changes({ signal: aborter.signal });
      const reading = changes.next();
      const reason = new Error('enough');
      aborter.abort(reason);
      await expect(reading).rejects.toBe(reason);
      expect(await changes.next()).toEqual({ done: true, value: undefined });
      await expect(host.changes({ signal: aborter.signal }).next()).rejects.toBe(reason);
    });

    it('changes(): closing the host ends it in peace', async () => {
      const host = await hostOf();
      const reading = host.changes().next();
      await host.close();
      expect(await reading).toEqual({ done: true, value: undefined });
    });
  });

  describe('end', () => {
    it('host: after close() everything says so, close() again is nothing, and `close` comes once', async () => {
      const host = await openHost({ netns: lab.netns('host') });
      let closed = 0;
      host.on('close', () => ++closed);
      const told: unknown[] = [];
      accessOf(host).observe({ changed: () => told.push('changed'), closed: (error) => told.push(error) });
      await host.close();
      await host[Symbol.asyncDispose]();
      expect([host.closed, closed, told]).toEqual([true, 1, [undefined]]);
      for (const call of [() => host.snapshot(), () => host.changes(), () => host.stats(), () => host.capabilities]) {
        expect(call).toThrow(expect.objectContaining({ code: 'ERR_MIF_CLOSED' }));
      }
    });

    it('host: closing it in a change listener ends it there', async () => {
      const host = await hostOf();
      let calls = 0;
      host.on('change', () => {
        ++calls;
        host.close();
      });
      await lab.ipBatch('host', ['link add k0 type bridge', 'link add k1 type bridge']);
      await until('the listener', () => host.closed);
      await lab.ipBatch('host', ['link del k0', 'link del k1']);
      expect(calls).toBe(1);
    });

    it('host: removing all listeners stops the listening and no more', async () => {
      const host = await hostOf();
      host.on('change', () => {});
      host.removeAllListeners();
      const seen: HostChange[] = [];
      host.on('change', (change) => seen.push(change));
      await lab.ip('host', 'link add l0 type bridge');
      await until('the change', () => seen.length > 0);
      await lab.ip('host', 'link del l0');
    });
  });
});
