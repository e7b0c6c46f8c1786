// SPDX-License-Identifier: MIT
// The command as a process: exit codes, whole lines however it ends, and streams that add up to the picture.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EchoServer, Lab } from '../lab/lab.ts';
import { type Line, MifProcess, mif, mifJson, mifProgram } from '../lab/mif-command.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const server4 = '198.51.100.80';
const server6 = '2001:db8:ffff::80';
const nouns = ['interfaces', 'addresses', 'nexthops', 'routes', 'rules', 'neighbours', 'pvds'];

describe('mif', () => {
  it('mif: help and version are answers, on standard output', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await mif(['--version'])).toEqual({ code: 0, stdout: `mif ${version}\n`, stderr: '' });
    const help = await mif([]);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['ls', 'watch', 'select', 'explain', 'resolve', 'session', 'connect', 'stats', 'demo']) {
      expect(help.stdout).toContain(`\n  ${name} `);
      expect((await mif(['help', name])).stdout).toContain(`mif ${name}`);
    }
    // What does not exist yet is not promised.
    expect(help.stdout).not.toMatch(/doctor/);
  });

  it.each([
    ['an unknown command', ['frobnicate']],
    ['an unknown option', ['ls', '--frobnicate']],
    ['an unknown noun', ['ls', 'frobs']],
    ['an unknown noun to watch', ['watch', 'routes', 'frobs']],
    ['no destination', ['connect']],
    ['a destination without a port', ['connect', '192.0.2.1']],
    ['a command of a later version', ['doctor']],
  ])('mif: %s is a usage error: exit 2, a message and a hint on standard error', async (_what, words) => {
    const { code, stdout, stderr } = await mif(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^mif: .+\n {2}.+\n$/);
  });

  it('mif: a namespace that is not there is an error in JSON, too', async () => {
    const { code, stdout, stderr } = await mif(['ls', '--json', '--netns', 'mif-no-such-namespace']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'ERR_MIF_NAMESPACE_NOT_FOUND', message: expect.any(String), hint: expect.any(String) },
    });
    expect(stderr).toMatch(/mif-no-such-namespace/);
  });

  it('mif: a full disk is a failure, not a silent loss', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [mifProgram, 'ls', '--json'], { stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    let stderr = '';
    child.stderr!.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(stderr).toMatch(/ENOSPC|no space/);
  });
});

