// SPDX-License-Identifier: MIT
// What an application asks of the source of its packets (RFC 5014). Each pair of opposites is one option, so nobody can
// ask for both; the flags of the socket option, where one can, are made here (SAS-18, SAS-19).

import { MifError } from '../binding/mif-error.ts';
import { shown } from './shown.ts';

export interface SourcePreferences {
  /** Temporary addresses (RFC 8981) before public ones, or after. Default `system`: as the interface is set up. */
  temporary?: 'prefer' | 'avoid' | 'system' | undefined;
  /** Home addresses (RFC 6275) before care-of ones, or after. Default `prefer`. */
  home?: 'prefer' | 'avoid' | undefined;
}

// IPV6_ADDR_PREFERENCES: RFC 5014 section 5, and Linux for `system`.
const flags: Readonly<Record<keyof SourcePreferences, Readonly<Record<string, number>>>> = {
  temporary: { prefer: 0x0001, avoid: 0x0002, system: 0x0100 },
  home: { prefer: 0x0400, avoid: 0x0004 },
};

/**
 * The flags that ask for the same.
 * @throws MifError ERR_MIF_INVALID_ARG, naming the option
 */
export function preferenceFlags(preferences: unknown): number {
  if (preferences === undefined) return 0;
  if (typeof preferences !== 'object' || preferences === null) {
    throw new MifError('ERR_MIF_INVALID_ARG', `option preferences: ${shown(preferences)} is not an object`);
  }
  let all = 0;
  for (const [name, value] of Object.entries(preferences)) {
    if (!Object.hasOwn(flags, name)) {
      throw new MifError('ERR_MIF_INVALID_ARG', `option preferences.${name}: there is none of that name`);
    }
    if (value === undefined) continue;
    const words = flags[name as keyof SourcePreferences];
    const flag = typeof value === 'string' && Object.hasOwn(words, value) ? words[value] : undefined;
    if (flag === undefined) {
      const allowed = Object.keys(words).join(', ');
      throw new MifError('ERR_MIF_INVALID_ARG', `option preferences.${name}: ${shown(value)} is not one of ${allowed}`);
    }
    all |= flag;
  }
  return all;
}
