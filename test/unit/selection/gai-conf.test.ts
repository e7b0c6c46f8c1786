// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { prefixContains } from '../../../lib/address/prefix.ts';
import { parseGaiConf } from '../../../lib/selection/gai-conf.ts';
import { defaultPolicy, type PolicyRow } from '../../../lib/selection/policy.ts';

/** What a table says of an address. */
function policyOf(rows: readonly PolicyRow[] | undefined, address: string): [precedence: number, label: number] {
  const lengthOf = ({ prefix }: PolicyRow) => Number(prefix.split('/')[1]);
  const found = (rows ?? [])
    .filter(({ prefix }) => prefixContains(prefix, address))
    .sort((a, b) => lengthOf(b) - lengthOf(a))[0];
  return [found?.precedence ?? -1, found?.label ?? -1];
}

describe('gai.conf', () => {
  it('selection: a file without rows leaves the standard table, and lines that say nothing are told (SAS-03)', () => {
    expect(parseGaiConf('')).toEqual({ skipped: [] });
    const text = '# label ::1/128 0\n\n  \nreload yes\nscopev4 ::ffff:169.254.0.0/112 2\nnonsense';
    expect(parseGaiConf(text)).toEqual({
      skipped: [
        { line: 4, text: 'reload yes' },
        { line: 5, text: 'scopev4 ::ffff:169.254.0.0/112 2' },
        { line: 6, text: 'nonsense' },
      ],
    });
  });

  it('selection: precedences replace precedences and leave labels alone, as in the C library (SAS-03)', () => {
    const { rows } = parseGaiConf('precedence ::ffff:0:0/96  100\n');
    expect(policyOf(rows, '::ffff:192.0.2.1')).toEqual([100, 4]);
    // All other rows of precedence are gone, so what is left is the one for everything.
    expect(policyOf(rows, '2001:db8::1')).toEqual([40, 1]);
    expect(policyOf(rows, '2002::1')).toEqual([40, 2]);
    expect(policyOf(rows, 'fd00::1')).toEqual([40, 13]);
    expect(policyOf(rows, '::1')).toEqual([40, 0]);
  });

  it('selection: labels replace labels and leave precedences alone (SAS-03)', () => {
    const { rows } = parseGaiConf('label 2001:db8:1::/48 6 # ours\nlabel 2001:db8:2::1 7\n');
    expect(policyOf(rows, '2001:db8:1::1')).toEqual([40, 6]);
    expect(policyOf(rows, '2001:db8:2::1')).toEqual([40, 7]);
    expect(policyOf(rows, '2001:db8:2::2')).toEqual([40, 1]);
    expect(policyOf(rows, '2002::1')).toEqual([30, 1]);
  });

  it('selection: the longest prefix of each kind decides, wherever the other kind has longer ones (SAS-03)', () => {
    const { rows } = parseGaiConf('label 2001:db8::/32 1\nlabel 2001:db8:1:1::/64 2\nprecedence 2001:db8:1::/48 9\n');
    expect(policyOf(rows, '2001:db8:1:1::1')).toEqual([9, 2]);
    expect(policyOf(rows, '2001:db8:1:2::1')).toEqual([9, 1]);
    expect(policyOf(rows, '2001:db8:2::1')).toEqual([40, 1]);
  });

  it('selection: the standard table, written down, is the standard table (SAS-01)', () => {
    const text = defaultPolicy.map(
      ({ prefix, precedence, label }) => `label ${prefix} ${label}\nprecedence ${prefix} ${precedence}`,
    );
    const { rows, skipped } = parseGaiConf(text.join('\n'));
    expect(skipped).toEqual([]);
    expect(rows).toHaveLength(defaultPolicy.length);
    for (const { prefix, precedence, label } of defaultPolicy) {
      expect(policyOf(rows, prefix.split('/')[0] as string)[0]).toBeGreaterThan(0);
      expect(rows).toContainEqual({ prefix: expect.any(String), precedence, label });
    }
  });

  it.each([
    'label 192.0.2.0/24 1',
    'label ::/129 1',
    'label ::/0 -1',
    'label ::/0 4294967296',
    'label ::/0',
    'precedence ::/0 256',
    'precedence fe80::1%eth0/128 1',
    'labels ::/0 1',
    'constructor ::/0 1',
  ])('selection: `%s` is passed over', (line) => {
    expect(parseGaiConf(line)).toEqual({ skipped: [{ line: 1, text: line }] });
  });
});
