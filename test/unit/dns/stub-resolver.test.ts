// SPDX-License-Identifier: MIT
// A resolver against servers that lie, are silent, are slow, or answer too much.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { isMifError } from '../../../lib/binding/mif-error.ts';
import type { Timings } from '../../../lib/dns/asking.ts';
import { StubResolver } from '../../../lib/dns/stub-resolver.ts';
import { type Asked, type Behaviour, FakeServer, loopback, reply, soa } from './fake-server.ts';

const servers: FakeServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(behaviour: Behaviour): Promise<FakeServer> {
  const server = await FakeServer.start(behaviour);
  servers.push(server);
  return server;
}

let clock = 0;
const quick: Timings = { timeoutMs: 2_000, patienceMs: 150 };

function resolverOf(asked: readonly FakeServer[], timings: Partial<Timings> = quick): StubResolver {
  clock = 1_000;
  return new StubResolver({
    transport: loopback,
    servers: asked.map(({ server }) => server),
    who: { pvd: 'a0/10.1.0.1' },
    now: () => clock,
    timings,
  });
}

const a = (name: string, data: string, ttl = 60) => ({ name, type: 'A', ttl, data });
const cname = (name: string, data: string, ttl = 60) => ({ name, type: 'CNAME', ttl, data });
const address: Behaviour = (asked) => reply(asked, { answers: [a(asked.name, '192.0.2.1')] });
const addressesOf = (answer: { records: readonly { data: unknown }[] }) => answer.records.map(({ data }) => data);

describe('questions', () => {
  it('go out with another id and another port each, letters in random case (SEC-19)', async () => {
    const server = await serve(address);
    const resolver = resolverOf([server]);
    for (let at = 0; at < 20; at++) await resolver.query(`host${at}.in-mixed-case.example.com`, 'A');
    const of = (key: 'id' | 'port') => new Set(server.asked.map((asked) => asked[key])).size;
    // Twenty of 65536 may meet once, hardly twice.
    expect(of('id')).toBeGreaterThan(18);
    expect(of('port')).toBeGreaterThan(18);
    const cased = new Set(server.asked.map(({ name }) => name.slice(name.indexOf('.'))));
    expect(cased.size).toBeGreaterThan(18);
    expect(resolver.stats).toMatchObject({ queries: 20, openSockets: 0 });
  });

  it('are asked once for all who wait, and once for as long as the answer is good (DNS-06)', async () => {
    const server = await serve(address);
    const resolver = resolverOf([server]);
    const answers = await Promise.all(Array.from({ length: 50 }, () => resolver.query('host.example.com', 'A')));
    expect(new Set(answers).size).toBe(1);
    expect(addressesOf(answers[0]!)).toEqual(['192.0.2.1']);
    clock += 59_000;
    expect(await resolver.query('host.example.com', 'A')).toBe(answers[0]);
    expect(server.asked).toHaveLength(1);
    clock += 2_000;
    await resolver.query('host.example.com', 'A');
    expect(server.asked).toHaveLength(2);
    expect(resolver.stats).toMatchObject({ joined: 49, cacheHits: 1 });
  });

  it('ten thousand at once need a bounded number of sockets', async () => {
    const server = await serve(address);
    const resolver = resolverOf([server], { timeoutMs: 20_000, patienceMs: 1_000 });
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, resolver.stats.openSockets);
    }, 5);
    const all = Array.from({ length: 10_000 }, (_, at) => resolver.query(`host${at}.example.com`, 'A'));
    const answers = await Promise.all(all);
    clearInterval(watch);
    expect(answers.every(({ records }) => records.length === 1)).toBe(true);
    // A lost datagram is asked again while the first socket still listens.
    expect(most).toBeLessThan(1_024);
    expect(resolver.stats.openSockets).toBe(0);
  });
});

