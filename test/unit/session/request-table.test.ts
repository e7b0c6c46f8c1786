// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type { MifRequest } from '../../../lib/session/request.ts';
import { requestTable } from '../../../lib/session/request-table.ts';
import { openSession } from '../../../lib/session/session.ts';
import { FakeNetwork, link, twoUplinks } from './fake-network.ts';
import { drain, lines } from './reading.ts';

function opened() {
  const lab = twoUplinks();
  return { ...lab, session: openSession(lab.network) };
}

/** A well-formed request of each type. */
const examples: { readonly [T in MifRequest['type']]: Extract<MifRequest, { type: T }> } = {
  'announce-interfaces': { type: 'announce-interfaces' },
  'stop-announcing-interfaces': { type: 'stop-announcing-interfaces' },
  'announce-provisioning-domain': { type: 'announce-provisioning-domain', interface: 'eth1' },
  'stop-announcing-provisioning-domains': { type: 'stop-announcing-provisioning-domains', interface: 'eth1' },
  'announce-configuration-element': { type: 'announce-configuration-element', pvd: 'pvd:1', elements: ['ra'] },
  'stop-announce-configuration-element': { type: 'stop-announce-configuration-element', pvd: 'pvd:1' },
  'announce-address': { type: 'announce-address', pvd: 'pvd:1' },
  'stop-announcing-address': { type: 'stop-announcing-address', pvd: 'pvd:1' },
  'get-configuration-data': { type: 'get-configuration-data', pvd: 'pvd:1', element: 'any', information: 'mtu' },
  'translate-name': { type: 'translate-name', pvd: 'pvd:1', name: 'host.example', translationId: 7, families: [4] },
  'stop-translating-name': { type: 'stop-translating-name', translationId: 7 },
  'connect-to-pvd': { type: 'connect-to-pvd', pvd: 'pvd:1' },
  'connect-to-address': {
    type: 'connect-to-address',
    address: '203.0.113.80',
    port: 80,
    pvd: 'pvd:1',
    connectionId: 'a',
  },
  'connect-to-address-from-address': {
    type: 'connect-to-address-from-address',
    source: '192.0.2.10',
    address: '203.0.113.80',
    port: 80,
    pvd: 'pvd:1',
    connectionId: 'b',
  },
  'stop-connecting': { type: 'stop-connecting', connectionId: 'a' },
  'wants-to-connect': { type: 'wants-to-connect' },
  'connection-is-idle': { type: 'connection-is-idle' },
  'connection-can-be-broken': { type: 'connection-can-be-broken', connectionId: 'a' },
};

const requestTypes = Object.keys(requestTable) as MifRequest['type'][];

describe('well-formed requests', () => {
  test.each(requestTypes)('request table: %s is accepted as the draft and its additions write it (MIF-08)', (type) => {
    const { session } = opened();
    expect(() => session.post(examples[type])).not.toThrow();
  });

  test('request table: a request is not kept, the caller may use its object again (MIF-08)', () => {
    const { network, session } = opened();
    const request = { ...examples['connect-to-address'] };
    session.post(request);
    request.address = '203.0.113.81';
    request.connectionId = 'c';
    session.post(request);
    expect(network.attempts.map(({ destination }) => destination)).toEqual(['203.0.113.80', '203.0.113.81']);
  });

  test('request table: a field that is present but undefined is absent', () => {
    const { session } = opened();
    const { name, ...absent } = { ...examples['announce-interfaces'], name: undefined };
    expect(() => session.post({ ...absent, name } as never)).not.toThrow();
  });
});

