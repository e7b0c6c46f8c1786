// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import { explanationLines } from '../../../lib/cli/explain.ts';
import { styles } from '../../../lib/cli/style.ts';
import type { Explanation } from '../../../lib/selection/explanation.ts';
import { rule } from './records.ts';

const explanation: Explanation = {
  destination: '203.0.113.9',
  chosen: {
    destination: '203.0.113.9',
    interface: 'a0',
    index: 2,
    source: '192.0.2.2',
    gateway: '192.0.2.1',
    table: 254,
    type: 'unicast',
    metric: 100,
    ways: 1,
    doubts: [],
    why: 'because',
  },
  candidates: [
    { interface: 'a0', source: '192.0.2.2', gateway: '192.0.2.1', table: 254, verdict: 'chosen', reason: 'because' },
    { interface: 'long-name0', source: null, verdict: 'rejected', reason: 'it is down', hint: 'Bring it up.' },
  ],
  rules: [{ finding: 'asked', reason: 'applies', rule: rule(32766) }],
  routes: [],
  warnings: ['beware of \u001b[2J'],
  doubts: ['unsynced'],
};

const text = (shown: Explanation) => [...explanationLines(shown, styles(false))].join('');

describe('cli/explain', () => {
  test('cli/explain: the answer, aligned candidates and rules, what to change, warnings and doubts', () => {
    expect(text(explanation)).toBe(`203.0.113.9 by a0 from 192.0.2.2 via 192.0.2.1

candidates
  VERDICT   INTERFACE   SOURCE     GATEWAY    TABLE  REASON
  chosen    a0          192.0.2.2  192.0.2.1  main   because
  rejected  long-name0  -                            it is down

rules
  PRIORITY  SELECTS  ACTION       REASON
     32766  all      lookup main  applies

to change it
  INTERFACE   SOURCE  HINT
  long-name0  -       Bring it up.

warning: beware of \\x1b[2J
not certain: unsynced
`);
  });

  test('cli/explain: that there is no way is the answer', () => {
    const error = { code: 'ERR_MIF_NO_ROUTE', message: 'no way to 203.0.113.9: no route leads there' } as const;
    const negative = { ...explanation, chosen: null, error, candidates: [], rules: [], warnings: [], doubts: [] };
    expect(text(negative)).toBe('no way to 203.0.113.9: no route leads there\n');
  });
});
