// SPDX-License-Identifier: MIT
// What a subscriber may post, one type for each message, under the draft's own titles in kebab case
// (draft-ietf-mif-api-extension-05 sec. 3.2.7). Types only; request-table.ts says what is done with each.

import type { ConnectionId, PostedInterface, PostedPvd } from './reference.ts';

/** Sec. 3.2.7.1: tells all interfaces, now and later (MIF-13). */
export interface AnnounceInterfaces {
  type: 'announce-interfaces';
}

/** Sec. 3.2.7.2 (MIF-16). */
export interface StopAnnouncingInterfaces {
  type: 'stop-announcing-interfaces';
}

/** Sec. 3.2.7.5: tells the provisioning domains on an interface, now and later (MIF-21). */
export interface AnnounceProvisioningDomain {
  type: 'announce-provisioning-domain';
  interface: PostedInterface;
}

/** Sec. 3.2.7.6 (MIF-25). */
export interface StopAnnouncingProvisioningDomains {
  type: 'stop-announcing-provisioning-domains';
  interface: PostedInterface;
}

/** Sec. 3.2.7.9 (MIF-31). */
export interface AnnounceConfigurationElement {
  type: 'announce-configuration-element';
  pvd: PostedPvd;
  elements?: readonly string[];
}

/** Sec. 3.2.7.12 (MIF-37). */
export interface StopAnnounceConfigurationElement {
  type: 'stop-announce-configuration-element';
  pvd: PostedPvd;
  elements?: readonly string[];
}

/** Sec. 3.2.7.13: tells the addresses of a provisioning domain, now and later (MIF-38). */
export interface AnnounceAddress {
  type: 'announce-address';
  pvd: PostedPvd;
}

/** Sec. 3.2.7.15 (MIF-43). */
export interface StopAnnouncingAddress {
  type: 'stop-announcing-address';
  pvd: PostedPvd;
}

/** Sec. 3.2.7.17 (MIF-45). */
export interface GetConfigurationData {
  type: 'get-configuration-data';
  pvd: PostedPvd;
  element: string;
  information: string;
  requestId?: string | number;
}

/** Sec. 3.2.7.18 (MIF-49). */
export interface TranslateName {
  type: 'translate-name';
  pvd: PostedPvd;
  name: string;
  translationId: string | number;
  families?: readonly (4 | 6)[];
}

/** Sec. 3.2.7.19 (MIF-51). */
export interface StopTranslatingName {
  type: 'stop-translating-name';
  translationId: string | number;
}

/** Sec. 3.2.7.21: chooses the domain that `unspecified` stands for (MIF-66). */
export interface ConnectToPvd {
  type: 'connect-to-pvd';
  pvd: PostedPvd;
}

/** Sec. 3.2.7.22: TCP, from whichever address of the domain fits (MIF-56). */
export interface ConnectToAddress {
  type: 'connect-to-address';
  /** IP literal; a link-local one may have a zone (`fe80::1%eth0`). */
  address: string;
  /** 1 to 65535. */
  port: number;
  pvd: PostedPvd;
  connectionId: ConnectionId;
}

/** Sec. 3.2.7.23: TCP, from exactly this address (MIF-57). */
export interface ConnectToAddressFromAddress {
  type: 'connect-to-address-from-address';
  /** IP literal of the same family as `address`. */
  source: string;
  address: string;
  port: number;
  pvd: PostedPvd;
  connectionId: ConnectionId;
}

/** Extension: gives an attempt, or a token that nobody took, up; no outcome follows (MIF-60). */
export interface StopConnecting {
  type: 'stop-connecting';
  connectionId: ConnectionId;
}

/** Sec. 3.2.7.26.1 (MIF-68). */
export interface WantsToConnect {
  type: 'wants-to-connect';
  interface?: PostedInterface;
  pvd?: PostedPvd;
}

/** Sec. 3.2.7.26.2 (MIF-69). */
export interface ConnectionIsIdle {
  type: 'connection-is-idle';
  connectionId?: ConnectionId;
}

/** Sec. 3.2.7.26.3 (MIF-70). */
export interface ConnectionCanBeBroken {
  type: 'connection-can-be-broken';
  connectionId?: ConnectionId;
}

/** Whatever may be posted. */
export type MifRequest =
  | AnnounceInterfaces
  | StopAnnouncingInterfaces
  | AnnounceProvisioningDomain
  | StopAnnouncingProvisioningDomains
  | AnnounceConfigurationElement
  | StopAnnounceConfigurationElement
  | AnnounceAddress
  | StopAnnouncingAddress
  | GetConfigurationData
  | TranslateName
  | StopTranslatingName
  | ConnectToPvd
  | ConnectToAddress
  | ConnectToAddressFromAddress
  | StopConnecting
  | WantsToConnect
  | ConnectionIsIdle
  | ConnectionCanBeBroken;
