// SPDX-License-Identifier: MIT
// The carrier of a path that was found before: the same interface, domain and source, or an error. A path does not follow the
// network, so each of them may be gone, or the index another interface's by now (trap B9).

import { parseIpAddress } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';
import type { Interface, Snapshot } from '../snapshot/change.ts';
import type { Carrier } from './carrier.ts';
import { decoded } from './decoded.ts';
import type { HeldPath } from './local-path.ts';
import { namedCarrier } from './named-carrier.ts';

/** Whether an object is a path rather than a selector: those have no index. */
export function isPath(via: object): via is HeldPath {
  return Object.hasOwn(via, 'index');
}

/**
 * @param label - what to call it in errors.
 * @throws MifError ERR_MIF_INVALID_ARG
 */
export function checkPath(path: HeldPath, label: string): HeldPath {
  const { interface: name, index, pvd, source = null } = path;
  const refuse = (field: string, why: string) =>
    new MifError('ERR_MIF_INVALID_ARG', `option ${label}.${field}: ${why}`);
  if (typeof name !== 'string' || name === '') throw refuse('interface', 'a path has the name of one');
  if (!Number.isInteger(index) || index <= 0) throw refuse('index', 'a path has that of its interface');
  if (pvd !== undefined && (typeof pvd !== 'string' || pvd === '')) throw refuse('pvd', 'it is not an id');
  if (source !== null && (typeof source !== 'string' || parseIpAddress(source) === undefined)) {
    throw refuse('source', 'it is neither an IP address nor null');
  }
  return { interface: name, index, pvd, source };
}

/** @throws MifError ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_UNKNOWN_ID, ERR_MIF_NO_ADDRESS */
export function heldCarrier(snapshot: Snapshot, path: HeldPath): Carrier {
  const { pvd: id, source } = path;
  const carrier = id === undefined ? { interface: interfaceOf(snapshot, path) } : domainOf(snapshot, id, path);
  if (source === null) return carrier;
  const { interface: link, pvd } = carrier;
  const own = pvd?.addresses ?? decoded(snapshot.addresses).filter(({ index }) => index === link.index);
  if (own.some(({ address }) => address === source)) return { ...carrier, sources: [source] };
  throw new MifError(
    'ERR_MIF_NO_ADDRESS',
    `cannot use the path over ${pvd?.id ?? link.name}: it does not have the address ${source}`,
    {
      interface: link.name,
      pvd: pvd?.id,
    },
  );
}

function domainOf(snapshot: Snapshot, id: string, path: HeldPath): Carrier {
  const carrier = namedCarrier(snapshot, id);
  requireSame(carrier.interface, path);
  return carrier;
}

function interfaceOf(snapshot: Snapshot, path: HeldPath): Interface {
  const { interface: link } = namedCarrier(snapshot, path.index);
  requireSame(link, path);
  return link;
}

function requireSame({ name, index }: Interface, path: HeldPath): void {
  if (index === path.index && name === path.interface) return;
  throw new MifError(
    'ERR_MIF_INTERFACE_NOT_FOUND',
    `the path over ${path.interface} is gone: its index ${path.index} is not that of ${path.interface} any more`,
    { interface: path.interface, pvd: path.pvd },
  );
}
