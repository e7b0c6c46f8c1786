// SPDX-License-Identifier: MIT
// Many sockets at the same time and one after the other, held to an interface: all are made, none is lost, and none stays open.
// Small here; `npm run scale` asks for what a server has. A process may not have all the descriptors of that, so there are several.

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Conversation } from '../lab/conversation.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';

const isFull = process.env['MIF_SCALE'] === 'full';
const connections = isFull ? 60_000 : 3_000;
const datagrams = isFull ? 20_000 : 2_000;
const cycles = isFull ? 1_000_000 : 5_000;
const patienceMs = isFull ? 7_200_000 : 300_000;

const subject = fileURLToPath(new URL('subject.mjs', import.meta.url));
const server = '198.51.100.80';
const ports = ['4801', '4802', '4803'];
const uplink = 'b0';
/** Programs that share what has to be open at the same time, and servers that share each port. */
const programs = isFull ? 4 : 2;
const tooMany = 24; // EMFILE

requires(
  'root',
  'ip',
  'nsenter',
)('scale', () => {
  let lab: Lab;
  const servers: Conversation[] = [];

  const start = (node: string, ...words: string[]) =>
    new Conversation(['nsenter', `--net=${lab.path(node)}`, '--', process.execPath, subject, ...words]);

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    for (const port of ports) {
      for (let number = 0; number < 2; number++) servers.push(start('inet', 'serve', port));
    }
    await Promise.all(servers.map((each) => each.ask('listen')));
  });
  afterAll(async () => {
    await Promise.all(servers.map((each) => each.end()));
    await lab?.[Symbol.asyncDispose]();
  });

  /** What each of several programs answers to the next step, all at the same time. */
  const askAll = (all: readonly Conversation[], step: string) => Promise.all(all.map((each) => each.ask(step)));

  it(`scale: ${connections} connections from one address to three ports are open at the same time`, {
    timeout: patienceMs,
  }, async () => {
    const each = connections / programs;
    const clients = Array.from({ length: programs }, () =>
      start('host', 'connections', String(each), uplink, server, ...ports),
    );
    const told = { open: each, sources: ['10.2.0.100'], names: each, during: each };
    expect(await askAll(clients, 'open')).toEqual(clients.map(() => told));
    const inUse = /^TCP: inuse (\d+)/m.exec(await lab.exec('host', 'cat', '/proc/net/sockstat'))?.[1];
    expect(Number(inUse)).toBe(connections);
    expect(await askAll(clients, 'close')).toEqual(clients.map(() => ({ left: 0 })));
    await Promise.all(clients.map((client) => client.end()));
  });

  it(`scale: ${datagrams} UDP sockets are open at the same time`, { timeout: patienceMs }, async () => {
    const each = datagrams / programs;
    const all = Array.from({ length: programs }, () => start('host', 'datagrams', String(each), uplink));
    expect(await askAll(all, 'open')).toEqual(all.map(() => ({ open: each, ports: each, during: each })));
    expect(await askAll(all, 'close')).toEqual(all.map(() => ({ left: 0 })));
    await Promise.all(all.map((one) => one.end()));
  });

  it(`scale: of ${cycles} connections, one after the other, no descriptor is left`, {
    timeout: patienceMs,
  }, async () => {
    const client = start('host', 'cycles', String(cycles), uplink, server, ports[0]!);
    expect(await client.ask('all')).toEqual({ done: cycles, left: 0 });
    await client.end();
  });

  it('scale: without descriptors left every call says so, and goes on when there are some', async () => {
    const said = { code: expect.stringMatching(/^(ERR_MIF_\w+|EMFILE)$/), errno: tooMany };
    const client = new Conversation([
      ...['nsenter', `--net=${lab.path('host')}`, '--', 'prlimit', '--nofile=64:64', process.execPath, subject],
      ...['exhaustion', uplink, server, ports[0]!],
    ] as [string, ...string[]]);
    expect(await client.ask('all')).toEqual({ made: true, bound: said, udp: said, connected: said, left: 0 });
    await client.end();
  });
});
