// SPDX-License-Identifier: MIT
// Real clients of DHCP against a real server: what each keeps is read as it writes it, through leases, renewals with other
// options, and releases. Each client has a file system of its own, which the sources read from outside.

import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { LeaseRecord, PvdRecord } from '../../lib/pvd/record.ts';
import type { RecordSource } from '../../lib/pvd/source.ts';
import { openLeaseSources } from '../../lib/source/lease/open.ts';
import type { Daemon } from '../lab/daemon.ts';
import { Lab } from '../lab/lab.ts';
import { PrivateRoot } from '../lab/private-root.ts';
import { networkd, requires } from '../lab/requirements.ts';
import { ToldInterfaces } from '../lab/told-interfaces.ts';
import type { UnpackedDaemon } from '../lab/unpacked.ts';
import { until } from '../lab/until.ts';

let lab: Lab;
let root: PrivateRoot;
let source: RecordSource;
let context: ToldInterfaces;
let server: Daemon | undefined;

afterEach(async () => {
  source.close();
  server = undefined;
  await lab[Symbol.asyncDispose]();
});

const id = 'if:11.1';

/** The options of a server, of which a test changes some. */
function options({ resolvers = '10.1.0.53,10.1.0.54', routes = true, portal = true } = {}): string {
  const classless = '172.16.0.0/12,10.1.0.254,192.0.2.128/25,0.0.0.0,0.0.0.0/0,10.1.0.1';
  return `
    interface=lan
    bind-interfaces
    dhcp-authoritative
    no-ping
    dhcp-range=10.1.0.50,10.1.0.99,255.255.255.0,120s
    dhcp-option=option:router,10.1.0.1
    dhcp-option=option:dns-server,${resolvers}
    dhcp-option=option:domain-name,isp-a.example
    dhcp-option=option:domain-search,isp-a.example,corp.isp-a.example
    dhcp-option=option:mtu,1480
    dhcp-option=option:ntp-server,10.1.0.123
    ${routes ? `dhcp-option=option:classless-static-route,${classless}` : ''}
    ${portal ? 'dhcp-option-force=114,"https://portal.isp-a.example/api"' : ''}
    enable-ra
    ra-param=lan,high,4,600
    dhcp-range=2001:db8:a:1::1000,2001:db8:a:1::1fff,slaac,64,300s
    dhcp-option=option6:dns-server,[2001:db8:a:1::53]
    dhcp-option=option6:domain-search,v6.isp-a.example`;
}

/** What every client says of the DHCPv4 lease of that server. */
const told = {
  type: 'lease',
  family: 4,
  interfaceId: id,
  server: '10.1.0.1',
  routers: [],
  routes: [
    { prefix: '172.16.0.0/12', via: '10.1.0.254' },
    { prefix: '192.0.2.128/25' },
    { prefix: '0.0.0.0/0', via: '10.1.0.1' },
  ],
  resolvers: ['10.1.0.53', '10.1.0.54'],
  searchDomains: ['isp-a.example', 'corp.isp-a.example'],
};

async function serve(configuration = options()): Promise<void> {
  await server?.stop();
  server = await lab.dnsmasq('ra', configuration);
}

async function open(origin: string, daemons: readonly UnpackedDaemon[]): Promise<void> {
  lab = await Lab.up('single');
  root = await PrivateRoot.of(lab, 'host', daemons);
  context = new ToldInterfaces({ 1: 'lo', 11: 'eth0' });
  await serve();
  [source] = openLeaseSources({ kind: 'file-system', path: root.path }, context, (found) => found === origin) as [
    RecordSource,
  ];
  await source.ready;
  expect(source.records(id)).toEqual([]);
}

const lease = (family: 4 | 6 = 4) =>
  source.records(id).find((record): record is LeaseRecord => record.type === 'lease' && record.family === family);

/** The lease, once it is one that the test waits for. */
const leaseWith = (what: string, is: (lease: LeaseRecord) => boolean, family: 4 | 6 = 4) =>
  until(
    () => `${what}; state: ${JSON.stringify(source.state)}, records: ${JSON.stringify(source.records(id))}`,
    () => {
      const found = lease(family);
      return found !== undefined && is(found) ? found : undefined;
    },
    20_000,
  );

