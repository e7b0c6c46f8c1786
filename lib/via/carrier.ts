// SPDX-License-Identifier: MIT
// Who carries a connection: the interface, and the provisioning domain where one was named, that a `via` stands for at this
// moment. The simple selectors only; objects and functions come with their own room.

import { isMifError, MifError } from '../binding/mif-error.ts';
import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import type { Interface, Snapshot } from '../snapshot/change.ts';

/**
 * Who may carry, or a list in order of preference: interface name, alternative name or id (`if:3.1`); interface index; id of a provisioning domain (`eth0/fe80::1`) or
 * handle (`pvd:7`).
 */
export type Via = string | number | readonly (string | number)[];

export interface Carrier {
  readonly interface: Interface;
  /** Absent when an interface was named. */
  readonly pvd?: ProvisioningDomain | undefined;
}

/**
 * The first carrier of a list that exists and passes a check; of one that is not a list, that one.
 * @param check - throws a MifError that says why not.
 * @throws MifError what looking up or checking throws; of several, ERR_MIF_NO_PATH with the reason for each
 */
export function findCarrier(snapshot: Snapshot, via: Via, check: (carrier: Carrier) => void = () => {}): Carrier {
  const candidates: readonly unknown[] = Array.isArray(via) ? via : [via];
  const refusals: MifError[] = [];
  for (const candidate of candidates) {
    try {
      const carrier = lookUp(snapshot, candidate);
      check(carrier);
      return carrier;
    } catch (error) {
      // What is written wrongly is an error however many others there are.
      if (!isMifError(error) || error.code === 'ERR_MIF_INVALID_ARG' || candidates.length === 1) throw error;
      refusals.push(error);
    }
  }
  if (refusals.length === 0) throw new MifError('ERR_MIF_INVALID_ARG', 'option via: an empty list names nothing');
  const reasons = refusals.map(({ message }) => message).join('; ');
  throw new MifError('ERR_MIF_NO_PATH', `none of ${refusals.length} networks will do: ${reasons}`, {
    cause: new AggregateError(refusals),
  });
}

/**
 * All carriers of a list that exist, in its order.
 * @throws MifError as findCarrier, when there is none
 */
export function findCarriers(snapshot: Snapshot, via: Via): Carrier[] {
  const found: Carrier[] = [];
  // The first is looked up as any other call does it, and throws what that throws.
  const first = findCarrier(snapshot, via);
  for (const candidate of Array.isArray(via) ? via : []) {
    try {
      found.push(lookUp(snapshot, candidate));
    } catch (error) {
      if (!isMifError(error) || error.code === 'ERR_MIF_INVALID_ARG') throw error;
    }
  }
  return found.length > 0 ? found : [first];
}

/** Interface names have neither slash nor colon (dev_valid_name of the kernel): nothing can be taken for another thing. */
function lookUp(snapshot: Snapshot, via: unknown): Carrier {
  if (typeof via !== 'string' && typeof via !== 'number') {
    throw new MifError(
      'ERR_MIF_UNSUPPORTED',
      'option via: only names, indexes and ids are understood in this version',
      {
        hint: 'Name an interface or a provisioning domain.',
      },
    );
  }
  if (via === '') throw new MifError('ERR_MIF_INVALID_ARG', "option via: '' names nothing");
  if (typeof via === 'string' && (via.includes('/') || via.startsWith('pvd:'))) return findDomain(snapshot, via);
  return { interface: findInterface(snapshot, via) };
}

function findInterface(snapshot: Snapshot, via: string | number): Interface {
  const all = [...snapshot.interfaces];
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
  // A merged domain is also known by the name of each of its routers.
  const pvd =
    pvds.find(({ id, handle }) => id === via || handle === via) ??
    pvds.find(({ interfaces, providers }) => providers.some((provider) => via === `${interfaces[0]}/${provider}`));
  if (pvd === undefined) {
    throw new MifError(
      'ERR_MIF_UNKNOWN_ID',
      `cannot use provisioning domain '${via}': none of that id; there are ${listed(pvds.map(({ id }) => id))}`,
      { pvd: via, hint: 'Domains come and go with configuration: `mif ls pvds` shows the present ones.' },
    );
  }
  const found = [...snapshot.interfaces].find(({ id }) => id === pvd.interfaceIds[0]);
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
