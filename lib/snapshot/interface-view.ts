// SPDX-License-Identifier: MIT
// What users see of an interface beyond the kernel's record: an identity that is never reused, readiness, names of
// the interfaces that it hangs on. Pure.

import type { Interface as InterfaceRecord } from '../binding/contract.gen.ts';
import type { Interface } from './change.ts';

/** Names of the interfaces of one snapshot by index. */
export type InterfaceNames = ReadonlyMap<number, string>;

// Kinds that exist to carry a VPN. PPP, GRE and the plain tunnels may carry one or be an ordinary uplink: not said.
const vpnKinds: readonly string[] = ['wireguard', 'ovpn', 'xfrm', 'vti', 'vti6'];
// Kinds that are no VPN themselves, whatever runs over them.
const plainKinds: readonly string[] = [
  'veth',
  'bridge',
  'bond',
  'team',
  'vlan',
  'macvlan',
  'ipvlan',
  'vrf',
  'dummy',
  'ifb',
];

/** `if:<index>.<generation>`: one device incarnation; survives renames, never reused (MIF-19, trap B9). */
function interfaceId({ index, generation }: Pick<InterfaceRecord, 'index' | 'generation'>): string {
  return `if:${index}.${generation}`;
}

export function viewInterface(record: InterfaceRecord, names: InterfaceNames): Interface {
  const { flags, masterIndex } = record;
  const parentIndex = localParent(record);
  const adminUp = flags.includes('up');
  return {
    id: interfaceId(record),
    ...record,
    adminUp,
    // Not by operState: `unknown` is normal, and a dormant link has no `running` (traps B1, B12, B13).
    running: adminUp && flags.includes('running'),
    parent: parentIndex === undefined ? undefined : names.get(parentIndex),
    master: masterIndex === undefined ? undefined : names.get(masterIndex),
    vpn: isVpn(record),
  };
}

/** Indexes that an interface takes names from. */
export function referencesOf(record: InterfaceRecord): readonly (number | undefined)[] {
  return [localParent(record), record.masterIndex];
}

/** A lower interface of another namespace has a number of that namespace: never joined with ours (trap B11). */
function localParent({ parentIndex, parentNamespace }: InterfaceRecord): number | undefined {
  return parentNamespace === undefined ? parentIndex : undefined;
}

/** Whether an interface is a tunnel of a VPN; undefined where its kind leaves that open. */
function isVpn({ kind, hardwareType, flags }: InterfaceRecord): boolean | undefined {
  if (kind !== undefined && vpnKinds.includes(kind)) return true;
  // A tun device without link layer is what VPN programs make; one with is a tap, which virtual machines use.
  if (kind === 'tun') return hardwareType === 'none' ? true : undefined;
  if (kind === undefined) return hardwareType === 'ether' || flags.includes('loopback') ? false : undefined;
  return plainKinds.includes(kind) ? false : undefined;
}