const anyLease = (family: 4 | 6 = 4) => leaseWith('a lease', () => true, family);

const noLease = (family: 4 | 6 = 4) => until('the lease to be gone', () => lease(family) === undefined, 20_000);

const secondsLeft = ({ until: end }: LeaseRecord) => (end! - context.now()) / 1000;

const dhclient = [
  'dhclient',
  '-4',
  '-1',
  '-pf',
  '/run/dhclient.pid',
  '-lf',
  '/var/lib/dhcp/dhclient.eth0.leases',
] as const;
const dhclient6 = [
  'dhclient',
  '-6',
  '-1',
  '-pf',
  '/run/dhclient6.pid',
  '-lf',
  '/var/lib/dhcp/dhclient6.eth0.leases',
] as const;

requires(
  'root',
  'ip',
  'nsenter',
  'dnsmasq',
  'unpacked dhclient',
)('leases, dhclient', () => {
  it('leases: dhclient: a lease is told with its options, then with other ones, then not at all (PVD-86, ROUTE-03, ROUTE-04)', async () => {
    await open('dhclient', ['dhclient']);
    expect(source.state).toMatchObject({ state: 'absent', why: expect.stringContaining('told nothing') });
    await root.exec(...dhclient, 'eth0');
    const first = await anyLease();
    expect(source.state).toEqual({ state: 'working' });
    expect(first).toMatchObject({ ...told, origin: 'dhclient', mtu: 1480, ntpServers: ['10.1.0.123'] });
    expect(first.addresses).toHaveLength(1);
    expect(secondsLeft(first)).toBeGreaterThan(100);
    expect(secondsLeft(first)).toBeLessThan(121);
    expect([...source.takeChanged()]).toEqual([id]);

    await serve(options({ resolvers: '10.1.0.99', routes: false }));
    await root.exec('dhclient', '-4', '-x', '-pf', '/run/dhclient.pid', 'eth0');
    await root.exec(...dhclient, 'eth0');
    const second = await leaseWith('the new resolver', ({ resolvers }) => resolvers[0] === '10.1.0.99');
    expect(second).toMatchObject({ resolvers: ['10.1.0.99'], routers: ['10.1.0.1'], routes: [] });

    await root.exec(
      'dhclient',
      '-4',
      '-r',
      '-pf',
      '/run/dhclient.pid',
      '-lf',
      '/var/lib/dhcp/dhclient.eth0.leases',
      'eth0',
    );
    await noLease();
    expect([...source.takeChanged()]).toEqual([id]);
  });

  it('leases: dhclient: the other grammar, of DHCPv6, and its release (PVD-86)', async () => {
    await open('dhclient', ['dhclient']);
    await root.exec(...dhclient6, 'eth0');
    const found = await anyLease(6);
    expect(found).toMatchObject({ resolvers: ['2001:db8:a:1::53'], searchDomains: ['v6.isp-a.example'] });
    expect(found.addresses[0]).toMatch(/^2001:db8:a:1::1/);
    expect(found.server).toMatch(/^0001[0-9a-f]{24}$/);
    expect(secondsLeft(found)).toBeGreaterThan(250);
    await root.exec(
      'dhclient',
      '-6',
      '-r',
      '-pf',
      '/run/dhclient6.pid',
      '-lf',
      '/var/lib/dhcp/dhclient6.eth0.leases',
      'eth0',
    );
    await noLease(6);
  });
});

