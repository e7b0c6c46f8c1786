// SPDX-License-Identifier: MIT
// Real keepers of resolver configuration, each in a file system of its own: openresolv, systemd-resolved, and the plain file.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import type { PvdRecord } from '../../lib/pvd/record.ts';
import type { RecordSource } from '../../lib/pvd/source.ts';
import { openResolverSources } from '../../lib/source/resolver/open.ts';
import type { SourceRoot } from '../../lib/source/root.ts';
import { Lab } from '../lab/lab.ts';
import { PrivateRoot } from '../lab/private-root.ts';
import { requires } from '../lab/requirements.ts';
import { ToldInterfaces } from '../lab/told-interfaces.ts';
import type { UnpackedDaemon } from '../lab/unpacked.ts';
import { until } from '../lab/until.ts';

let lab: Lab | undefined;
let root: PrivateRoot;
let context: ToldInterfaces;
let sources: RecordSource[] = [];

afterEach(async () => {
  for (const source of sources) source.close();
  sources = [];
  await lab?.[Symbol.asyncDispose]();
  lab = undefined;
});

const id = 'if:11.1';

async function open(at: SourceRoot): Promise<void> {
  context = new ToldInterfaces({ 1: 'lo', 11: 'eth0' });
  sources = openResolverSources(at, context);
  await Promise.all(sources.map(({ ready }) => ready));
}

async function openNode(daemons: readonly UnpackedDaemon[]): Promise<void> {
  lab = await Lab.up('single');
  root = await PrivateRoot.of(lab, 'host', daemons);
  await open({ kind: 'file-system', path: root.path });
}

const source = (origin: string) => sources.find((found) => found.origin === origin)!;

const records = (origin: string, of: string | undefined) => source(origin).records(of);

const ofLink = (origin: string) => records(origin, id);

const becomes = (origin: string, of: string | undefined, is: (records: readonly PvdRecord[]) => boolean) =>
  until(
    () =>
      `records of ${origin}, not ${JSON.stringify(records(origin, of))} with ${JSON.stringify(source(origin).state)}`,
    () => is(records(origin, of)),
  );

requires(
  'root',
  'ip',
  'nsenter',
  'unpacked openresolv',
)('resolvers, openresolv', () => {
  it('resolvers: openresolv: what each program told of an interface, each on its own link (DNS-07, DNS-11)', async () => {
    await openNode(['openresolv']);
    expect(source('resolvconf').state).toMatchObject({ state: 'absent', why: expect.stringContaining('resolvconf') });
    const add = (name: string, lines: string) => root.shell(`printf '${lines}' | resolvconf -a ${name}`);
    await add('eth0.dhcp', 'nameserver 10.1.0.53\\nsearch a.example\\n');
    await add('eth0.ra', 'nameserver fe80::1%%eth0\\nnameserver fe80::2%%eth1\\n');
    await add('lo.dnsmasq', 'nameserver 127.0.0.1\\n');
    await add('other0.dhcp', 'nameserver 10.9.0.53\\n');
    await becomes('resolvconf', id, ({ length }) => length === 2);
    expect(ofLink('resolvconf')).toMatchObject([
      { key: 'dhcp', resolvers: ['10.1.0.53'], searchDomains: ['a.example'], interfaceId: id },
      { key: 'ra', resolvers: ['fe80::1'], searchDomains: [] },
    ]);
    expect(source('resolvconf').state).toEqual({ state: 'working' });
    // The other interface comes later than what was told of it.
    context.set(12, 'other0');
    source('resolvconf').followInterfaces();
    expect(records('resolvconf', 'if:12.1')).toMatchObject([{ resolvers: ['10.9.0.53'] }]);

    await root.shell('resolvconf -d eth0.dhcp');
    await becomes('resolvconf', id, ({ length }) => length === 1);
    expect(new Set(source('resolvconf').takeChanged())).toEqual(new Set([id, 'if:12.1']));
  });
});

