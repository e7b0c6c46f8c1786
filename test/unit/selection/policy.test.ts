// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { isMifError } from '../../../lib/binding/mif-error.ts';
import { defaultPolicy, packPolicy } from '../../../lib/selection/policy.ts';

const row = { prefix: '2001:db8::/32', precedence: 1, label: 2 };

describe('policy table', () => {
  it('selection: rows cross as family, groups, length, precedence, label (SAS-09)', () => {
    expect(packPolicy([row, { prefix: '192.0.2.0/24', precedence: 255, label: 0xffff_ffff }])).toEqual([
      ...[2],
      ...[6, 0x20010db8, 0, 0, 0, 32, 1, 2],
      ...[4, 0xc0000200, 0, 0, 0, 24, 255, 0xffff_ffff],
    ]);
    expect(packPolicy([])).toEqual([0]);
  });

  it('selection: the standard table is that of RFC 6724, and nobody changes it (SAS-01)', () => {
    expect(packPolicy(defaultPolicy)[0]).toBe(9);
    expect(Object.isFrozen(defaultPolicy) && defaultPolicy.every(Object.isFrozen)).toBe(true);
  });

  it.each([
    ['policy', 'rfc6724'],
    ['policy[0]', [null]],
    ['policy[0]', new Array(1)],
    ['policy[0].prefix', [{ ...row, prefix: '2001:db8::' }]],
    ['policy[0].prefix', [{ ...row, prefix: '2001:db8::/129' }]],
    ['policy[0].prefix', [{ ...row, prefix: 'fe80::%eth0/64' }]],
    ['policy[1].precedence', [row, { ...row, precedence: 256 }]],
    ['policy[0].precedence', [{ ...row, precedence: '1' }]],
    ['policy[0].label', [{ ...row, label: -1 }]],
    ['policy[0].label', [{ prefix: '::/0', precedence: 1 }]],
  ])('selection: what is wrong in a row is refused as option %s', (name, rows) => {
    const call = () => packPolicy(rows);
    expect(call).toThrow(expect.toSatisfy((error) => isMifError(error, 'ERR_MIF_INVALID_ARG')));
    expect(call).toThrow(`option ${name}: `);
  });
});
