// SPDX-License-Identifier: MIT
// A host for tests of `via`: wired with one router and both families, wireless with a router of each family, a tunnel without
// router, an interface that is down, loopback.

import type { ProvisioningDomain, PvdAddress, PvdRouter } from '../../../lib/pvd/provisioning-domain.ts';
import type { Interface, Snapshot } from '../../../lib/snapshot/change.ts';
import { address as addressRecord, link } from '../pvd/records.ts';

export const wired = link('eth0', 3, { altNames: ['desk'], vpn: false });
export const wireless = link('wlan0', 4, { kind: 'wlan', generation: 2 });
export const tunnel = link('wg0', 5, { kind: 'wireguard', hardwareType: 'none', vpn: true });
export const dark = link('eth1', 6, { adminUp: false, running: false, vpn: false });
export const loopback = link('lo', 1, { hardwareType: 'loopback', flags: ['up', 'loopback', 'running'] });

let handles = 0;

function address(text: string, { name, index }: Interface, state: PvdAddress['state'] = 'preferred'): PvdAddress {
  return { ...addressRecord(text, { interface: name, index }).address, state, temporary: false, shared: false };
}

function router(text: string, { name }: Interface, fields: Partial<PvdRouter>): PvdRouter {
  return { address: text, interface: name, family: text.includes(':') ? 6 : 4, ...fields };
}

/** A domain of an interface, named after its first provider. */
export function domain(
  on: Interface,
  addresses: readonly (string | [text: string, state: PvdAddress['state']])[],
  {
    routers = [],
    ...fields
  }: Partial<Omit<ProvisioningDomain, 'routers'>> & {
    routers?: readonly [text: string, metric?: number, preference?: PvdRouter['preference']][];
  } = {},
): ProvisioningDomain {
  const providers = fields.providers ?? (routers.length > 0 ? routers.map(([text]) => text) : ['static']);
  return {
    handle: `pvd:${++handles}`,
    id: `${on.name}/${providers[0]}`,
    interfaces: [on.name],
    interfaceIds: [on.id],
    providers,
    explicit: false,
    elements: [],
    addresses: addresses.map((each) => (typeof each === 'string' ? address(each, on) : address(each[0], on, each[1]))),
    prefixes: [],
    routers: routers.map(([text, metric, preference]) => router(text, on, { metric, preference })),
    routes: [],
    advertisedRoutes: [],
    advertisedPrefixes: [],
    dns: { servers: [], searchDomains: [], zones: [] },
    nat64Prefixes: [],
    ntpServers: [],
    categories: [],
    trusted: false,
    origin: 'static',
    ...fields,
  };
}

export const wiredDomain = domain(wired, ['192.0.2.7/24', '2001:db8:1::7/64'], {
  routers: [
    ['fe80::1', 1024],
    ['192.0.2.1', 100],
  ],
});
export const wirelessDomain4 = domain(wireless, ['198.51.100.7/24'], { routers: [['198.51.100.1', 600]] });
export const wirelessDomain6 = domain(wireless, ['2001:db8:2::7/64', ['2001:db8:2::8/64', 'tentative']], {
  routers: [['fe80::2', 600, 'high']],
  metered: true,
  validated: true,
});
export const tunnelDomain = domain(tunnel, ['10.8.0.2/24']);
export const wirelessLinkLocal = domain(wireless, ['fe80::7/64'], { providers: ['link-local'], origin: 'link-local' });

export const snapshot = {
  interfaces: [loopback, tunnel, dark, wireless, wired],
  addresses: [wiredDomain, wirelessDomain4, wirelessDomain6, tunnelDomain, wirelessLinkLocal].flatMap(
    ({ addresses }) => addresses,
  ),
  pvds: [tunnelDomain, wirelessLinkLocal, wirelessDomain4, wirelessDomain6, wiredDomain],
} as unknown as Snapshot;