requires(
  'root',
  'ip',
  'nsenter',
  'dnsmasq',
  'unpacked dhcpcd',
)('leases, dhcpcd', () => {
  it('leases: dhcpcd: leases of both families, a change, a release, without disturbing it (PVD-86, ROUTE-03, ROUTE-04)', async () => {
    await open('dhcpcd', ['dhcpcd']);
    await root.shell('echo noarp >> /etc/dhcpcd.conf; echo "option ntp_servers" >> /etc/dhcpcd.conf');
    const client = await root.daemon('dhcpcd', ['-B', 'eth0']);
    const first = await anyLease();
    expect(first).toMatchObject({ ...told, origin: 'dhcpcd', mtu: 1480, ntpServers: ['10.1.0.123'] });
    expect(secondsLeft(first)).toBeGreaterThan(100);
    expect(secondsLeft(first)).toBeLessThan(121);
    expect(source.state).toEqual({ state: 'working' });
    const six = await anyLease(6);
    expect(six).toMatchObject({ resolvers: ['2001:db8:a:1::53'], searchDomains: ['v6.isp-a.example'] });
    expect(secondsLeft(six)).toBeGreaterThan(250);
    // What the router told is not of DHCP, and is told as resolvers only.
    const ra = await until('the resolvers of the router', () => source.records(id).find(({ key }) => key === 'ra'));
    expect(ra).toMatchObject({ type: 'resolver', resolvers: ['2001:db8:a:1::53'] });

    await serve(options({ resolvers: '10.1.0.99' }));
    await root.exec('dhcpcd', '-N', 'eth0');
    await leaseWith('the new resolver', ({ resolvers }) => resolvers[0] === '10.1.0.99');
    // Whoever asks its socket during a renewal ends it; looking on must not.
    for (let round = 0; round < 5; round++) {
      const before = lease()!.until!;
      // It passes over a request that comes too soon after the last one.
      await until('a renewal', async () => {
        await root.exec('dhcpcd', '-N', 'eth0');
        await delay(300);
        return lease()!.until! > before;
      });
    }
    expect(client.hasEnded).toBe(false);

    await root.exec('dhcpcd', '-k', 'eth0');
    await noLease();
    await client.stop();
    await until('nothing', () => source.records(id).length === 0 && source.state.state === 'absent');
  });
});

requires(
  'root',
  'ip',
  'nsenter',
  'dnsmasq',
  'systemd-networkd',
)('leases, networkd', () => {
  it('leases: networkd: a lease and the resolvers of the link, a restart, a change, the end of the link (PVD-86, DNS-11)', async () => {
    await open('networkd', []);
    expect(source.state).toMatchObject({ state: 'absent', why: expect.stringContaining('systemd-networkd') });
    const network = (domains: string) =>
      root.write(
        '/etc/systemd/network/10-eth0.network',
        `[Match]\nName=eth0\n[Network]\nDHCP=yes\nDomains=${domains}\nDNSDefaultRoute=yes\n[DHCPv4]\nUseDomains=yes\nUseMTU=yes\n`,
      );
    network('~corp.example');
    const folders =
      'rm -rf /run/systemd/netif; cd /run; mkdir -p systemd/netif/links systemd/netif/leases systemd/netif/lldp';
    const start = async () => {
      await root.shell(`${folders}; chown -R systemd-network: systemd/netif`);
      return root.daemon(networkd, []);
    };
    let daemon = await start();
    const first = await anyLease();
    expect(first).toMatchObject({ ...told, origin: 'networkd', mtu: 1480, ntpServers: ['10.1.0.123'] });
    expect(secondsLeft(first)).toBeGreaterThan(100);
    expect(secondsLeft(first)).toBeLessThan(121);
    const link = (): PvdRecord | undefined => source.records(id).find(({ type }) => type === 'resolver');
    await until('the resolvers of both families', () => JSON.stringify(link()).includes('2001:db8:a:1::53'));
    expect(link()).toMatchObject({
      resolvers: ['10.1.0.53', '10.1.0.54', '2001:db8:a:1::53'],
      routingDomains: ['corp.example'],
      forEverything: true,
    });
    expect(source.state).toEqual({ state: 'working' });

    // Its service removes the folder and makes it again.
    await daemon.stop();
    await serve(options({ resolvers: '10.1.0.99', routes: false }));
    daemon = await start();
    const second = await leaseWith('the new resolver', ({ resolvers }) => resolvers[0] === '10.1.0.99');
    expect(second).toMatchObject({ routers: ['10.1.0.1'], routes: [] });

    await daemon.stop();
    await root.shell('rm -rf /run/systemd/netif');
    await until('nothing', () => source.records(id).length === 0 && source.state.state === 'absent');
  });
});

