// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import type { RouteAccount, RuleAccount, Selection, SelectionAccount } from '../../../lib/binding/contract.gen.ts';
import { candidatesOf } from '../../../lib/selection/candidate.ts';
import type { Alternative, Inquiry } from '../../../lib/selection/inquiry.ts';
import { pathOf } from '../../../lib/selection/path.ts';
import { link, rule } from '../cli/records.ts';
import { route } from '../route-record.ts';

const selection: Selection = {
  verdict: 'path',
  type: 'unicast',
  interface: 'a0',
  index: 2,
  table: 254,
  metric: 100,
  mtu: 1500,
  prefixLength: 0,
  ways: 1,
  source: '192.0.2.2',
  gateway: '192.0.2.1',
  isAssumedOnLink: false,
  isBySource: false,
  doubts: [],
};

const taken: RouteAccount = { finding: 'chosen', interface: 'a0', priority: 32766, route: route('0.0.0.0/0') };

function account(fields: Partial<SelectionAccount> = {}): SelectionAccount {
  return {
    selection,
    rules: [{ finding: 'asked', rule: rule(32766) }],
    routes: [taken],
    sources: [{ interface: 'a0', index: 2, address: '192.0.2.2', rule: 'none' }],
    ...fields,
  };
}

/** Another interface, b0, and a way over it. */
function beside(fields: Partial<Selection> = {}, rest: Partial<Alternative> = {}): Alternative {
  const own = { ...selection, interface: 'b0', index: 3, source: '198.51.100.2', gateway: '198.51.100.1' };
  return { interface: link('b0', 3), addresses: ['198.51.100.2'], selection: { ...own, ...fields }, ...rest };
}

function asked(fields: Partial<Inquiry> = {}): Inquiry {
  const chosen = pathOf('203.0.113.9', selection);
  return { chosen, account: account(), usable: new Set(), alternatives: [], ...fields };
}

const refused: Selection = { ...selection, verdict: 'prohibited', interface: undefined, index: undefined };
const nothing = { chosen: null, error: { code: 'ERR_MIF_NO_ROUTE', message: 'no way' } } as const;

/** The reason and the hint of the first candidate over an interface. */
function over(name: string, inquiry: Inquiry) {
  const { reason, hint } = candidatesOf(inquiry).find((each) => each.interface === name)!;
  return { reason, hint };
}