requires(
  'root',
  'ip',
  'nsenter',
  'dbus-daemon',
  'unpacked resolved',
)('resolvers, resolved', () => {
  it('resolvers: resolved: what was set for a link, all of the host, and a stub that is of no use here (G3, DNS-11)', async () => {
    await openNode(['resolved']);
    await root.shell('mkdir -p /run/systemd/resolve; chown systemd-resolve: /run/systemd/resolve');
    await root.daemon('dbus-daemon', ['--system', '--nofork', '--nopidfile']);
    await root.daemon('/lib/systemd/systemd-resolved', []);
    const set = 'resolvectl dns eth0 10.1.0.53 && resolvectl domain eth0 isp-a.example "~corp.example"';
    await until('resolved', () =>
      root.shell(set).then(
        () => true,
        () => undefined,
      ),
    );
    await becomes('resolved', id, ([record]) => JSON.stringify(record ?? '').includes('corp.example'));
    expect(ofLink('resolved')).toMatchObject([
      { resolvers: ['10.1.0.53'], searchDomains: ['isp-a.example'], routingDomains: ['corp.example'] },
    ]);
    await becomes('resolved', undefined, ([record]) => record?.type === 'resolver' && record.resolvers.length === 1);
    expect(records('resolved', undefined)).toMatchObject([{ resolvers: ['10.1.0.53'], interfaceId: undefined }]);

    // As its package has it.
    await root.shell('ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf');
    const state = () => source('resolv-conf').state;
    await until(
      () => JSON.stringify(state()),
      () => state().state === 'limited',
    );
    expect(state()).toMatchObject({ why: expect.stringContaining('127.0.0.53') });
    expect(records('resolv-conf', undefined)).toMatchObject([{ resolvers: [], searchDomains: ['isp-a.example'] }]);

    await root.shell('resolvectl revert eth0');
    await becomes('resolved', id, ({ length }) => length === 0);
  });
});

requires(
  'root',
  'ip',
  'nsenter',
)('resolvers, resolv.conf', () => {
  it('resolvers: the file of a host, through writing in place and replacing, is of the whole host (DNS-11)', async () => {
    await openNode([]);
    expect(source('resolv-conf').state).toMatchObject({ state: 'absent' });
    root.write('/etc/resolv.conf', 'nameserver 10.1.0.53\nnameserver 127.0.0.1\nsearch a.example\n');
    await becomes('resolv-conf', undefined, ({ length }) => length === 1);
    const [first] = records('resolv-conf', undefined);
    expect(first).toMatchObject({ resolvers: ['10.1.0.53'], searchDomains: ['a.example'] });
    // The same once more is no news, and the same object.
    await root.shell('cp /etc/resolv.conf /etc/new; mv /etc/new /etc/resolv.conf');
    await root.shell('printf "nameserver 10.1.0.99\\n" > /etc/other; mv /etc/other /etc/resolv.conf');
    await becomes('resolv-conf', undefined, ([record]) => record !== first);
    expect(records('resolv-conf', undefined)).toMatchObject([{ resolvers: ['10.1.0.99'], searchDomains: [] }]);
    expect(ofLink('resolv-conf')).toEqual([]);
  });

  it('resolvers: of a namespace of `ip netns` only its own file is read, and nothing of ours', async () => {
    lab = await Lab.up('single');
    const name = lab.netns('host');
    const folder = `/etc/netns/${name}`;
    try {
      await open({ kind: 'netns', name });
      const why = expect.stringContaining(`another namespace than ${name}`);
      expect(source('resolved').state).toMatchObject({ state: 'absent', why });
      expect(source('resolvconf').state).toMatchObject({ state: 'absent', why });
      expect(records('resolv-conf', undefined)).toEqual([]);
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${folder}/resolv.conf`, 'nameserver 10.7.0.53\n');
      await becomes('resolv-conf', undefined, ({ length }) => length === 1);
      expect(records('resolv-conf', undefined)).toMatchObject([{ resolvers: ['10.7.0.53'] }]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('resolvers: of a host that has no file system of its own nothing is read, and each says why', async () => {
    await open({ kind: 'none', why: 'opened by path' });
    expect(sources.map(({ state }) => state)).toEqual(Array(3).fill({ state: 'absent', why: 'opened by path' }));
  });
});
