// SPDX-License-Identifier: MIT
// The source that fetches additional information, over a network of the test's own.

import { describe, expect, it } from 'vitest';
import { InformationSource } from '../../../../lib/source/information/information-source.ts';
import { option } from '../../pvd/told-records.ts';
import { domain, Scene, wallStart } from './scene.ts';

const scene = () => new Scene((parts) => new InformationSource({ ...parts, random: () => 0 }));
const says = (id: string, seconds = 1000) => ({
  identifier: id,
  expires: new Date(wallStart + seconds * 1000).toISOString(),
  prefixes: ['2001:db8::/32'],
});
const numbered = (sequence: number) => domain({ option: option('cafe.example', { http: true, sequence }) });

describe('the source of additional information', () => {
  it('source: asks the name of the domain, over the domain, for the one type (PVD-66, PVD-67, PVD-68)', async () => {
    const stage = scene();
    const { source, asked } = stage;
    source.follow([domain()]);
    source.expire(0);
    expect(asked).toMatchObject([
      {
        domain: { handle: 'pvd:1' },
        request: {
          url: 'https://cafe.example/.well-known/pvd',
          type: 'application/pvd+json',
          exactName: true,
        },
      },
    ]);
    expect(source.records('if:3.1')).toEqual([]);
    await asked[0]!.answer(says('cafe.example'));
    expect(stage.told).toBe(1);
    expect([...source.takeChanged()]).toEqual(['if:3.1']);
    expect(source.records('if:3.1')).toMatchObject([
      { type: 'information', pvd: 'cafe.example', sequence: 1, until: 1_000_000 },
    ]);
    expect(source.state).toEqual({ state: 'working' });
  });

  it('source: asks nobody without the flag, an address or a carrier (PVD-66, PVD-68)', () => {
    const { source, asked } = scene();
    for (const fields of [{ option: undefined }, { hasAddress: false }, { isAttached: false }]) {
      source.follow([domain(fields)]);
      expect(source.nextDeadline).toBeUndefined();
    }
    source.expire(100_000);
    expect(asked).toEqual([]);
  });

  it('source: waits for servers that know its name, and says so (PVD-68, SEC-23)', () => {
    const stage = scene();
    stage.source.follow([domain({ hasResolver: false })]);
    stage.runTo(100_000);
    expect(stage.asked).toEqual([]);
    expect(stage.source.state).toEqual({ state: 'limited', why: 'cafe.example: it has no name servers' });
    stage.source.follow([domain()]);
    expect(stage.source.state).toEqual({ state: 'working' });
    stage.runTo(100_000);
    expect(stage.asked).toHaveLength(1);
    stage.source.follow([domain({ hasResolver: false, isAttached: false })]);
    expect(stage.source.state).toEqual({ state: 'working' });
  });

  it('source: another sequence number takes it back at once and asks again (PVD-73)', async () => {
    const stage = scene();
    stage.source.follow([domain()]);
    stage.runTo(0);
    await stage.last.answer(says('cafe.example'));
    stage.now = 2_000;
    stage.source.follow([numbered(2)]);
    expect(stage.source.records('if:3.1')).toEqual([]);
    stage.runTo(9_999);
    expect(stage.asked).toHaveLength(1);
    stage.runTo(10_000);
    expect(stage.asked).toHaveLength(2);
    // An answer to the number before would be a lie about this one.
    stage.source.follow([numbered(3)]);
    expect(stage.last.request.signal.aborted).toBe(true);
    await stage.last.answer(says('cafe.example'));
    expect(stage.source.records('if:3.1')).toEqual([]);
  });

  it('source: is refreshed before it is over, and gone when it is (PVD-73, PVD-75, SEC-30)', async () => {
    const stage = scene();
    stage.source.follow([domain()]);
    stage.runTo(0);
    await stage.last.answer(says('cafe.example', 1000));
    stage.runTo(499_999);
    expect(stage.asked).toHaveLength(1);
    stage.runTo(500_000);
    expect(stage.asked).toHaveLength(2);
    await stage.last.answer({ kind: 'unreachable', why: 'no server' });
    expect(stage.source.records('if:3.1')).toHaveLength(1);
    expect(stage.source.state).toEqual({ state: 'limited', why: 'cafe.example: no server' });
    stage.runTo(1_000_000);
    expect(stage.source.records('if:3.1')).toEqual([]);
    // However far away its end is said to be.
    await stage.last.answer({ ...says('cafe.example'), expires: '9999-01-01T00:00:00Z' });
    expect(stage.source.records('if:3.1')).toMatchObject([{ until: stage.now + 30 * 86_400_000 }]);
  });

  it('source: what is refused is not asked for again while attached (PVD-71, PVD-77)', async () => {
    const stage = scene();
    stage.source.follow([domain()]);
    stage.runTo(0);
    await stage.last.answer(says('tea.example'));
    expect(stage.source.state).toMatchObject({ state: 'limited', why: expect.stringContaining('identifier') });
    stage.source.follow([numbered(2)]);
    stage.runTo(3_600_000);
    expect(stage.asked).toHaveLength(1);
    stage.source.follow([domain({ isAttached: false })]);
    stage.source.follow([domain()]);
    stage.runTo(stage.now + 1);
    expect(stage.asked).toHaveLength(2);
  });

  it('source: prefixes that it does not name make it void until the next number (PVD-72)', async () => {
    const stage = scene();
    const other = { prefixes: [{ prefix: '2001:db9::/64' }] };
    stage.source.follow([domain(other)]);
    stage.runTo(0);
    await stage.last.answer(says('cafe.example'));
    expect(stage.source.records('if:3.1')).toEqual([]);
    stage.runTo(3_600_000);
    expect(stage.asked).toHaveLength(1);
    stage.source.follow([{ ...numbered(2), ...other }]);
    stage.runTo(3_610_000);
    expect(stage.asked).toHaveLength(2);
  });

  it('source: all domains of a network are asked, each network by itself (PVD-76, PVD-78)', () => {
    const stage = scene();
    const many = ['if:3.1', 'if:4.1'].flatMap((interfaceId) =>
      Array.from({ length: 7 }, (_, at) => domain({ interfaceId, key: `d${at}.example` })),
    );
    stage.source.follow(many);
    stage.runTo(0);
    expect(stage.asked).toHaveLength(10);
    stage.runTo(10_000);
    expect(stage.asked).toHaveLength(14);
    expect(new Set(stage.asked.map(({ domain: { id } }) => id)).size).toBe(7);
  });

  it('source: closed, it gives up what is under way and says nothing (SEC-28)', async () => {
    const stage = scene();
    stage.source.follow([domain()]);
    stage.runTo(0);
    stage.source.close();
    expect(stage.last.request.signal.aborted).toBe(true);
    await stage.last.answer(says('cafe.example'));
    expect(stage.told).toBe(0);
    expect(stage.source.nextDeadline).toBeUndefined();
  });
});
