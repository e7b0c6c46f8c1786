// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MifError } from '../../../../lib/binding/mif-error.ts';
import type { NativeHeard, NativeRouterListenerOptions } from '../../../../lib/binding/native.ts';
import type { Interface } from '../../../../lib/snapshot/change.ts';
import {
  type AdvertisementOptions,
  advertisementOrigins,
  openAdvertisementSources,
} from '../../../../lib/source/advertisement/open.ts';
import type { RouterSource } from '../../../../lib/source/advertisement/router-source.ts';
import { advertisement, header, rdnss } from './bytes.ts';
import { link } from './scene.ts';

const refused = () => new MifError('ERR_MIF_PERMISSION', 'cannot hear router advertisements: it takes CAP_NET_RAW');
const unsupported = () => new MifError('ERR_MIF_UNSUPPORTED', 'cannot hear routers on this operating system');

describe('opening what hears routers', () => {
  let interfaces: Interface[];
  let solicited: number[];
  let closed: number;
  let ready: () => void;
  let waiting: NativeHeard[];
  let others: RouterSource[];

  beforeEach(() => {
    vi.useFakeTimers();
    [interfaces, solicited, closed, waiting] = [[link(7)], [], 0, []];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** @param refusals - what opening each way throws */
  function open(
    refusals: Partial<Record<NativeRouterListenerOptions['news'], () => Error>>,
    options?: AdvertisementOptions,
  ) {
    const access = {
      openRouterListener: ({ news, onReady }: NativeRouterListenerOptions) => {
        const refusal = refusals[news];
        if (refusal !== undefined) throw refusal();
        ready = onReady;
        return {
          receive: () => ({ news: waiting.splice(0), lost: 0, foreign: 0, malformed: 0 }),
          solicit: (index: number) => solicited.push(index) > 0,
          close: () => void closed++,
        };
      },
    };
    const context = {
      interfaceAt: (index: number) => interfaces.find((found) => found.index === index),
      interfaceNamed: () => undefined,
      interfaces: () => interfaces,
      now: () => Date.now(),
      onChange: () => {},
    };
    others = openAdvertisementSources(access, context, options);
    return others.shift()!;
  }

  it('opening what hears routers: whole advertisements where that is permitted (PVD-84)', () => {
    expect(open({})).toMatchObject({ origin: 'router-advertisements', state: { state: 'working' } });
    expect(others).toEqual([]);
  });

  it('opening what hears routers: options where it is not, and why is said (PVD-84, SEC-27, G1)', () => {
    expect(open({ advertisements: refused })).toMatchObject({
      origin: 'nd-user-options',
      state: { state: 'limited', why: expect.stringContaining('CAP_NET_RAW') },
    });
    const why = expect.stringContaining('CAP_NET_RAW');
    expect(others).toMatchObject([{ origin: 'router-advertisements', state: { state: 'absent', why } }]);
    vi.advanceTimersByTime(60_000);
    expect(solicited).toEqual([]);
  });

  it('opening what hears routers: only what is wanted', () => {
    const wanted = (...origins: string[]) => ({ isWanted: (origin: string) => origins.includes(origin) });
    expect(open({}, wanted('nd-user-options'))).toMatchObject({
      origin: 'nd-user-options',
      state: { state: 'limited' },
    });
    expect(open({ advertisements: refused }, wanted('router-advertisements'))).toMatchObject({
      origin: 'router-advertisements',
      state: { state: 'absent' },
    });
    expect(open({}, wanted(...advertisementOrigins))).toMatchObject({ origin: advertisementOrigins[0] });
    expect(open({}, wanted())).toBeUndefined();
  });

  it('opening what hears routers: where there is neither, a source that is silent and says why', () => {
    const source = open({ advertisements: unsupported, options: unsupported });
    expect(source.state).toEqual({ state: 'absent', why: expect.stringContaining('operating system') });
    source.followInterfaces();
    source.expire(0);
    expect([[...source.takeChanged()], source.records('if:7.1'), source.nextDeadline]).toEqual([[], [], undefined]);
    source.close();
  });

  it('opening what hears routers: a mistake of ours is not taken for a refusal', () => {
    const broken = () => new TypeError('broken');
    expect(() => open({ advertisements: broken })).toThrow('broken');
  });

  it('opening what hears routers: links are asked when they are new, until a default router answers (RFC 4861 section 6.3.7)', () => {
    const source = open({});
    vi.advanceTimersByTime(1_500);
    expect(solicited).toEqual([7]);
    interfaces.push(link(8));
    source.followInterfaces();
    // The answer to the first: of the other link nobody has answered.
    waiting.push(heard(7, 1800));
    ready();
    vi.advanceTimersByTime(60_000);
    expect(solicited).toEqual([7, 8, 8, 8]);
  });

  it('opening what hears routers: who says that it is no default router has not answered (RFC 4861 section 6.3.7)', () => {
    open({});
    vi.advanceTimersByTime(1_500);
    waiting.push(heard(7, 0));
    ready();
    vi.advanceTimersByTime(60_000);
    expect(solicited).toEqual([7, 7, 7]);
  });

  it('opening what hears routers: nobody is asked who should not be', () => {
    const source = open({}, { solicit: false });
    source.followInterfaces();
    vi.advanceTimersByTime(60_000);
    expect(solicited).toEqual([]);
  });

  it('opening what hears routers: a host that cannot tell its interfaces has nobody asked', () => {
    const listener = { receive: () => ({ news: [], lost: 0, foreign: 0, malformed: 0 }), close: () => {} };
    const solicit = (index: number) => solicited.push(index) > 0;
    const [source] = openAdvertisementSources(
      { openRouterListener: () => ({ ...listener, solicit }) },
      { interfaceAt: () => undefined, interfaceNamed: () => undefined, now: () => 0, onChange: () => {} },
    );
    vi.advanceTimersByTime(60_000);
    expect(solicited).toEqual([]);
    source!.close();
  });

  it('opening what hears routers: closing ends the asking, and leaves no timer', () => {
    const source = open({});
    vi.advanceTimersByTime(1_500);
    source.followInterfaces();
    source.close();
    source.followInterfaces();
    expect([closed, vi.getTimerCount()]).toEqual([1, 0]);
  });

  it('opening what hears routers: a listener that only fails is given up, and that is said', () => {
    const source = open({});
    waiting.splice = () => {
      throw new MifError('ERR_MIF_KERNEL', 'cannot hear router advertisements: broken');
    };
    for (let count = 0; count < 7; count++) ready();
    expect(source.state.state).toBe('working');
    ready();
    expect(source.state).toEqual({ state: 'absent', why: expect.stringContaining('broken') });
    expect(closed).toBe(1);
    ready();
    source.close();
    expect(closed).toBe(1);
  });

  function heard(interfaceIndex: number, lifetime: number): NativeHeard {
    const data = Buffer.from(advertisement(header({ lifetime }), rdnss(600, '2001:db8::53')));
    return { data, router: 'fe80::1', interfaceIndex, hopLimit: 255 };
  }
});
