// SPDX-License-Identifier: MIT
// What the API of a captive portal says (RFC 8908 section 5): bytes in, plain data or why it is none out. Pure.

import { type JsonValue, readJsonObject } from '../i-json.ts';
import { portalOf } from '../told-values.ts';

export interface PortalAnswer {
  readonly captive: boolean;
  readonly userPortalUrl: string | undefined;
  readonly venueInfoUrl: string | undefined;
  readonly canExtendSession: boolean | undefined;
  readonly secondsRemaining: number | undefined;
  readonly bytesRemaining: number | undefined;
}

/** What is optional and of a wrong type counts as not told. */
export function readPortalAnswer(body: Uint8Array): PortalAnswer | string {
  const told = readJsonObject(body);
  if (typeof told === 'string') return told;
  const { captive } = told;
  if (typeof captive !== 'boolean') return 'it does not say whether the host is held back';
  const extend = told['can-extend-session'];
  return {
    captive,
    userPortalUrl: urlOf(told['user-portal-url']),
    venueInfoUrl: urlOf(told['venue-info-url']),
    canExtendSession: typeof extend === 'boolean' ? extend : undefined,
    secondsRemaining: countOf(told['seconds-remaining']),
    bytesRemaining: countOf(told['bytes-remaining']),
  };
}

function urlOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? portalOf(value) : undefined;
}

function countOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
