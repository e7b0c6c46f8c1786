// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import { tellMessage } from '../../../../lib/cli/demo/telling.ts';

const a0 = { id: 'if:11.1', index: 11, name: 'a0' };
const domain = { handle: 'pvd:1', id: 'a0/fe80::a:1' };

describe('cli/demo/telling', () => {
  test('cli/demo/telling: an address is told with the domain that it is in', () => {
    const { type, facts } = tellMessage({
      type: 'address-announcement',
      pvd: domain,
      interface: a0,
      family: 4,
      address: '10.1.0.100',
      prefixLength: 24,
      state: 'preferred',
      temporary: false,
      shared: false,
    });
    expect(type).toBe('address-announcement');
    expect(facts).toBe('10.1.0.100/24, in a0/fe80::a:1, preferred');
  });

  test('cli/demo/telling: a message without a wording of its own is told by all its fields', () => {
    expect(tellMessage({ type: 'pvd-selected', pvd: domain, extension: true }).facts).toBe('pvd a0/fe80::a:1 (pvd:1)');
    expect(tellMessage({ type: 'overrun', dropped: 7, extension: true }).facts).toBe('dropped 7');
    expect(tellMessage({ type: 'announce-interfaces' }).facts).toBe('');
  });
});
