// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LinkStates } from '../../../../lib/source/advertisement/link-states.ts';
import { Solicitor } from '../../../../lib/source/advertisement/solicitor.ts';
import { link } from './scene.ts';

describe('solicitor', () => {
  let sent: [number, number][];
  let canSend: boolean;
  let solicitor: Solicitor;

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
    sent = [];
    canSend = true;
    solicitor = new Solicitor({
      send: (index) => {
        if (canSend) sent.push([index, Date.now()]);
        return canSend;
      },
      random: () => 0.25,
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('solicitor: asks three times, four seconds apart, after a delay of chance (RFC 4861 section 6.3.7)', () => {
    solicitor.start(7);
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual([
      [7, 250],
      [7, 4_250],
      [7, 8_250],
    ]);
    expect(solicitor.sent).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('solicitor: an answer ends it, on its own link only', () => {
    solicitor.start(7);
    solicitor.start(8);
    vi.advanceTimersByTime(1_000);
    solicitor.stop(7);
    vi.advanceTimersByTime(60_000);
    expect(sent.map(([index]) => index)).toEqual([7, 8, 8, 8]);
  });

  it('solicitor: where it cannot send it tries again, and not for ever', () => {
    canSend = false;
    solicitor.start(7);
    vi.advanceTimersByTime(5_000);
    canSend = true;
    vi.advanceTimersByTime(60_000);
    expect(sent.map(([, at]) => at)).toEqual([8_250, 12_250, 16_250]);
    canSend = false;
    solicitor.start(8);
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('solicitor: beginning anew is one row of three, and closing ends all', () => {
    solicitor.start(7);
    solicitor.start(7);
    vi.advanceTimersByTime(60_000);
    expect(sent).toHaveLength(3);
    solicitor.start(7);
    solicitor.start(8);
    solicitor.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('link states', () => {
  it('link states: links that can have routers come once, and again after they were away', () => {
    const states = new LinkStates();
    expect(states.follow([link(7), link(8, { running: false })])).toEqual({ came: [7], went: [] });
    expect(states.follow([link(7), link(8)])).toEqual({ came: [8], went: [] });
    expect(states.follow([link(8)])).toEqual({ came: [], went: [7] });
    expect(states.follow([link(7, { id: 'if:7.2' }), link(8)])).toEqual({ came: [7], went: [] });
  });

  const settings = (ipv6: object) => ({ settings: { ipv6 } });
  it.each([
    ['the loopback', { flags: ['up', 'running', 'loopback', 'multicast'] }, false],
    ['one without multicast', { flags: ['up', 'running'] }, false],
    ['one without IPv6', settings({ isDisabled: true }), false],
    ['a router', settings({ forwards: true, acceptsAdvertisements: 1 }), false],
    ['a router that listens to routers', settings({ forwards: true, acceptsAdvertisements: 2 }), true],
    ['a host whose daemon listens in place of the kernel', settings({ acceptsAdvertisements: 0 }), true],
  ])('link states: %s (RFC 4861 section 6.2.6, G6)', (_, changes, isAsked) => {
    expect(new LinkStates().follow([link(7, changes as never)]).came).toEqual(isAsked ? [7] : []);
  });
});
