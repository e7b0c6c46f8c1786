// SPDX-License-Identifier: MIT
// host.select() with `oracle`: the kernel's own answer, beside the mirror's and beside that of a program that asks the kernel
// by itself, on a host with something in every table.

import { readdirSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isMifError } from '../../lib/binding/mif-error.ts';
import type { Host } from '../../lib/host/host.ts';
import { accessOf } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import type { SelectOptions } from '../../lib/host/select-question.ts';
import type { Path } from '../../lib/selection/path.ts';
import { Conversation } from '../lab/conversation.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { busyHost } from '../lab/topology/busy-host.ts';
import { until } from '../lab/until.ts';
import { Questions, type RouteQuestion } from '../selection/questions.ts';
import type { KernelAnswer } from '../selection/verdict.ts';

const program = fileURLToPath(new URL('../selection/route-oracle.py', import.meta.url));
const questionCount = 400;
const table = 77;

/** A blackhole of a table that nobody asks: once it is seen, so is everything that was done before it. */
const markTable = 9999;

/** Also what rules can ask for, so that each option can make a difference. */
const rules = [
  'fwmark 0x10/0x30',
  'uidrange 1500-1600',
  'ipproto udp dport 53',
  'ipproto tcp sport 5000',
  'tos 0x10',
] as const;

