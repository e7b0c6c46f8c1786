// SPDX-License-Identifier: MIT
// What a session says, one type for each message, under the draft's own titles in kebab case
// (draft-ietf-mif-api-extension-05 sec. 3.2.7). Plain data: it survives JSON. Types only.

import type { HardwareType, InterfaceFlag, OperState } from '../binding/contract.gen.ts';
import type { IntentReason } from '../pvd/interface-intent.ts';
import type { AddressState, ElementType, PvdEndReason } from '../pvd/provisioning-domain.ts';
import type { ConfigurationValues, Information } from './configuration-value.ts';
import type { ConnectionId, InterfaceReference, PvdReference } from './reference.ts';

/** Sec. 3.2.7.3. Sent again, with the same id, when a field changes (MIF-15, MIF-19). */
export interface InterfaceAnnouncement {
  type: 'interface-announcement';
  interface: InterfaceReference;
  altNames: readonly string[];
  /** Driver kind; absent for hardware. */
  kind?: string;
  hardwareType: HardwareType;
  flags: readonly InterfaceFlag[];
  operState: OperState;
  adminUp: boolean;
  /** Ready to pass traffic. */
  running: boolean;
  mac?: string;
  /** Bytes. */
  mtu: number;
  /** Name of the interface below it. */
  parent?: string;
  /** Name of the bridge, bond or VRF it belongs to. */
  master?: string;
  metered?: boolean;
  vpn?: boolean;
}

/** Sec. 3.2.7.4: the device is gone, or never was (MIF-79). */
export interface NoInterfaceAnnouncement {
  type: 'no-interface-announcement';
  interface: InterfaceReference;
}

/** Sec. 3.2.7.26.4: still up, and about to go. Advice: nothing may follow, and a new announcement takes it back (MIF-76). */
export interface InterfaceIsGoingAway {
  type: 'interface-is-going-away';
  interface: InterfaceReference;
  reason: IntentReason;
  /** `intended`: who does it has said so; `inferred`: it looks like it (MIF-75). */
  confidence: 'intended' | 'inferred';
  /** Seconds left when the message was read. */
  deadline?: number;
}

/** Sec. 3.2.7.26.5: still down, and about to come. */
export interface InterfaceIsGoingUp extends Omit<InterfaceIsGoingAway, 'type'> {
  type: 'interface-is-going-up';
}

/** Sec. 3.2.7.7: one for each interface that the domain is on (MIF-28); again when a field changes (MIF-30). */
export interface ProvisioningDomainAnnouncement {
  type: 'provisioning-domain-announcement';
  interface: InterfaceReference;
  pvd: PvdReference;
  /** Named by the network itself. */
  explicit: boolean;
  /** Families that it has usable addresses of. */
  families: readonly (4 | 6)[];
  /** What made it. */
  origin: ElementType;
  /** Router addresses, `static` or `link-local`. */
  providers: readonly string[];
  /** Bytes. */
  mtu?: number;
  validated?: boolean;
  metered?: boolean;
}

/** Sec. 3.2.7.8. `unknown` answers a request that names no living domain (MIF-79); `interface` is absent then. */
export interface NoProvisioningDomainAnnouncement {
  type: 'no-provisioning-domain-announcement';
  interface?: InterfaceReference;
  pvd: PvdReference;
  reason: PvdEndReason | 'unknown';
}

/** Sec. 3.2.7.10: one source's part in a domain (MIF-33); sent again, with a higher version, when its content changes (MIF-34). */
export interface ConfigurationElementAnnouncement {
  type: 'configuration-element-announcement';
  pvd: PvdReference;
  element: ElementType;
  version: number;
}

/** Sec. 3.2.7.11: it is not valid any more (MIF-35). */
export interface NoConfigurationElementAnnouncement {
  type: 'no-configuration-element-announcement';
  pvd: PvdReference;
  element: ElementType;
}

/** Sec. 3.2.7.14: one address; sent again when it changes materially (MIF-41). */
export interface AddressAnnouncement {
  type: 'address-announcement';
  pvd: PvdReference;
  interface: InterfaceReference;
  family: 4 | 6;
  address: string;
  prefixLength: number;
  /** Far end of a point-to-point address. */
  peer?: string;
  /** Seconds left when the message was read; null for ever; absent for IPv4 without a known lease (MIF-39). */
  validLifetime?: number | null;
  /** As validLifetime; 0 when deprecated. */
  preferredLifetime?: number | null;
  state: Exclude<AddressState, 'tentative' | 'dad-failed'>;
  /** An IPv6 temporary address (RFC 8981). */
  temporary: boolean;
  /** Is in other domains of the interface as well (PVD-13). */
  shared: boolean;
}

/** Sec. 3.2.7.16. Address and prefix length are the announced ones. */
export interface NoAddressAnnouncement {
  type: 'no-address-announcement';
  pvd: PvdReference;
  interface: InterfaceReference;
  family: 4 | 6;
  address: string;
  prefixLength: number;
  peer?: string;
}

/** Why there is no configuration data (MIF-47). */
export type NoConfigurationDataReason =
  | 'unknown-pvd'
  | 'no-such-element'
  | 'unknown-identifier'
  | 'empty'
  | 'not-permitted'
  | 'not-available-on-host';

