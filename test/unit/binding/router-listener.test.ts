// SPDX-License-Identifier: MIT
// The native listener to routers as an object: what it refuses, and what is left when it is closed. What it hears is tested in
// a lab.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MifError } from '../../../lib/binding/mif-error.ts';
import { type NativeMonitor, type NativeRouterListener, native } from '../../../lib/binding/native.ts';

describe('router listener', () => {
  let monitor: NativeMonitor;
  let listener: NativeRouterListener;
  const onReady = () => {};

  beforeEach(() => {
    monitor = native().openMonitor({ settleMs: 0, onWake: () => monitor.snapshot() });
    listener = monitor.openRouterListener({ news: 'options', onReady });
  });
  afterEach(() => {
    listener.close();
    monitor.close();
  });

  function codeOf(call: () => unknown): string | undefined {
    try {
      call();
    } catch (error) {
      return error instanceof MifError ? error.code : String(error);
    }
    return undefined;
  }

  it.each([
    [undefined],
    [{}],
    [{ news: 'rumours', onReady }],
    [{ news: 'options' }],
    [{ news: 'options', onReady: 1 }],
  ])('router listener: options %j are refused', (options) => {
    expect(codeOf(() => monitor.openRouterListener(options as never))).toBe('ERR_MIF_INVALID_ARG');
  });

  it('router listener: where nothing has come there is nothing, and nothing was lost', () => {
    const { lost, foreign, malformed } = listener.receive();
    expect([lost, foreign, malformed]).toEqual([0, 0, 0]);
  });

  it.each([0, -1, 1.5, 2 ** 31, Number.NaN])('router listener: %d is no interface to solicit on', (index) => {
    expect(codeOf(() => listener.solicit(index))).toBe('ERR_MIF_INVALID_ARG');
  });

  it('router listener: where only options are heard nobody is asked (PVD-84)', () => {
    expect(codeOf(() => listener.solicit(1))).toBe('ERR_MIF_UNSUPPORTED');
  });

  it('router listener: after closing, twice, it answers that it is closed', () => {
    listener.close();
    listener.close();
    expect(codeOf(() => listener.receive())).toBe('ERR_MIF_CLOSED');
    expect(codeOf(() => listener.solicit(1))).toBe('ERR_MIF_CLOSED');
  });

  it('router listener: it outlives its monitor, of which no other is opened', () => {
    monitor.close();
    expect(listener.receive().malformed).toBe(0);
    expect(codeOf(() => monitor.openRouterListener({ news: 'options', onReady }))).toBe('ERR_MIF_CLOSED');
  });
});
