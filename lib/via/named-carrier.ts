// SPDX-License-Identifier: MIT
// The carrier that a name stands for: of an interface, its alternative names, its index or id; the id or handle of a
// provisioning domain.

import { MifError } from '../binding/mif-error.ts';
import type { Interface, Snapshot } from '../snapshot/change.ts';
import type { Carrier } from './carrier.ts';
import { decoded } from './decoded.ts';
import { namesOfDomain } from './facts.ts';

/**
 * Interface names have neither slash nor colon (dev_valid_name of the kernel): nothing can be taken for another thing.
 * @throws MifError ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_UNKNOWN_ID
 */
export function namedCarrier(snapshot: Snapshot, name: string | number): Carrier {
  const isDomain = typeof name === 'string' && (name.includes('/') || name.startsWith('pvd:'));
  return isDomain ? findDomain(snapshot, name) : { interface: findInterface(snapshot, name) };
}

function findInterface(snapshot: Snapshot, via: string | number): Interface {
  const all = decoded(snapshot.interfaces);
  const found =
    all.find(({ id, index, name }) => (typeof via === 'number' ? index === via : name === via || id === via)) ??
    all.find(({ altNames }) => typeof via === 'string' && altNames.includes(via));
  if (found !== undefined) return found;
  const what = typeof via === 'number' ? `with index ${via}` : `of that name`;
  throw new MifError(
    'ERR_MIF_INTERFACE_NOT_FOUND',
    `cannot use interface ${JSON.stringify(via)}: none ${what}; there are ${listed(all.map(({ name }) => name))}`,
    { interface: String(via) },
  );
}

function findDomain(snapshot: Snapshot, via: string): Carrier {
  const { pvds } = snapshot;
  const pvd =
    pvds.find(({ id, handle }) => id === via || handle === via) ??
    pvds.find((each) => namesOfDomain(each).includes(via));
  if (pvd === undefined) {
    throw new MifError(
      'ERR_MIF_UNKNOWN_ID',
      `cannot use provisioning domain '${via}': none of that id; there are ${listed(pvds.map(({ id }) => id))}`,
      { pvd: via, hint: 'Domains come and go with configuration: `mif ls pvds` shows the present ones.' },
    );
  }
  const found = decoded(snapshot.interfaces).find(({ id }) => id === pvd.interfaceIds[0]);
  if (found === undefined)
    throw new MifError('ERR_MIF_UNKNOWN_ID', `provisioning domain '${via}' has no interface left`);
  return { interface: found, pvd };
}

/** As many names as a message can bear. */
function listed(names: readonly string[]): string {
  const shown = 12;
  if (names.length === 0) return 'none';
  return names.slice(0, shown).join(', ') + (names.length > shown ? ` and ${names.length - shown} more` : '');
}
