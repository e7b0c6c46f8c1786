// SPDX-License-Identifier: MIT
// Which addresses a socket over a carrier may be bound to.

import { parseIpAddress } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';
import { candidateSources } from '../pvd/candidate-source.ts';
import type { Carrier } from '../via/carrier.ts';
import type { Endpoint } from './endpoint.ts';

/** Those to connect to an endpoint from, best first; undefined where that is left to the kernel. */
export function sourcesTo({ pvd, sources }: Carrier, endpoint: Endpoint): readonly string[] | undefined {
  if (pvd === undefined) return sources?.filter((address) => isOfFamily(address, endpoint.family));
  return candidateSources(pvd, endpoint)
    .map(({ address }) => address)
    .filter((address) => sources?.includes(address) ?? true);
}

/** The address for a socket of which no destination is known; undefined where that is left to the kernel. */
export function sourceFor({ pvd, sources, interface: link }: Carrier, family: 4 | 6): string | undefined {
  if (pvd === undefined && sources === undefined) return undefined;
  const usable = (pvd?.addresses ?? [])
    .filter(({ address, state }) => state !== 'tentative' && (sources?.includes(address) ?? true))
    .filter((address) => address.family === family);
  const best = usable.find(({ state }) => state === 'preferred') ?? usable.find(({ state }) => state !== 'dad-failed');
  const source = pvd === undefined ? sources?.find((address) => isOfFamily(address, family)) : best?.address;
  if (source !== undefined) return source;
  const who = pvd === undefined ? `interface ${link.name}` : `provisioning domain '${pvd.id}'`;
  throw new MifError('ERR_MIF_NO_ADDRESS', `${who} has no usable IPv${family} address`, {
    interface: link.name,
    pvd: pvd?.id,
  });
}

function isOfFamily(address: string, family: 4 | 6): boolean {
  return parseIpAddress(address)?.family === family;
}
