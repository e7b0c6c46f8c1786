// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { type Destination, obstacleTo } from '../../../lib/via/obstacle.ts';
import { onlyLink } from '../../../lib/via/only-link.ts';
import { address as addressRecord, link } from '../pvd/records.ts';

const eth0 = link('eth0', 3, { altNames: ['uplink'] });
const lo = link('lo', 1, { flags: ['up', 'loopback', 'running'] });
const address = (text: string, index: number) => addressRecord(text, { index, interface: `eth${index - 3}` }).address;
const own = [address('192.0.2.7/24', 3), address('198.51.100.7/24', 4), address('2001:db8::7/64', 4)];
const snapshot = (addresses: readonly unknown[]) => ({ addresses }) as unknown as Parameters<typeof obstacleTo>[0];
const to = (text: string, zone?: string): Destination => ({
  family: text.includes(':') ? 6 : 4,
  address: text,
  zone,
});

describe('obstacle', () => {
  test.each([
    ['somebody', eth0, to('203.0.113.1')],
    ['an own address of the very interface', eth0, to('192.0.2.7')],
    ['its zone by name', eth0, to('fe80::1', 'eth0')],
    ['its zone by alternative name', eth0, to('fe80::1', 'uplink')],
    ['its zone by index', eth0, to('fe80::1', '3')],
    ['loopback by loopback', lo, to('127.0.0.1')],
  ])('obstacle: none is in the way to %s', (_what, carrier, destination) => {
    expect(obstacleTo(snapshot(own), { interface: carrier }, destination)).toBeUndefined();
  });

  test.each([
    ['loopback (F6)', eth0, to('127.0.0.1'), 'ERR_MIF_LOOPBACK'],
    ['loopback (F6)', eth0, to('::1'), 'ERR_MIF_LOOPBACK'],
    ['an own address of another interface (F6)', eth0, to('198.51.100.7'), 'ERR_MIF_LOOPBACK'],
    ['an own address of another interface (F6)', eth0, to('2001:db8::7'), 'ERR_MIF_LOOPBACK'],
    ['a zone of another interface (F8)', eth0, to('fe80::1', 'eth1'), 'ERR_MIF_INVALID_ARG'],
    [
      'somebody, by what is down',
      link('eth0', 3, { adminUp: false, running: false }),
      to('203.0.113.1'),
      'ERR_MIF_INTERFACE_DOWN',
    ],
    ['somebody, without carrier', link('eth0', 3, { running: false }), to('203.0.113.1'), 'ERR_MIF_NO_CARRIER'],
  ])('obstacle: one is in the way to %s', (_what, carrier, destination, code) => {
    expect(obstacleTo(snapshot(own), { interface: carrier }, destination)).toEqual({
      code,
      why: expect.stringMatching(/./),
    });
  });
});

describe('only link', () => {
  const one = [...own, address('fe80::7/64', 3)];
  const two = [...one, address('fe80::7/64', 4)];

  test('only link: of a link-local destination, where one interface has such an address (SAS-39)', () => {
    expect(onlyLink(snapshot(one), to('fe80::1'), 'no way')).toBe('eth0');
  });

  test('only link: what is not link-local IPv6 needs none', () => {
    for (const text of ['2001:db8::1', '169.254.1.1', '192.0.2.1']) {
      expect(onlyLink(snapshot(two), to(text), 'no way')).toBeUndefined();
    }
  });

  test.each([
    ['none', own, /^no way to it: no interface has a link-local address$/],
    ['two', two, /^no way to it: it may be on eth0, eth1$/],
  ])('only link: of %s it cannot be told (SAS-39)', (_count, addresses, message) => {
    expect(() => onlyLink(snapshot(addresses), to('fe80::1'), 'no way to it')).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_SCOPE_REQUIRED', message: expect.stringMatching(message) }),
    );
  });
});