requires(
  'root',
  'ip',
  'nsenter',
  'dnsmasq',
  'dbus-daemon',
  'unpacked network-manager',
)('leases, NetworkManager', () => {
  it('leases: NetworkManager: leases of both families, a change, a disconnection (PVD-86, ROUTE-03, ROUTE-04)', async () => {
    await open('network-manager', ['network-manager']);
    const main = '[main]\nplugins=keyfile\ndhcp=internal\nrc-manager=file\nauth-polkit=false\nno-auto-default=*\n';
    root.write('/etc/NetworkManager/NetworkManager.conf', `${main}[keyfile]\nunmanaged-devices=none\n`);
    const connection =
      '[connection]\nid=eth0\ntype=ethernet\ninterface-name=eth0\n[ipv4]\nmethod=auto\n[ipv6]\nmethod=auto\n';
    root.write('/etc/NetworkManager/system-connections/eth0.nmconnection', connection, 0o600);
    await root.daemon('dbus-daemon', ['--system', '--nofork', '--nopidfile']);
    await until('the bus', () =>
      root.shell('test -S /run/dbus/system_bus_socket').then(
        () => true,
        () => undefined,
      ),
    );
    await root.daemon('NetworkManager', ['--no-daemon']);
    const first = await anyLease();
    expect(first).toMatchObject({ ...told, origin: 'network-manager', mtu: 1480, ntpServers: ['10.1.0.123'] });
    expect(secondsLeft(first)).toBeGreaterThan(100);
    expect(secondsLeft(first)).toBeLessThan(121);
    expect(await anyLease(6)).toMatchObject({ resolvers: ['2001:db8:a:1::53'], searchDomains: ['v6.isp-a.example'] });
    expect(source.state).toMatchObject({ state: 'limited', why: expect.stringContaining('D-Bus') });

    await serve(options({ resolvers: '10.1.0.99', routes: false }));
    await root.exec('nmcli', 'connection', 'up', 'eth0');
    const second = await leaseWith('the new resolver', ({ resolvers }) => resolvers[0] === '10.1.0.99');
    expect(second).toMatchObject({ routers: ['10.1.0.1'], routes: [] });

    await root.exec('nmcli', 'device', 'disconnect', 'eth0');
    await noLease();
    await noLease(6);
  });
});

requires(
  'root',
  'ip',
  'nsenter',
  'dnsmasq',
  'unpacked udhcpc',
)('leases, udhcpc', () => {
  it('leases: udhcpc: with the hook of this package, a lease with its portal, and a release (PVD-86, ROUTE-03, ROUTE-04)', async () => {
    await open('udhcpc', ['udhcpc']);
    const hook = '/usr/local/bin/udhcpc-hook.sh';
    root.write(hook, readFileSync(new URL('../../share/udhcpc-hook.sh', import.meta.url), 'utf8'), 0o755);
    const wanted = ['search', 'staticroutes', 'mtu', 'ntpsrv', '114'].flatMap((option) => ['-O', option]);
    await root.daemon('busybox', ['udhcpc', '-i', 'eth0', '-f', '-R', '-s', hook, ...wanted]);
    const portal = { captivePortal: 'https://portal.isp-a.example/api' };
    expect(await anyLease()).toMatchObject({
      ...told,
      ...portal,
      origin: 'udhcpc',
      mtu: 1480,
      ntpServers: ['10.1.0.123'],
    });
    expect(secondsLeft(lease()!)).toBeGreaterThan(100);
    // What a server says is a value, whatever it looks like, and no name is a path.
    await root.exec(
      'env',
      'interface=eth0',
      'ip=10.1.0.7',
      'dns=10.1.0.1\nip=10.6.6.6',
      'domain=$(touch /tmp/evil)',
      hook,
      'renew',
    );
    await root.exec('env', 'interface=../../../tmp/evil', 'ip=10.1.0.8', hook, 'bound');
    expect(await leaseWith('the other address', ({ addresses }) => addresses[0] === '10.1.0.7')).toMatchObject({
      addresses: ['10.1.0.7'],
      searchDomains: [],
    });
    expect(await root.shell('ls /tmp /run/node-mif/udhcpc')).toBe('/run/node-mif/udhcpc:\neth0\n\n/tmp:\n');

    // Gives the lease back and stays.
    await root.shell('kill -USR2 $(pidof busybox)');
    await noLease();
  });
});