describe('malformed requests', () => {
  const connect = examples['connect-to-address'];
  test.each<[unknown, string]>([
    [undefined, 'a request must be an object with a type, not undefined'],
    [null, 'a request must be an object with a type, not null'],
    ['announce-interfaces', "a request must be an object with a type, not 'announce-interfaces'"],
    [[connect], 'a request must be an object with a type, not [ [Object] ]'],
    [{}, 'type must be that of a MIF request, not undefined'],
    [{ type: 'Announce Interfaces' }, "type must be that of a MIF request, not 'Announce Interfaces'"],
    [{ type: 'toString' }, "type must be that of a MIF request, not 'toString'"],
    [{ type: '__proto__' }, "type must be that of a MIF request, not '__proto__'"],
    [{ type: 'interface-announcement' }, "type must be that of a MIF request, not 'interface-announcement'"],
    [
      { type: 'announce-provisioning-domain' },
      'announce-provisioning-domain: interface must be the id or the name of an interface, not undefined',
    ],
    [
      { type: 'announce-provisioning-domain', interface: 3 },
      'announce-provisioning-domain: interface must be the id or the name of an interface, not 3',
    ],
    [
      { type: 'announce-address', pvd: '*' },
      "announce-address: pvd must be the handle or the id of a provisioning domain, not '*'",
    ],
    [
      { type: 'announce-address', pvd: null },
      'announce-address: pvd must be the handle or the id of a provisioning domain, not null',
    ],
    [{ ...connect, port: 0 }, 'connect-to-address: port must be an integer from 1 to 65535, not 0'],
    [{ ...connect, port: 65_536 }, 'connect-to-address: port must be an integer from 1 to 65535, not 65536'],
    [{ ...connect, port: '80' }, "connect-to-address: port must be an integer from 1 to 65535, not '80'"],
    [{ ...connect, port: 80.5 }, 'connect-to-address: port must be an integer from 1 to 65535, not 80.5'],
    [
      { ...connect, address: 'host.example' },
      "connect-to-address: address must be an IP address literal, not 'host.example'",
    ],
    [
      { ...connect, address: '192.0.2.01' },
      "connect-to-address: address must be an IP address literal, not '192.0.2.01'",
    ],
    [
      { ...connect, connectionId: '' },
      "connect-to-address: connectionId must be a non-empty string or an integer, not ''",
    ],
    [
      { ...connect, connectionId: undefined },
      'connect-to-address: connectionId must be a non-empty string or an integer, not undefined',
    ],
    [{ ...connect, adress: '192.0.2.1' }, "connect-to-address: there is no field 'adress'"],
    [{ type: 'announce-interfaces', interface: '*' }, "announce-interfaces: there is no field 'interface'"],
    [
      { ...examples['announce-configuration-element'], elements: [] },
      'announce-configuration-element: elements must be a list of non-empty strings, at least one, not []',
    ],
    [
      { ...examples['translate-name'], families: [4, 5] },
      'translate-name: families must be a list of 4 and 6, not [ 4, 5 ]',
    ],
  ])('request table: %o is refused, naming field and value (MIF-08)', (request, message) => {
    const { session } = opened();
    expect(() => session.post(request as never)).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG', message }),
    );
    expect(session.get()).toBeUndefined();
  });

  test('request table: a value that is long, or contains itself, does not fill the message', () => {
    const { session } = opened();
    const loop: Record<string, unknown> = { type: 'x'.repeat(10_000) };
    expect(() => session.post(loop as never)).toThrow(
      /^type must be that of a MIF request, not 'x{100}'\.\.\. 9900 more/,
    );
    loop['type'] = loop;
    expect(() => session.post(loop as never)).toThrow(
      /^type must be that of a MIF request, not <ref \*1> \{ type: \[Circular/,
    );
  });
});

describe('what is not there', () => {
  test('request table: announce-provisioning-domain on an unknown interface is answered, then done (MIF-79)', () => {
    const { session } = opened();
    session.post({ type: 'announce-provisioning-domain', interface: 'wlan9' });
    const unknown = { id: 'wlan9', index: 0, name: 'wlan9' };
    expect(drain(session)).toEqual([
      { type: 'no-interface-announcement', interface: unknown },
      { type: 'enumeration-done', request: 'announce-provisioning-domain', interface: unknown, extension: true },
    ]);
  });

  test.each(['pvd:77', 'null', 'unspecified'])(
    'request table: announce-address in %s is answered, then done (MIF-79)',
    (pvd) => {
      const { session } = opened();
      session.post({ type: 'announce-address', pvd });
      const unknown = { handle: pvd, id: pvd };
      expect(drain(session)).toEqual([
        { type: 'no-provisioning-domain-announcement', pvd: unknown, reason: 'unknown' },
        { type: 'enumeration-done', request: 'announce-address', pvd: unknown, extension: true },
      ]);
    },
  );

  test('request table: announce-address in unspecified means the chosen domain (MIF-66)', () => {
    const { session } = opened();
    session.post({ type: 'connect-to-pvd', pvd: 'pvd:2' });
    session.post({ type: 'announce-address', pvd: 'unspecified' });
    expect(lines(session)).toContain('+ 198.51.100.10 in pvd:2');
  });

  test('request table: stops of what is unknown are ignored (MIF-79)', () => {
    const { session } = opened();
    session.post({ type: 'stop-announcing-provisioning-domains', interface: 'wlan9' });
    session.post({ type: 'stop-announcing-address', pvd: 'pvd:77' });
    session.post({ type: 'stop-announce-configuration-element', pvd: 'pvd:77' });
    session.post({ type: 'stop-translating-name', translationId: 3 });
    expect(session.get()).toBeUndefined();
  });

  test('request table: a request whose object ends unread is answered as if it had never been (MIF-80)', () => {
    const { network, session, eth1, pvd2 } = opened();
    session.post({ type: 'announce-provisioning-domain', interface: 'eth1' });
    session.post({ type: 'announce-address', pvd: 'pvd:2' });
    network.endReasons.set('pvd:2', 'expired');
    network.change((it) => it.drop(eth1, pvd2));
    expect(lines(session)).toEqual([
      '- eth1',
      'done announce-provisioning-domain',
      '- pvd:2 on none: expired',
      'done announce-address',
    ]);
  });

  test('request table: such an answer does not come before the farewells of what was told (MIF-77, MIF-80)', () => {
    const { network, session, eth1, pvd1 } = opened();
    session.post({ type: 'announce-provisioning-domain', interface: 'eth1' });
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    session.post({ type: 'announce-provisioning-domain', interface: 'eth1' });
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    network.change((it) => it.drop(eth1, pvd1));
    expect(lines(session)).toEqual([
      'done announce-provisioning-domain',
      'done announce-address',
      '- 192.0.2.10 in pvd:1',
      '- 2001:db8:1::10 in pvd:1',
      '- pvd:1 on eth1: interface-gone',
    ]);
  });
});

describe('hints', () => {
  test('request table: wants-to-connect does nothing and never fails (MIF-68)', () => {
    const { session } = opened();
    session.post({ type: 'wants-to-connect', interface: 'wlan9' });
    expect(session.get()).toBeUndefined();
  });
});

describe('the limit of requests', () => {
  const codeOfPost = (post: () => void) => {
    try {
      post();
      return 'accepted';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  test.each<MifRequest>([
    examples['connect-to-pvd'],
    examples['get-configuration-data'],
    { type: 'announce-provisioning-domain', interface: 'wlan9' },
    { type: 'announce-address', pvd: 'pvd:77' },
    examples['announce-interfaces'],
  ])('request table: $type cannot be repeated without end while nobody reads (MIF-83)', (request) => {
    const { session } = opened();
    const results = new Set(Array.from({ length: 300 }, () => codeOfPost(() => session.post(request))));
    expect(results).toEqual(new Set(['accepted', 'ERR_MIF_QUEUE_FULL']));
    const waiting = drain(session).length;
    expect(waiting).toBeGreaterThanOrEqual(256);
    expect(waiting).toBeLessThan(256 + 8);
    expect(codeOfPost(() => session.post(request))).toBe('accepted');
  });

  test('request table: one subscription to each of many interfaces does not meet the limit (MIF-88)', () => {
    const network = new FakeNetwork().put(...Array.from({ length: 1_000 }, (_, index) => link(index + 1)));
    const session = openSession(network);
    session.post({ type: 'announce-interfaces' });
    // As in the draft's example: what is on an interface is asked for when the interface is announced.
    let dones = 0;
    for (let message = session.get(); message; message = session.get()) {
      if (message.type === 'enumeration-done') dones += 1;
      if (message.type !== 'interface-announcement') continue;
      session.post({ type: 'announce-provisioning-domain', interface: message.interface.id });
    }
    expect(dones).toBe(1_001);
  });
});
