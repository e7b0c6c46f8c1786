// SPDX-License-Identifier: MIT
// The carrier that a name stands for: of an interface, its alternative names, its index or id; the id or handle of a
// provisioning domain.

import { MifError } from '../binding/mif-error.ts';
import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import { foldName, isSameId } from '../pvd/reference.ts';
import type { Interface, Snapshot } from '../snapshot/change.ts';
import type { Carrier } from './carrier.ts';
import { decoded } from './decoded.ts';
import { domainCarrier } from './domain-carrier.ts';
import { namesOfDomain } from './facts.ts';
import { isDefaultReference, isNullReference, referencedDomain } from './reference.ts';

/**
 * Interface names have neither slash nor colon (dev_valid_name of the kernel), so ids that the host made and handles are
 * taken for nothing else. Names that networks and policies gave come after those of interfaces; one that could be the name of an
 * interface that is not there, such as `eth0.100`, is no network's to take.
 * @throws MifError ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_UNKNOWN_ID
 */
export function namedCarrier(snapshot: Snapshot, name: string | number): Carrier {
  if (typeof name === 'string' && (name.includes('/') || name.startsWith('pvd:'))) return findDomain(snapshot, name);
  const link = findInterface(snapshot, name);
  if (link !== undefined) return { interface: link };
  if (typeof name === 'string') {
    if (isNullReference(name)) throw unknown(snapshot, name);
    const pvd = referencedDomain(name, snapshot) ?? givenDomain(snapshot, name);
    if (pvd !== undefined) return onItsInterface(snapshot, pvd);
    if (isDefaultReference(name) || (name.includes('.') && !maybeInterface(name))) throw unknown(snapshot, name);
  }
  const what = typeof name === 'number' ? `with index ${name}` : `of that name`;
  const names = decoded(snapshot.interfaces).map((each) => each.name);
  throw new MifError(
    'ERR_MIF_INTERFACE_NOT_FOUND',
    `cannot use interface ${JSON.stringify(name)}: none ${what}; there are ${listed(names)}`,
    { interface: String(name) },
  );
}

function findInterface(snapshot: Snapshot, via: string | number): Interface | undefined {
  const all = decoded(snapshot.interfaces);
  return (
    all.find(({ id, index, name }) => (typeof via === 'number' ? index === via : name === via || id === via)) ??
    all.find(({ altNames }) => typeof via === 'string' && altNames.includes(via))
  );
}

/** The domain that a network or a policy called so; of several the one known longest (PVD-26). */
function givenDomain({ pvds }: Snapshot, name: string): ProvisioningDomain | undefined {
  return pvds.find(
    ({ id, explicit }) => !id.includes('/') && isSameId(id, name) && !(explicit && maybeInterface(name)),
  );
}

/** VLANs are called by numbers, top level domains never are. */
function maybeInterface(name: string): boolean {
  const last = foldName(name).split('.').at(-1)!;
  return !name.includes('.') || /^[0-9]+$/.test(last);
}

function findDomain(snapshot: Snapshot, via: string): Carrier {
  const { pvds } = snapshot;
  const pvd =
    pvds.find(({ id, handle }) => id === via || handle === via) ??
    pvds.find((each) => namesOfDomain(each).includes(via));
  if (pvd === undefined) throw unknown(snapshot, via);
  return onItsInterface(snapshot, pvd);
}

/** A domain on one of its interfaces: the first that works. */
function onItsInterface(snapshot: Snapshot, pvd: ProvisioningDomain): Carrier {
  const links = decoded(snapshot.interfaces).filter(({ id }) => pvd.interfaceIds.includes(id));
  const found = links.find(({ running }) => running) ?? links[0];
  if (found === undefined) {
    throw new MifError('ERR_MIF_UNKNOWN_ID', `provisioning domain '${pvd.id}' has no interface left`);
  }
  return domainCarrier(found, pvd);
}

function unknown({ pvds }: Snapshot, via: string): MifError {
  return new MifError(
    'ERR_MIF_UNKNOWN_ID',
    `cannot use provisioning domain '${via}': none of that id; there are ${listed(pvds.map(({ id }) => id))}`,
    { pvd: via, hint: 'Domains come and go with configuration: `mif ls pvds` shows the present ones.' },
  );
}

/** As many names as a message can bear. */
function listed(names: readonly string[]): string {
  const shown = 12;
  if (names.length === 0) return 'none';
  return names.slice(0, shown).join(', ') + (names.length > shown ? ` and ${names.length - shown} more` : '');
}
