// SPDX-License-Identifier: MIT
// Names over one network on real kernels, with real name servers: each network gives its own answer, and no question leaves by
// another one, whatever fails.

import { readdirSync } from 'node:fs';
import http from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessOf, type Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { connect, createAgent, createLookup, openSession, type ResolveOptions, resolve } from '../../lib/mif/mif.ts';
import { pathOf } from '../../lib/socket/socket-path.ts';
import { type EchoServer, Lab } from '../lab/lab.ts';
import { mif, mifJson } from '../lab/mif-command.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const server4 = '198.51.100.80';
const server6 = '2001:db8:ffff::80';

requires(
  'root',
  'ip',
  'nsenter',
  'nft',
  'dnsmasq',
  'unbound',
)('names', () => {
  let lab: Lab;
  let host: Host;
  let server: EchoServer;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    server = await lab.echoServer('inet');
    // The one provider runs dnsmasq, the other unbound; what they say of a name differs.
    await lab.dnsmasq(
      'ra',
      [
        'bind-interfaces',
        'interface=lan',
        'local-ttl=60',
        'host-record=same.example.com,10.1.0.80,2001:db8:a:1::80',
        `host-record=server.example.com,${server4},${server6}`,
        'host-record=half.example.com,198.51.100.81,198.51.100.80',
        'host-record=only-a.example.com,10.1.0.81',
        'cname=www.example.com,same.example.com',
        'mx-host=example.com,mail.example.com,10',
        ...Array.from({ length: 12 }, (_, at) => `txt-record=many.example.com,${`${at}`.padEnd(240, 'x')}`),
        'host-record=desk.corp.example,10.1.0.90',
        'local=/example.com/',
        'local=/example/',
        'edns-packet-max=512',
      ].join('\n'),
    );
    const file = lab.write(
      'unbound.conf',
      [
        'server:',
        '  username: ""',
        '  chroot: ""',
        '  pidfile: ""',
        '  use-syslog: no',
        '  do-daemonize: no',
        '  num-threads: 1',
        '  interface: 10.2.0.1',
        '  interface: fe80::b:1%lan',
        '  access-control: 0.0.0.0/0 allow',
        '  access-control: ::/0 allow',
        '  module-config: "iterator"',
        '  local-zone: "example.com." static',
        '  local-data: "same.example.com. 60 IN A 10.2.0.80"',
        '  local-data: "same.example.com. 60 IN AAAA 2001:db8:b:1::80"',
        `  local-data: "server.example.com. 60 IN A ${server4}"`,
        '  local-zone: "refuse.example.com." always_refuse',
        '  local-zone: "drop.example.com." deny',
        'remote-control:',
        '  control-enable: no',
        '',
      ].join('\n'),
    );
    await lab.daemon('rb', 'unbound', ['-d', '-c', file], /start of service/);
    host = await openHost({ netns: lab.netns('host') });
    // Questions that leave, by interface.
    const rules = ['a0', 'b0', 'wwan0', 'lo'].map(
      (name) => `add rule inet q out oifname ${name} th dport 53 counter comment "${name}"`,
    );
    const ruleset = ['add table inet q', 'add chain inet q out { type filter hook output priority 0 ; }', ...rules];
    await lab.exec('host', 'nft', '-f', lab.write('questions.nft', `${ruleset.join('\n')}\n`));
  });
  afterAll(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const overA = { via: 'a0', servers: ['10.1.0.1'] } satisfies ResolveOptions;
  const overB = { via: 'b0', servers: ['10.2.0.1'] } satisfies ResolveOptions;
  const ask = (name: string, options: ResolveOptions) => resolve(name, { host, ...options });

  /** Interfaces by which questions left since the last look. */
  let counted: Record<string, number> = {};
  async function askedOver(): Promise<string[]> {
    const text = await lab.exec('host', 'nft', '-j', 'list', 'table', 'inet', 'q');
    const { nftables } = JSON.parse(text) as {
      nftables: { rule?: { comment: string; expr: { counter?: { packets: number } }[] } }[];
    };
    const before = counted;
    counted = {};
    for (const { rule } of nftables) {
      if (rule) counted[rule.comment] = rule.expr.find(({ counter }) => counter)?.counter?.packets ?? 0;
    }
    return Object.keys(counted).filter((name) => counted[name]! > (before[name] ?? 0));
  }
  const sockets = () => readdirSync('/proc/self/fd').length;
  afterEach(async () => void (await askedOver()));

  it('the same name has the answer of each network, asked over that network only (DNS-02, DNS-10, MIF-55)', async () => {
    await askedOver();
    const a = await ask('same.example.com', overA);
    expect([...a.addresses].sort()).toEqual(['10.1.0.80', '2001:db8:a:1::80']);
    expect(a).toMatchObject({ server: '10.1.0.1', origin: 'dns', path: { interface: 'a0' } });
    expect(await askedOver()).toEqual(['a0']);
    const b = await ask('same.example.com', overB);
    expect([...b.addresses].sort()).toEqual(['10.2.0.80', '2001:db8:b:1::80']);
    expect(b).toMatchObject({ server: '10.2.0.1', path: { interface: 'b0' } });
    expect(await askedOver()).toEqual(['b0']);
    // Both from their own caches (DNS-06).
    expect((await ask('same.example.com', overA)).addresses).toEqual(a.addresses);
    expect((await ask('same.example.com', overB)).addresses).toEqual(b.addresses);
    expect(await askedOver()).toEqual([]);
  });

  it('a domain is asked from its own address, and told with the answer (DNS-03, PVD-37)', async () => {
    const { pvds } = host.snapshot();
    const domain = pvds.find(({ interfaces }) => interfaces[0] === 'b0')!;
    const found = await ask('same.example.com', { via: domain.id, servers: ['10.2.0.1'] });
    expect(found).toMatchObject({ pvd: domain.id, path: { pvd: domain.id } });
  });

  it('a link-local server is asked with its zone (DNS-07)', async () => {
    const found = await ask('same.example.com', { via: 'b0', servers: ['fe80::b:1%b0'] });
    expect(found.server).toBe('fe80::b:1%b0');
    expect(await askedOver()).toEqual(['b0']);
  });

  it('aliases, other records, what is not there', async () => {
    const alias = await ask('www.example.com', overA);
    expect(alias).toMatchObject({
      name: 'same.example.com',
      records: [{ type: 'CNAME' }, { type: 'AAAA' }, { type: 'A' }],
    });
    const mail = await resolve('example.com', 'MX', { host, ...overA });
    expect(mail.records).toMatchObject([{ type: 'MX', data: { preference: 10, exchange: 'mail.example.com' } }]);
    expect(await ask('only-a.example.com', overA)).toMatchObject({ addresses: ['10.1.0.81'] });
    expect(await resolve('only-a.example.com', 'AAAA', { host, ...overA })).toMatchObject({
      addresses: [],
      records: [],
    });
    await expect(ask('nosuch.example.com', overA)).rejects.toMatchObject({
      code: 'ERR_MIF_DNS_RCODE',
      rcode: 'NXDOMAIN',
    });
  });

  it('what is too long for a datagram comes over a connection', async () => {
    const { records } = await resolve('many.example.com', 'TXT', { host, ...overA });
    expect(records).toHaveLength(12);
    expect(await askedOver()).toEqual(['a0']);
  });

  it('search domains are those of the request, and a dot at the end ends them (DNS-26)', async () => {
    const search = { ...overA, searchDomains: ['nosuch.example', 'corp.example'] };
    expect(await ask('desk', search)).toMatchObject({ name: 'desk.corp.example', addresses: ['10.1.0.90'] });
    await expect(ask('desk.', search)).rejects.toMatchObject({ rcode: expect.any(String) });
  });

  describe('in no failure a question leaves by another network (SEC-21, SEC-23)', () => {
    it.each([
      ['refused', 'refuse.example.com', {}, { code: 'ERR_MIF_DNS_RCODE', rcode: 'REFUSED' }],
      ['dropped', 'drop.example.com', { timeout: 800 }, { code: 'ERR_MIF_DNS_TIMEOUT' }],
      ['no such name', 'nosuch.example.com', {}, { rcode: 'NXDOMAIN' }],
      [
        'no server there',
        'same.example.com',
        { servers: ['10.2.0.77'], timeout: 500 },
        { code: 'ERR_MIF_DNS_TIMEOUT' },
      ],
      ['nobody listens', 'same.example.com', { servers: ['10.2.0.1:54'] }, { code: 'ERR_MIF_DNS_TIMEOUT' }],
      ["the system's stub (G3)", 'same.example.com', { servers: ['127.0.0.53'] }, { code: 'ERR_MIF_DNS_NO_SERVERS' }],
      ["another link's server", 'same.example.com', { servers: ['fe80::a:1%a0'] }, { code: 'ERR_MIF_DNS_NO_SERVERS' }],
    ])('%s', async (_, name, options, failure) => {
      await askedOver();
      const open = sockets();
      await expect(ask(name, { ...overB, ...options })).rejects.toMatchObject(failure);
      expect((await askedOver()).filter((link) => link !== 'b0')).toEqual([]);
      await expect.poll(sockets).toBeLessThanOrEqual(open);
    });

    it('a network that has no name server says so, and asks nobody (MIF-55)', async () => {
      await askedOver();
      const failure = { code: 'ERR_MIF_DNS_NO_SERVERS', interface: 'wwan0' };
      await expect(ask('same.example.com', { via: 'wwan0' })).rejects.toMatchObject(failure);
      expect(await askedOver()).toEqual([]);
    });

    it('a network that ends while it is asked', async () => {
      await lab.ip('host', 'link add gone0 type veth peer name gone1');
      await lab.ip('host', 'addr add 10.77.0.1/24 dev gone0');
      await lab.ip('host', 'link set gone0 up');
      await lab.ip('host', 'link set gone1 up');
      await expect
        .poll(() => [...host.snapshot().interfaces].some(({ name, running }) => name === 'gone0' && running))
        .toBe(true);
      await askedOver();
      const question = ask('same.example.com', { via: 'gone0', servers: ['10.77.0.53'] });
      const failed = expect(question).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_MIF_/) });
      setTimeout(() => void lab.ip('host', 'link del gone0'), 200);
      await failed;
      expect(await askedOver()).toEqual([]);
    });

    it('given up, it leaves no socket', async () => {
      const open = sockets();
      const signal = AbortSignal.timeout(150);
      await expect(ask('drop.example.com', { ...overB, signal })).rejects.toThrow('timeout');
      await expect.poll(sockets).toBeLessThanOrEqual(open);
    });
  });

  describe('with the servers that routers advertise (DNS-07, DNS-11)', () => {
    beforeAll(async () => {
      for (const [router, server] of [
        ['ra', 'fe80::a:1'],
        ['rb', 'fe80::b:1'],
      ] as const) {
        const options = `AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; RDNSS ${server} { };`;
        await lab.radvd(router, `interface lan { ${options} };`);
      }
      await accessOf(host).openSources();
      const serversOf = (name: string) =>
        host.snapshot().pvds.flatMap(({ interfaces, dns }) => (interfaces[0] === name ? dns.servers : []));
      await until('both routers to tell their servers', () => serversOf('a0').length > 0 && serversOf('b0').length > 0);
      await askedOver();
    });

    it('resolve: each network by its own', async () => {
      const [a, b] = await Promise.all([
        ask('same.example.com', { via: 'a0' }),
        ask('same.example.com', { via: 'b0' }),
      ]);
      expect([a.server, b.server]).toEqual(['fe80::a:1%a0', 'fe80::b:1%b0']);
      expect([...a.addresses].sort()).toEqual(['10.1.0.80', '2001:db8:a:1::80']);
      expect([...b.addresses].sort()).toEqual(['10.2.0.80', '2001:db8:b:1::80']);
    });

    it('resolve: without via the domain with the best default route', async () => {
      expect((await ask('same.example.com', {})).path.interface).toBe('a0');
    });

    it('connect: names, over the network that was asked, an address after the other (DNS-03)', async () => {
      for (const [via, families] of [
        ['a0', ['IPv4', 'IPv6']],
        ['b0', ['IPv4']],
      ] as const) {
        const socket = await connect(`server.example.com:${server.port}`, { host, via });
        expect(pathOf(socket)).toMatchObject({ interface: via });
        expect(families).toContain(socket.remoteFamily);
        socket.destroy();
      }
      // Its first address does not answer.
      const socket = await connect({ host: 'half.example.com', port: server.port }, { host, via: 'a0' });
      expect(socket.remoteAddress).toBe(server4);
      socket.destroy();
      expect((await askedOver()).sort()).toEqual(['a0', 'b0']);
      await expect(connect(`nosuch.example.com:80`, { host, via: 'b0' })).rejects.toMatchObject({ rcode: 'NXDOMAIN' });
      await expect(connect(`same.example.com:80`, { host, via: 'wwan0' })).rejects.toMatchObject({
        code: 'ERR_MIF_DNS_NO_SERVERS',
      });
      expect(await askedOver()).toEqual(['b0']);
    });

    it('a session translates names in each domain, and says at once where nobody can be asked (MIF-49, MIF-50, MIF-55)', async () => {
      const session = await openSession({ host });
      const { pvds } = host.snapshot();
      const domainOn = (name: string) =>
        pvds.find(({ interfaces, dns }) => interfaces[0] === name && (name === 'wwan0' || dns.servers.length > 0))!
          .handle;
      const name = 'same.example.com';
      session.post({ type: 'translate-name', pvd: domainOn('a0'), name, translationId: 'a' });
      session.post({ type: 'translate-name', pvd: domainOn('b0'), name, translationId: 'b' });
      session.post({ type: 'translate-name', pvd: domainOn('wwan0'), name, translationId: 'w' });
      session.post({
        type: 'translate-name',
        pvd: domainOn('b0'),
        name: '192.0.2.7',
        translationId: 'l',
        families: [4],
      });
      session.post({ type: 'translate-name', pvd: domainOn('b0'), name: 'a..b', translationId: 'x' });
      const told: Record<string, string[]> = { a: [], b: [], w: [], l: [], x: [] };
      const started = performance.now();
      for (let ends = 0; ends < 5; ) {
        const message = session.get();
        if (message?.type === 'name-translation') told[message.translationId]!.push(message.address);
        else if (message?.type === 'translation-done') {
          told[message.translationId]!.push(message.status);
          ends++;
        } else await new Promise((resolve) => setTimeout(resolve, 5));
        expect(performance.now() - started).toBeLessThan(1_000);
      }
      await session.close();
      for (const results of Object.values(told)) results.sort();
      expect(told).toEqual({
        a: ['10.1.0.80', '2001:db8:a:1::80', 'complete'],
        b: ['10.2.0.80', '2001:db8:b:1::80', 'complete'],
        w: ['no-data'],
        l: ['192.0.2.7', 'complete'],
        x: ['bad-name'],
      });
    });

    it('createLookup: the form and the errors of dns.lookup', async () => {
      const look = (via: string, name: string, options: object = { all: true }) =>
        new Promise((resolve, reject) =>
          createLookup({ host, via })(name, options, (error, address, family) =>
            error ? reject(error) : resolve(family === undefined ? address : [address, family]),
          ),
        );
      expect(await look('b0', 'same.example.com', { family: 4 })).toEqual(['10.2.0.80', 4]);
      expect(await look('a0', 'same.example.com', { family: 'IPv6' })).toEqual(['2001:db8:a:1::80', 6]);
      expect(await look('a0', 'same.example.com')).toHaveLength(2);
      await expect(look('a0', 'nosuch.example.com')).rejects.toMatchObject({
        code: 'ENOTFOUND',
        syscall: 'getaddrinfo',
      });
      await expect(look('a0', 'only-a.example.com', { family: 6 })).rejects.toMatchObject({ code: 'ENOTFOUND' });
      await expect(look('b0', 'refuse.example.com')).rejects.toMatchObject({
        code: 'EAI_AGAIN',
        mif: { code: 'ERR_MIF_DNS_RCODE' },
      });
      await expect(look('wwan0', 'same.example.com')).rejects.toMatchObject({ code: 'ERR_MIF_DNS_NO_SERVERS' });
    });

    it('adapters ask the network that they connect over (DNS-02, SEC-23)', async () => {
      const web = await lab.webServer('inet');
      for (const via of ['a0', 'b0']) {
        await askedOver();
        const agents = createAgent({ host, via });
        const { status, remote } = await new Promise<{ status?: number; remote?: string }>((done, failed) => {
          http
            .get({ host: 'server.example.com', port: web.http, agent: agents.http }, (response) => {
              done({ status: response.statusCode!, remote: response.socket.remoteAddress! });
              response.resume();
            })
            .on('error', failed);
        });
        expect(status).toBe(200);
        expect([server4, server6]).toContain(remote);
        expect((await askedOver()).filter((link) => link !== via)).toEqual([]);
        agents.http.destroy();
      }
    });
  });

  it('servers and search domains that the program tells of a domain are used in that domain (DNS-16, DNS-26)', async () => {
    await using own = await openHost({ netns: lab.netns('host') });
    const via = 'b0/fe80::b:1';
    own.tell({ interface: 'b0', extends: via, resolvers: ['10.2.0.1'], searchDomains: ['example.com'] });
    expect(await resolve('same', { host: own, via })).toMatchObject({
      name: 'same.example.com',
      server: '10.2.0.1',
      pvd: via,
    });
    // One that has nobody to ask makes way for the next of a list.
    expect((await resolve('same', { host: own, via: ['wwan0', via] })).pvd).toBe(via);
  });

  it('mif resolve: addresses, records, and what became of it as exit code', async () => {
    const netns = ['--netns', lab.netns('host')];
    const run = (...words: string[]) => mif(['resolve', ...netns, ...words]);
    const b = ['--via', 'b0', '--server', '10.2.0.1'];
    const { code, stdout } = await run('same.example.com', ...b);
    expect([code, stdout.split('\n').slice(0, 2).sort()]).toEqual([0, ['10.2.0.80', '2001:db8:b:1::80']]);
    expect(stdout).toContain('said 10.2.0.1, over b0');
    expect(await mifJson(['resolve', ...netns, 'same.example.com', 'a', ...b])).toMatchObject({
      addresses: ['10.2.0.80'],
      records: [{ name: 'same.example.com', type: 'A', data: '10.2.0.80' }],
      server: '10.2.0.1',
      path: { interface: 'b0' },
    });
    expect((await run('example.com', 'MX', '--via', 'a0', '--server', '10.1.0.1')).stdout).toMatch(
      /^example.com \d+ MX /,
    );
    expect((await run('nosuch.example.com', ...b)).code).toBe(1);
    expect((await run('same.example.com', '--via', 'wwan0')).code).toBe(3);
    expect((await run('same.example.com', 'MX', ...b)).code).toBe(3);
    expect((await run('same.example.com', 'NOSUCH', ...b)).code).toBe(2);
    expect((await run()).code).toBe(2);
  });

  it('literals and names of this host need nobody (DNS-25)', async () => {
    await askedOver();
    expect(await ask('192.0.2.1', overA)).toMatchObject({ addresses: ['192.0.2.1'], origin: 'literal', server: null });
    expect(await ask('2001:DB8::1', { via: 'wwan0' })).toMatchObject({ addresses: ['2001:db8::1'] });
    expect(await ask('foo.localhost', overA)).toMatchObject({ addresses: ['::1', '127.0.0.1'], origin: 'localhost' });
    await expect(ask('x.onion', overA)).rejects.toMatchObject({ rcode: 'NXDOMAIN' });
    await expect(ask('printer.local', overA)).rejects.toMatchObject({ code: 'ERR_MIF_UNSUPPORTED' });
    expect(await askedOver()).toEqual([]);
  });

  it.each([
    ['an unknown option', 'x.example', { nosuch: 1 }],
    ['a server that is no address', 'x.example', { servers: ['ns.example.com'] }],
    ['a name that is none', 'a..b', {}],
  ])('refuses %s (SEC-25)', async (_, name, options) => {
    await expect(ask(name, { ...overA, ...options })).rejects.toMatchObject({ code: 'ERR_MIF_INVALID_ARG' });
  });
});
