// SPDX-License-Identifier: MIT
// Which domains of a picture there is anything to fetch for.

import { expect, it } from 'vitest';
import type { DomainState } from '../../../lib/pvd/domain-state.ts';
import type { PvdRecord } from '../../../lib/pvd/record.ts';
import { tell } from '../../../lib/pvd/told.ts';
import { fetchableDomains } from '../../../lib/source/fetchable-domain.ts';
import { advertised, option, prefix } from '../pvd/told-records.ts';

const address = (text: string, state = 'preferred') => ({ record: { state, address: { address: text } } });

function domain(fields: object, ...records: PvdRecord[]): DomainState {
  const told = tell(records, { now: 0, isWayOut: false });
  const rest = { handle: 'pvd:1', id: 'x', interfaceId: 'if:3.1', index: 3, providers: ['fe80::1'] };
  return { ...rest, kind: 'router', members: [address('2001:db8::5')], told, ...fields } as unknown as DomainState;
}

const named = { kind: 'explicit', name: 'cafe.example' };
const speaking = advertised('fe80::1', {
  pvd: option('cafe.example', { http: true, sequence: 3 }),
  prefixes: [prefix('2001:db8::/64')],
  captivePortal: 'https://portal.example/',
});
const here = { isRunning: () => true, discreet: new Set<string>() };

it('fetchable: what routers say that there is to fetch (PVD-66, PVD-79)', () => {
  expect(fetchableDomains([domain(named, speaking), domain({}, advertised('fe80::1'))], here)).toMatchObject([
    {
      key: 'cafe.example',
      isNamed: true,
      isAttached: true,
      hasAddress: true,
      option: { sequence: 3 },
      prefixes: [{ prefix: '2001:db8::/64' }],
      portal: 'https://portal.example/',
    },
  ]);
  const quiet = { ...speaking, captivePortal: undefined, pvd: option('cafe.example') };
  expect(fetchableDomains([domain(named, quiet)], here)).toEqual([]);
  // An implicit domain has a portal, and no name to ask for information.
  const implicit = advertised('fe80::1', { captivePortal: 'https://portal.example/' });
  expect(fetchableDomains([domain({}, implicit)], here)).toMatchObject([{ key: 'fe80::1', isNamed: false }]);
});

it('fetchable: an address that may be a source is waited for (PVD-68)', () => {
  const has = (...members: object[]) =>
    fetchableDomains([domain({ ...named, members }, speaking)], here)[0]?.hasAddress;
  expect(has()).toBe(false);
  expect(has(address('fe80::5'))).toBe(false);
  expect(has(address('2001:db8::5', 'tentative'), address('2001:db8::6', 'dad-failed'))).toBe(false);
  expect(has(address('2001:db8::5', 'deprecated'))).toBe(true);
});

it('fetchable: where one is hidden no information is asked for, and portals are (PVD-78)', () => {
  const [found] = fetchableDomains([domain(named, speaking)], { ...here, discreet: new Set(['if:3.1']) });
  expect(found).toMatchObject({ option: undefined, portal: 'https://portal.example/' });
});
