// SPDX-License-Identifier: MIT
// Why there is no way, as an error: the verdict of selection in the words of whoever asked.

import type { MifErrorCode, Selection, Verdict } from '../binding/contract.gen.ts';
import { MifError } from '../binding/mif-error.ts';

/** Why not, without saying of what. */
export interface Refusal {
  readonly code: MifErrorCode;
  readonly why: string;
  readonly hint?: string | undefined;
}

const refusals: Readonly<Record<Exclude<Verdict, 'path'>, Refusal>> = {
  'no-route': { code: 'ERR_MIF_NO_ROUTE', why: 'no route leads there' },
  unreachable: { code: 'ERR_MIF_NO_ROUTE', why: 'a route or rule says that it is unreachable' },
  prohibited: { code: 'ERR_MIF_NO_ROUTE', why: 'a route or rule prohibits it' },
  blackholed: { code: 'ERR_MIF_NO_ROUTE', why: 'a blackhole swallows what goes there' },
  'interface-not-found': { code: 'ERR_MIF_INTERFACE_NOT_FOUND', why: 'the interface is gone' },
  'interface-down': { code: 'ERR_MIF_INTERFACE_DOWN', why: 'the interface is down' },
  'source-not-local': {
    code: 'ERR_MIF_NO_ADDRESS',
    why: 'the source is no address of it',
    hint: '`mif ls addresses` shows the present ones.',
  },
  'source-invalid': { code: 'ERR_MIF_INVALID_ARG', why: 'the source cannot be the source of that' },
  'no-source': { code: 'ERR_MIF_NO_ADDRESS', why: 'no address may be the source' },
  'own-address': { code: 'ERR_MIF_LOOPBACK', why: "it is this host's own" },
  'scope-required': { code: 'ERR_MIF_SCOPE_REQUIRED', why: 'it exists on each link' },
};

export interface Asked {
  readonly destination: string;
  readonly interface?: string | undefined;
  readonly pvd?: string | undefined;
}

/** The code of that error. */
export function codeOf(verdict: Verdict): MifErrorCode {
  return refusals[verdict as Exclude<Verdict, 'path'>].code;
}

/** Why there is no way, without saying to where. */
export function whyOf(verdict: Verdict): string {
  return refusals[verdict as Exclude<Verdict, 'path'>].why;
}

/** The error for a selection whose verdict is no path. */
export function refusalOf({ verdict }: Selection, asked: Asked): MifError {
  return refusalWith(refusals[verdict as Exclude<Verdict, 'path'>], asked);
}

/** The error for what is known without selection. */
export function refusalWith({ code, why, hint }: Refusal, asked: Asked): MifError {
  const over = asked.pvd ?? asked.interface;
  const way = over === undefined ? '' : ` over ${over}`;
  return new MifError(code, `no way to ${asked.destination}${way}: ${why}`, { hint, ...asked });
}
