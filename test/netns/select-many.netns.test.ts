// SPDX-License-Identifier: MIT
// host.selectMany on a real kernel: for each destination it says what host.select says, which test/selection compares with
// the kernel; and what it refuses.

import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLinkLocal, parseIpAddress } from '../../lib/address/ip-address.ts';
import { isMifError } from '../../lib/binding/mif-error.ts';
import { native } from '../../lib/binding/native.ts';
import { accessOf, type Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import type { SelectManyOptions } from '../../lib/host/select-many.ts';
import type { SelectOptions } from '../../lib/host/select-question.ts';
import { readTraffic } from '../../lib/selection/question.ts';
import { Selector } from '../../lib/selection/selector.ts';
import { KernelChanges } from '../lab/kernel-changes.ts';
import { Lab } from '../lab/lab.ts';
import { Random } from '../lab/random.ts';
import { requires } from '../lab/requirements.ts';
import { busyDevices, busyHost } from '../lab/topology/busy-host.ts';
import { until } from '../lab/until.ts';
import { Questions } from '../selection/questions.ts';

const seed = Number(process.env['MIF_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 32));

/** What `host.select` does, as a value. */
function outcomeOf(host: Host, destination: string, options?: SelectOptions): unknown {
  try {
    return host.select(destination, options);
  } catch (error) {
    if (!isMifError(error)) throw error;
    return errorText(error);
  }
}

/** Why there is no way, not in which words: one destination is looked at more closely than one of many. */
const errorText = (error: Error & { code?: string }) => String(error.code);

requires(
  'root',
  'ip',
  'nsenter',
)('select many', () => {
  let lab: Lab;
  let host: Host;

  beforeAll(async () => {
    lab = await Lab.up(busyHost);
    await lab.ip('host', 'route add 203.0.113.0/24 via 10.2.0.254 mtu 1300');
    await lab.ip('host', 'route add unreachable 203.0.112.0/24');
    await lab.ip('host', 'route add 203.0.111.0/24 via inet6 fe80::9 dev v1');
    host = await openHost({ netns: lab.path('host') });
  });
  afterAll(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const settled = () =>
    until('the host to be at rest', async () => {
      const { generation } = host.snapshot();
      await setTimeout(150);
      return host.snapshot().generation === generation;
    });

  const isRunning = (wanted: string) =>
    Array.from(host.snapshot().interfaces).some(({ name, running }) => name === wanted && running);

  /** What the table has at each place and what select() says of the destination there. */
  function compare(destinations: readonly string[], options: SelectManyOptions) {
    const table = host.selectMany(destinations, options);
    expect(table.length).toBe(destinations.length);
    const asked = Object.keys(options).length > 0 ? options : undefined;
    return Array.from(table, (found, place) => {
      const code = found instanceof Error ? (found as Error & { code: string }).code : undefined;
      expect(table.codeAt(place)).toBe(code);
      if (found instanceof Error) expect(() => table.at(place)).toThrow(found.message);
      else expect(table.at(place)).toEqual(found);
      const outcome = found instanceof Error ? errorText(found) : found;
      return { outcome, alone: outcomeOf(host, destinations[place]!, asked), isPath: code === undefined };
    });
  }

  /** That they are the same; of a host that changes meanwhile, as its addresses become usable, it is asked again. */
  async function mustAgree(destinations: readonly string[], options: SelectManyOptions = {}): Promise<number> {
    for (let left = 20; ; left--) {
      const { generation } = host.snapshot();
      const all = compare(destinations, options);
      await setTimeout(50);
      if (host.snapshot().generation !== generation && left > 0) continue;
      for (const [place, { outcome, alone }] of all.entries()) {
        expect(outcome, `${destinations[place]}, seed ${seed}`).toEqual(alone);
      }
      return all.filter(({ isPath }) => isPath).length;
    }
  }

  // First: what comes later changes the host.
  it('select many: columns have what the objects have', () => {
    const table = host.selectMany(['127.0.0.1', '10.1.0.77']);
    expect([...table.type]).toEqual([2, 1]);
    expect([...table.table]).toEqual([255, 254]);
    expect([...table.sourceFamily]).toEqual([4, 4]);
    expect([...table.gatewayFamily]).toEqual([0, 0]);
    expect([...table.source]).toEqual([127, 0, 0, 1, 10, 1, 0, 1]);
    expect(() => table.at(2)).toThrow(RangeError);
    expect(() => table.codeAt(-1)).toThrow(RangeError);
  });

  describe.each([4, 6] as const)('IPv%i', (family) => {
    it('select many: says of each destination what select says of it, on a random host (D7, D23, E3, F6)', async () => {
      const make = new KernelChanges(seed, busyDevices);
      let paths = 0;
      for (let round = 0; round < 4; round++) {
        for (let n = 0; n < 20; n++) {
          const next = make.next();
          await lab.ip('host', next.command).then(next.done, () => {});
        }
        await settled();
        const questions = new Questions(seed + round, family, accessOf(host).snapshot());
        const destinations = Array.from({ length: 600 }, () => questions.next().destination);
        // A link-local one is taken to be on the only link there is, by itself, and not among many (SAS-39).
        const clear = destinations.filter((destination) => !isLinkLocal(destination));
        paths += await mustAgree(clear);
        await mustAgree(clear.slice(0, 100), { mark: 0x10, protocol: 'tcp', destinationPort: 443 });
        if (isRunning('v0')) await mustAgree(destinations, { via: 'v0' });
      }
      // A comparison of refusals would agree too.
      expect(paths, `seed ${seed}`).toBeGreaterThan(50);
    });
  });

  it('select many: what destinations share is what each of them is told when it is asked alone (D7, D8, D17)', async () => {
    // Rules by source, of which the host has one, keep destinations from sharing anything.
    const rules = host.snapshot().rules.length;
    await lab.ip('host', 'rule del pref 100');
    await until('the host to see it', () => host.snapshot().rules.length < rules);
    const monitor = native().openMonitor({ namespacePath: lab.path('host'), settleMs: 0, onWake: () => {} });
    try {
      const alone = new Selector(
        (words) => monitor.createSelector(words),
        () => accessOf(host).snapshot().names,
      );
      const make = new KernelChanges(seed, busyDevices);
      let shared = 0;
      for (let round = 0; round < 6; round++) {
        for (let n = 0; n < 10; n++) {
          const next = make.next();
          if (!next.command.includes('rule')) await lab.ip('host', next.command).then(next.done, () => {});
        }
        await settled();
        const questions = new Questions(seed + round, 4, accessOf(host).snapshot());
        const destinations = Array.from({ length: 500 }, () => questions.next().destination);
        const table = host.selectMany([...destinations, ...destinations]);
        for (const [place, destination] of [...destinations, ...destinations].entries()) {
          const traffic = readTraffic({}, 4);
          const first = alone.query({ destination, traffic, device: 0 });
          // Whoever connects asks a second time, from the address that he was given: random rules may ask for it.
          const source = parseIpAddress(first.source ?? '');
          const last = source && alone.query({ destination, traffic: { ...traffic, source }, device: 0 });
          const { verdict, index, table: id, metric, ways, mtu } = last ?? first;
          if (ways > 1 || /^(22[4-9]|23|25)/.test(destination)) continue;
          const what = `${destination}, seed ${seed}`;
          expect(table.codeAt(place) === undefined, what).toBe(verdict === 'path');
          if (verdict !== 'path') continue;
          expect(table.at(place), what).toMatchObject({ index, table: id, metric, ways, mtu });
          ++shared;
        }
      }
      expect(shared, `seed ${seed}`).toBeGreaterThan(200);
    } finally {
      monitor.close();
    }
  });

  it('select many: texts and packed bytes are the same question', () => {
    const random = new Random(seed);
    const packed = Uint8Array.from({ length: 4 * 700 }, () => random.below(256));
    const texts = Array.from({ length: 700 }, (_, place) => packed.slice(4 * place, 4 * place + 4).join('.'));
    expect([...host.selectMany(packed, {})].map(String)).toEqual([...host.selectMany(texts)].map(String));
    const six = Uint8Array.from({ length: 16 * 3 }, (_, at) => (at % 16 === 0 ? 0x20 : at % 16));
    expect(host.selectMany(six, { family: 6 }).length).toBe(3);
    expect(host.selectMany(['::1', '::1']).at(1)).toEqual(host.select('::1'));
  });

  it.each<[string, unknown, SelectManyOptions, RegExp]>([
    ['nothing', [], {}, /^destinations: /],
    ['no bytes', new Uint8Array(0), {}, /^destinations: /],
    ['bytes that are cut', new Uint8Array(7), {}, /^destinations: 7 bytes/],
    ['bytes cut for IPv6', new Uint8Array(20), { family: 6 }, /^destinations: 20 bytes/],
    ['a text for them', '192.0.2.1', {}, /^destinations: /],
    ['words for bytes', new Uint16Array(2), {}, /^destinations: /],
    ['no address', ['192.0.2.1', '192.0.2.256'], {}, /^destinations: number 1/],
    ['a number', ['192.0.2.1', 5], {}, /^destinations: number 1/],
    ['both families', ['192.0.2.1', '::1'], {}, /^destinations: number 1/],
    ['a zone', ['fe80::1%v0'], {}, /^destinations: number 0.*zone/],
    ['no family', ['192.0.2.1'], { family: 5 as 4 }, /family/],
    ['no mark', ['192.0.2.1'], { mark: Number.NaN }, /mark/],
    ['a source of the other family', ['192.0.2.1'], { source: '::1' }, /source/],
    ['a misspelt option', ['192.0.2.1'], { Mark: 1 } as SelectManyOptions, /Mark/],
  ])('select many: refuses %s, by name', (_what, destinations, options, message) => {
    const call = () => host.selectMany(destinations as string[], options);
    expect(call).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG', message: expect.stringMatching(message) }),
    );
  });

  it('select many: who is to carry them is found once, and has to be there and up', async () => {
    expect(() => host.selectMany(['192.0.2.1'], { via: 'v9' })).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INTERFACE_NOT_FOUND' }),
    );
    await lab.ip('host', 'link set p2 down');
    await until('the host to see it', () => !isRunning('p2'));
    expect(() => host.selectMany(['192.0.2.1'], { via: 'p2' })).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INTERFACE_DOWN' }),
    );
  });
});