describe('replies', () => {
  it('that are no answer to the question are counted and ignored: id, question, case, malformed (SEC-19)', async () => {
    const evil = [{ name: 'other.example.com', type: 'A', class: 'IN' }];
    const server = await serve((asked) => {
      const forged = [a(asked.name, '203.0.113.66')];
      const otherCase = reply(asked, { answers: forged });
      otherCase[13]! ^= 0x20;
      return [
        reply(asked, { id: asked.id ^ 1, answers: forged }),
        reply(asked, { questions: evil, answers: forged }),
        reply(asked, { questions: [], answers: forged }),
        otherCase,
        asked.message,
        Buffer.from([1, 2, 3]),
        reply(asked, { answers: [a(asked.name, '192.0.2.1')] }),
      ];
    });
    const resolver = resolverOf([server]);
    expect(addressesOf(await resolver.query('host.example.com', 'A'))).toEqual(['192.0.2.1']);
    expect(resolver.stats.ignored).toEqual({ malformed: 2, source: 0, id: 1, question: 2, case: 1 });
    expect(server.asked).toHaveLength(1);
  });

  it('from another port reach nobody (SEC-19)', async () => {
    const stranger = createSocket('udp4');
    stranger.bind(0, '127.0.0.1');
    await once(stranger, 'listening');
    const server = await serve((asked) => {
      server.send(reply(asked, { answers: [a(asked.name, '203.0.113.66')] }), asked.port, stranger);
      setTimeout(() => server.send(reply(asked, { answers: [a(asked.name, '192.0.2.1')] }), asked.port), 50);
      return undefined;
    });
    const resolver = resolverOf([server]);
    expect(addressesOf(await resolver.query('host.example.com', 'A'))).toEqual(['192.0.2.1']);
    stranger.close();
  });

  it('of a server that does not keep the case of letters are had over a connection (SEC-19)', async () => {
    const server = await serve((asked) => reply(lowered(asked), { answers: [a('host.example.com', '192.0.2.1')] }));
    const resolver = resolverOf([server]);
    expect(addressesOf(await resolver.query('host.example.com', 'A'))).toEqual(['192.0.2.1']);
    expect(resolver.stats.streamQueries).toBe(1);
    expect(resolver.stats.ignored.case).toBeGreaterThan(0);
  });

  it('with records that nobody asked for lose those (SEC-19)', async () => {
    const server = await serve((asked) =>
      reply(asked, {
        answers: [
          a('bank.example.net', '203.0.113.66'),
          a(asked.name, '192.0.2.1'),
          cname('bank.example.net', 'evil.test'),
        ],
      }),
    );
    const answer = await resolverOf([server]).query('host.example.com', 'A');
    expect(answer).toMatchObject({ aliases: [], records: [{ name: 'host.example.com', data: '192.0.2.1' }] });
  });

  it('that are cut are had whole over a connection, up to 64 KiB', async () => {
    const texts = Array.from({ length: 236 }, (_, at) => `${at}`.padEnd(250, 'x'));
    const server = await serve((asked) =>
      asked.overStream
        ? reply(asked, { answers: texts.map((data) => ({ name: asked.name, type: 'TXT', ttl: 9, data })) })
        : reply(asked, { truncated: true }),
    );
    const resolver = resolverOf([server], { timeoutMs: 5_000, patienceMs: 3_000 });
    const answer = await resolver.query('a.example.com', 'TXT');
    expect(answer.size).toBeGreaterThan(60_000);
    expect(addressesOf(answer)).toEqual(texts.map((text) => [text]));
    expect(resolver.stats).toMatchObject({ queries: 2, streamQueries: 1, openSockets: 0 });
  });
});