requires(
  'root',
  'ip',
  'nsenter',
)('mif in a lab', () => {
  let lab: Lab;
  let server: EchoServer;
  let netns: string[];

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    server = await lab.echoServer('inet');
    netns = ['--netns', lab.netns('host')];
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  describe('mif ls', () => {
    it.each(nouns)('mif ls: %s are one document with the generation', async (noun) => {
      const document = await mifJson(['ls', noun, ...netns]);
      expect(Object.keys(document)).toEqual(['generation', noun]);
      expect(document['generation']).toBeGreaterThan(0);
      expect(document[noun]).toBeInstanceOf(Array);
    });

    it('mif ls: without a noun all of them are in one document', async () => {
      const document = await mifJson(['ls', ...netns]);
      expect(Object.keys(document)).toEqual(['generation', ...nouns]);
      expect(document['interfaces'].map(({ name }: Line) => name)).toEqual(['lo', 'a0', 'b0', 'wwan0']);
      expect(document['addresses']).toContainEqual(
        expect.objectContaining({
          interface: 'a0',
          index: 11,
          family: 4,
          address: '10.1.0.100',
          prefixLength: 24,
          validLifetime: null,
        }),
      );
      expect(document['routes']).toContainEqual(
        expect.objectContaining({ family: 6, destination: '::/0', gateway: 'fe80::a:1', interface: 'a0', table: 254 }),
      );
      expect(document['pvds'].map(({ id }: Line) => id)).toEqual(
        expect.arrayContaining(['a0/fe80::a:1', 'b0/fe80::b:1']),
      );
    });

    it('mif ls: the picture has each address once, under its interface and its domain', async () => {
      const { code, stdout } = await mif(['ls', ...netns]);
      expect(code).toBe(0);
      const [, a0 = ''] = /^(a0 {2}[\s\S]*?)^b0/m.exec(stdout) ?? [];
      expect(a0).toMatch(/^a0 +up .*mtu 1500/);
      expect(a0).toMatch(/^ {2}a0\/fe80::a:1 {2}routers .*10\.1\.0\.1/m);
      expect(a0).toMatch(/^ {4}10\.1\.0\.100\/24/m);
      expect(stdout.split('10.1.0.100/24')).toHaveLength(2);
      expect(stdout).not.toContain('\u001b');
    });

    it('mif ls: a namespace may be named, be a path, or be that of a process', async () => {
      const inside = lab.spawn('host', 'cat');
      const pid = await until('the process to be inside', async () => {
        const { code, stdout } = await mif(['ls', 'interfaces', '--json', '--netns', String(inside.pid)]);
        return code === 0 && stdout.includes('"wwan0"') && String(inside.pid);
      });
      const byPid = await mifJson(['ls', 'interfaces', '--netns', pid]);
      const byPath = await mifJson(['ls', 'interfaces', '--netns', lab.path('host')]);
      const byName = await mifJson(['ls', 'interfaces', ...netns]);
      expect(byPid['interfaces']).toEqual(byName['interfaces']);
      expect(byPath['interfaces']).toEqual(byName['interfaces']);
      inside.stdin!.end();
    });

    it('mif ls: twenty thousand routes arrive whole, and a reader that leaves after the first line is no error', async () => {
      await lab.ipBatch(
        'host',
        Array.from({ length: 20_000 }, (_, at) => `route add 172.16.${at >> 8}.${at & 255}/32 via 10.1.0.1 table 77`),
      );
      try {
        const { routes } = await mifJson(['ls', 'routes', ...netns]);
        expect(routes.filter(({ table }: Line) => table === 77)).toHaveLength(20_000);
        const child = spawn(process.execPath, [mifProgram, 'ls', 'routes', ...netns], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let stderr = '';
        child.stderr.on('data', (text) => {
          stderr += text;
        });
        await once(child.stdout, 'data');
        child.stdout.destroy();
        expect(await once(child, 'close')).toEqual([0, null]);
        expect(stderr).toBe('');
      } finally {
        await lab.ip('host', 'route flush table 77');
      }
    });
  });

  describe('mif watch', () => {
    /** Applies a change to a picture, by the identities of docs/api/cli.md; throws where it does not fit. */
    function apply(picture: Map<string, Line>, change: Line, noun: string): void {
      const take = (record: Line) => {
        if (!picture.delete(keyOf(noun, record)))
          throw new Error(`removed what was not there: ${JSON.stringify(record)}`);
      };
      const put = (record: Line) => {
        const key = keyOf(noun, record);
        if (picture.has(key)) throw new Error(`added what was there: ${key}`);
        picture.set(key, record);
      };
      for (const record of change['removed'][noun] ?? []) take(record);
      for (const { before } of change['changed'][noun] ?? []) take(before);
      for (const { after } of change['changed'][noun] ?? []) put(after);
      for (const record of change['added'][noun] ?? []) put(record);
    }

    function keyOf(noun: string, record: Line): string {
      const fields: Record<string, string[]> = {
        interfaces: ['id'],
        addresses: ['index', 'address', 'prefixLength', 'peer'],
        routes: [
          'family',
          'table',
          'destination',
          'source',
          'tos',
          'metric',
          'type',
          'nexthops',
          'gateway',
          'index',
          'nexthopId',
        ],
        pvds: ['handle'],
      };
      return JSON.stringify(fields[noun]!.map((field) => record[field] ?? null));
    }

    const followed = ['interfaces', 'addresses', 'routes', 'pvds'];

    it('mif watch: the snapshot and all changes add up to what is', async () => {
      const watch = new MifProcess(['watch', '--json', ...followed, ...netns]);
      const { snapshot } = await watch.next('the snapshot', () => true);
      expect(Object.keys(snapshot)).toEqual(['generation', ...followed]);
      for (let round = 0; round < 3; round++) {
        await lab.ipBatch('host', [
          `link add x${round} type veth peer name y${round}`,
          `addr add 192.0.2.${round}/32 dev x${round}`,
          `link set x${round} up`,
          `link set y${round} up`,
          `route add 203.0.113.${round} dev x${round}`,
          `link set x${round} mtu 1400`,
        ]);
        const isNew = ({ name }: Line) => name === `x${round}`;
        await watch.next(`x${round}`, ({ added }) => added.interfaces?.some(isNew));
        if (round > 0) await lab.ip('host', `link del x${round}`);
      }
      await lab.ip('host', 'link set a0 name renamed0');
      await lab.ip('host', 'link set renamed0 name a0');
      const pictures = new Map(followed.map((noun) => [noun, new Map<string, Line>()]));
      for (const noun of followed)
        for (const record of snapshot[noun]) pictures.get(noun)!.set(keyOf(noun, record), record);
      let applied = 1;
      await until('the stream to say what `mif ls` says', async () => {
        const is = await mifJson(['ls', ...netns]);
        for (; applied < watch.lines.length; applied++) {
          for (const noun of followed) apply(pictures.get(noun)!, watch.lines[applied]!, noun);
        }
        return ['interfaces', 'addresses', 'routes'].every((noun) => {
          const said = [...pictures.get(noun)!.keys()].toSorted();
          return (
            JSON.stringify(said) === JSON.stringify(is[noun].map((record: Line) => keyOf(noun, record)).toSorted())
          );
        });
      });
      expect(watch.lines.length).toBeGreaterThan(3);
      for (const change of watch.lines.slice(1)) {
        expect(Object.keys(change)).toEqual(['generation', 'epoch', 'synced', 'cause', 'added', 'changed', 'removed']);
      }
      expect(await watch.end('SIGTERM')).toBe(0);
      await lab.ip('host', 'link del x0');
    });

    it('mif watch: changes that touch none of the nouns are not told', async () => {
      const watch = new MifProcess(['watch', '--json', 'interfaces', ...netns]);
      await watch.next('the snapshot', () => true);
      await lab.ip('host', 'addr add 192.0.2.1/32 dev b0');
      await lab.ip('host', 'addr del 192.0.2.1/32 dev b0');
      await lab.ip('host', 'link set b0 mtu 1400');
      await watch.next('the new size', (line) => line['changed'].interfaces?.[0].after.mtu === 1400);
      for (const change of watch.lines.slice(1)) {
        for (const part of ['added', 'changed', 'removed']) {
          expect(Object.keys(change[part]).filter((noun) => noun !== 'interfaces')).toEqual([]);
        }
      }
      expect(await watch.end('SIGINT')).toBe(0);
      await lab.ip('host', 'link set b0 mtu 1500');
    });

    it('mif watch: a reader that goes away ends it at the next change, with exit 0', async () => {
      const watch = new MifProcess(['watch', '--json', ...netns]);
      await watch.next('the snapshot', () => true);
      const closed = once(watch.child, 'close');
      watch.child.stdout.destroy();
      await lab.ip('host', 'link set b0 mtu 1400');
      expect(await closed).toEqual([0, null]);
      expect(watch.stderr).toBe('');
      await lab.ip('host', 'link set b0 mtu 1500');
    });

    it('mif watch: after a signal the lines are whole, also for a reader that was slow', async () => {
      const child = spawn(process.execPath, [mifProgram, 'watch', '--json', ...netns], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (more) => {
        stderr += more;
      });
      const [first] = await once(child.stdout, 'data');
      child.stdout.pause();
      for (let round = 0; round < 2; round++) {
        const lines = Array.from(
          { length: 4000 },
          (_, at) => `route add 172.16.${at >> 8}.${at & 255}/32 via 10.1.0.1 table 77`,
        );
        await lab.ipBatch('host', lines);
        await lab.ip('host', 'route flush table 77');
      }
      child.kill('SIGTERM');
      let text = String(first);
      for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk;
      const [code, killedBy] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode, null];
      expect({ code, killedBy, stderr }).toEqual({ code: 0, killedBy: null, stderr: '' });
      expect(text.endsWith('\n')).toBe(true);
      for (const line of text.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    });

    it('mif watch: after a signal a reader that takes nothing is given up', async () => {
      const lines = Array.from(
        { length: 4000 },
        (_, at) => `route add 172.16.${at >> 8}.${at & 255}/32 via 10.1.0.1 table 77`,
      );
      await lab.ipBatch('host', lines);
      const watch = spawn(process.execPath, [mifProgram, 'watch', '--json', ...netns], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      watch.stdout.pause();
      await once(watch.stdout, 'readable');
      watch.kill('SIGTERM');
      expect(await once(watch, 'exit')).toEqual([0, null]);
      await lab.ip('host', 'route flush table 77');
    });

    it('mif watch: people see a line a record, and bursts cut short', async () => {
      const child = spawn(process.execPath, [mifProgram, 'watch', 'routes', ...netns], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (more) => {
        text += more;
      });
      await until('the first line', () => text.startsWith('watching '));
      const burst = Array.from(
        { length: 500 },
        (_, at) => `route add 172.16.${at >> 8}.${at & 255}/32 via 10.1.0.1 table 77`,
      );
      await lab.ipBatch('host', burst);
      await until('a short story', () => /… and \d+ more routes/.test(text));
      expect(text).toMatch(/\+ route +172\.16\.\d+\.\d+\/32 via 10\.1\.0\.1 dev a0 table 77/);
      await lab.ip('host', 'route flush table 77');
      await until('the end of it', () => /- route/.test(text));
      child.kill('SIGINT');
      expect(await once(child, 'close')).toEqual([0, null]);
    });
  });

  describe('mif session', () => {
    it('mif session: at the end of input what is queued is written, and outcomes are waited for', async () => {
      const requests = [
        { type: 'announce-interfaces' },
        { type: 'connect-to-address', address: server4, port: server.port, pvd: 'a0/fe80::a:1', connectionId: 1 },
        { type: 'connect-to-address', address: server6, port: server.port, pvd: 'b0/fe80::b:1', connectionId: 2 },
      ];
      const input = requests.map((request) => JSON.stringify(request)).join('\n');
      const { code, stdout, stderr } = await mif(['session', ...netns], undefined, input);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
      expect(lines.filter(({ type }) => type === 'interface-announcement')).toHaveLength(4);
      expect(lines).toContainEqual(expect.objectContaining({ type: 'enumeration-done' }));
      expect(
        lines
          .filter(({ type }) => type === 'connected')
          .map(({ connectionId, source }) => [connectionId, source])
          .toSorted(),
      ).toEqual([
        [1, '10.1.0.100'],
        [2, '2001:db8:b:1::100'],
      ]);
    });

    it('mif session: an outcome that does not come is not waited for without end', async () => {
      // The router drops what goes there and says nothing.
      await lab.ip('ra', 'route add blackhole 198.51.100.99');
      const request = {
        type: 'connect-to-address',
        address: '198.51.100.99',
        port: 9,
        pvd: 'a0/fe80::a:1',
        connectionId: 1,
      };
      const begin = performance.now();
      const outcome = await mif(['session', ...netns], undefined, `${JSON.stringify(request)}\n`);
      expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(performance.now() - begin).toBeGreaterThan(4900);
      expect(performance.now() - begin).toBeLessThan(20_000);
    });

    it('mif session: lines are counted, also empty ones, and the last needs no end', async () => {
      const { code, stdout } = await mif(
        ['session', ...netns],
        undefined,
        '\n  \n{"type":"nonsense","connectionId":7}\n\n{',
      );
      expect(code).toBe(0);
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
      expect(lines).toMatchObject([
        { type: 'request-failed', request: 'nonsense', connectionId: 7, line: 3, extension: true },
        { type: 'request-failed', request: null, line: 5, extension: true },
      ]);
    });

    it('mif session: a line without end is refused, and takes no memory (SEC-25)', async () => {
      const session = new MifProcess(['session', ...netns]);
      session.post('x'.repeat(3_000_000));
      expect(await session.next('a refusal', ({ type }) => type === 'request-failed')).toMatchObject({ line: 1 });
      await session.enumerate({ type: 'announce-interfaces' });
      expect(await session.end()).toBe(0);
    });

    it.each(['SIGINT', 'SIGTERM'] as const)(
      'mif session: %s ends it with exit 0, also while it connects',
      async (signal) => {
        const session = new MifProcess(['session', ...netns]);
        await session.enumerate({ type: 'announce-interfaces' });
        session.post({
          type: 'connect-to-address',
          address: '10.1.0.98',
          port: 9,
          pvd: 'a0/fe80::a:1',
          connectionId: 1,
        });
        await session.enumerate({ type: 'announce-provisioning-domain', interface: '*' });
        expect(await session.end(signal)).toBe(0);
        expect(session.stderr).toBe('');
      },
    );

    it('mif session: a reader that goes away ends it with exit 0', async () => {
      const session = new MifProcess(['session', ...netns]);
      await session.enumerate({ type: 'announce-interfaces' });
      const closed = once(session.child, 'close');
      session.child.stdout.destroy();
      session.post({ type: 'announce-interfaces' });
      expect(await closed).toEqual([0, null]);
      expect(session.stderr).toBe('');
    });
  });

  describe('mif connect', () => {
    it.each([
      ['a0', server4, '10.1.0.100'],
      ['b0', server4, '10.2.0.100'],
      ['b0/fe80::b:1', `[${server6}]`, '2001:db8:b:1::100'],
      ['12', `[${server6}]`, '2001:db8:b:1::100'],
    ])(
      'mif connect: --via %s to %s talks to the peer, and tells the path on standard error',
      async (via, address, source) => {
        const words = ['connect', `${address}:${server.port}`, '--via', via, '--json', ...netns];
        const { code, stdout, stderr } = await mif(words, undefined, 'hello\n');
        expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('connected') });
        expect(JSON.parse(stderr)).toMatchObject({ connected: { source, port: server.port } });
        const [greeting, ...echo] = stdout.split('\n');
        expect(JSON.parse(greeting!)).toMatchObject({ peer: source });
        expect(echo.join('\n')).toBe('hello\n');
      },
    );

    it('mif connect: a large transfer arrives whole', async () => {
      const text = `${'0123456789abcdef'.repeat(65_536)}\n`;
      const words = ['connect', `${server4}:${server.port}`, '--via', 'a0', ...netns];
      const { code, stdout } = await mif(words, undefined, text);
      expect(code).toBe(0);
      expect(stdout.slice(stdout.indexOf('\n') + 1) === text).toBe(true);
    });

    it.each<[string, string[], number, string]>([
      ['an interface that is not there', ['--via', 'wlan9'], 3, 'ERR_MIF_INTERFACE_NOT_FOUND'],
      ['a port where nobody listens', ['--via', 'a0'], 1, 'ECONNREFUSED'],
    ])('mif connect: %s', async (_what, words, code, errorCode) => {
      const outcome = await mif(['connect', `${server4}:1`, '--json', ...words, ...netns]);
      expect({ code: outcome.code, stdout: JSON.parse(outcome.stdout) }).toMatchObject({
        code,
        stdout: { error: { code: errorCode } },
      });
    });

    it('mif connect: a name is asked of no network that has no name servers (exit 3)', async () => {
      const { code, stderr } = await mif(['connect', 'www.example:80', '--via', 'a0', ...netns]);
      expect(code).toBe(3);
      expect(stderr).toContain('no name server over a0');
    });
  });

  describe('mif stats', () => {
    it('mif stats: counters are numbers, in three sections', async () => {
      const { host, capabilities, process: own } = await mifJson(['stats', ...netns]);
      for (const value of [...Object.values(host), ...Object.values(own)]) expect(value).toEqual(expect.any(Number));
      expect(host.dumps).toBeGreaterThan(0);
      expect(capabilities.bindToDevice).toBe(true);
      const { stdout } = await mif(['stats', ...netns]);
      expect(stdout).toMatch(/^host +generation +\d+$/m);
    });
  });
});
