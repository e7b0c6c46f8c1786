// SPDX-License-Identifier: MIT
// Translations of names as a subscriber meets them: results as they come, one end, ids, stops, domains that go.

import { expect, test } from 'vitest';
import type { TranslateRequest, TranslationOutcome } from '../../../lib/session/network.ts';
import { openSession } from '../../../lib/session/session.ts';
import { twoUplinks } from './fake-network.ts';
import { drain } from './reading.ts';

/** A network with two domains, in which a test answers questions by hand. */
function opened(options: Parameters<typeof openSession>[1] = {}) {
  const uplinks = twoUplinks();
  const questions: (TranslateRequest & { done(outcome: TranslationOutcome): void; isCancelled: boolean })[] = [];
  const network = Object.assign(uplinks.network, {
    translate(request: TranslateRequest, done: (outcome: TranslationOutcome) => void) {
      const question = { ...request, done, isCancelled: false };
      questions.push(question);
      return {
        cancel: () => {
          question.isCancelled = true;
        },
      };
    },
  });
  return { ...uplinks, network, questions, session: openSession(network, options) };
}

const post = { type: 'translate-name', pvd: 'pvd:1', name: 'host.example', translationId: 'a' } as const;
const found = (...addresses: string[]): TranslationOutcome => ({ addresses, origin: 'dns', server: '192.0.2.53' });

test('translate-name: both families, each address as it comes, then one end (MIF-49, MIF-50)', () => {
  const { session, questions } = opened();
  session.post(post);
  expect(questions.map(({ pvd, name, family }) => [pvd.handle, name, family])).toEqual([
    ['pvd:1', 'host.example', 6],
    ['pvd:1', 'host.example', 4],
  ]);
  expect(session.get()).toBe(undefined);
  questions[1]!.done(found('192.0.2.1', '192.0.2.2', '192.0.2.1'));
  const common = { type: 'name-translation', translationId: 'a', pvd: { handle: 'pvd:1', id: 'eth1/192.0.2.1' } };
  expect(drain(session)).toEqual([
    { ...common, family: 4, address: '192.0.2.1', origin: 'dns', server: '192.0.2.53' },
    { ...common, family: 4, address: '192.0.2.2', origin: 'dns', server: '192.0.2.53' },
  ]);
  questions[0]!.done({ status: 'timeout' });
  expect(drain(session)).toEqual([
    { type: 'translation-done', translationId: 'a', status: 'complete', extension: true },
  ]);
});

test.each<[TranslationOutcome, TranslationOutcome, string]>([
  [{ status: 'no-name' }, { status: 'no-name' }, 'no-name'],
  [found(), { status: 'no-name' }, 'no-data'],
  [found(), { status: 'timeout' }, 'timeout'],
  [{ status: 'server-failure' }, found(), 'server-failure'],
  [{ status: 'bad-name' }, { status: 'bad-name' }, 'bad-name'],
])('translate-name: %j and %j without an address end as %s (MIF-49)', (one, other, status) => {
  const { session, questions } = opened();
  session.post(post);
  questions[0]!.done(one);
  questions[1]!.done(other);
  expect(drain(session)).toMatchObject([{ type: 'translation-done', status }]);
});

test('translate-name: an id is in use until its end is read, or it is stopped (MIF-53)', () => {
  const { session, questions } = opened();
  session.post({ ...post, families: [4] });
  expect(() => session.post(post)).toThrow(expect.objectContaining({ code: 'ERR_MIF_DUPLICATE_ID' }));
  questions[0]!.done(found('192.0.2.1'));
  expect(session.get()).toMatchObject({ address: '192.0.2.1' });
  expect(() => session.post(post)).toThrow('still names');
  expect(session.get()).toMatchObject({ type: 'translation-done' });
  session.post(post);
  expect(questions).toHaveLength(3);
});

test('stop-translating-name: nothing of it is read any more, and the questions end (MIF-51)', () => {
  const { session, questions } = opened();
  session.post(post);
  questions[0]!.done(found('2001:db8::1'));
  session.post({ type: 'stop-translating-name', translationId: 'a' });
  session.post({ type: 'stop-translating-name', translationId: 'a' });
  expect(questions[1]!.isCancelled).toBe(true);
  questions[1]!.done(found('192.0.2.1'));
  expect(session.get()).toBe(undefined);
  session.post(post);
});

test('translate-name: a domain that is not there, has gone, or goes (MIF-49, MIF-55, MIF-67)', () => {
  const { session, network, questions, pvd1 } = opened();
  session.post({ ...post, pvd: 'pvd:77', translationId: 1 });
  session.post({ ...post, pvd: 'null', translationId: 2 });
  session.post({ type: 'connect-to-pvd', pvd: 'pvd:1' });
  session.post({ ...post, pvd: 'unspecified', translationId: 3 });
  network.change((it) => it.drop(pvd1));
  session.post({ ...post, pvd: 'unspecified', translationId: 4 });
  const ends = drain(session).flatMap((message) =>
    message.type === 'translation-done' ? [[message.translationId, message.status]] : [],
  );
  expect(ends.sort()).toEqual([
    [1, 'unknown-pvd'],
    [2, 'no-data'],
    [3, 'cancelled-pvd-gone'],
    [4, 'cancelled-pvd-gone'],
  ]);
  expect(questions.map(({ isCancelled }) => isCancelled)).toEqual([true, true]);
});

test('translate-name: nobody to ask is told at once (MIF-55)', () => {
  const session = openSession(twoUplinks().network);
  session.post(post);
  expect(drain(session)).toMatchObject([{ type: 'translation-done', status: 'no-data' }]);
});

test('translate-name: without extensions the id is free when all is read (MIF-53)', () => {
  const { session, questions } = opened({ extensions: false });
  session.post({ ...post, families: [4] });
  questions[0]!.done(found('192.0.2.1'));
  expect(() => session.post(post)).toThrow('still names');
  expect(drain(session)).toMatchObject([{ address: '192.0.2.1' }]);
  session.post({ ...post, families: [4] });
  questions[1]!.done(found());
  session.post(post);
});

test('translate-name: cannot be repeated without end while nobody reads; an answer cannot fill the queue (MIF-83)', () => {
  const { session, questions } = opened();
  const all = Array.from({ length: 300 }, (_, translationId) => () => session.post({ ...post, translationId }));
  const refused = all.flatMap((one) => {
    try {
      one();
      return [];
    } catch (error) {
      return [(error as { code: string }).code];
    }
  });
  expect(refused).toEqual(Array.from({ length: 44 }, () => 'ERR_MIF_QUEUE_FULL'));
  questions[0]!.done(found(...Array.from({ length: 5_000 }, (_, at) => `2001:db8::${at.toString(16)}`)));
  expect(drain(session)).toHaveLength(256);
  session.close();
  expect(questions.slice(1).every(({ isCancelled }) => isCancelled)).toBe(true);
});
