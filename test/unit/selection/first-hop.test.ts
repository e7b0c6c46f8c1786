// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import { type FirstHop, type FirstHopFacts, firstHopOf } from '../../../lib/selection/first-hop.ts';

describe('selection/first-hop', () => {
  const alone: FirstHopFacts = { gateway: 'fe80::a', isBySource: false, own: ['fe80::a', '192.0.2.1'], others: [] };
  test.each<[string, Partial<FirstHopFacts>, FirstHop]>([
    ['the only router there is', {}, 'enforced'],
    ['one of two, by the metric', { others: ['fe80::b'] }, 'accidental'],
    ['one of two, by a route for the source', { others: ['fe80::b'], isBySource: true }, 'enforced'],
    ['the only one of its family', { others: ['192.0.2.9'] }, 'enforced'],
    ["the other domain's", { gateway: 'fe80::b', others: ['fe80::b'] }, 'wrong'],
    ["the other domain's, by a route for the source", { gateway: 'fe80::b', isBySource: true }, 'wrong'],
    ["nobody's router", { gateway: '192.0.2.7' }, 'wrong'],
    ['a router, when the domain has none', { own: [] }, 'wrong'],
  ])('selection/first-hop: %s (ROUTE-16)', (_what, facts, expected) => {
    expect(firstHopOf({ ...alone, ...facts })).toBe(expected);
  });
});
