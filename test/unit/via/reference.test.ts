// SPDX-License-Identifier: MIT
// Domains by the names that networks and policies gave them, and by the words that stand for one.

import { describe, expect, it } from 'vitest';
import type { ProvisioningDomain } from '../../../lib/pvd/provisioning-domain.ts';
import type { Snapshot } from '../../../lib/snapshot/change.ts';
import { findCarrier, findCarriers, type Via } from '../../../lib/via/carrier.ts';
import { link } from '../pvd/records.ts';
import { domain } from './networks.ts';

const eth0 = link('eth0', 3);
const eth1 = link('eth1', 4);
const vlan = link('eth0.100', 5);

function host(...pvds: ProvisioningDomain[]): Snapshot {
  return { interfaces: [eth0, eth1], pvds } as unknown as Snapshot;
}

const named = (id: string, on = eth0, fields: Partial<Omit<ProvisioningDomain, 'routers'>> = {}) =>
  domain(on, ['192.0.2.7/24'], { id, explicit: true, providers: ['fe80::1'], ...fields });

const unnamed = domain(eth0, ['192.0.2.7/24'], { routers: [['192.0.2.1', 100]] });
const better = domain(eth1, ['198.51.100.7/24'], { routers: [['198.51.100.1', 50]] });

const found = (snapshot: Snapshot, via: Via) =>
  findCarriers(snapshot, via).map(({ pvd, interface: { name } }) => pvd?.id ?? name);
const codeOf = (snapshot: Snapshot, via: Via): string => {
  try {
    return found(snapshot, via).join();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('names that networks gave', () => {
  const snapshot = host(unnamed, named('corp.example'));

  it.each(['corp.example', 'Corp.EXAMPLE.'])('via: %s is the domain of that name, in any case (PVD-22)', (name) => {
    expect(found(snapshot, name)).toEqual(['corp.example']);
    expect(found(snapshot, { pvd: name })).toEqual(['corp.example']);
  });

  it.each(['corp', 'orp.example', 'example', 'eth0/corp.example'])('via: %s is none of it (M-neg, PVD-52)', (name) => {
    expect(codeOf(snapshot, { pvd: name })).toBe('ERR_MIF_NO_PATH');
    expect(codeOf(snapshot, name)).toMatch(/^ERR_MIF_(UNKNOWN_ID|INTERFACE_NOT_FOUND)$/);
  });

  it('via: what could be an interface is no network’s to be called (SEC-04)', () => {
    const forged = host(named('eth0.100'), named('wlan0'));
    expect(codeOf(forged, 'eth0.100')).toBe('ERR_MIF_INTERFACE_NOT_FOUND');
    expect(codeOf(forged, 'wlan0')).toBe('ERR_MIF_INTERFACE_NOT_FOUND');
    const there = { ...forged, interfaces: [eth0, vlan] } as unknown as Snapshot;
    expect(found(there, 'eth0.100')).toEqual(['eth0.100']);
    expect(findCarrier(there, 'eth0.100').pvd).toBeUndefined();
    // An administrator's word is not the network's.
    expect(found(host(named('voice', eth0, { explicit: false })), 'voice')).toEqual(['voice']);
  });

  it('via: of equal names the one known longest, told apart by the handle (PVD-26)', () => {
    const [one, other] = [named('corp.example'), named('corp.example', eth1)];
    const two = host(one, other);
    expect(findCarrier(two, 'corp.example').pvd).toBe(one);
    expect(findCarrier(two, other.handle).pvd).toBe(other);
    expect(findCarriers(two, { pvd: 'corp.example' })).toHaveLength(2);
  });

  it('via: a domain on two interfaces is a carrier on each, from the addresses that are there (MIF-28, PVD-37)', () => {
    const other = domain(eth1, ['198.51.100.7/24']);
    const both = named('corp.example', eth0, {
      interfaces: ['eth0', 'eth1'],
      interfaceIds: [eth0.id, eth1.id],
      addresses: [...unnamed.addresses, ...other.addresses],
    });
    expect(findCarriers(host(both), { pvd: 'corp.example' }).map(({ sources }) => sources)).toEqual([
      ['192.0.2.7'],
      ['198.51.100.7'],
    ]);
    const dark = { interfaces: [{ ...eth0, running: false }, eth1], pvds: [both] } as unknown as Snapshot;
    expect(findCarrier(dark, 'corp.example').interface.name).toBe('eth1');
  });
});

describe('words that stand for a domain', () => {
  it.each(['default', 'unspecified'])('via: %s is the domain with the best default route (PVD-33, PVD-34)', (word) => {
    const snapshot = host(unnamed, better);
    expect(found(snapshot, word)).toEqual(['eth1/198.51.100.1']);
    expect(found(snapshot, { pvd: word })).toEqual(['eth1/198.51.100.1']);
    expect(found(snapshot, { prohibit: { pvd: word } })).toEqual(['eth0/192.0.2.1']);
    expect(found(snapshot, { prefer: { pvd: word } })[0]).toBe('eth1/198.51.100.1');
    expect(codeOf(host(), word)).toBe('ERR_MIF_UNKNOWN_ID');
    expect(codeOf(host(domain(eth0, ['192.0.2.7/24'])), { pvd: word })).toBe('ERR_MIF_NO_PATH');
  });

  it('via: null is no domain, whatever there is (PVD-35)', () => {
    expect(codeOf(host(unnamed, named('null')), 'null')).toBe('ERR_MIF_UNKNOWN_ID');
    expect(codeOf(host(unnamed), { pvd: 'null' })).toBe('ERR_MIF_NO_PATH');
  });
});

describe('what policy says of networks', () => {
  const voice = named('voice.example', eth0, { categories: ['voice', 'free'], metered: false });

  it('via: a category is known of what policy named, and of nothing else (SEC-32, M02b)', () => {
    const snapshot = host(better, voice);
    expect(found(snapshot, { category: 'voice' })).toEqual(['voice.example']);
    expect(codeOf(snapshot, { category: 'video' })).toBe('ERR_MIF_NO_PATH');
    expect(found(snapshot, { prohibit: { category: 'video' } })).toEqual(['voice.example']);
    expect(found(snapshot, { avoid: { category: 'voice' } })).toEqual(['eth1/198.51.100.1', 'voice.example']);
    expect(found(snapshot, { metered: false })).toEqual(['voice.example']);
  });
});
