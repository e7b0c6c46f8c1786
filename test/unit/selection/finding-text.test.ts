// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import {
  RouteFindingNames,
  type Rule,
  type RuleFinding,
  RuleFindingNames,
  SourceRuleNames,
} from '../../../lib/binding/contract.gen.ts';
import { changeText, routeReason, ruleHint, ruleReason, sourceReason } from '../../../lib/selection/finding-text.ts';
import { rule } from '../cli/records.ts';
import { route } from '../route-record.ts';

const whole: Rule = rule(50, {
  table: 100,
  source: '192.0.2.0/24',
  destination: '203.0.113.0/24',
  inputInterface: 'in0',
  outputInterface: 'out0',
  mark: 0x10,
  markMask: 0xff,
  ipProtocol: 17,
  sourcePortFirst: 1000,
  sourcePortLast: 2000,
  destinationPortFirst: 53,
  destinationPortLast: 53,
  uidFirst: 1000,
  uidLast: 1999,
  gotoPriority: 200,
  tunnelId: 7,
});

describe('selection/finding-text', () => {
  test.each<[RuleFinding, string]>([
    ['asked', 'applies: table 100 was asked'],
    ['jumps', 'applies: goes on at rule 200'],
    ['suppressed', 'applies, but suppresses what table 100 answered'],
    ['source', 'only for traffic from 192.0.2.0/24'],
    ['destination', 'only for traffic to 203.0.113.0/24'],
    ['input-interface', 'only for traffic that arrives by in0'],
    ['output-interface', 'only for sockets bound to out0'],
    ['mark', 'only for mark 0x10/0xff'],
    ['user', 'only for users 1000 to 1999'],
    ['protocol', 'only for IP protocol 17'],
    ['source-port', 'only from ports 1000 to 2000'],
    ['destination-port', 'only to port 53'],
    ['tunnel', 'only for traffic of tunnel 7'],
  ])('selection/finding-text: a rule that is %s says so with its own values', (finding, text) => {
    expect(ruleReason({ finding, rule: whole })).toBe(text);
  });

  test('selection/finding-text: a mask of all bits is no news, and the main table has a name', () => {
    const masked = rule(50, { mark: 0x10, markMask: 0xffff_ffff });
    expect(ruleReason({ finding: 'mark', rule: masked })).toBe('only for mark 0x10');
    expect(ruleReason({ finding: 'asked', rule: rule(32766) })).toBe('applies: table main was asked');
  });

  test('selection/finding-text: what the one who asks can change is a hint', () => {
    expect(ruleHint({ finding: 'mark', rule: whole })).toBe('Ask with mark 0x10.');
    expect(ruleHint({ finding: 'user', rule: whole })).toBe('Ask with uid 1000.');
    expect(ruleHint({ finding: 'asked', rule: whole })).toBeUndefined();
  });

  test('selection/finding-text: every finding of the contract has words of its own', () => {
    const rules = Object.values(RuleFindingNames).map((finding) =>
      ruleReason({ finding: finding as RuleFinding, rule: whole }),
    );
    const routes = Object.values(RouteFindingNames).map((finding) =>
      routeReason({
        finding: finding as never,
        priority: 0,
        route: route('0.0.0.0/0', { metric: 5 }),
        gateway: '192.0.2.1',
      }),
    );
    const sources = Object.values(SourceRuleNames).map((name) => sourceReason(name as never, 'fd00::2', 'fd00::1'));
    for (const texts of [rules, routes, sources]) {
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts).not.toContain('');
      expect(texts.join()).not.toMatch(/undefined/);
    }
  });

  test('selection/finding-text: a route is named by destination, table, metric and router', () => {
    const account = { finding: 'dead', priority: 0, gateway: '192.0.2.1' } as const;
    expect(routeReason({ ...account, route: route('0.0.0.0/0', { metric: 5 }) })).toBe(
      'the default route of table main, metric 5 by 192.0.2.1 is dead: its interface is down or has no carrier',
    );
    expect(routeReason({ finding: 'expired', priority: 0, route: route('10.0.0.0/8', { table: 7 }) })).toBe(
      '10.0.0.0/8 of table 7 has expired',
    );
  });

  test('selection/finding-text: the rules of RFC 6724 have their numbers (SAS-13)', () => {
    const numbered = [
      'same-address',
      'scope',
      'deprecated',
      'home',
      'outgoing-interface',
      'next-hop',
      'label',
      'temporary',
    ];
    const texts = [...numbered, 'longest-prefix'].map((name) => sourceReason(name as never, 'fd00::2', 'fd00::1'));
    expect(texts.map((text) => /^RFC 6724 rule ([\d.]+):/.exec(text)?.[1])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '5.5',
      '6',
      '7',
      '8',
    ]);
    // Of IPv4 the RFC says nothing.
    expect(sourceReason('scope', '192.0.2.2', '192.0.2.1')).not.toMatch(/RFC/);
    expect(sourceReason('outgoing-interface', '192.0.2.2', '192.0.2.1')).not.toMatch(/RFC/);
  });

  test('selection/finding-text: a change of the traffic is said as it is asked for', () => {
    expect([{ mark: 16 }, { uid: 1000 }, { source: 'fd00::1' }].map(changeText)).toEqual([
      'mark 0x10',
      'uid 1000',
      'source fd00::1',
    ]);
  });
});
