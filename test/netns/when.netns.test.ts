// SPDX-License-Identifier: MIT
// host.when() on real links as they come and go: what it waits for, what it answers, how it ends, and that it leaves nothing.

import { getEventListeners } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import type { Via } from '../../lib/via/carrier.ts';
import type { LocalPath } from '../../lib/via/local-path.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

requires('root', 'ip')('when', () => {
  let lab: Lab;
  let host: Host;

  beforeAll(async () => {
    lab = await Lab.up('bare');
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    host = await openHost({ netns: lab.netns('host') });
  });
  afterEach(async () => {
    await host.close();
    for (const name of ['v0', 'p0', 'v1', 'p1']) {
      await lab.tryIp('host', `-4 addr flush dev ${name}`);
      await lab.tryIp('host', `-6 addr flush dev ${name} scope global`);
      await lab.tryIp('host', `link set ${name} up`);
    }
    await lab.tryIp('host', 'link del x0');
  });

  /** A wait, and whether it is over. */
  function waitFor(via: Via, signal?: AbortSignal): { path: Promise<LocalPath>; readonly isOver: boolean } {
    const wait = { path: host.when(via, { signal }), isOver: false };
    wait.path.then(
      () => {
        wait.isOver = true;
      },
      () => {
        wait.isOver = true;
      },
    );
    return wait;
  }

  /** Does something, and waits until the host has seen it, and so has whoever waits for it. */
  async function apply(...lines: readonly string[]): Promise<void> {
    await lab.ipBatch('host', lines);
    const table = 4000 + ++marks;
    await lab.ip('host', `route add blackhole 192.0.2.255/32 table ${table}`);
    await until('the host to see it', () => host.snapshot().routes.where({ table }).length > 0);
    await new Promise((resolve) => setImmediate(resolve));
  }
  let marks = 0;

  it('when: what is there is answered at once, and the answer is a via', async () => {
    await apply('addr add 192.0.2.1/24 dev v0', 'route add default via 192.0.2.9 dev v0');
    const path = await host.when({ interface: 'v0' });
    expect(path).toEqual({
      interface: 'v0',
      index: 10,
      pvd: 'v0/192.0.2.9',
      source: null,
      kind: 'veth',
      addresses: ['192.0.2.1'],
      metered: undefined,
      vpn: false,
      validated: undefined,
    });
    expect(host.select('198.51.100.1', { via: path })).toMatchObject({ interface: 'v0', source: '192.0.2.1' });
    expect(await host.when('v0')).toEqual({ ...path, pvd: undefined });
    // An address that was required is one that it is held to.
    expect((await host.when({ source: '192.0.2.1' })).source).toBe('192.0.2.1');
  });

  describe('waits', () => {
    it.each<[what: string, via: Via, before: string[], then: string[]]>([
      ['an interface', 'x0', [], ['link add x0 type bridge', 'link set x0 up', 'addr add 192.0.2.1/24 dev x0']],
      ['an address', 'v0', [], ['addr add 192.0.2.1/24 dev v0']],
      [
        'an address of the family',
        { interface: 'v0', family: 6 },
        ['addr add 192.0.2.1/24 dev v0'],
        ['addr add 2001:db8::1/64 dev v0 nodad'],
      ],
      ['a carrier', 'v0', ['addr add 192.0.2.1/24 dev v0', 'link set p0 down'], ['link set p0 up']],
      ['an interface to be up', 'v0', ['addr add 192.0.2.1/24 dev v0', 'link set v0 down'], ['link set v0 up']],
      ['a router', 'v0/192.0.2.9', ['addr add 192.0.2.1/24 dev v0'], ['route add default via 192.0.2.9 dev v0']],
      [
        'a network of a kind',
        [{ kind: 'wireguard' }, { kind: 'bridge' }],
        ['addr add 192.0.2.1/24 dev v0'],
        ['link add x0 type bridge', 'link set x0 up', 'addr add 192.0.2.5/24 dev x0'],
      ],
      ['any network', {}, [], ['addr add 192.0.2.1/24 dev v1']],
      [
        'what a function takes',
        (paths) => paths.filter(({ addresses }) => addresses.includes('192.0.2.7')),
        ['addr add 192.0.2.1/24 dev v0'],
        ['addr add 192.0.2.7/24 dev v0'],
      ],
    ])('when: waits for %s', async (_what, via, before, then) => {
      await apply(...before);
      const wait = waitFor(via);
      await apply('addr add 198.51.100.1/32 dev lo');
      await apply('addr del 198.51.100.1/32 dev lo');
      expect(wait.isOver).toBe(false);
      await apply(...then);
      const { interface: name, index } = await wait.path;
      expect([...host.snapshot().interfaces]).toContainEqual(expect.objectContaining({ name, index, running: true }));
    });

    it('when: an address under duplicate detection is none yet (C3)', async () => {
      const wait = waitFor({ source: '2001:db8:7::/64' });
      await lab.ip('host', 'addr add 2001:db8:7::1/64 dev v0');
      expect((await wait.path).source).toBe('2001:db8:7::1');
      const own = [...host.snapshot().addresses].find(({ address }) => address === '2001:db8:7::1');
      expect(own?.flags).not.toContain('tentative');
    });

    it('when: link-local addresses are no network, but for who names their domain', async () => {
      await until('a link-local domain', () => host.snapshot().pvds.some(({ id }) => id === 'v0/link-local'));
      const waits = ['v0', {}, { interface: 'v0' }, (paths: readonly LocalPath[]) => paths].map((via) => waitFor(via));
      expect(await host.when('v0/link-local')).toMatchObject({ interface: 'v0', pvd: 'v0/link-local' });
      expect(waits.map(({ isOver }) => isOver)).toEqual([false, false, false, false]);
      await apply('addr add 192.0.2.1/24 dev v0');
      for (const { path } of waits) expect((await path).interface).toBe('v0');
    });

    it('when: many waits end each by its own network', async () => {
      const waits = ['v0', 'v1', { source: '192.0.2.1' }].map((via) => waitFor(via));
      await apply('addr add 198.51.100.1/24 dev v1');
      expect((await waits[1]!.path).interface).toBe('v1');
      expect(waits.map(({ isOver }) => isOver)).toEqual([false, true, false]);
      await apply('addr add 192.0.2.1/24 dev v0');
      expect((await waits[0]!.path).interface).toBe('v0');
      expect((await waits[2]!.path).source).toBe('192.0.2.1');
    });
  });

  describe('ends', () => {
    it('when: a signal ends it with its reason, before and while it waits, and leaves no listener', async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const waits = [waitFor('x0', signal), waitFor({ kind: 'bridge' }, signal)];
      await apply('addr add 198.51.100.1/32 dev lo');
      expect(getEventListeners(signal, 'abort')).toHaveLength(2);
      const reason = new Error('enough');
      controller.abort(reason);
      for (const { path } of waits) await expect(path).rejects.toBe(reason);
      expect(getEventListeners(signal, 'abort')).toHaveLength(0);
      await expect(host.when('lo', { signal })).rejects.toBe(reason);
      expect(getEventListeners(signal, 'abort')).toHaveLength(0);
      await lab.ip('host', 'addr del 198.51.100.1/32 dev lo');
    });

    it('when: an answer leaves no listener either, and the host is at rest', async () => {
      const { signal } = new AbortController();
      await apply('addr add 192.0.2.1/24 dev v0');
      await host.when('v0', { signal });
      const wait = waitFor('v1', signal);
      await apply('addr add 198.51.100.1/24 dev v1');
      await wait.path;
      expect(getEventListeners(signal, 'abort')).toHaveLength(0);
      expect(host.eventNames().filter((name) => name === 'change' || name === 'close')).toEqual([]);
      // Nobody is told of changes any more.
      const { changes } = host.stats();
      await apply('addr del 198.51.100.1/24 dev v1');
      expect(host.stats().changes).toBe(changes);
    });

    it('when: closing the host ends it, and a closed host has no wait', async () => {
      const wait = waitFor('x0');
      await host.close();
      await expect(wait.path).rejects.toMatchObject({ code: 'ERR_MIF_CLOSED' });
      await expect(host.when('v0')).rejects.toMatchObject({ code: 'ERR_MIF_CLOSED' });
    });

    it('when: what a function throws ends it, at once or later', async () => {
      const mine = new Error('mine');
      const throwing =
        (isDue: () => boolean): Via =>
        (paths) => {
          if (isDue()) throw mine;
          return paths.slice(0, 0);
        };
      await expect(host.when(throwing(() => true))).rejects.toBe(mine);
      let isDue = false;
      const wait = waitFor(throwing(() => isDue));
      await apply('addr add 198.51.100.1/32 dev lo');
      expect(wait.isOver).toBe(false);
      isDue = true;
      await lab.ip('host', 'addr del 198.51.100.1/32 dev lo');
      await expect(wait.path).rejects.toBe(mine);
    });

    it.each<[via: unknown, options: unknown, message: RegExp]>([
      [undefined, {}, /^option via: undefined names nothing$/],
      ['', {}, /^option via: '' names nothing$/],
      [[], {}, /^option via: an empty list names nothing$/],
      [['x0', { knd: 'veth' }], {}, /^option via\[1\]\.knd: /],
      [{ interface: 'x0', netns: 'nosuch' }, {}, /^option via\.netns: /],
      ['x0', null, /^options: /],
      ['x0', { sinal: undefined }, /^option sinal: /],
      ['x0', { signal: {} }, /^option signal: /],
    ])('when: %j with %j is refused, not waited for', async (via, options, message) => {
      await expect(host.when(via as Via, options as never)).rejects.toMatchObject({
        code: 'ERR_MIF_INVALID_ARG',
        message: expect.stringMatching(message),
      });
    });
  });

  it('when: a host that mirrors no routes can wait too', async () => {
    await using narrow = await openHost({ netns: lab.netns('host'), routes: 'none' });
    const path = narrow.when({ kind: 'veth' });
    await lab.ip('host', 'addr add 192.0.2.1/24 dev v0');
    expect(await path).toMatchObject({ interface: 'v0', addresses: ['192.0.2.1'] });
  });
});