describe('selection/candidate', () => {
  test('selection/candidate: the one chosen is first, with its route, its rule and what decided about the source', () => {
    expect(candidatesOf(asked({ alternatives: [beside({ metric: 200 })] }))[0]).toEqual({
      interface: 'a0',
      source: '192.0.2.2',
      gateway: '192.0.2.1',
      table: 254,
      route: '0.0.0.0/0',
      metric: 100,
      verdict: 'chosen',
      reason:
        'the default route of table main, metric 100, by 192.0.2.1; rule 32766 asks that table; no other address of a0 may be the source',
    });
  });

  test.each<[what: string, fields: Partial<Selection>, rules: RuleAccount[], reason: string]>([
    ['a metric', { metric: 200 }, [], 'its default route has metric 200, that of a0 100'],
    ['an order', {}, [], 'its default route comes behind that of a0, which is its equal'],
    ['a better route', { metric: 5 }, [], 'its default route is only for sockets that are held to it'],
    ['a prefix', { prefixLength: 8 }, [], 'its route for the first 8 bits is only for sockets that are held to it'],
    ['a table', { table: 253 }, [], 'its default route is in table default; table main answered before'],
    [
      'a rule',
      { table: 100 },
      [{ finding: 'mark', rule: rule(50, { table: 100, mark: 16 }) }],
      'its default route is in table 100; rule 50, which asks that, is only for mark 0x10',
    ],
    ['no route', { verdict: 'no-route' }, [], 'over b0: no route leads there'],
  ])('selection/candidate: %s decides between two interfaces', (_what, fields, rules, reason) => {
    expect(over('b0', asked({ account: account({ rules }), alternatives: [beside(fields)] })).reason).toBe(reason);
  });

  test('selection/candidate: a shorter prefix loses', () => {
    const longer = { ...selection, prefixLength: 16 };
    const inquiry = asked({ account: account({ selection: longer }), alternatives: [beside()] });
    expect(over('b0', inquiry).reason).toBe('its default route is for a shorter prefix than 16 bits');
  });

  test('selection/candidate: what was not asked, and what is in the way, are told before routes', () => {
    const obstacle = 'the interface has no carrier';
    const excluded = 'b0 is not in a0/192.0.2.1';
    const reasonOf = (rest: Partial<Alternative>) => over('b0', asked({ alternatives: [beside({}, rest)] })).reason;
    expect(reasonOf({ obstacle })).toBe('over b0: the interface has no carrier');
    expect(reasonOf({ obstacle, excluded })).toBe(excluded);
  });

  test('selection/candidate: only what leads to the interface is a hint', () => {
    const hintOf = (fields: Partial<Selection>, rest: Partial<Alternative> = {}) =>
      over('b0', asked({ alternatives: [beside(fields, rest)] })).hint;
    expect(hintOf({})).toBe('Ask with via b0.');
    expect(hintOf({}, { change: 'mark 0x10' })).toBe('Ask with via b0, or with mark 0x10.');
    expect(hintOf({}, { obstacle: 'the interface has no carrier' })).toBeUndefined();
    expect(hintOf({ verdict: 'no-route' })).toBeUndefined();
    // For this host itself.
    expect(hintOf({ type: 'local', index: 1, interface: 'lo' })).toBeUndefined();
    const down = { interface: link('b0', 3, { adminUp: false, running: false }) };
    expect(hintOf({}, down)).toBe('Bring b0 up.');
    expect(hintOf({}, { ...down, excluded: 'no' })).toBe('Bring b0 up, and ask with via b0.');
  });

  test('selection/candidate: other addresses say by what they lost, and which may be asked for (SAS-13)', () => {
    const sources = [
      { interface: 'a0', index: 2, address: '192.0.2.2', rule: 'none' },
      { interface: 'a0', index: 2, address: '192.0.2.3', rule: 'primary' },
      { interface: 'a0', index: 2, address: '192.0.2.4', rule: 'not-allowed' },
      { interface: 'b0', index: 3, address: '198.51.100.2', rule: 'outgoing-interface' },
    ] as const;
    const inquiry = asked({ account: account({ sources }), pvd: 'a0/192.0.2.1', usable: new Set(['192.0.2.3']) });
    const [first, ...others] = candidatesOf(inquiry);
    expect(first?.reason).toMatch(/its source comes before 1 more of a0$/);
    expect(others.map(({ source, reason, hint }) => ({ source, reason, hint }))).toEqual([
      { source: '192.0.2.3', reason: '192.0.2.3 is a secondary address', hint: 'Ask with source 192.0.2.3.' },
      { source: '192.0.2.4', reason: '192.0.2.4 is no address of a0/192.0.2.1', hint: undefined },
    ]);
  });

  test.each<[what: string, sources: SelectionAccount['sources'], end: RegExp]>([
    ['given', [{ interface: 'a0', index: 2, address: '192.0.2.3', rule: 'given' }], /; the source was given$/],
    [
      'of the route',
      [{ interface: 'a0', index: 2, address: '192.0.2.3', rule: 'route-source' }],
      /; the route prefers/,
    ],
  ])('selection/candidate: that the source is %s is said', (_what, sources, end) => {
    expect(over('a0', asked({ account: account({ sources }) })).reason).toMatch(end);
  });

  test('selection/candidate: the route or rule that refuses stands before every interface', () => {
    const prohibit = { ...taken, finding: 'refuses', route: route('203.0.113.0/24', { type: 'prohibit' }) } as const;
    const alternatives = [beside({ verdict: 'prohibited' })];
    const byRoute = account({ selection: refused, routes: [prohibit] });
    expect(over('b0', asked({ ...nothing, account: byRoute, alternatives })).reason).toBe(
      '203.0.113.0/24 of table main says prohibit',
    );
    const rules = [{ finding: 'refuses', rule: rule(50, { action: 'unreachable' }) }] as const;
    const byRule = account({ selection: refused, routes: [], rules });
    expect(over('b0', asked({ ...nothing, account: byRule, alternatives })).reason).toBe('rule 50 says unreachable');
  });

  test('selection/candidate: without a way nobody is chosen, and each says why', () => {
    const none = candidatesOf(asked({ ...nothing, account: account({ routes: [] }), alternatives: [beside()] }));
    expect(none).toMatchObject([
      { interface: 'b0', verdict: 'rejected', reason: 'only a socket that is held to it is led there' },
    ]);
    const error = { code: 'ERR_MIF_SCOPE_REQUIRED', message: 'which?' } as const;
    expect(over('b0', asked({ chosen: null, error, account: undefined, alternatives: [beside()] })).reason).toBe(
      'the destination exists on each link, and none was named',
    );
  });

  test('selection/candidate: a hop that was passed over is a candidate of its own', () => {
    const dead = { ...taken, finding: 'dead', gateway: '192.0.2.9' } as const;
    const [, hop] = candidatesOf(asked({ account: account({ routes: [dead, taken] }) }));
    expect(hop).toMatchObject({ interface: 'a0', gateway: '192.0.2.9', verdict: 'rejected' });
    expect(hop?.reason).toMatch(/by 192\.0\.2\.9 is dead/);
  });
});
