// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { candidateSources } from '../../../lib/pvd/candidate-source.ts';
import type { ProvisioningDomain, PvdAddress } from '../../../lib/pvd/provisioning-domain.ts';
import { address } from './records.ts';

function domain(...addresses: [text: string, fields?: Partial<PvdAddress>][]): ProvisioningDomain {
  return {
    addresses: addresses.map(([text, fields]) => ({
      ...address(text).address,
      state: 'preferred',
      temporary: false,
      shared: false,
      ...fields,
    })),
  } as Partial<ProvisioningDomain> as ProvisioningDomain;
}

const to = (text: string) => ({ family: text.includes(':') ? (6 as const) : (4 as const), address: text });

describe('candidate sources', () => {
  const rows: [title: string, domain: ProvisioningDomain, destination: string, expected: string[]][] = [
    [
      'only addresses of the family',
      domain(['192.0.2.2/24'], ['2001:db8::2/64']),
      '2001:db8:ffff::80',
      ['2001:db8::2'],
    ],
    [
      'never tentative or failed ones (C3, C4)',
      domain(['192.0.2.2/24', { state: 'tentative' }], ['192.0.2.3/24', { state: 'dad-failed' }]),
      '198.51.100.80',
      [],
    ],
    [
      'preferred before deprecated before optimistic (C5)',
      domain(
        ['2001:db8::1/64', { state: 'optimistic' }],
        ['2001:db8::2/64', { state: 'deprecated' }],
        ['2001:db8::3/64'],
      ),
      '2001:db8:ffff::80',
      ['2001:db8::3', '2001:db8::2', '2001:db8::1'],
    ],
    [
      'its own before shared ones, else as listed (PVD-13)',
      domain(['192.0.2.2/24', { shared: true }], ['192.0.2.3/24'], ['192.0.2.4/24']),
      '198.51.100.80',
      ['192.0.2.3', '192.0.2.4', '192.0.2.2'],
    ],
    [
      'temporary before stable ones (RFC 6724 section 5 rule 7)',
      domain(['2001:db8::2/64'], ['2001:db8::3/64', { temporary: true }]),
      '2001:db8:ffff::80',
      ['2001:db8::3', '2001:db8::2'],
    ],
    [
      'a link-local destination from link-local ones first (RFC 6724 section 5 rule 2)',
      domain(['2001:db8::2/64'], ['fe80::2/64', { state: 'deprecated' }]),
      'fe80::1',
      ['fe80::2', '2001:db8::2'],
    ],
    ['no other destination from link-local ones (RFC 3927 section 2.6.2)', domain(['169.254.7.7/16']), '192.0.2.1', []],
  ];
  it.each(rows)('candidate sources: %s (SAS-11)', (_, given, destination, expected) => {
    expect(candidateSources(given, to(destination)).map((candidate) => candidate.address)).toEqual(expected);
  });
});
