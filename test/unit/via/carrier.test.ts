// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { isMifError, MifError } from '../../../lib/binding/mif-error.ts';
import type { ProvisioningDomain } from '../../../lib/pvd/provisioning-domain.ts';
import type { Snapshot } from '../../../lib/snapshot/change.ts';
import { type Carrier, findCarrier, findCarriers, type Via } from '../../../lib/via/carrier.ts';
import type { LocalPath } from '../../../lib/via/local-path.ts';
import { link } from '../pvd/records.ts';
import { snapshot as networks, wired, wiredDomain } from './networks.ts';

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
    [null, 'ERR_MIF_INVALID_ARG', 'null names nothing'],
    [true, 'ERR_MIF_INVALID_ARG', 'true names nothing'],
    [undefined, 'ERR_MIF_INVALID_ARG', 'undefined names nothing'],
    [['eth0', undefined], 'ERR_MIF_INVALID_ARG', 'option via[1]: undefined'],
    [['eth0', ['lan0']], 'ERR_MIF_INVALID_ARG', 'option via[1]: a list in a list'],
    [['eth0', { knd: 'ether' }], 'ERR_MIF_INVALID_ARG', 'option via[1].knd: a selector has no such property'],
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

  it('carrier: what is written wrongly behind one that will do is an error all the same', () => {
    for (const wrong of ['', null, ['eth0'], { kind: 7 }]) {
      expect(() => findCarrier(snapshot, ['eth0', wrong] as never)).toThrow(/^option via\[1\]/);
    }
  });

  it('carrier: what cannot be done at all is no reason to go elsewhere', () => {
    const check = () => {
      throw new MifError('ERR_MIF_UNSUPPORTED', 'not here');
    };
    expect(() => findCarrier(snapshot, ['eth0', 'lan0'], check)).toThrow(/^not here$/);
  });

  it('carrier: what is wrong with the question over every network is told as that', () => {
    const check = () => {
      throw new MifError('ERR_MIF_INVALID_ARG', 'no such source');
    };
    expect(() => findCarrier(snapshot, ['eth0', 'lan0'], check)).toThrow(/^no such source$/);
  });
});

describe('carrier: of selectors, functions and lists', () => {
  const found = (via: Via) =>
    findCarriers(networks, via).map(({ interface: { name }, pvd, sources }) =>
      [pvd?.id ?? name, ...(sources ?? [])].join(' '),
    );

  it.each<[via: Via, carriers: string[]]>([
    [{ kind: 'wireguard' }, ['wg0/static']],
    [{ interface: 'wlan0', family: 6 }, ['wlan0/fe80::2 2001:db8:2::7']],
    [
      { prefer: { kind: 'wifi' }, prohibit: { vpn: true }, require: { interface: ['eth0', 'eth1'] } },
      ['eth0/fe80::1', 'eth1'],
    ],
    [
      [{ kind: 'wireguard' }, 'eth0', { pvd: 'eth0/fe80::1' }, 'nosuch0'],
      ['wg0/static', 'eth0', 'eth0/fe80::1'],
    ],
    [[{ kind: 'nosuch' }, (paths) => paths.filter(({ pvd }) => pvd === 'wg0/static')], ['wg0/static']],
  ])('carrier: %j is %j, in its order (HE-28)', (via, carriers) => {
    expect(found(via)).toEqual(carriers);
    // The first that passes is the first of all of them.
    expect(findCarrier(networks, via).interface.name).toBe(carriers[0]?.split('/')[0]);
  });

  it('carrier: the next candidate follows one that fails the check', () => {
    const check = ({ interface: { name } }: Carrier) => {
      if (name === 'eth0')
        throw new MifError('ERR_MIF_NO_ROUTE', 'no route', { interface: name, destination: '192.0.2.9' });
    };
    expect(findCarrier(networks, {}, check).pvd?.id).toBe('wlan0/fe80::2');
    expect(findCarrier(networks, { prefer: { interface: 'eth0' } }, check).pvd?.id).toBe('wlan0/fe80::2');
  });

  it('carrier: none that will do is told with the reason for each candidate (APP-06)', () => {
    const check = ({ interface: { name } }: Carrier) => {
      throw new MifError('ERR_MIF_NO_ROUTE', `no route over ${name}`, { interface: name, destination: '192.0.2.9' });
    };
    const error = thrownBy(() =>
      findCarrier(networks, { kind: 'ethernet', vpn: false, prohibit: { interface: 'eth1' } }, check),
    );
    expect(error).toMatchObject({ code: 'ERR_MIF_NO_PATH' });
    expect(error.message).toMatch(/^none of 5 networks will do: .*; no route over eth0$/);
    expect(error.message).toContain('wg0/static: kind is wireguard, not ether');
    expect(error.message).toContain('eth1: interface is eth1, and eth1 is prohibited');
    expect(error.attempts?.map(({ interface: name, pvd, outcome }) => `${pvd ?? name} ${outcome}`).sort()).toEqual([
      'eth0 refused',
      'eth1 refused',
      'wg0/static refused',
      'wlan0/198.51.100.1 refused',
      'wlan0/fe80::2 refused',
    ]);
    expect(error.attempts?.at(-1)).toMatchObject({ address: '192.0.2.9', error: { code: 'ERR_MIF_NO_ROUTE' } });
    expect((error.cause as AggregateError).errors).toHaveLength(5);
  });

  it('carrier: a function that chooses nobody, and a host without networks', () => {
    expect(thrownBy(() => findCarrier(networks, () => []))).toMatchObject({
      code: 'ERR_MIF_NO_PATH',
      message: expect.stringContaining('eth0/fe80::1: the function did not choose it'),
    });
    const empty = { interfaces: [], addresses: [], pvds: [] } as unknown as Snapshot;
    expect(() => findCarrier(empty, {})).toThrow(/^there is no network to choose from$/);
    expect(() => findCarriers(empty, {})).toThrow(expect.objectContaining({ code: 'ERR_MIF_NO_PATH' }));
  });

  it('carrier: a message has a dozen reasons, the error all of them', () => {
    const interfaces = Array.from({ length: 15 }, (_, at) => link(`dummy${at}`, at + 2, { kind: 'dummy' }));
    const error = thrownBy(() => findCarrier({ interfaces, pvds: [] } as unknown as Snapshot, { kind: 'veth' }));
    expect(error.message).toMatch(/^none of 15 networks will do: (dummy\d+: kind is dummy, not veth; ){12}and 3 more$/);
    expect(error.attempts).toHaveLength(15);
  });
});

