// SPDX-License-Identifier: MIT
// What host.select() and host.explain() are asked. One reader for both, so that neither takes what the other refuses.

import { type IpAddress, isLinkLocal } from '../address/ip-address.ts';
import { isMifError, MifError } from '../binding/mif-error.ts';
import type { KnownDestination } from '../selection/known-destinations.ts';
import { checkNames, readTraffic, type Traffic, type TrafficOptions } from '../selection/question.ts';
import { findCarrier, type Via } from '../via/carrier.ts';
import { type NameSource, snapshotNaming } from '../via/named-interface.ts';
import { onlyLink } from '../via/only-link.ts';

/** As host.select() takes them, but for what is only said of one answer. */
export interface ExplainOptions extends TrafficOptions {
  /** Who is to carry it; the socket would be held to that. Absent: as the system chooses. */
  via?: Via | undefined;
}

export interface SelectOptions extends ExplainOptions {
  /** Ask the kernel itself, not the mirror; a source that is to be chosen for `via` is still chosen here. Default false. */
  oracle?: boolean | undefined;
}

/** The same, checked, and the destination; `via` is not looked up yet. */
export interface SelectQuestion extends Pick<KnownDestination, 'address' | 'text'> {
  readonly traffic: Traffic;
  /** As it was given; see linkOf for what the destination says itself. */
  readonly via: Via | undefined;
}

/** Names of the options, so that a misspelt one is not silently ignored. */
const optionNames = new Set(['via', 'source', 'mark', 'uid', 'protocol', 'sourcePort', 'destinationPort', 'dscp']);

/** The same for host.select(). */
export const selectNames: ReadonlySet<string> = new Set([...optionNames, 'oracle']);

/** @throws MifError ERR_MIF_INVALID_ARG, naming the option */
export function readSelectQuestion(
  { address, text }: KnownDestination,
  options: ExplainOptions,
  names: ReadonlySet<string> = optionNames,
): SelectQuestion {
  checkNames(options, names);
  return { address, text, traffic: readTraffic(options, address.family), via: options.via };
}

/**
 * The interface that a destination says itself: by its zone, or for being link-local where only one can be meant.
 * @throws MifError ERR_MIF_INVALID_ARG for a zone that is none, ERR_MIF_SCOPE_REQUIRED
 */
export function linkOf(names: NameSource, { family, zone }: IpAddress, text: string): Via | undefined {
  if (zone === undefined) {
    return isLinkLocal(text) ? onlyLink(names.snapshot(), { family, address: text }, `no way to ${text}`) : undefined;
  }
  const named = /^\d+$/.test(zone) ? Number(zone) : zone;
  try {
    findCarrier(snapshotNaming(names, named), named);
  } catch (error) {
    // The interface is a part of the address, so the address is wrong.
    if (!isMifError(error, 'ERR_MIF_INTERFACE_NOT_FOUND') && !isMifError(error, 'ERR_MIF_UNKNOWN_ID')) throw error;
    throw new MifError('ERR_MIF_INVALID_ARG', `destination: zone ${zone} of ${text}: ${error.message}`, {
      destination: text,
    });
  }
  return named;
}
