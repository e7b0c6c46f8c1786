// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import { changeText, snapshotText, touches } from '../../../lib/cli/json-text.ts';
import { nouns, parseNouns } from '../../../lib/cli/nouns.ts';
import { route } from '../route-record.ts';
import { address, change, domain, link, snapshot } from './records.ts';

const a0 = link('a0', 11);
const b0 = link('b0', 12);

function join(texts: Iterable<string>): string {
  return [...texts].join('');
}

describe('cli/json-text', () => {
  const picture = snapshot({
    interfaces: [a0, b0],
    addresses: [address(a0, '10.1.0.100/24')],
    routes: [route('0.0.0.0/0', { gateway: '10.1.0.1', interface: 'a0', index: 11 })],
    pvds: [domain('a0/10.1.0.1', a0)],
  });

  test('cli/json-text: a picture of one noun is the generation and that noun', () => {
    expect(JSON.parse(join(snapshotText(picture, ['addresses'], '\n')))).toEqual({
      generation: 7,
      addresses: [address(a0, '10.1.0.100/24')],
    });
  });

  test('cli/json-text: all nouns are there, empty ones as empty lists', () => {
    const document = JSON.parse(join(snapshotText(picture, nouns, '\n')));
    expect(Object.keys(document)).toEqual(['generation', ...nouns]);
    expect(document).toMatchObject({ interfaces: [{ name: 'a0' }, { name: 'b0' }], rules: [], nexthops: [] });
  });

  test('cli/json-text: a lifetime without end is null, what does not apply is absent', () => {
    const [entry] = JSON.parse(join(snapshotText(picture, ['addresses'], ''))).addresses;
    expect(entry.validLifetime).toBe(null);
    expect(entry).not.toHaveProperty('peer');
  });

  test('cli/json-text: a document has a record a line, a stream has one line', () => {
    expect(join(snapshotText(picture, ['interfaces'], '\n')).split('\n')).toHaveLength(6);
    expect(join(snapshotText(picture, nouns, ''))).not.toContain('\n');
  });

  test('cli/json-text: a routing table is written while it is read', () => {
    let read = 0;
    const routes = {
      length: 1_000_000,
      *[Symbol.iterator]() {
        for (; read < this.length; read++) yield route('203.0.113.0/24', { metric: read });
      },
    };
    const texts = snapshotText(snapshot({ routes }), ['routes'], '');
    for (let count = 0; count < 10; count++) texts.next();
    expect(read).toBeLessThan(20);
  });

  test('cli/json-text: a domain with all routes of a large table is written while it is read, on both sides', () => {
    const routes = Array.from({ length: 10_000 }, (_, at) => route('203.0.113.0/24', { metric: at }));
    const [before, after] = [
      domain('a0/10.1.0.1', a0, { routes }),
      domain('a0/10.1.0.1', a0, { routes: routes.slice(1) }),
    ];
    const texts = [
      ...changeText(change({ changed: { pvds: [{ before, after }] }, removed: { pvds: [before] } }), ['pvds']),
    ];
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(1000);
    const told = JSON.parse(texts.join(''));
    expect(told.changed).toEqual({ pvds: [{ before, after }] });
    expect(told.removed).toEqual({ pvds: [before] });
  });

  test('cli/json-text: a change has the asked nouns only, and no snapshot', () => {
    const text = join(
      changeText(
        change({
          added: { addresses: [address(b0, '10.2.0.100/24')], interfaces: [b0] },
          changed: { interfaces: [{ before: a0, after: { ...a0, running: false } }] },
          removed: { routes: [route('0.0.0.0/0')] },
        }),
        ['interfaces', 'routes'],
      ),
    );
    expect(JSON.parse(text)).toEqual({
      generation: 8,
      epoch: 1,
      synced: true,
      cause: 'kernel',
      added: { interfaces: [b0] },
      changed: { interfaces: [{ before: a0, after: { ...a0, running: false } }] },
      removed: { routes: [route('0.0.0.0/0')] },
    });
    expect(text).not.toContain('\n');
  });

  test('cli/json-text: a change that touches none of the asked nouns is none', () => {
    const one = change({ removed: { routes: [route('0.0.0.0/0')] }, added: { interfaces: [] } });
    expect(JSON.parse(join(changeText(one, nouns))).added).toEqual({});
    expect(touches(one, ['routes', 'rules'])).toBe(true);
    expect(touches(one, ['interfaces'])).toBe(false);
    expect(touches(change(), nouns)).toBe(false);
  });
});

describe('cli/nouns', () => {
  test('cli/nouns: none means all, several come in the order of the host', () => {
    expect(parseNouns('watch', [])).toEqual(nouns);
    expect(parseNouns('watch', ['routes', 'interfaces', 'routes'])).toEqual(['interfaces', 'routes']);
  });

  test('cli/nouns: an unknown one is a usage error that names the known ones', () => {
    expect(() => parseNouns('ls', ['sockets'])).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG', hint: expect.stringContaining('neighbours') }),
    );
  });
});
