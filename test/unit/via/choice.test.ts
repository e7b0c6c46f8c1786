// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type { Carrier } from '../../../lib/via/carrier.ts';
import { candidatesOf } from '../../../lib/via/candidates.ts';
import { chosen, type ViaChoice } from '../../../lib/via/choice.ts';
import type { LocalPath } from '../../../lib/via/local-path.ts';
import { snapshot, wiredDomain } from './networks.ts';

const candidates = candidatesOf(snapshot);
const choose = (choice: unknown) => chosen(choice as ViaChoice, candidates, 'via');
const idOf = ({ interface: { name }, pvd }: Carrier) => pvd?.id ?? name;

describe('choice', () => {
  test('choice: a function sees each candidate as a path without destination', () => {
    let seen: readonly LocalPath[] = [];
    choose((paths: readonly LocalPath[]) => {
      seen = paths;
      return paths;
    });
    expect(seen.map(({ interface: name, pvd }) => pvd ?? name)).toEqual(candidates.map(idOf));
    expect(seen[0]).toEqual({
      interface: 'eth0',
      index: 3,
      pvd: wiredDomain.id,
      source: null,
      kind: 'ether',
      addresses: ['192.0.2.7', '2001:db8:1::7'],
      metered: undefined,
      vpn: false,
      validated: undefined,
    });
    expect(seen.every(Object.isFrozen)).toBe(true);
  });

  test('choice: what it answers is who may carry, in its order', () => {
    const answer = choose((paths: readonly LocalPath[]) => paths.filter(({ kind }) => kind !== 'ether').reverse());
    expect(answer.map(idOf)).toEqual(['wg0/static', 'wlan0/198.51.100.1', 'wlan0/fe80::2']);
    expect(choose(() => [])).toEqual([]);
  });

  test.each<[what: string, choice: unknown, why: RegExp]>([
    ['one candidate', (paths: readonly LocalPath[]) => paths[0], /did not answer with a list/],
    ['nothing', () => undefined, /did not answer with a list/],
    ['a name', () => ['eth0'], /number 0 of what the function answered is none of the candidates/],
    ['a copy', (paths: readonly LocalPath[]) => [{ ...paths[0] }], /number 0 .* none of the candidates/],
    ['a hole', () => new Array(1), /number 0 .* none of the candidates/],
    ['one twice', (paths: readonly LocalPath[]) => [paths[0], paths[0]], /number 1 .* is there twice/],
    ['a promise', async (paths: readonly LocalPath[]) => paths, /answered with a promise/],
    ['a promise that fails', () => Promise.reject(new Error('later')), /answered with a promise/],
  ])('choice: an answer that is %s is refused', (_what, choice, why) => {
    expect(() => choose(choice)).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG', message: expect.stringMatching(why) }),
    );
  });

  test('choice: what the function throws is what the call throws', () => {
    const mine = new Error('mine');
    expect(() =>
      choose(() => {
        throw mine;
      }),
    ).toThrow(mine);
  });
});
