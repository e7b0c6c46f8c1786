// SPDX-License-Identifier: MIT
// What sources of files have in common: records that stay the same objects while nothing changes, ends of leases on a clock that
// runs on, interfaces that come, go and get other names, and several places of one daemon.

import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LeaseRecord } from '../../../lib/pvd/record.ts';
import type { RecordSource } from '../../../lib/pvd/source.ts';
import { KeptRecords } from '../../../lib/source/kept-records.ts';
import { openLeaseSources } from '../../../lib/source/lease/open.ts';
import { LifetimeClock } from '../../../lib/source/lifetime-clock.ts';
import { openResolverSources } from '../../../lib/source/resolver/open.ts';
import { ToldInterfaces } from '../../lab/told-interfaces.ts';
import { until } from '../../lab/until.ts';
import { dhclientLease, networkdLeaseFile, networkdLinkFile, resolvedLinkFile } from './told.ts';

function lease(interfaceId: string, end: number | null, resolver = '10.1.0.53'): LeaseRecord {
  const lists = { addresses: [], routers: [], routes: [], resolvers: [resolver], searchDomains: [], ntpServers: [] };
  return { type: 'lease', origin: 'dhclient', key: 'dhcp4', interfaceId, family: 4, until: end, ...lists };
}

describe('kept records', () => {
  it('records: the same once more is no change and the same list; other ones are, each of its interface', () => {
    const kept = new KeptRecords();
    expect(kept.replace([lease('a', null), lease('b', null)], 0)).toBe(true);
    expect(kept.takeChanged()).toEqual(['a', 'b']);
    const before = kept.of('a');
    expect(kept.replace([lease('a', null), lease('b', null, '10.1.0.99')], 0)).toBe(true);
    expect(kept.of('a')).toBe(before);
    expect([kept.takeChanged(), kept.takeChanged()]).toEqual([['b'], []]);
    expect(kept.replace([lease('b', null, '10.1.0.99')], 0)).toBe(true);
    expect([kept.takeChanged(), kept.of('a')]).toEqual([['a'], []]);
  });

  it('records: what is over goes, and stays away although it is still told (PVD-19)', () => {
    const kept = new KeptRecords();
    const all = [lease('a', 50), lease('b', 100), lease('c', null)];
    kept.replace(all, 0);
    kept.takeChanged();
    expect(kept.nextDeadline).toBe(50);
    expect(kept.expire(49)).toBe(false);
    expect(kept.expire(50)).toBe(true);
    expect([kept.takeChanged(), kept.of('a'), kept.nextDeadline]).toEqual([['a'], [], 100]);
    expect(kept.replace([...all], 60)).toBe(false);
    expect([kept.expire(1_000), kept.of('c').length, kept.nextDeadline]).toEqual([true, 1, undefined]);
  });

  it('clock: a moment that was not told anew does not move, until somebody sets the wall clock', () => {
    let [now, wall] = [1_000, 50_000];
    const clock = new LifetimeClock(
      () => now,
      () => wall,
    );
    expect(clock.fromWall(60_000)).toBe(11_000);
    [now, wall] = [2_000.4, 51_000.9];
    expect(clock.fromWall(60_000)).toBe(11_000);
    wall += 3_600_000;
    expect(clock.fromWall(60_000)).toBeLessThan(-3_000_000);
  });
});

describe('file sources', () => {
  let root: string;
  let context: ToldInterfaces;
  let source: RecordSource;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mif-source-'));
    context = new ToldInterfaces({ 11: 'eth0' });
  });

  afterEach(() => {
    vi.useRealTimers();
    source.close();
    rmSync(root, { recursive: true });
  });

  async function open(origin: string): Promise<void> {
    const from = [{ kind: 'file-system', path: root }, context, (found: string) => found === origin] as const;
    [source] = [...openLeaseSources(...from), ...openResolverSources(...from)] as [RecordSource];
    await source.ready;
  }

  function write(path: string, text: string): void {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, `${path}.new`), text);
    renameSync(join(root, `${path}.new`), join(root, path));
  }

  const becomes = (count: number, id = 'if:11.1') =>
    until(
      () => `${count} records, not ${JSON.stringify(source.records(id))}`,
      () => source.records(id).length === count,
    );

  it('source: a lease is forgotten at its end, and not found again in its file (PVD-19, PVD-86)', async () => {
    const end = new Date(Date.now() + 60_000).toISOString().replace(/^(\d+)-(\d+)-(\d+)T([\d:]+).*/, '6 $1/$2/$3 $4');
    write('var/lib/dhcp/dhclient.leases', dhclientLease(end));
    await open('dhclient');
    expect(source.records('if:11.1')).toHaveLength(1);
    expect(source.nextDeadline! - context.now()).toBeGreaterThan(58_000);
    source.takeChanged();
    // Both clocks run on, as they do in suspend.
    context.passedMs = 61_000;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    source.expire(context.now());
    expect([[...source.takeChanged()], source.records('if:11.1'), source.nextDeadline]).toEqual([
      ['if:11.1'],
      [],
      undefined,
    ]);
    source.followInterfaces();
    expect(source.records('if:11.1')).toEqual([]);
  });

  it('source: records follow an interface by the name or the index that its file says', async () => {
    write('run/systemd/netif/links/11', networkdLinkFile);
    write('run/systemd/netif/leases/11', networkdLeaseFile);
    write('run/systemd/netif/links/12', networkdLinkFile);
    await open('networkd');
    await becomes(2);
    expect(source.records('if:11.1')).toBe(source.records('if:11.1'));
    context.set(11, 'lan0');
    source.followInterfaces();
    expect(source.records('if:11.1')).toHaveLength(2);
    context.set(11, undefined);
    context.set(12, 'eth1');
    source.takeChanged();
    source.followInterfaces();
    expect(source.records('if:11.1')).toEqual([]);
    expect(source.records('if:12.1')).toMatchObject([{ type: 'resolver', interfaceId: 'if:12.1' }]);
    expect([...source.takeChanged()].sort()).toEqual(['if:11.1', 'if:12.1']);
  });

  it.skipIf(process.getuid?.() !== 0)('source: what this user may not read is told, and the rest is', async () => {
    write('run/systemd/resolve/resolv.conf', 'nameserver 10.1.0.53\n');
    write('run/systemd/resolve/netif/11', resolvedLinkFile);
    chmodSync(join(root, 'run/systemd/resolve/netif'), 0o700);
    chmodSync(root, 0o755);
    process.seteuid?.(65_534);
    try {
      await open('resolved');
    } finally {
      process.seteuid?.(0);
    }
    expect(source.state).toMatchObject({
      state: 'limited',
      why: expect.stringContaining('/run/systemd/resolve/netif'),
    });
    expect([source.records('if:11.1'), source.records(undefined).length]).toEqual([[], 1]);
  });

  it('source: watching keeps no program alive, and nothing changes after its end', async () => {
    const before = process.getActiveResourcesInfo().sort();
    write('var/lib/dhcp/dhclient.leases', dhclientLease('never'));
    await open('dhclient');
    expect(process.getActiveResourcesInfo().sort()).toEqual(before);
    source.close();
    source.close();
    const { changes } = context;
    rmSync(join(root, 'var'), { recursive: true });
    source.followInterfaces();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect([context.changes, source.records('if:11.1').length]).toEqual([changes, 1]);
  });
});
