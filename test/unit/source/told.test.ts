// SPDX-License-Identifier: MIT
import { beforeEach, describe, expect, it } from 'vitest';
import type { MifError } from '../../../lib/binding/mif-error.ts';
import type { Interface } from '../../../lib/snapshot/change.ts';
import { type PvdPolicy, ToldSource } from '../../../lib/source/told.ts';
import { link } from '../pvd/records.ts';

let present: Interface[];
let told: ToldSource;
let calls: number;

beforeEach(() => {
  present = [link('eth0', 3), link('eth1', 4, { altNames: ['uplink'] })];
  calls = 0;
  told = new ToldSource({
    interfaceAt: (index) => present.find((each) => each.index === index),
    interfaceNamed: (name) => present.find((each) => each.name === name || each.altNames.includes(name)),
    onChange: () => ++calls,
  });
});

const keys = (interfaceId: string | undefined) => told.records(interfaceId).map(({ key }) => key);

describe('what a program says', () => {
  it('told: is a record of the interface that has the name, until it is taken back (PVD-17)', () => {
    const takeBack = told.tell({ interface: 'uplink', categories: ['voice'], resolvers: ['192.0.2.53'] });
    expect(told.records('if:4.1')).toMatchObject([
      { type: 'policy', origin: 'policy', categories: ['voice'], resolvers: ['192.0.2.53'], searchDomains: [] },
    ]);
    expect([...told.takeChanged()]).toEqual(['if:4.1']);
    takeBack();
    takeBack();
    expect(told.records('if:4.1')).toEqual([]);
    expect([...told.takeChanged()]).toEqual(['if:4.1']);
    expect(calls).toBe(2);
  });

  it('told: is of the whole host without an interface, and of one device by its id', () => {
    told.tell({ extends: 'corp.example', trusted: true });
    told.tell({ interface: 'if:3.1', metered: true });
    told.tell({ interface: 'if:3.9', metered: true });
    expect(keys(undefined)).toEqual(['1']);
    expect(keys('if:3.1')).toEqual(['2']);
    expect(told.records(undefined)).toMatchObject([{ extends: ['corp.example'] }]);
  });

  it('told: waits for its interface, follows its name, and forgets what is gone (MIF-19)', () => {
    told.tell({ interface: 'vpn0', defines: 'corp' });
    expect([...told.takeChanged()]).toEqual([]);
    present.push(link('vpn0', 9));
    told.followInterfaces();
    expect([...told.takeChanged()]).toEqual(['if:9.1']);
    expect(keys('if:9.1')).toEqual(['1']);
    const before = told.records('if:9.1');
    told.followInterfaces();
    expect(told.records('if:9.1')).toBe(before);
    present.pop();
    present.push(link('vpn0', 10));
    told.followInterfaces();
    expect([...told.takeChanged()].sort()).toEqual(['if:10.1', 'if:9.1']);
    expect(keys('if:9.1')).toEqual([]);
    expect(keys('if:10.1')).toEqual(['1']);
    present.pop();
    told.followInterfaces();
    expect(keys('if:10.1')).toEqual([]);
  });

  it('told: what is changed afterwards by who said it was not said', () => {
    const policy = { interface: 'eth0', categories: ['voice'] };
    told.tell(policy);
    policy.categories.push('video');
    expect(told.records('if:3.1')).toMatchObject([{ categories: ['voice'] }]);
  });

  it.each([
    ['a word', 'eth0'],
    ['null', null],
    ['a list', []],
    ['a field that there is not', { interface: 'eth0', meterd: true }],
    ['a word for a flag', { metered: 'yes' }],
    ['a name as resolver', { resolvers: ['dns.example'] }],
    ['a hole', { categories: Object.assign([], { 1: 'voice' }) }],
    ['a prefix without length', { defines: 'corp', prefixes: ['fd01::/'] }],
    ['an id with a slash', { interface: 'eth0', defines: 'eth0/fe80::1' }],
    ['a handle as id', { interface: 'eth0', defines: 'pvd:7' }],
    ['a reserved word as id', { interface: 'eth0', defines: 'default' }],
    ['an id too long', { interface: 'eth0', defines: 'x'.repeat(129) }],
    ['a domain of everything', { defines: 'corp' }],
  ])('told: refuses %s (SEC-25)', (_, policy) => {
    expect(() => told.tell(policy as PvdPolicy)).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }) as unknown as MifError,
    );
    expect(told.records(undefined)).toEqual([]);
  });
});
