// SPDX-License-Identifier: MIT
// A program that opens, observes and closes without a rest, in a namespace where everything comes and goes: it holds no
// more in the end than in the beginning, and its picture is right. Short here; `npm run soak -- --minutes 120` is the
// same for longer, and stricter: what may be added is a number of bytes, however long it takes.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { openHost } from '../../lib/index.ts';
import { Witness } from '../lab/agreement.ts';
import type { Daemon } from '../lab/daemon.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { link, type Topology } from '../lab/topology.ts';
import { single } from '../lab/topology/single.ts';
import { growth } from './flatness.ts';

const minutes = Number(process.env['MIF_SOAK_MINUTES'] ?? 1.25);
const durationMs = minutes * 60_000;
/** Until caches are filled, code is compiled, and the allocator has met its peaks. */
const warmUpSeconds = Math.max(20, Math.min(durationMs / 3_000, 600));
const sampleMs = Math.max(500, durationMs / 400);
const MiB = 1 << 20;

/** What may be added between the end of the warm-up and the end, by the slope of the samples, bytes. */
const mayGrow = { rss: 12 * MiB, external: MiB / 2, heap: 2 * MiB } as const;

/** What the subject says in between. */
interface Holdings {
  seconds: number;
  rss: number;
  external: number;
  heap: number;
  descriptors: number;
  threads: number;
  /** Hosts of the process, in all its threads, that observe the namespace. */
  users: number;
}

const counts = ['descriptors', 'threads', 'users'] as const;

/** A host with an uplink to a router, and a pair of links to do anything with. */
const topology: Topology = {
  links: [...single.links, link('host/v0#14', 'host/p0#15')],
  nodes: single.nodes,
};

const comes = [
  'link set v0 up',
  'link set p0 up',
  'addr add 10.77.0.1/24 dev v0',
  'addr add 2001:db8:77::1/64 dev v0',
  'nexthop add id 7 via 10.77.0.254 dev v0',
  'route add 10.79.0.0/16 nhid 7',
  'neigh replace 10.77.0.9 lladdr 02:00:00:00:ee:09 dev v0 nud permanent',
  ...Array.from({ length: 100 }, (_, n) => `route add 10.78.${n}.0/24 via 10.77.0.254 dev v0`),
  ...Array.from({ length: 100 }, (_, n) => `route add 2001:db8:78:${n}::/64 dev v0`),
  ...Array.from({ length: 20 }, (_, n) => `rule add pref ${50 + n} from 10.77.${n}.0/24 table 77`),
  'link add w0 type bridge',
  'link set p0 master w0',
  'link set w0 up',
];

const goes = [
  'link set v0 name wan0',
  'link set wan0 down',
  'link set wan0 name v0',
  'addr del 10.77.0.1/24 dev v0',
  'link del w0',
  ...Array.from({ length: 20 }, (_, n) => `rule del pref ${50 + n}`),
];

const advertisement = `
  interface lan {
    AdvSendAdvert on;
    MinRtrAdvInterval 3;
    MaxRtrAdvInterval 4;
    AdvDefaultLifetime 600;
    prefix 2001:db8:a:1::/64 { AdvOnLink on; AdvAutonomous on; AdvValidLifetime 60; AdvPreferredLifetime 30; };
  };`;

requires(
  'root',
  'ip',
  'nsenter',
  'radvd',
)('soak', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.up(topology);
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  /** Makes everything come and go, and a router with it, until the time is over. */
  async function flap(): Promise<number> {
    const deadline = performance.now() + durationMs;
    let router: Daemon | undefined;
    let rounds = 0;
    for (; performance.now() < deadline; rounds++) {
      if (rounds % 40 === 0) router = await lab.radvd('ra', advertisement);
      if (rounds % 40 === 30) await router?.stop();
      await lab.ipBatch('host', comes);
      await lab.ipBatch('host', goes);
    }
    await router?.stop();
    return rounds;
  }

  it(`soak: after ${minutes} minutes of coming and going nothing has piled up, and the picture is right`, {
    timeout: durationMs + 120_000,
  }, async () => {
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    const program = fileURLToPath(new URL('subject.mjs', import.meta.url));
    const subject = await lab.daemon(
      'host',
      process.execPath,
      ['--expose-gc', program, lab.path('ra'), String(sampleMs)],
      /seconds/,
    );
    const flaps = await flap();
    expect(subject.hasEnded, subject.output).toBe(false);
    subject.child.stdin!.end();
    const [, text] = await subject.says(/^\{"done":(.*)\}$/m);
    const done = JSON.parse(text!);
    const lines = subject.output.split('\n').filter((line) => line.startsWith('{"seconds"'));
    const samples = lines.map((line) => JSON.parse(line) as Holdings);
    const warm = samples.filter(({ seconds }) => seconds > warmUpSeconds);
    const grown = (what: keyof typeof mayGrow) =>
      growth(warm.map((sample) => ({ seconds: sample.seconds, value: sample[what] })));
    const found = { rss: grown('rss'), external: grown('external'), heap: grown('heap') };
    const most = (what: (typeof counts)[number], of: Holdings[]) => Math.max(...of.map((sample) => sample[what]));
    console.log(
      `soak: ${JSON.stringify({ minutes, flaps, ...done, samples: warm.length, first: samples[0], last: samples.at(-1), grown: found })}`,
    );
    expect(warm.length).toBeGreaterThan(20);
    expect(done.changes).toBeGreaterThan(flaps);
    for (const [what, limit] of Object.entries(mayGrow))
      expect(found[what as keyof typeof mayGrow], what).toBeLessThan(limit);
    for (const what of counts) {
      expect(most(what, warm), what).toBeLessThanOrEqual(most(what, samples.slice(0, samples.length - warm.length)));
    }
    await witness.agreement(`${flaps} rounds of coming and going`, 30_000);
  });
});