describe('aliases', () => {
  it('are followed in one reply and over several, at the same servers (DNS-05)', async () => {
    const server = await serve((asked) => {
      const name = asked.name.toLowerCase();
      if (name === 'www.example.com') return reply(asked, { answers: [cname(asked.name, 'Edge.example.net', 30)] });
      return reply(asked, { answers: [cname(asked.name, 'node.example.net'), a('node.example.net', '192.0.2.7')] });
    });
    const answer = await resolverOf([server]).query('www.example.com', 'A');
    expect(answer).toMatchObject({ exists: true, name: 'node.example.net' });
    expect(answer.aliases.map(({ data }) => data)).toEqual(['edge.example.net', 'node.example.net']);
    expect(answer.expires).toBe(clock + 30_000);
    expect(server.asked.map(({ name }) => name.toLowerCase())).toEqual(['www.example.com', 'edge.example.net']);
  });

  it.each([
    ['in a circle in one reply', (asked: Asked) => [cname(asked.name, 'b.test'), cname('b.test', 'a.test')]],
    ['in a circle over several', (asked: Asked) => [cname(asked.name, /^a/i.test(asked.name) ? 'b.test' : 'a.test')]],
    ['ever further', (asked: Asked) => [cname(asked.name, `x${asked.name}`)]],
    ['to itself', (asked: Asked) => [cname(asked.name, asked.name)]],
  ])('that lead %s end in an error (SEC-19)', async (_, answers) => {
    const server = await serve((asked) => reply(asked, { answers: answers(asked) }));
    const failure = await resolverOf([server])
      .query('a.test', 'A')
      .catch((error) => error);
    expect(failure).toMatchObject({ code: 'ERR_MIF_DNS_RCODE', rcode: 'SERVFAIL', pvd: 'a0/10.1.0.1' });
    expect(server.asked.length).toBeLessThanOrEqual(17);
  });
});

describe('what is not there', () => {
  it('is remembered for as long as the zone says, and apart from no such name (RFC 2308)', async () => {
    const server = await serve((asked) =>
      reply(asked, { rcode: asked.name.toLowerCase().startsWith('no') ? 3 : 0, authorities: [soa(300, 20)] }),
    );
    const resolver = resolverOf([server]);
    expect(await resolver.query('no.example.com', 'A')).toMatchObject({ exists: false, expires: clock + 20_000 });
    expect(await resolver.query('is.example.com', 'A')).toMatchObject({ exists: true, records: [] });
    clock += 19_000;
    await resolver.query('no.example.com', 'A');
    expect(server.asked).toHaveLength(2);
    clock += 2_000;
    await resolver.query('no.example.com', 'A');
    expect(server.asked).toHaveLength(3);
  });

  it('is asked for again where nobody said for how long', async () => {
    const server = await serve((asked) => reply(asked, { rcode: 3 }));
    const resolver = resolverOf([server]);
    await resolver.query('no.example.com', 'A');
    await resolver.query('no.example.com', 'A');
    expect(server.asked).toHaveLength(2);
  });

  it('times that are too long are cut to a day, to an hour for what is not there (SEC-19)', async () => {
    const server = await serve((asked) =>
      asked.type === 'A'
        ? reply(asked, { answers: [a(asked.name, '192.0.2.1', 2 ** 30)] })
        : reply(asked, { authorities: [soa(2 ** 30, 2 ** 30)] }),
    );
    const resolver = resolverOf([server]);
    expect((await resolver.query('host.example.com', 'A')).expires).toBe(clock + 86_400_000);
    expect((await resolver.query('host.example.com', 'AAAA')).expires).toBe(clock + 3_600_000);
  });
});

