// SPDX-License-Identifier: MIT
// How messages name things: words that a subscriber posts, references that the session announces, and the
// reserved words that stand for more or less than one thing.

/** An id or the current name of an interface. */
export type PostedInterface = string;
/** A handle or an id of a provisioning domain, or one of the reserved words below. */
export type PostedPvd = string;
/** Names a connection of this subscriber; free again when its outcome or its socket is gone (MIF-61). */
export type ConnectionId = string | number;

/** All interfaces, those of the future included (MIF-21). */
export const anyInterface = '*';
/** Stands for the domain that was chosen by `connect-to-pvd`, else for the system's default (MIF-66, PVD-34). */
export const unspecifiedPvd = 'unspecified';
/** The domain without any configuration: everything in it fails at once (PVD-35). */
export const nullPvd = 'null';

/** An interface as messages name it. An unknown one has index 0 and what was posted as id and name. */
export interface InterfaceReference {
  /** Never reused, stays over renames (MIF-19). */
  id: string;
  index: number;
  name: string;
}

/** A provisioning domain as messages name it. An unknown one has what was posted as both. */
export interface PvdReference {
  /** One association; never reused (PVD-27). */
  handle: string;
  /** Who it is; the same when it comes back. */
  id: string;
}
