// SPDX-License-Identifier: MIT
// The mirror where there is much, or much at once.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHost } from '../../lib/index.ts';
import { Witness } from '../lab/agreement.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { busyHost } from '../lab/topology/busy-host.ts';
import { until } from '../lab/until.ts';

/** Routes and a rule that come and go. A dump is disturbed by what stands before the place that it has come to. */
const comeAndGo = `\
route add 10.81.0.1/32 dev v0
route add 2001:db8:80::1/128 dev v0
rule add pref 50 table 50
route del 10.81.0.1/32 dev v0
route del 2001:db8:80::1/128 dev v0
rule del pref 50
`;

/** Keeps the kernel of a node busy, until the returned function has ended it. */
function disturb(lab: Lab, node: string): () => Promise<void> {
  const ip = lab.spawn(node, 'ip', ['-force', '-batch', '-']);
  const stdin = ip.stdin!;
  const ended = once(ip, 'close');
  let isWanted = true;
  const write = () => {
    while (isWanted && stdin.write(comeAndGo));
    if (!isWanted) stdin.end();
  };
  stdin.on('drain', write);
  write();
  return async () => {
    isWanted = false;
    stdin.end();
    await ended;
  };
}

const loadMs = 30_000;

requires('root', 'ip')('mirror under load', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.up(busyHost);
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  it('mirror: hosts opened while the kernel is busy lose nothing and repeat nothing (A6, MIF-85, R3)', async () => {
    const count = 3000;
    const stable = Array.from({ length: count }, (_, n) => [
      `route add 10.80.${n >> 8}.${n & 255}/32 dev v0 metric 1`,
      `route add 2001:db8:80::${(n + 16).toString(16)}/128 dev v0`,
    ]);
    await lab.ipBatch('host', stable.flat());
    const rest = disturb(lab, 'host');
    try {
      for (let n = 0; n < 20; n++) {
        await using host = await openHost({ netns: lab.netns('host') });
        const kept = [...host.snapshot().routes].filter(({ destination }) =>
          /^(10\.80\.|2001:db8:80::[0-9a-f]{2,}\/)/.test(destination),
        );
        expect([kept.length, new Set(kept.map(({ destination }) => destination)).size], `host ${n}`).toEqual([
          2 * count,
          2 * count,
        ]);
      }
    } finally {
      await rest();
    }
  });

  it('mirror: agrees with the kernel when a storm of changes is over', async () => {
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    const before = host.snapshot().generation;
    const rest = disturb(lab, 'host');
    await until('many changes', () => host.snapshot().generation > before + 1000);
    await rest();
    await witness.agreement('a storm of routes and rules', loadMs);
  });

  it('mirror: 5,000 routes in one burst arrive whole, and vanish whole in silence (A4, D1)', async () => {
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    const routes = Array.from({ length: 5000 }, (_, n) => `10.${90 + (n >> 12)}.${(n >> 4) & 255}.${(n & 15) << 4}/28`);
    await lab.ipBatch(
      'host',
      routes.map((route) => `route add ${route} dev v0`),
    );
    await witness.agreement('5,000 routes', loadMs);
    expect(host.snapshot().routes.length).toBeGreaterThan(5000);
    await lab.ip('host', 'link set v0 down');
    await witness.agreement('link set v0 down', loadMs);
    expect(host.snapshot().routes.length).toBeLessThan(1000);
  });

  it('mirror: a blocked event loop loses nothing (A19, A20, H5)', async () => {
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    const routes = Array.from({ length: 3000 }, (_, n) => `10.${70 + (n >> 12)}.${(n >> 4) & 255}.${(n & 15) << 4}/28`);
    const lines = [
      ...routes.map((route) => `route add ${route} dev v1`),
      ...routes.slice(100).map((route) => `route del ${route} dev v1`),
    ];
    // Nothing of JavaScript runs until this is over.
    const { status } = spawnSync('ip', ['-n', lab.netns('host'), '-batch', '-'], { input: `${lines.join('\n')}\n` });
    expect(status).toBe(0);
    await witness.agreement('6,000 changes behind its back', loadMs);
    expect(host.stats()).toMatchObject({ overruns: 0, resyncs: 0 });
  });

  it('mirror: 1,000 links come and go (R2)', async () => {
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    const links = Array.from({ length: 1000 }, (_, n) => `link add w${n} group 77 type ifb`);
    await lab.ipBatch('host', links);
    await witness.agreement('1,000 links come', loadMs);
    expect(host.snapshot().interfaces.length).toBe(1009);
    await lab.ip('host', 'link del group 77');
    await witness.agreement('1,000 links go', loadMs);
    expect(host.snapshot().interfaces.length).toBe(9);
  });
});
