// SPDX-License-Identifier: MIT
// What a program may get wrong, and what a network may do meanwhile: each fault has its documented answer
// (docs/api/session.md), and the session lives on.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type EchoServer, Lab } from '../lab/lab.ts';
import { type Line, MifProcess } from '../lab/mif-command.ts';
import { requires } from '../lab/requirements.ts';

const address = '198.51.100.80';

const failure = (line: Line) => line['type'] === 'request-failed';
const outcome = (line: Line) => ['connected', 'not-connected'].includes(line['type']);

requires(
  'root',
  'ip',
  'nsenter',
)('mif session, faults', () => {
  let lab: Lab;
  let server: EchoServer;
  let session: MifProcess;
  /** A connection that would work, but for what a test changes in it. */
  let connect: { type: string } & Line;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    server = await lab.echoServer('inet');
    connect = { type: 'connect-to-address', address, port: server.port, pvd: 'a0/fe80::a:1', connectionId: 'c' };
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  beforeEach(() => {
    session = new MifProcess(['session', '--netns', lab.netns('host')]);
  });
  afterEach(async () => {
    await session.end('SIGKILL');
  });

  /** The session still does what it is for. */
  async function livesOn(): Promise<void> {
    session.post({ ...connect, connectionId: 'proof' });
    const proof = await session.next('a sign of life', (line) => line['connectionId'] === 'proof');
    expect(proof, JSON.stringify(proof)).toMatchObject({ type: 'connected', source: '10.1.0.100' });
  }

  it.each<[title: string, line: string, request: string | null, words: RegExp]>([
    ['a line that is not JSON', '{"type": "announce-interfaces"', null, /not JSON/],
    ['a line that is no object', '["announce-interfaces"]', null, /must be an object/],
    ['a line without a type', '{"interface": "*"}', null, /type must be/],
    ['an unknown type', '{"type": "announce-everything"}', 'announce-everything', /announce-everything/],
    ['a type that every object has', '{"type": "constructor"}', 'constructor', /constructor/],
    ['a missing field', '{"type": "announce-address"}', 'announce-address', /pvd must be .* not undefined/],
    ['a field of the wrong type', '{"type": "announce-address", "pvd": 7}', 'announce-address', /pvd must be .* not 7/],
    [
      'a field that it has not',
      '{"type": "announce-interfaces", "interfaces": "*"}',
      'announce-interfaces',
      /no field 'interfaces'/,
    ],
    ['bytes that are no text', '\u0000\u0001', null, /not JSON/],
  ])('mif session: %s is answered by request-failed with its line number (MIF-08)', async (_, line, request, words) => {
    session.post({ type: 'announce-interfaces' });
    session.post(line);
    const answer = await session.next('a refusal', failure);
    expect(answer).toMatchObject({
      request,
      line: 2,
      extension: true,
      error: { code: 'ERR_MIF_INVALID_ARG', hint: expect.any(String) },
    });
    expect(answer['error'].message).toMatch(words);
    await livesOn();
  });

  it.each<[title: string, change: Line, words: RegExp]>([
    ['no address', { address: undefined }, /address must be/],
    ['an invalid address', { address: '198.51.100' }, /address must be .*'198.51.100'/],
    ['a name for an address', { address: 'host.example.com' }, /address must be/],
    ['no port', { port: undefined }, /port must be/],
    ['port 0', { port: 0 }, /port must be .* not 0/],
    ['port 65536', { port: 65536 }, /port must be .* not 65536/],
    ['a port in quotes', { port: '80' }, /port must be .* not '80'/],
    ['no connection id', { connectionId: undefined }, /connectionId must be/],
    ['any domain, which connects nowhere', { pvd: '*' }, /pvd must be/],
    [
      'a source of the other family',
      { type: 'connect-to-address-from-address', source: '2001:db8:a:1::100' },
      /source must be/,
    ],
  ])('mif session: a connection with %s is refused by name (MIF-08, MIF-56)', async (_, change, words) => {
    session.post({ ...connect, ...change });
    const answer = await session.next('a refusal', failure);
    expect(answer).toMatchObject({ line: 1, error: { code: 'ERR_MIF_INVALID_ARG' } });
    expect(answer['error'].message).toMatch(words);
    await livesOn();
  });

  it('mif session: a duplicate connection id is refused, and the first connection goes on (MIF-61)', async () => {
    session.post(connect);
    session.post(connect);
    const lines = await session.readUntil('both answers', () => {
      const types = session.lines.map(({ type }) => type);
      return types.includes('request-failed') && types.includes('connected');
    });
    const refusal = lines.find(failure)!;
    expect(refusal).toMatchObject({
      request: 'connect-to-address',
      line: 2,
      connectionId: 'c',
      error: { code: 'ERR_MIF_DUPLICATE_ID' },
    });
    // While its token lives the id stays in use, too.
    session.post(connect);
    expect(await session.next('a refusal', failure)).toMatchObject({
      line: 3,
      error: { code: 'ERR_MIF_DUPLICATE_ID' },
    });
    await livesOn();
  });

  it('mif session: an unknown domain is answered by the message that each request has for it (MIF-79)', async () => {
    for (const pvd of ['pvd:999', 'a0/fe80::dead', 'a0']) {
      const announced = await session.enumerate({ type: 'announce-address', pvd });
      expect(announced[0]).toMatchObject({ type: 'no-provisioning-domain-announcement', reason: 'unknown' });
      session.post({ ...connect, pvd, connectionId: pvd });
      expect(await session.next('an outcome', outcome)).toMatchObject({
        type: 'not-connected',
        connectionId: pvd,
        reason: 'unknown-pvd',
      });
      session.post({ type: 'connect-to-pvd', pvd });
      expect(await session.next('an answer', ({ type }) => type === 'pvd-not-selected')).toMatchObject({
        reason: 'unknown-pvd',
      });
    }
    await livesOn();
  });

  it('mif session: an unknown interface is answered by no-interface-announcement (MIF-79)', async () => {
    for (const name of ['eth99', 'if:99.1', '']) {
      if (name === '') continue;
      const lines = await session.enumerate({ type: 'announce-provisioning-domain', interface: name });
      expect(lines.map(({ type }) => type)).toEqual(['no-interface-announcement', 'enumeration-done']);
    }
    await livesOn();
  });

  it('mif session: stopping what never began is no fault (MIF-79)', async () => {
    session.post({ type: 'stop-announcing-interfaces' });
    session.post({ type: 'stop-announcing-provisioning-domains', interface: 'eth99' });
    session.post({ type: 'stop-announcing-address', pvd: 'pvd:999' });
    session.post({ type: 'stop-connecting', connectionId: 'none' });
    await livesOn();
    expect(session.lines.filter(failure)).toEqual([]);
  });

  it.each<[title: string, destination: string, reason: string]>([
    ['an address that is nobody', '0.0.0.0', 'bad-address'],
    ['a multicast address', 'ff02::1', 'bad-address'],
    ['a loopback address', '127.0.0.1', 'bad-address'],
    ['an address of a family that the domain has not', '2001:db8:ffff::80', 'no-source'],
    ['a port where nobody listens', '198.51.100.53', 'refused'],
  ])(
    'mif session: a connection to %s is not-connected with its reason (MIF-59)',
    async (title, destination, reason) => {
      const lines = await session.enumerate({ type: 'announce-provisioning-domain', interface: 'wwan0' });
      const pvd = title.includes('family') ? lines[0]!['pvd'].handle : connect['pvd'];
      const port = reason === 'refused' ? 9 : server.port;
      session.post({ ...connect, address: destination, port, pvd, connectionId: 'doomed' });
      expect(await session.next('an outcome', outcome)).toMatchObject({
        type: 'not-connected',
        connectionId: 'doomed',
        reason,
        error: { code: expect.stringMatching(/^E[A-Z_]+$/), message: expect.any(String) },
      });
      await livesOn();
    },
  );

  it('mif session: a given-up connection has no outcome, and its id is free again (MIF-60)', async () => {
    // Packets to this address are dropped in the router: the attempt would go on for minutes.
    await lab.ip('rb', 'route replace blackhole 198.51.100.99/32');
    const pvd = 'b0/fe80::b:1';
    session.post({ ...connect, address: '198.51.100.99', pvd, connectionId: 'patience' });
    session.post({ type: 'stop-connecting', connectionId: 'patience' });
    session.post({ ...connect, pvd, connectionId: 'patience' });
    expect(await session.next('an outcome', outcome)).toMatchObject({ type: 'connected', connectionId: 'patience' });
    await livesOn();
    expect(session.lines.filter(outcome)).toHaveLength(2);
  });

  it('mif session: the domain of a pending connection ends: not-connected pvd-gone (MIF-64)', async () => {
    await lab.ip('rb', 'route replace blackhole 198.51.100.99/32');
    session.post({ ...connect, address: '198.51.100.99', pvd: 'b0/fe80::b:1', connectionId: 'pending' });
    // It is under way when its SYN is.
    await lab.exec('host', 'sh', '-c', 'until ss -H -t -n state syn-sent | grep -q 198.51.100.99; do sleep 0.01; done');
    await lab.ip('host', 'link set b0 down');
    expect(await session.next('an outcome', outcome)).toMatchObject({
      type: 'not-connected',
      connectionId: 'pending',
      reason: 'pvd-gone',
    });
    await lab.ipBatch('host', [
      'link set b0 up',
      'addr replace 2001:db8:b:1::100/64 dev b0',
      'route replace default via 10.2.0.1 dev b0 metric 200',
      'route replace default via fe80::b:1 dev b0 metric 200',
    ]);
    await livesOn();
  });

  it('mif session: a device that vanishes between post and connect ends the attempt, not the session (MIF-80)', async () => {
    // wwan0 is not needed by the proof of life.
    const lines = await session.enumerate({ type: 'announce-provisioning-domain', interface: 'wwan0' });
    const { pvd } = lines[0]!;
    // The request and the end of the device are there before the session looks at either.
    session.child.kill('SIGSTOP');
    session.post({ ...connect, pvd: pvd.handle, connectionId: 'late' });
    await lab.ip('host', 'link del wwan0');
    session.child.kill('SIGCONT');
    const answer = await session.next('an outcome', outcome);
    expect(answer).toMatchObject({ type: 'not-connected', connectionId: 'late' });
    expect(['unknown-pvd', 'pvd-gone', 'interface-gone', 'no-source']).toContain(answer['reason']);
    await livesOn();
  });
});
