// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { defaultDomain } from '../../../lib/pvd/default-domain.ts';
import type { ProvisioningDomain, PvdRouter } from '../../../lib/pvd/provisioning-domain.ts';

function domain(
  id: string,
  routers: Partial<PvdRouter>[],
  fields: Partial<ProvisioningDomain> = {},
): ProvisioningDomain {
  return { id, routers, ...fields } as ProvisioningDomain;
}

describe('default domain', () => {
  const rows: [title: string, domains: ProvisioningDomain[], id: string | undefined][] = [
    ['the lowest metric wins', [domain('a', [{ metric: 200 }]), domain('b', [{ metric: 300 }, { metric: 100 }])], 'b'],
    [
      'of equal metrics the RFC 4191 preference decides, unknown counting as medium',
      [
        domain('low', [{ metric: 1, preference: 'low' }]),
        domain('none', [{ metric: 1 }]),
        domain('high', [{ metric: 1, preference: 'high' }]),
      ],
      'high',
    ],
    ['of equals the first', [domain('a', [{ metric: 1 }]), domain('b', [{ metric: 1 }])], 'a'],
    [
      'one that has lost its carrier is none (PVD-18)',
      [domain('a', [{ metric: 1 }], { validated: false }), domain('b', [{ metric: 9 }])],
      'b',
    ],
    ['without a router there is none', [domain('a', []), domain('b', [{}])], undefined],
  ];
  it.each(rows)('default domain: %s (PVD-33)', (_, domains, id) => expect(defaultDomain(domains)?.id).toBe(id));
});