describe('servers', () => {
  it('that refuse or fail make way for the next, and are told when all do', async () => {
    const failing = await serve((asked) => reply(asked, { rcode: 2 }));
    const refusing = await serve((asked) => reply(asked, { rcode: 5 }));
    const good = await serve(address);
    const answer = await resolverOf([failing, refusing, good]).query('host.example.com', 'A');
    expect(answer.server).toBe(good.server.text);
    const failure = await resolverOf([failing, refusing])
      .query('host.example.com', 'A')
      .catch((error) => error);
    expect(failure).toMatchObject({ code: 'ERR_MIF_DNS_RCODE', rcode: 'SERVFAIL' });
    expect(failure.message).toContain(`${failing.server.text}: SERVFAIL; ${refusing.server.text}: REFUSED`);
  });

  it('that are silent are asked last for a while, that doubles (DNS-08)', async () => {
    const silent = await serve(() => undefined);
    const good = await serve(address);
    const resolver = resolverOf([silent, good]);
    await resolver.query('a.example.com', 'A');
    await resolver.query('b.example.com', 'A');
    expect([silent.asked.length, good.asked.length]).toEqual([1, 2]);
    clock += 1_001;
    await resolver.query('c.example.com', 'A');
    clock += 1_001;
    await resolver.query('d.example.com', 'A');
    expect([silent.asked.length, good.asked.length]).toEqual([2, 4]);
    expect(resolver.stats).toMatchObject({ timeouts: 2, openSockets: 0 });
  });

  it('that are all silent fail in time, having been asked again', async () => {
    const silent = await serve(() => undefined);
    const resolver = resolverOf([silent], { timeoutMs: 700, patienceMs: 200 });
    const started = performance.now();
    const failure = await resolver.query('host.example.com', 'A').catch((error) => error);
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(failure).toMatchObject({ code: 'ERR_MIF_DNS_TIMEOUT' });
    expect(silent.asked.length).toBe(3);
    expect(resolver.stats.openSockets).toBe(0);
  });

  it('that are slow may answer while the next is asked', async () => {
    const slow = await serve((asked) => {
      setTimeout(() => slow.send(reply(asked, { answers: [a(asked.name, '192.0.2.9')] }), asked.port), 300);
      return undefined;
    });
    const silent = await serve(() => undefined);
    const answer = await resolverOf([slow, silent], { timeoutMs: 2_000, patienceMs: 200 }).query(
      'host.example.com',
      'A',
    );
    expect(addressesOf(answer)).toEqual(['192.0.2.9']);
  });

  it('where nobody listens fail at once', async () => {
    const gone = await serve(() => undefined);
    gone.close();
    servers.length = 0;
    const started = performance.now();
    const failure = await resolverOf([gone])
      .query('host.example.com', 'A')
      .catch((error) => error);
    expect(failure).toMatchObject({ code: 'ERR_MIF_DNS_TIMEOUT' });
    expect(failure.message).toContain('ECONNREFUSED');
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('that answer with garbage make way for the next', async () => {
    const lying = await serve((asked) => {
      const message = reply(asked, { answers: [a(asked.name, '192.0.2.1')] });
      return message.subarray(0, message.length - 2);
    });
    const good = await serve(address);
    const answer = await resolverOf([lying, good]).query('host.example.com', 'A');
    expect(answer.server).toBe(good.server.text);
  });
});

describe('giving up', () => {
  it.each(['while a datagram is awaited', 'while a connection is read'])('%s leaves no socket', async (when) => {
    const server = await serve((asked) =>
      when.includes('datagram') || asked.overStream ? undefined : reply(asked, { truncated: true }),
    );
    const resolver = resolverOf([server]);
    const aborter = new AbortController();
    const question = resolver.query('host.example.com', 'A', aborter.signal);
    setTimeout(() => aborter.abort(new Error('enough')), 100);
    await expect(question).rejects.toThrow('enough');
    expect(resolver.stats.openSockets).toBe(0);
    await expect(resolver.query('x.example.com', 'A', aborter.signal)).rejects.toThrow('enough');
  });

  it('of one who waits does not disturb another', async () => {
    const server = await serve((asked) => {
      setTimeout(() => server.send(reply(asked, { answers: [a(asked.name, '192.0.2.1')] }), asked.port), 80);
      return undefined;
    });
    const resolver = resolverOf([server]);
    const aborter = new AbortController();
    const one = resolver.query('host.example.com', 'A', aborter.signal);
    const other = resolver.query('host.example.com', 'A', new AbortController().signal);
    aborter.abort();
    await expect(one).rejects.toThrow('aborted');
    expect(addressesOf(await other)).toEqual(['192.0.2.1']);
    expect(server.asked).toHaveLength(1);
  });

  it('of the resolver ends all that is under way', async () => {
    const server = await serve(() => undefined);
    const resolver = resolverOf([server]);
    const questions = Array.from({ length: 400 }, (_, at) => resolver.query(`${at}.example.com`, 'A'));
    const settled = Promise.allSettled(questions);
    resolver.close(new Error('over'));
    for (const each of await settled) expect(each).toMatchObject({ status: 'rejected', reason: { message: 'over' } });
    expect(resolver.stats.openSockets).toBe(0);
    // Those who come later are served.
    server.behaviour = address;
    expect(isMifError(await resolver.query('host.example.com', 'A').catch((error) => error))).toBe(false);
  });
});

function lowered(asked: Asked): Asked {
  return { ...asked, name: asked.name.toLowerCase() };
}
