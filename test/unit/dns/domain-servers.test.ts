// SPDX-License-Identifier: MIT
// Whom a carrier's names are asked of: of one domain, of an interface with several; what is left out, and why.

import { expect, it } from 'vitest';
import { serversOver } from '../../../lib/dns/domain-servers.ts';
import type { ProvisioningDomain, PvdDns } from '../../../lib/pvd/provisioning-domain.ts';
import type { Carrier } from '../../../lib/via/carrier.ts';

const item = { origin: 'policy', element: 'policy', lifetime: null } as const;

function domain(interfaceId: string, addresses: readonly string[], dns: Partial<PvdDns> = {}): ProvisioningDomain {
  const servers = addresses.map((address) => ({ address, ...item }));
  return {
    interfaceIds: [interfaceId],
    dns: { servers, searchDomains: [], zones: [], ...dns },
  } as unknown as ProvisioningDomain;
}

const eth0 = { id: 'if:2.1', name: 'eth0' } as Carrier['interface'];
const over = (pvds: readonly ProvisioningDomain[], pvd?: ProvisioningDomain) => {
  const { servers, ...others } = serversOver({ pvds }, { interface: eth0, pvd });
  return { ...others, servers: servers.map(({ text }) => text) };
};

it('a domain has its own, in order; link-local ones get the zone of its link (DNS-07, DNS-18)', () => {
  const one = domain('if:2.1', ['fe80::1', '192.0.2.53', 'fe80::2%eth0', '192.0.2.53']);
  const other = domain('if:2.1', ['198.51.100.53']);
  expect(over([one, other], one)).toMatchObject({
    servers: ['fe80::1%eth0', '192.0.2.53', 'fe80::2%eth0'],
    onlyZones: undefined,
    refused: [],
  });
});

it('an interface has those of all its domains, and of no other', () => {
  const all = [
    domain('if:2.1', ['192.0.2.53']),
    domain('if:3.1', ['203.0.113.53']),
    domain('if:2.1', ['198.51.100.53']),
  ];
  expect(over(all).servers).toEqual(['192.0.2.53', '198.51.100.53']);
});

it('stubs of this host, servers of other links and what is no address are left out (F6, G3)', () => {
  const servers = [
    { address: '127.0.0.53', ...item },
    { address: '::1', ...item },
    { address: '192.0.2.53', interface: 'wlan0', ...item },
    { address: 'nonsense', ...item },
  ];
  const one = domain('if:2.1', [], { servers });
  expect(over([one], one)).toMatchObject({
    servers: [],
    refused: ['127.0.0.53', '::1', '192.0.2.53', 'nonsense'],
  });
});

it('servers that are not for everything are for their zones only (DNS-43)', () => {
  const limited = domain('if:2.1', ['192.0.2.53'], {
    forEverything: false,
    zones: ['corp.example'],
    searchDomains: ['lab.example'],
  });
  expect(over([limited], limited).onlyZones).toEqual(['corp.example', 'lab.example']);
  expect(over([limited, domain('if:2.1', ['198.51.100.53'])]).onlyZones).toBe(undefined);
});

it('what a network tells wrongly does not take the rest with it (SEC-25)', () => {
  const one = domain('if:2.1', ['0.0.0.0', 'ff02::1', '192.0.2.53'], {
    searchDomains: ['a..b', 'Corp.Example.', 'x y'],
  });
  expect(over([one], one)).toMatchObject({
    servers: ['192.0.2.53'],
    searchDomains: ['corp.example'],
    refused: ['0.0.0.0', 'ff02::1'],
  });
});

it('no more than sixteen are kept (SEC-17)', () => {
  const one = domain(
    'if:2.1',
    Array.from({ length: 40 }, (_, at) => `192.0.2.${at + 1}`),
  );
  expect(over([one], one).servers).toHaveLength(16);
});
