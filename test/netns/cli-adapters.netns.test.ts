// SPDX-License-Identifier: MIT
// `mif fetch`, `mif run` and `mif connect --tls`, by root and by nobody: what they print, and by which link they leave.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../lab/command.ts';
import { Departures } from '../lab/departures.ts';
import { Lab, type WebServer } from '../lab/lab.ts';
import { type Launcher, mif, mifProgram } from '../lab/mif-command.ts';
import { ReadableCopy } from '../lab/nobody.ts';
import { requires } from '../lab/requirements.ts';

const server4 = '198.51.100.80';

/** Asks in every way that Node has, and prints by which address. */
const program = `
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
const [url, child] = process.argv.slice(2);
const { hostname, port } = new URL(url);
if (child) {
  const socket = connect(port, hostname);
  await once(socket, 'connect');
  console.log(socket.localAddress);
  socket.destroy();
} else {
  console.log((await (await fetch(url)).json()).peer);
  const [response] = await once(get(url), 'response');
  for await (const chunk of response) console.log(JSON.parse(chunk).peer);
  process.stdout.write(execFileSync(process.execPath, [import.meta.filename, url, 'child']));
  process.exitCode = 7;
}
`;

requires(
  'root',
  'ip',
  'nsenter',
  'nft',
  'setpriv',
)('mif with adapters', () => {
  let lab: Lab;
  let web: WebServer;
  let copy: ReadableCopy;
  let departures: Departures;
  const launchers: Record<string, Launcher> = {};

  beforeAll(async () => {
    copy = await ReadableCopy.make();
    lab = await Lab.up('dual-isp');
    web = await lab.webServer('inet');
    departures = await Departures.of(lab, 'host', ['a0', 'b0', 'wwan0']);
    const certificate = copy.write('certificate.pem', web.certificate);
    copy.write('ask.mjs', program);
    const trusting = ['env', `NODE_EXTRA_CA_CERTS=${certificate}`] as const;
    const [command, ...args] = copy.launcher(lab, 'host', 'dist/cli/main.js');
    const enter = ['nsenter', `--net=${lab.path('host')}`, '--', process.execPath, mifProgram];
    launchers['root'] = [...trusting, ...enter];
    launchers['nobody'] = [...trusting, command, ...args];
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
    copy?.remove();
  });

  describe.each(['root', 'nobody'])('by %s', (user) => {
    const call = (...args: string[]) => mif(args, launchers[user]);

    it('mif fetch: the body on standard output, the path on standard error, by no other link (M10)', async () => {
      await departures.take();
      for (const url of [`http://${server4}:${web.http}/peer`, `https://${server4}:${web.https}/peer`]) {
        const { code, stdout, stderr } = await call('fetch', url, '--via', 'b0');
        expect({ code, stderr }).toEqual({ code: 0, stderr: `200 OK from ${server4} over b0 from 10.2.0.100\n` });
        expect(JSON.parse(stdout)).toMatchObject({ peer: '10.2.0.100' });
      }
      expect(Object.keys(await departures.take())).toEqual(['b0']);
    });

    it('mif fetch: --json is one document, and a redirect stays on the network', async () => {
      await departures.take();
      const to = encodeURIComponent(`http://[2001:db8:ffff::80]:${web.http}/peer`);
      const url = `http://${server4}:${web.http}/redirect?to=${to}`;
      const { code, stdout } = await call('fetch', url, '--via', 'b0', '--json');
      const document = JSON.parse(stdout);
      expect(Object.keys(document)).toEqual(['status', 'headers', 'body', 'path']);
      expect({ code, ...document }).toMatchObject({
        code: 0,
        status: 200,
        headers: { 'content-type': 'application/json' },
        path: { destination: '2001:db8:ffff::80', interface: 'b0', source: '2001:db8:b:1::100' },
      });
      expect(JSON.parse(document.body)).toMatchObject({ peer: '2001:db8:b:1::100' });
      expect(Object.keys(await departures.take())).toEqual(['b0']);
    });

    it('mif fetch: what fails has nothing on standard output, and the exit code of its error', async () => {
      const refused = await call('fetch', `http://${server4}:9999/`, '--via', 'b0');
      expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('ECONNREFUSED') });
      const none = await call('fetch', `http://${server4}:${web.http}/`, '--via', 'nosuch0', '--json');
      expect(none.code).toBe(3);
      expect(JSON.parse(none.stdout)).toMatchObject({ error: { code: 'ERR_MIF_INTERFACE_NOT_FOUND' } });
      expect((await call('fetch', 'ftp://server.test/')).code).toBe(2);
      expect((await call('fetch')).code).toBe(2);
      const system = await call('fetch', `http://${server4}:${web.http}/peer`);
      expect(system.stderr).toContain('over a0 from 10.1.0.100');
    });

    it('mif run: every socket of a program and of its children is on the network (F1)', async () => {
      await departures.take();
      const url = `http://${server4}:${web.http}/peer`;
      const { code, stdout, stderr } = await call('run', '--via', 'b0', '--', copy.path('ask.mjs'), url);
      expect({ code, stdout, stderr }).toEqual({ code: 7, stdout: '10.2.0.100\n'.repeat(3), stderr: '' });
      expect(Object.keys(await departures.take())).toEqual(['b0']);
      const lost = await call('run', '--via', 'nosuch0', '--', copy.path('ask.mjs'), url);
      expect(lost).toMatchObject({ code: 1, stdout: '' });
      expect(lost.stderr).toContain('nosuch0');
      expect(await departures.take()).toEqual({});
    });

    it('mif run: what is no program of Node is not started', async () => {
      expect(await call('run', '--via', 'b0', '--', 'ip', 'addr')).toMatchObject({ code: 5, stdout: '' });
      expect(await call('run', '--via', 'b0', '--', 'no-such-program')).toMatchObject({ code: 2, stdout: '' });
      expect((await call('run', '--via', 'b0')).code).toBe(2);
      expect((await call('run', '--', 'node')).code).toBe(2);
    });

    it('mif connect --tls: encrypted, and the peer has to be the address', async () => {
      const [command, ...args] = launchers[user]!;
      const words = ['connect', `${server4}:${web.https}`, '--tls', '--via', 'b0'];
      const answer = await run(command, [...args, ...words], 'GET /peer HTTP/1.0\r\n\r\n');
      expect(answer).toContain('"peer":"10.2.0.100"');
      // By another of its addresses, for which it has no certificate.
      const wrong = await call('connect', `100.64.2.1:${web.https}`, '--tls', '--via', 'b0');
      expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('100.64.2.1') });
    });
  });

  it('mif run: in another namespace', async () => {
    const url = `http://${server4}:${web.http}/peer`;
    const words = ['run', '--netns', lab.netns('host'), '--via', 'b0', '--', copy.path('ask.mjs'), url];
    const { stdout } = await mif(words);
    expect(stdout).toBe('10.2.0.100\n'.repeat(3));
  });
});