requires(
  'root',
  'ip',
  'nsenter',
  'python3',
)('select with oracle', () => {
  let lab: Lab;
  let host: Host;
  let kernel: Conversation;
  let marks = 0;

  beforeAll(async () => {
    lab = await Lab.up(busyHost);
    host = await openHost({ netns: lab.path('host') });
    kernel = new Conversation(['nsenter', `--net=${lab.path('host')}`, '--', 'python3', program]);
    const both = (line: string) => ({ line4: line, line6: line });
    const added = rules.map((rule, n) => both(`rule add pref ${200 + n} ${rule} lookup ${table}`));
    await apply(
      [...added.map(({ line4 }) => line4), `route add default via 10.2.0.254 dev v1 table ${table}`],
      [...added.map(({ line6 }) => line6), `route add default via 2001:db8:2::fe dev v1 table ${table}`],
    );
    // Duplicate address detection, which makes addresses usable, takes one to two seconds.
    await delay(2_500);
  });
  afterAll(async () => {
    await kernel?.end();
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  /** Changes the host, and waits until the mirror has it. */
  async function apply(lines4: readonly string[], lines6: readonly string[] = []): Promise<void> {
    await lab.ipBatch('host', lines4);
    await lab.ipBatch('host', lines6, 6);
    const destination = `192.0.2.${++marks}/32`;
    await lab.ip('host', `route add blackhole ${destination} table ${markTable}`);
    await until('the mirror', () =>
      [...host.snapshot().routes.where({ table: markTable })].some((route) => route.destination === destination),
    );
  }

  /** Changes the host for as long as `body` runs; each line says `add` once. */
  async function during(family: 4 | 6, lines: readonly string[], body: () => void | Promise<void>): Promise<void> {
    const change = (all: readonly string[]) => (family === 4 ? apply(all) : apply([], all));
    await change(lines);
    try {
      await body();
    } finally {
      await change(lines.map((line) => line.replace(' add ', ' del ')));
    }
  }

  /** What comes of a question: a path, or the code and words of the error. */
  function outcomeOf(destination: string, options: SelectOptions): Path | { code: string; message: string } {
    try {
      return host.select(destination, options);
    } catch (error) {
      if (!isMifError(error)) throw error;
      return { code: error.code, message: error.message };
    }
  }

  /** What both can know: the kernel tells no metric of IPv4 routes, and has its own words. */
  function comparable(outcome: ReturnType<typeof outcomeOf>) {
    if ('code' in outcome) return outcome;
    const { metric, why, ways, doubts, firstHop, ...rest } = outcome;
    return rest;
  }

  function optionsOf({ destination, device, tos, ...told }: RouteQuestion): SelectOptions {
    return { ...told, ...(tos === undefined ? {} : { dscp: tos >> 2 }) };
  }

  function questionsOf(family: 4 | 6, seed: number): RouteQuestion[] {
    const questions = new Questions(seed, family, accessOf(host).snapshot());
    const all = Array.from({ length: questionCount }, () => questions.next());
    // Each option by itself, where it decides.
    const far = family === 4 ? '198.51.100.1' : '2001:db8:fff::1';
    return [
      ...all,
      { destination: far, mark: 0x10 },
      { destination: far, uid: 1500 },
      { destination: far, protocol: 17, destinationPort: 53 },
      { destination: far, protocol: 6, sourcePort: 5000 },
      { destination: far, tos: 0x10 },
      { destination: far, source: family === 4 ? '10.2.0.1' : '2001:db8:2::1' },
      { destination: far },
    ];
  }

  it.each([
    [4, undefined],
    [6, undefined],
    [4, 'v0'],
    [6, 'v0'],
    [4, 'v1'],
    [6, 'v1'],
  ] as const)('select: oracle and mirror agree about random traffic of IPv%i via %s (E3, F1, D17)', (family, via) => {
    let [paths, refusals, doubted] = [0, 0, 0];
    for (const question of questionsOf(family, 4_711)) {
      const options = { via, ...optionsOf(question) };
      const ours = outcomeOf(question.destination, options);
      const asked = outcomeOf(question.destination, { ...options, oracle: true });
      const isApproximate = !('code' in ours) && (ours.doubts.length > 0 || ours.ways > 1);
      if (isApproximate) continue;
      expect(comparable(asked), JSON.stringify({ question, ours, asked })).toEqual(comparable(ours));
      if ('code' in asked) {
        refusals++;
        continue;
      }
      paths++;
      expect(asked.why).toMatch(/^the kernel says so: /);
      doubted += asked.doubts.length;
      if (asked.doubts.length > 0) expect(asked.doubts).toEqual(['source-not-asked']);
      expect(asked.metric === undefined).toBe(family === 4);
    }
    // A comparison of nothing would agree too.
    expect(paths).toBeGreaterThan(questionCount / 4);
    // Of IPv6 the kernel does not always hear of the interface when it is told the source.
    if (family === 4 || via === undefined) expect(doubted).toBe(0);
    else expect(doubted).toBeLessThan(paths);
    if (family === 6 && via === 'v0') expect(doubted).toBeGreaterThan(0);
    expect(refusals).toBeGreaterThan(0);
  });

  it.each([4, 6] as const)(
    'select: oracle says what the kernel tells another program, of IPv%i (E3)',
    async (family) => {
      // With the source that it was given, so that there is no second look.
      const source = family === 4 ? '10.1.0.1' : '2001:db8:1::1';
      const questions = questionsOf(family, 815)
        // To nobody is to this host, for a socket.
        .filter(({ destination }) => destination !== '::')
        .map(({ device, ...question }) => ({ ...question, source }));
      const answers = await kernel.ask<KernelAnswer[]>(questions);
      let paths = 0;
      for (const [n, question] of questions.entries()) {
        const asked = outcomeOf(question.destination, { ...optionsOf(question), oracle: true });
        const { error, index, table: decided, gateway } = answers[n]!;
        if ('code' in asked) {
          // Of those that exist on each link a socket wants to know on which (SAS-39).
          if (asked.code !== 'ERR_MIF_SCOPE_REQUIRED') expect(error, JSON.stringify({ question, asked })).toBeDefined();
          continue;
        }
        paths++;
        expect([asked.index, asked.table, asked.gateway ?? undefined, asked.source], JSON.stringify(question)).toEqual([
          index,
          decided,
          gateway,
          source,
        ]);
      }
      expect(paths).toBeGreaterThan(questionCount / 4);
    },
  );

  it('select: of a multipath route oracle takes the hop that the kernel takes, the mirror the first', async () => {
    const destinations = Array.from({ length: 64 }, (_, n) => `10.99.${n}.7`);
    // As connect(2): again with the source that the first answer led to.
    const first = await kernel.ask<KernelAnswer[]>(destinations.map((destination) => ({ destination })));
    const second = await kernel.ask<KernelAnswer[]>(
      destinations.map((destination, n) => ({ destination, source: first[n]?.source })),
    );
    const asked = destinations.map((destination) => host.select(destination, { oracle: true }));
    expect(asked.map(({ gateway, ways }) => [gateway, ways])).toEqual(second.map(({ gateway }) => [gateway, 1]));
    expect(new Set(asked.map(({ gateway }) => gateway)).size).toBe(2);
    expect(new Set(destinations.map((destination) => host.select(destination).gateway)).size).toBe(1);
  });

  it('select: oracle asks again with the source that the first answer led to, as connect(2) does (F1, F11)', async () => {
    const lines = ['rule add pref 90 from 10.1.0.1 lookup 78', 'route add default via 10.2.0.254 dev v1 table 78'];
    await during(4, lines, async () => {
      const path = host.select('198.51.100.1', { oracle: true });
      expect(path).toMatchObject({ interface: 'v1', source: '10.1.0.1', table: 78 });
      const [once] = await kernel.ask<KernelAnswer[]>([{ destination: '198.51.100.1' }]);
      expect(once).toMatchObject({ table: 254, source: '10.1.0.1' });
    });
  });

  it.each([4, 6] as const)(
    'select: refusals of routes and rules are the same by oracle, of IPv%i (D17)',
    async (family) => {
      const prefix = family === 4 ? '203.0.113.0/24' : '2001:db8:dead::/48';
      const destination = family === 4 ? '203.0.113.9' : '2001:db8:dead::9';
      for (const type of ['unreachable', 'prohibit', 'blackhole']) {
        for (const line of [`route add ${type} ${prefix}`, `rule add pref 80 to ${prefix} type ${type}`]) {
          await during(family, [line], () => {
            const ours = outcomeOf(destination, {});
            expect(ours).toMatchObject({ code: 'ERR_MIF_NO_ROUTE' });
            expect([line, outcomeOf(destination, { oracle: true })]).toEqual([line, ours]);
          });
        }
      }
      const gone = [`rule add pref 80 to ${prefix} goto 40000`, 'rule add pref 40000 nop'];
      await during(family, gone, () => {
        expect(outcomeOf(destination, { oracle: true })).toMatchObject({ message: expect.stringMatching(/no route/) });
      });
    },
  );

  it('select: oracle knows no way over an interface that has none, where IPv4 would seek it on the link (F3)', async () => {
    await during(4, ['addr add 10.3.0.1/24 dev v2'], () => {
      expect(host.select('10.3.0.7', { via: 'v2', oracle: true })).toMatchObject({
        interface: 'v2',
        source: '10.3.0.1',
      });
      const refused = outcomeOf('198.51.100.1', { via: 'v2', oracle: true });
      expect(refused).toMatchObject({ code: 'ERR_MIF_NO_ROUTE' });
      expect(refused).toEqual(outcomeOf('198.51.100.1', { via: 'v2' }));
    });
  });

  it('select: oracle tells the MTU of the route where it has one, else of the interface', async () => {
    await during(4, ['route add 198.51.100.9 via 10.1.0.254 dev v0 mtu 1300'], () => {
      expect(host.select('198.51.100.9', { oracle: true }).mtu).toBe(1300);
    });
    expect(host.select('198.51.100.9', { oracle: true }).mtu).toBe(1500);
  });

  it.each([['yes'], [1], [null]])('select: oracle %j is refused by name', (oracle) => {
    const options = { oracle } as unknown as SelectOptions;
    expect(() => host.select('198.51.100.1', options)).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG', message: expect.stringContaining('option oracle') }),
    );
  });

  it('select: oracle false is the mirror, and of many, of orders and of explanations it is no option', () => {
    expect(host.select('198.51.100.1', { oracle: false }).why).not.toMatch(/kernel/);
    const options = { oracle: true } as object;
    const refusal = expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' });
    expect(() => host.selectMany(['198.51.100.1'], options)).toThrow(refusal);
    expect(() => host.sortDestinations(['198.51.100.1'], options)).toThrow(refusal);
    expect(() => host.explain('198.51.100.1', options)).toThrow(refusal);
  });

  it('select: oracle of a protocol that the kernel does not answer for says so, and goes on', () => {
    const refusal = expect.objectContaining({
      code: 'ERR_MIF_UNSUPPORTED',
      message: expect.stringMatching(/TCP, UDP/),
    });
    expect(() => host.select('198.51.100.1', { protocol: 'sctp', oracle: true })).toThrow(refusal);
    expect(host.select('198.51.100.1', { protocol: 'tcp', oracle: true }).interface).toBe('v0');
  });

  it('select: oracle has a descriptor from the first question until the host is closed', async () => {
    const sockets = () =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
        } catch {
          return false;
        }
      }).length;
    const other = await openHost({ netns: lab.path('host') });
    const before = sockets();
    for (let n = 0; n < 10; n++) other.select('198.51.100.1', { oracle: true });
    expect(sockets()).toBe(before + 1);
    await other.close();
    expect(sockets()).toBe(before);
    expect(() => other.select('198.51.100.1', { oracle: true })).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_CLOSED' }),
    );
  });
});
