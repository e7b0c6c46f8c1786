// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { Interface as InterfaceRecord } from '../../../lib/binding/contract.gen.ts';
import { viewInterface } from '../../../lib/snapshot/interface-view.ts';

const names = new Map([
  [1, 'lo'],
  [5, 'br0'],
  [6, 'eth0'],
]);

function view(fields: Partial<InterfaceRecord>) {
  const record: InterfaceRecord = {
    index: 3,
    generation: 2,
    name: 'eth1',
    altNames: [],
    hardwareType: 'ether',
    mtu: 1500,
    flags: [],
    operState: 'unknown',
    group: 0,
    transmitQueueLength: 1000,
    ...fields,
  };
  return viewInterface(record, names);
}

describe('interface view', () => {
  it('interface: its id is index and generation, whatever its name (MIF-19, B9)', () => {
    expect([view({}).id, view({ name: 'lan0' }).id, view({ generation: 3 }).id]).toEqual([
      'if:3.2',
      'if:3.2',
      'if:3.3',
    ]);
  });

  const readiness: [title: string, fields: Partial<InterfaceRecord>, adminUp: boolean, running: boolean][] = [
    ['set up and running', { flags: ['up', 'running', 'lower-up'] }, true, true],
    ['set up, with carrier, not running yet (B1)', { flags: ['up', 'lower-up'] }, true, false],
    ['running with an unknown operational state, as loopback is (B12)', { flags: ['up', 'running'] }, true, true],
    [
      'dormant: carrier, but not authorised (B13)',
      { flags: ['up', 'lower-up', 'dormant'], operState: 'dormant' },
      true,
      false,
    ],
    ['taken down', { flags: ['broadcast'], operState: 'down' }, false, false],
  ];
  it.each(readiness)('interface: %s', (_, fields, adminUp, running) => {
    expect(view(fields)).toMatchObject({ adminUp, running });
  });

  it('interface: names what it hangs on, and never joins indexes of two namespaces (B11)', () => {
    expect(view({ masterIndex: 5, parentIndex: 6 })).toMatchObject({ master: 'br0', parent: 'eth0' });
    expect(view({ parentIndex: 6, parentNamespace: 0 })).toMatchObject({ parentIndex: 6, parent: undefined });
    expect(view({ masterIndex: 77 }).master).toBeUndefined();
  });

  const vpn: [title: string, fields: Partial<InterfaceRecord>, expected: boolean | undefined][] = [
    ['WireGuard is a VPN', { kind: 'wireguard', hardwareType: 'none' }, true],
    ['tun without link layer is a VPN', { kind: 'tun', hardwareType: 'none' }, true],
    ['tap may be anything', { kind: 'tun', hardwareType: 'ether' }, undefined],
    ['PPP may be an uplink', { kind: 'ppp', hardwareType: 'ppp' }, undefined],
    ['a modem without kind may be anything', { hardwareType: 'rawip' }, undefined],
    ['Ethernet is none', {}, false],
    ['loopback is none', { hardwareType: 'loopback', flags: ['loopback'] }, false],
    ['a bridge is none', { kind: 'bridge' }, false],
  ];
  it.each(vpn)('interface: %s', (_, fields, expected) => expect(view(fields).vpn).toBe(expected));
});
