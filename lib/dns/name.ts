// SPDX-License-Identifier: MIT
// Domain names as users write them, to names as they are asked for: lower case, A-labels, no longer than the wire allows.

import { domainToASCII } from 'node:url';
import { MifError } from '../binding/mif-error.ts';

/** A name that can be asked for. */
export interface DomainName {
  /** Lower case, without the last dot; `.` is the root. */
  readonly name: string;
  /** Written with a last dot: nothing is to be appended. */
  readonly isAbsolute: boolean;
}

const longestLabel = 63;
const longestName = 255;
/** What is longer is no name, however it is written. */
const longestText = 1024;

/**
 * Converts internationalised names (IDNA). A backslash, which files of zones escape with, is refused rather than misread.
 * @throws MifError ERR_MIF_INVALID_ARG
 */
export function readName(text: unknown): DomainName {
  if (typeof text !== 'string') throw invalid(text, 'it is not text');
  if (text === '' || text.length > longestText) throw invalid(text, `it has ${text.length} characters`);
  if (text === '.') return { name: '.', isAbsolute: true };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is asked about.
  const ascii = /^[\x00-\x7f]*$/.test(text) ? text.toLowerCase() : domainToASCII(text);
  if (ascii === '') throw invalid(text, 'it cannot be written in letters of the DNS');
  const isAbsolute = ascii.endsWith('.');
  const name = isAbsolute ? ascii.slice(0, -1) : ascii;
  for (const label of name.split('.')) {
    if (label === '') throw invalid(text, 'a part of it is empty');
    if (label.length > longestLabel) throw invalid(text, `a part of it has more than ${longestLabel} characters`);
    if (!/^[!-~]+$/.test(label) || label.includes('\\')) throw invalid(text, 'it has characters that no name has');
  }
  // On the wire each part has its length before it, and the root, which is empty, ends it.
  if (name.length + 2 > longestName) throw invalid(text, `it has more than ${longestName} bytes`);
  return { name, isAbsolute };
}

/** Whether a name is a zone or below it; both in lower case. */
export function isBelow(name: string, zone: string): boolean {
  return name === zone || (name.endsWith(zone) && name[name.length - zone.length - 1] === '.');
}

/** At most as much of it as a message can bear. */
function invalid(text: unknown, why: string): MifError {
  const shown = typeof text === 'string' ? JSON.stringify(text.slice(0, 80)) : String(text);
  return new MifError('ERR_MIF_INVALID_ARG', `cannot resolve ${shown}: ${why}`);
}
