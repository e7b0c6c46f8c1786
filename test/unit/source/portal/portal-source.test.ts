// SPDX-License-Identifier: MIT
// The source that asks captive portals, over a network of the test's own.

import { describe, expect, it } from 'vitest';
import { pauseAfter } from '../../../../lib/source/portal/pace.ts';
import { readPortalAnswer } from '../../../../lib/source/portal/portal-answer.ts';
import { PortalSource } from '../../../../lib/source/portal/portal-source.ts';
import { domain, Scene } from '../information/scene.ts';

const uri = 'https://portal.example/api';
const scene = () => new Scene((parts) => new PortalSource({ ...parts, random: () => 0 }));
const told = (portal: string | undefined = uri) => domain({ portal, option: undefined });

describe('the source that asks captive portals', () => {
  it('portal: reads what RFC 8908 section 5 names, and needs `captive` (PVD-79)', () => {
    const read = (answer: unknown) => readPortalAnswer(Buffer.from(JSON.stringify(answer)));
    expect(
      read({
        captive: true,
        'user-portal-url': 'https://example.org/portal.html',
        'venue-info-url': 'https://flight.example.com/',
        'seconds-remaining': 326,
        'can-extend-session': true,
        'bytes-remaining': 0,
        more: 1,
      }),
    ).toEqual({
      captive: true,
      userPortalUrl: 'https://example.org/portal.html',
      venueInfoUrl: 'https://flight.example.com/',
      secondsRemaining: 326,
      canExtendSession: true,
      bytesRemaining: 0,
    });
    expect(read({ captive: 'yes' })).toEqual(expect.any(String));
    expect(read({})).toEqual(expect.any(String));
    expect(read([])).toEqual(expect.any(String));
    // What is of a wrong type, or leads elsewhere than to a web page, was not told.
    expect(
      read({
        captive: false,
        'user-portal-url': 'javascript:alert(1)',
        'seconds-remaining': -1,
        'bytes-remaining': 1.5,
      }),
    ).toEqual({ captive: false });
  });

  it('portal: asks over the domain that was told of it, once it can (PVD-79)', async () => {
    const stage = scene();
    stage.source.follow([domain({ portal: uri, hasAddress: false })]);
    expect(stage.source.nextDeadline).toBeUndefined();
    stage.source.follow([told()]);
    stage.runTo(0);
    expect(stage.last).toMatchObject({
      domain: { handle: 'pvd:1' },
      request: { url: uri, type: 'application/captive+json', exactName: false },
    });
    await stage.last.answer({ captive: true, 'user-portal-url': 'https://portal.example/', 'seconds-remaining': 60 });
    expect(stage.source.records('if:3.1')).toMatchObject([
      { type: 'portal', domain: 'cafe.example', apiUri: uri, captive: true, sessionUntil: 60_000 },
    ]);
  });

  it('portal: is not asked without TLS, nor by a name that nobody is asked for (PVD-79, SEC-23)', () => {
    const stage = scene();
    stage.source.follow([told('http://portal.example/api')]);
    stage.source.follow([domain({ portal: uri, hasResolver: false })]);
    stage.runTo(1_000_000);
    expect(stage.asked).toEqual([]);
    stage.source.follow([domain({ portal: 'https://[2001:db8::8]/api', hasResolver: false })]);
    stage.runTo(2_000_000);
    expect(stage.last.request.url).toBe('https://[2001:db8::8]/api');
  });

  it('portal: another API is another answer, and asked at once but for the limit (PVD-79, PVD-76)', async () => {
    const stage = scene();
    stage.source.follow([told()]);
    stage.runTo(0);
    await stage.last.answer({ captive: true });
    stage.source.follow([told('https://other.example/')]);
    expect(stage.source.records('if:3.1')).toEqual([]);
    stage.runTo(9_999);
    expect(stage.asked).toHaveLength(1);
    stage.runTo(10_000);
    expect(stage.last.request.url).toBe('https://other.example/');
    stage.source.follow([]);
    expect(stage.last.request.signal.aborted).toBe(true);
    expect(stage.source.nextDeadline).toBeUndefined();
  });

  it('portal: a person who logs in is noticed; what failed is unknown (PVD-79)', async () => {
    const stage = scene();
    stage.source.follow([told()]);
    stage.runTo(0);
    await stage.last.answer({ captive: true });
    stage.runTo(10_000);
    expect(stage.asked).toHaveLength(2);
    await stage.last.answer({ captive: false, 'seconds-remaining': 120 });
    expect(stage.source.records('if:3.1')).toMatchObject([{ captive: false, sessionUntil: 130_000 }]);
    // At the end of the session, not before.
    stage.runTo(129_999);
    expect(stage.asked).toHaveLength(2);
    stage.runTo(130_000);
    expect(stage.asked).toHaveLength(3);
    await stage.last.answer({ kind: 'refused', why: 'HTTP status 500' });
    expect(stage.source.records('if:3.1')).toEqual([]);
    expect(stage.source.state).toEqual({ state: 'limited', why: 'cafe.example: HTTP status 500' });
  });

  it('portal: is asked less and less, never more often than every ten seconds (PVD-48, SEC-06)', () => {
    const pauses = (kind: 'captive' | 'failed') =>
      [1, 2, 3, 5, 6, 7, 1000].map((count) => pauseAfter({ kind, count }, 0) / 1000);
    expect(pauses('captive')).toEqual([10, 20, 40, 160, 300, 300, 300]);
    expect(pauses('failed')).toEqual([30, 60, 120, 480, 600, 600, 600]);
    const open = (secondsRemaining: number | undefined) => pauseAfter({ kind: 'open', secondsRemaining }, 0) / 1000;
    expect([open(undefined), open(0), open(60), open(1e9)]).toEqual([600, 10, 60, 600]);
  });
});
