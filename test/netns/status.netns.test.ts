// SPDX-License-Identifier: MIT
// The summary of a host that loses its uplinks one after the other and gets them back, and when it is told.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import type { Status } from '../../lib/host/status.ts';
import { onChange, status } from '../../lib/mif/mif.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

requires(
  'root',
  'ip',
  'nsenter',
)('status', () => {
  let lab: Lab;
  let host: Host;
  const told: Status[] = [];

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    host = await openHost({ netns: lab.netns('host') });
  });
  beforeEach(() => {
    told.length = 0;
  });
  afterAll(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const names = () => told.map(({ online, preferredPath }) => `${online} ${preferredPath?.interface}`);

  it('status: of the network with the best default route', () => {
    const now = status({ host });
    expect(now).toMatchObject({ online: true, captivePortal: null, preferredPath: { interface: 'a0' } });
    expect(now.preferredPath?.addresses).toContain('10.1.0.100');
    expect(now.capabilities).toEqual(host.capabilities);
    expect(Object.isFrozen(now)).toBe(true);
  });

  it('status: each uplink that goes leaves the next, the last one leaves none, and they come back', async () => {
    const stop = onChange((now) => void told.push(now), { host, settle: 50 });
    await lab.ip('ra', 'link set lan down');
    await until('the second uplink', () => names().at(-1) === 'true b0');
    await lab.ip('rb', 'link set lan down');
    await until('the last uplink, which has no router', () => names().at(-1) === 'true wwan0');
    await lab.ip('host', 'link set wwan0 down');
    await until('none', () => names().at(-1) === 'false undefined');
    expect(status({ host })).toMatchObject({ online: false, preferredPath: null });
    await lab.ipBatch('host', ['link set wwan0 up']);
    await lab.ip('ra', 'link set lan up');
    await lab.ip('rb', 'link set lan up');
    await until('the first uplink', () => names().at(-1) === 'true a0');
    // Each summary differs from the one before.
    expect(names().every((name, at) => name !== names()[at - 1])).toBe(true);
    stop();
    stop();
    const { length } = told;
    await lab.ip('ra', 'link set lan down');
    await until('the loss', () => status({ host }).preferredPath?.interface !== 'a0');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(told.length).toBe(length);
    await lab.ip('ra', 'link set lan up');
    await until('the return', () => status({ host }).preferredPath?.interface === 'a0');
  });

  it('status: what comes and goes before things have settled is not told', async () => {
    using _ = { [Symbol.dispose]: onChange((now) => void told.push(now), { host, settle: 300 }) };
    await lab.ipBatch(
      'host',
      Array.from({ length: 50 }, (_, n) => `route add 203.0.113.${n}/32 dev a0`),
    );
    await lab.ipBatch(
      'host',
      Array.from({ length: 50 }, (_, n) => `route del 203.0.113.${n}/32 dev a0`),
    );
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(told).toEqual([]);
  });

  it('status: what a policy says of the network is in it', async () => {
    const stop = onChange((now) => void told.push(now), { host, settle: 0 });
    const takeBack = host.tell({ interface: 'a0', metered: true });
    await until('the change', () => told.length > 0);
    expect(told.at(-1)).toMatchObject({ online: true, metered: true });
    takeBack();
    await until('the other', () => told.at(-1)?.metered === undefined);
    stop();
  });

  it('status: a signal ends it, and options that are wrong are refused', () => {
    const aborter = new AbortController();
    const before = host.listenerCount('change');
    onChange(() => {}, { host, signal: aborter.signal });
    expect(host.listenerCount('change')).toBe(before + 1);
    aborter.abort();
    expect(host.listenerCount('change')).toBe(before);
    onChange(() => {}, { host, signal: aborter.signal });
    expect(host.listenerCount('change')).toBe(before);
    for (const options of [{ settle: -1 }, { settle: Number.NaN }, { settel: 5 }]) {
      expect(() => onChange(() => {}, { host, ...options })).toThrow(/option/);
    }
    expect(() => onChange('x' as never, { host })).toThrow(/no function/);
  });
});
