// SPDX-License-Identifier: MIT
// More than can be kept up with: a reader without privilege, which the kernel gives a small buffer, and a program whose
// JavaScript stands still while the network changes.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HostChange, openHost } from '../../lib/index.ts';
import { Witness } from '../lab/agreement.ts';
import { differences } from '../lab/comparison.ts';
import { Lab } from '../lab/lab.ts';
import { Ledger, type Told } from '../lab/ledger.ts';
import { type Line, MifProcess } from '../lab/mif-command.ts';
import { ReadableCopy } from '../lab/nobody.ts';
import { askKernel, comparable } from '../lab/oracle.ts';
import { requires } from '../lab/requirements.ts';
import { busyHost } from '../lab/topology/busy-host.ts';
import { until } from '../lab/until.ts';

const loadMs = 60_000;
/** Of the changes, with a look at the truth behind each. */
const parts = 4;
const count = 100_000;

const routes = Array.from({ length: count }, (_, n) => `100.${64 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}/32`);

/** 200,000 changes: all of them come, then half of them go and the others become something else. */
const changes = [
  ...routes.map((route) => `route add ${route} dev v0`),
  ...routes.map((route, n) => (n % 2 === 0 ? `route del ${route} dev v0` : `route replace ${route} dev v0 mtu 1400`)),
];

requires(
  'root',
  'ip',
  'nsenter',
  'setpriv',
)('overflow', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.up(busyHost);
  });
  afterEach(() => lab?.[Symbol.asyncDispose]());

  it('unprivileged: 200,000 changes overflow the buffer, and no picture or change is untrue (A1, A2, A3, MIF-84)', {
    timeout: 4 * loadMs,
  }, async () => {
    const program = 'test/netns/program/observer.mjs';
    const copy = await ReadableCopy.make([program]);
    try {
      const observer = new MifProcess([], copy.launcher(lab, 'host', program));
      const first = await observer.next('the first snapshot', (line) => 'snapshot' in line, loadMs);
      // Nobody gets twice `rmem_max` at most; a notification of a route takes 512 bytes of it and more.
      const { receiveBuffer } = first['capabilities'];
      expect(receiveBuffer).toBeLessThanOrEqual(2 * Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8')));
      expect(receiveBuffer).toBeLessThan((changes.length / parts) * 512);
      const ledger = new Ledger(first['snapshot']);
      const told: Line[] = [];
      const askWith = async (word: string): Promise<Line> => {
        observer.post(word);
        const lines = await observer.readUntil(word, (line) => line['word'] === word, loadMs);
        const answer = lines.pop()!;
        for (const line of lines.filter((line) => 'added' in line)) {
          ledger.apply(line as Told);
          told.push(line);
        }
        return answer;
      };

      let asked = 0;
      for (let part = 0; part < parts; part++) {
        const lines = changes.slice((part * changes.length) / parts, ((part + 1) * changes.length) / parts);
        // In every other part the program gets no processor at all, so that its buffer overflows for certain.
        if (part % 2 === 1) observer.child.kill('SIGSTOP');
        const busy = lab.ipBatch('host', lines);
        let isBusy = true;
        const over = busy.finally(() => {
          isBusy = false;
        });
        // While it is busy, changes and snapshots tell one story, in sync or not.
        while (isBusy && part % 2 === 0) {
          const { snapshot } = await askWith(`snapshot ${asked++}`);
          expect(ledger.disagreements(snapshot)).toEqual([]);
        }
        await over;
        observer.child.kill('SIGCONT');
        // A moment that is quiet for both: nothing new between two snapshots in sync. Then they are the truth.
        let last = await askWith(`snapshot ${asked++}`);
        await until(
          'a quiet moment',
          async () => {
            const before = last['snapshot'];
            last = await askWith(`snapshot ${asked++}`);
            const { generation, synced } = last['snapshot'];
            return before.synced && synced && before.generation === generation;
          },
          loadMs,
        );
        const shown = last['snapshot'].routes.map(({ destination }: Line) => destination);
        const kernel = await lab.exec('host', 'ip', '-4', 'route', 'show', 'type', 'unicast', 'table', 'main');
        const there = kernel.match(/^100\.[\d.]+/gm) ?? [];
        const seen = shown.filter((destination: string) => destination.startsWith('100.'));
        expect(seen.map((destination: string) => destination.replace('/32', '')).sort(), `part ${part}`).toEqual(
          there.sort(),
        );
        expect(ledger.disagreements(last['snapshot']), `part ${part}`).toEqual([]);
      }
      const { stats, snapshot } = await askWith('the end');
      console.log(`overflow: ${JSON.stringify({ receiveBuffer, changes: told.length, ...stats })}`);
      expect(stats.overruns).toBeGreaterThanOrEqual(parts / 2);
      expect(stats.resyncs).toBeGreaterThan(0);
      expect(told.some(({ cause }) => cause === 'resync')).toBe(true);
      expect(ledger.contradictions).toEqual([]);
      expect(differences((await askKernel(lab, 'host')).routes, comparable('routes', snapshot.routes))).toEqual([]);
      expect(await observer.end()).toBe(0);
    } finally {
      copy.remove();
    }
  });

  it('mirror: JavaScript that stands still for 10 s is told 200,000 changes as one (A19, A20, H5, MIF-82)', {
    timeout: 4 * loadMs,
  }, async () => {
    await using atOnce = await openHost({ netns: lab.netns('host') });
    await using settled = await openHost({ netns: lab.netns('host'), settle: 100 });
    const hosts = [atOnce, settled];
    const witness = new Witness(lab, 'host', atOnce);
    const heard: HostChange[][] = hosts.map(() => []);
    for (const [n, host] of hosts.entries()) host.on('change', (change) => heard[n]!.push(change));
    const started = performance.now();
    const before = process.memoryUsage().rss;
    const { status } = spawnSync('ip', ['-n', lab.netns('host'), '-batch', '-'], { input: `${changes.join('\n')}\n` });
    expect(status).toBe(0);
    const pause = new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(pause, 0, 0, Math.max(1_000, 10_000 - (performance.now() - started)));

    await until('both to hear of it', () => heard.every((list) => list.length > 0), loadMs);
    const after = process.memoryUsage().rss;
    for (const [change] of heard) {
      expect(change!.snapshot.synced).toBe(true);
      expect(change!.added.routes).toHaveLength(count / 2);
      expect([change!.changed.routes, change!.removed.routes]).toEqual([undefined, undefined]);
      expect(change!.added.routes!.every(({ metrics }) => metrics?.some(({ metric }) => metric === 'mtu'))).toBe(true);
    }
    await witness.agreement('200,000 changes behind its back', loadMs);
    expect(
      differences(comparable('routes', atOnce.snapshot().routes), comparable('routes', settled.snapshot().routes)),
    ).toEqual([]);
    expect(heard.map(({ length }) => length)).toEqual([1, 1]);
    const { overruns, resyncs } = atOnce.stats();
    const grown = (after - before) >> 20;
    console.log(`backpressure: resident ${before >> 20} MiB before, ${grown} MiB more after; overruns ${overruns}`);
    expect({ overruns, resyncs }).toEqual({ overruns: 0, resyncs: 0 });
    expect(grown).toBeLessThan(600);
  });
});
