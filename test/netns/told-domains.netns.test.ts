// SPDX-License-Identifier: MIT
// A host that was opened by a process with files of its own: what its DHCP client and its administrator say is in its domains, and
// goes when they take it back.

import { afterEach, expect, it } from 'vitest';
import { openHost } from '../../lib/index.ts';
import { Lab } from '../lab/lab.ts';
import { PrivateRoot } from '../lab/private-root.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

let lab: Lab;
afterEach(() => lab[Symbol.asyncDispose]());

const files = ['-pf', '/run/dhclient.pid', '-lf', '/var/lib/dhcp/dhclient.eth0.leases'];

requires(
  'root',
  'ip',
  'nsenter',
  'dnsmasq',
  'unpacked dhclient',
)('told domains', () => {
  it('told domains: a lease and a policy are in the domain of their interface, until they are taken back (PVD-16, PVD-17, PVD-86)', async () => {
    lab = await Lab.up('single');
    const root = await PrivateRoot.of(lab, 'host', ['dhclient']);
    await lab.dnsmasq(
      'ra',
      `interface=lan
       bind-interfaces
       dhcp-authoritative
       no-ping
       dhcp-range=10.1.0.50,10.1.0.99,255.255.255.0,120s
       dhcp-option=option:router,10.1.0.1
       dhcp-option=option:dns-server,10.1.0.53
       dhcp-option=option:domain-search,a.example`,
    );
    await using host = await openHost({ netns: root.pid });
    const domain = () => host.snapshot().pvds.find(({ id }) => id === 'eth0/10.1.0.1');
    await root.exec('dhclient', '-4', '-1', ...files, 'eth0');
    const found = await until('the resolver', () => (domain()?.dns.servers.length ? domain() : undefined));
    expect(found).toMatchObject({
      dns: { servers: [{ address: '10.1.0.53', origin: 'dhclient' }], searchDomains: ['a.example'] },
      categories: [],
    });
    const { handle } = found;

    const policy = { version: 1, domains: [{ match: { interface: 'eth*' }, categories: ['internet'], trusted: true }] };
    root.write('/etc/node-mif/policy.json', JSON.stringify(policy));
    await until('the policy', () => domain()?.categories.includes('internet'));
    expect(domain()).toMatchObject({ handle, categories: ['internet'], trusted: true });
    await root.shell('rm /etc/node-mif/policy.json');
    await until('no policy', () => domain()?.categories.length === 0);
    expect(domain()).toMatchObject({ handle, trusted: false });

    await root.exec('dhclient', '-4', '-r', ...files, 'eth0');
    await until('the domain to be gone', () => domain() === undefined);
    expect(JSON.stringify(host.snapshot().pvds)).not.toContain('10.1.0.53');
  });
});