describe('carrier: of a path', () => {
  const path = { interface: 'eth0', index: 3, pvd: 'eth0/fe80::1', source: '192.0.2.7' };

  it('carrier: a path is its interface, domain and source', () => {
    expect(findCarrier(networks, path)).toEqual({ interface: wired, pvd: wiredDomain, sources: ['192.0.2.7'] });
    expect(findCarrier(networks, { ...path, source: null })).toEqual({ interface: wired, pvd: wiredDomain });
    const { pvd: _, ...ofInterface } = path;
    expect(findCarrier(networks, ofInterface)).toEqual({ interface: wired, sources: ['192.0.2.7'] });
    expect(findCarrier(networks, ['nosuch0', path]).pvd?.id).toBe('eth0/fe80::1');
  });

  it('carrier: what a function is shown is a path', () => {
    let seen: readonly LocalPath[] = [];
    const choice = (paths: readonly LocalPath[]) => {
      seen = paths;
      return paths;
    };
    const carriers = findCarriers(networks, choice);
    const who = ({ interface: { id }, pvd }: Carrier) => [id, pvd?.handle];
    expect(seen.map((each) => who(findCarrier(networks, each)))).toEqual(carriers.map(who));
  });

  it.each<[what: string, change: object, code: string, why: RegExp]>([
    [
      'interface is another',
      { index: 4, pvd: undefined },
      'ERR_MIF_INTERFACE_NOT_FOUND',
      /index 4 is not that of eth0/,
    ],
    ['interface is gone', { index: 9, pvd: undefined }, 'ERR_MIF_INTERFACE_NOT_FOUND', /none with index 9/],
    ['interface has another name', { interface: 'eth9' }, 'ERR_MIF_INTERFACE_NOT_FOUND', /not that of eth9/],
    ['domain is gone', { pvd: 'eth0/fe80::9' }, 'ERR_MIF_UNKNOWN_ID', /none of that id/],
    ['domain is on another interface', { pvd: 'wg0/static' }, 'ERR_MIF_INTERFACE_NOT_FOUND', /not that of eth0/],
    ['source is gone', { source: '192.0.2.8' }, 'ERR_MIF_NO_ADDRESS', /it does not have the address 192\.0\.2\.8/],
    [
      'source is of another interface',
      { pvd: undefined, source: '10.8.0.2' },
      'ERR_MIF_NO_ADDRESS',
      /does not have the address/,
    ],
    ['name is none', { interface: 7 }, 'ERR_MIF_INVALID_ARG', /^option via\.interface: /],
    ['index is none', { index: '3' }, 'ERR_MIF_INVALID_ARG', /^option via\.index: /],
    ['domain is none', { pvd: null }, 'ERR_MIF_INVALID_ARG', /^option via\.pvd: /],
    ['source is none', { source: 'eth0' }, 'ERR_MIF_INVALID_ARG', /^option via\.source: /],
  ])('carrier: a path whose %s is an error (B9, F7)', (_what, change, code, why) => {
    expect(() => findCarrier(networks, { ...path, ...change } as Via)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(why) }),
    );
  });
});

function thrownBy(call: () => unknown): MifError {
  try {
    call();
  } catch (error) {
    if (isMifError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
