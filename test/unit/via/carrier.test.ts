// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { MifError } from '../../../lib/binding/mif-error.ts';
import type { ProvisioningDomain } from '../../../lib/pvd/provisioning-domain.ts';
import type { Snapshot } from '../../../lib/snapshot/change.ts';
import { findCarrier, type Via } from '../../../lib/via/carrier.ts';
import { link } from '../pvd/records.ts';

const pvds = [
  {
    handle: 'pvd:1',
    id: 'eth0/fe80::1',
    providers: ['fe80::1', '192.0.2.1'],
    interfaces: ['eth0'],
    interfaceIds: ['if:3.1'],
  },
  { handle: 'pvd:2', id: 'eth0/static', providers: ['static'], interfaces: ['lan0'], interfaceIds: ['if:4.2'] },
] as unknown as ProvisioningDomain[];

const snapshot = {
  interfaces: [link('eth0', 3, { altNames: ['enp3s0'] }), link('lan0', 4, { generation: 2 }), link('3', 5)],
  pvds,
} as unknown as Snapshot;

describe('carrier', () => {
  const rows: [via: Via, found: string][] = [
    ['eth0', 'eth0'],
    ['enp3s0', 'eth0'],
    ['if:4.2', 'lan0'],
    [3, 'eth0'],
    ['3', '3'],
    ['eth0/fe80::1', 'eth0 pvd:1'],
    ['eth0/192.0.2.1', 'eth0 pvd:1'],
    ['pvd:2', 'lan0 pvd:2'],
    ['eth0/static', 'lan0 pvd:2'],
    [['nosuch0', 'lan0', 'eth0'], 'lan0'],
  ];
  it.each(rows)('carrier: %j is %s (PVD-28)', (via, found) => {
    const carrier = findCarrier(snapshot, via);
    expect([carrier.interface.name, carrier.pvd?.handle].filter(Boolean).join(' ')).toBe(found);
  });

  const unknown: [via: unknown, code: string, names: string][] = [
    ['wlan9', 'ERR_MIF_INTERFACE_NOT_FOUND', 'eth0, lan0'],
    [9, 'ERR_MIF_INTERFACE_NOT_FOUND', 'eth0, lan0'],
    ['if:4.1', 'ERR_MIF_INTERFACE_NOT_FOUND', 'eth0, lan0'],
    ['eth', 'ERR_MIF_INTERFACE_NOT_FOUND', 'eth0'],
    ['eth0/fe80::2', 'ERR_MIF_UNKNOWN_ID', 'eth0/fe80::1'],
    ['pvd:9', 'ERR_MIF_UNKNOWN_ID', 'eth0/fe80::1'],
    ['pvd:', 'ERR_MIF_UNKNOWN_ID', 'eth0/fe80::1'],
    ['', 'ERR_MIF_INVALID_ARG', 'names nothing'],
    [[], 'ERR_MIF_INVALID_ARG', 'empty list'],
    [{ kind: 'wifi' }, 'ERR_MIF_UNSUPPORTED', 'this version'],
    [null, 'ERR_MIF_UNSUPPORTED', 'this version'],
    [['nosuch0', 'eth0/fe80::2'], 'ERR_MIF_NO_PATH', 'nosuch0'],
  ];
  it.each(unknown)('carrier: %j is nobody, and the error says who there is (M01b)', (via, code, names) => {
    expect(() => findCarrier(snapshot, via as Via)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(names) }),
    );
  });

  it('carrier: of a list the first that passes the check, an invalid one is an error all the same', () => {
    const check = ({ interface: { name } }: { interface: { name: string } }) => {
      if (name === 'eth0') throw new MifError('ERR_MIF_NO_ROUTE', 'no route');
    };
    expect(findCarrier(snapshot, ['eth0', 'lan0'], check).interface.name).toBe('lan0');
    expect(() => findCarrier(snapshot, 'eth0', check)).toThrow(expect.objectContaining({ code: 'ERR_MIF_NO_ROUTE' }));
    expect(() => findCarrier(snapshot, ['', 'lan0'])).toThrow(expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }));
  });
});