/** Sec. 3.2.7.17: one datum, in the shape of its identifier (MIF-48). Echoes the request. */
export type ConfigurationData = {
  [I in Information]: {
    type: 'configuration-data';
    pvd: PvdReference;
    element: string;
    information: I;
    requestId?: string | number;
    value: ConfigurationValues[I];
  };
}[Information];

/** Sec. 3.2.7.17, prose. Echoes the request. */
export interface NoConfigurationData {
  type: 'no-configuration-data';
  pvd: PvdReference;
  element: string;
  information: string;
  requestId?: string | number;
  reason: NoConfigurationDataReason;
}

/** Sec. 3.2.7.24: a TCP connection that `take(token)` turns into a socket, once (MIF-62). */
export interface Connected {
  type: 'connected';
  connectionId: ConnectionId;
  token: string;
  /** Address it leaves from. */
  source: string;
  localPort?: number;
  address: string;
  port: number;
  pvd: PvdReference;
  interface: InterfaceReference;
  /** From post to connection, all sources tried included. */
  elapsedMs: number;
  /** The socket is held to the source and to the interface (MIF-63). */
  enforcement: 'strict';
}

/** What went wrong with a connection (MIF-59); `failed` is what no other word fits. */
export type NotConnectedReason =
  | 'refused'
  | 'timeout'
  | 'unreachable-host'
  | 'unreachable-network'
  | 'no-route'
  | 'no-source'
  | 'source-not-in-pvd'
  | 'address-family-unavailable'
  | 'unknown-pvd'
  | 'pvd-gone'
  | 'interface-gone'
  | 'reset'
  | 'permission'
  | 'policy'
  | 'resource'
  | 'cancelled'
  | 'bad-address'
  | 'failed';

/** Sec. 3.2.7.25, which sec. 3.2.7.23 calls Connection Failed (MIF-58). */
export interface NotConnected {
  type: 'not-connected';
  connectionId: ConnectionId;
  reason: NotConnectedReason;
  error: MessageError;
}

/** An error as plain data. */
export interface MessageError {
  /** `ERR_MIF_…`, or the system's code such as `ECONNREFUSED`. */
  code: string;
  message: string;
  hint?: string;
}

/** Extension: all that an announce request found has been told (MIF-17); one for each such request. */
export interface EnumerationDone {
  type: 'enumeration-done';
  request:
    | 'announce-interfaces'
    | 'announce-provisioning-domain'
    | 'announce-configuration-element'
    | 'announce-address';
  /** What the request was about. */
  interface?: InterfaceReference | '*';
  pvd?: PvdReference;
  extension: true;
}

/** Extension: `unspecified` stands for this domain now (MIF-67). */
export interface PvdSelected {
  type: 'pvd-selected';
  pvd: PvdReference;
  extension: true;
}

/** Extension: the choice stays as it was (MIF-67). */
export interface PvdNotSelected {
  type: 'pvd-not-selected';
  pvd: PvdReference;
  reason: 'unknown-pvd';
  extension: true;
}

/** Sec. 3.2.7.20: one address of a name, as soon as it is known (MIF-50). */
export interface NameTranslation {
  type: 'name-translation';
  translationId: string | number;
  pvd: PvdReference;
  family: 4 | 6;
  /** With zone where it is link-local. */
  address: string;
  /** Which system knew it (MIF-52). */
  origin: 'literal' | 'localhost' | 'hosts' | 'dns';
  /** Who answered; absent where nobody was asked. */
  server?: string;
}

/** How a translation ended; `complete` where there was any address (MIF-49). */
export type TranslationStatus =
  | 'complete'
  | 'no-name'
  | 'no-data'
  | 'timeout'
  | 'cancelled-pvd-gone'
  | 'unknown-pvd'
  | 'bad-name'
  | 'server-failure';

/** Extension: nothing follows for that id (MIF-49). */
export interface TranslationDone {
  type: 'translation-done';
  translationId: string | number;
  status: TranslationStatus;
  extension: true;
}

/**
 * Extension: announcements were left unread beyond the limit. Those that were waiting are gone; everything that
 * is asked for is told anew, ended by `enumeration-done` (MIF-84).
 */
export interface Overrun {
  type: 'overrun';
  /** Announcements that were waiting. */
  dropped: number;
  extension: true;
}

/** Extension: a well-formed request that cannot be served and has no message of its own to say so (MIF-79). */
export interface RequestFailed {
  type: 'request-failed';
  /** Its type. */
  request: string;
  /** The id it carried. */
  connectionId?: ConnectionId;
  translationId?: string | number;
  requestId?: string | number;
  error: MessageError;
  extension: true;
}

/** What `get()` may return. Later versions add to it: treat an unknown type as nothing. */
export type MifMessage =
  | InterfaceAnnouncement
  | NoInterfaceAnnouncement
  | InterfaceIsGoingAway
  | InterfaceIsGoingUp
  | ProvisioningDomainAnnouncement
  | NoProvisioningDomainAnnouncement
  | ConfigurationElementAnnouncement
  | NoConfigurationElementAnnouncement
  | AddressAnnouncement
  | NoAddressAnnouncement
  | ConfigurationData
  | NoConfigurationData
  | Connected
  | NotConnected
  | NameTranslation
  | TranslationDone
  | EnumerationDone
  | PvdSelected
  | PvdNotSelected
  | Overrun
  | RequestFailed;
