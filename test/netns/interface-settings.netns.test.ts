// SPDX-License-Identifier: MIT
// What the kernel is set to do with an interface, which it tells with whatever else it tells of it.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Host, type InterfaceSettings, openHost } from '../../lib/index.ts';
import { Lab } from '../lab/lab.ts';
import { type Line, mifJson } from '../lab/mif-command.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const ipv4 = { forwarding: '1', rp_filter: '1', route_localnet: '1', ignore_routes_with_linkdown: '1' };
const ipv6 = {
  forwarding: '1',
  accept_ra: '2',
  accept_ra_rt_info_max_plen: '48',
  use_tempaddr: '2',
  optimistic_dad: '1',
  use_optimistic: '1',
  use_oif_addrs_only: '1',
  ignore_routes_with_linkdown: '1',
};
const afterwards: InterfaceSettings = {
  ipv4: { forwards: true, reversePathFilter: 'strict', routesLocalnet: true, ignoresRoutesWithLinkdown: true },
  ipv6: {
    isDisabled: false,
    forwards: true,
    acceptsAdvertisements: 2,
    longestAdvertisedRoute: 48,
    temporaryAddresses: 2,
    detectsOptimistically: true,
    usesOptimistic: true,
    usesOwnAddressesOnly: true,
    ignoresRoutesWithLinkdown: true,
  },
};

requires('root', 'ip')('settings of an interface', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.up('bare');
  });
  afterEach(() => lab?.[Symbol.asyncDispose]());

  const settingsOf = (host: Host, name: string) =>
    [...host.snapshot().interfaces].find((link) => link.name === name)?.settings;

  async function set(family: 4 | 6, values: Readonly<Record<string, string>>): Promise<void> {
    const words = Object.entries(values).map(([name, value]) => `net.ipv${family}.conf.v0.${name}=${value}`);
    await lab.exec('host', 'sysctl', '-qw', ...words);
  }

  it('mirror: settings follow with the next message of the interface, and are a change of it (B18)', async () => {
    await using host = await openHost({ netns: lab.netns('host') });
    const changed: [InterfaceSettings | undefined, InterfaceSettings | undefined][] = [];
    host.on('change', ({ changed: { interfaces } }) => {
      for (const { before, after } of interfaces ?? [])
        if (after.name === 'v0') changed.push([before.settings, after.settings]);
    });
    const fresh = settingsOf(host, 'v0');
    expect(fresh?.ipv4).toEqual({
      forwards: false,
      reversePathFilter: 'off',
      routesLocalnet: false,
      ignoresRoutesWithLinkdown: false,
    });
    expect(fresh?.ipv6).toMatchObject({ isDisabled: false, forwards: false, acceptsAdvertisements: 1 });
    await set(4, ipv4);
    await set(6, ipv6);
    await lab.ip('host', 'link set v0 txqueuelen 999');
    await until('the settings to be told', async () => changed.length > 0);
    expect(changed.at(0)?.[0]).toEqual(fresh);
    expect(changed.at(-1)?.[1]).toEqual(afterwards);
    expect(settingsOf(host, 'v0')).toEqual(afterwards);
    expect(settingsOf(host, 'v1')).toEqual(fresh);
    const { interfaces } = await mifJson(['ls', 'interfaces', '--netns', lab.netns('host')]);
    const [listed] = (interfaces as Line[]).filter(({ name }) => name === 'v0');
    expect(listed?.['settings']).toEqual(afterwards);
  });

  it('mirror: messages about a part of an interface leave its settings alone (B4, B5)', async () => {
    await set(4, ipv4);
    await set(6, ipv6);
    await lab.ip('host', 'link add br0 type bridge');
    await using host = await openHost({ netns: lab.netns('host') });
    expect(settingsOf(host, 'v0')).toEqual(afterwards);
    await lab.ip('host', 'link set v0 master br0');
    await lab.ip('host', 'token set ::5 dev v1');
    await lab.ip('host', 'link set v0 nomaster');
    await lab.ip('host', 'link set v1 mtu 1400');
    const isLast = async () => [...host.snapshot().interfaces].some(({ name, mtu }) => name === 'v1' && mtu === 1400);
    await until('the last change', isLast);
    expect(settingsOf(host, 'v0')).toEqual(afterwards);
    expect(settingsOf(host, 'v1')?.ipv4).toBeDefined();
  });

  it('mirror: a setting of IPv6 comes with a message about IPv6 alone (B5)', async () => {
    await using host = await openHost({ netns: lab.netns('host') });
    await set(6, { use_tempaddr: '2' });
    await lab.ip('host', 'token set ::5 dev v0');
    await until('it', async () => settingsOf(host, 'v0')?.ipv6?.temporaryAddresses === 2);
    expect(settingsOf(host, 'v0')?.ipv4?.forwards).toBe(false);
  });

  it('mirror: an interface whose MTU is too small for IPv6 has no settings of it, from its next message on (B18)', async () => {
    await using host = await openHost({ netns: lab.netns('host') });
    expect(settingsOf(host, 'v0')?.ipv6).toBeDefined();
    await lab.ip('host', 'link set v0 mtu 1000');
    await lab.ip('host', 'link set v0 txqueuelen 999');
    await until('them to go', async () => settingsOf(host, 'v0')?.ipv6 === undefined);
    expect(settingsOf(host, 'v0')?.ipv4?.forwards).toBe(false);
    await lab.ip('host', 'link set v0 mtu 1500');
    await lab.ip('host', 'link set v0 txqueuelen 1000');
    await until('them to come back', async () => settingsOf(host, 'v0')?.ipv6 !== undefined);
  });
});
