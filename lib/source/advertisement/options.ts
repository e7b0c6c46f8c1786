// SPDX-License-Identifier: MIT
// A run of options, of a message or within a PvD option. Where the lengths do not add up none of them is believed
// (SEC-15).

import { decodeOption, optionType } from './option.ts';
import { type OptionRefusal, type RouterOption, unit } from './router-option.ts';

/** An option that is not believed. */
export interface RefusedOption {
  readonly type: number;
  readonly reason: OptionRefusal;
}

export interface DecodedOptions {
  readonly options: readonly RouterOption[];
  readonly refused: readonly RefusedOption[];
}

/**
 * Reads options from the front to the end.
 * @param takePvd - what to do with a PvD option; a reason where it is not believed.
 * @returns undefined where an option has length 0 or would end behind the bytes
 */
export function decodeOptions(
  bytes: Uint8Array,
  takePvd: (option: Uint8Array) => OptionRefusal | undefined,
): DecodedOptions | undefined {
  const options: RouterOption[] = [];
  const refused: RefusedOption[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = (bytes[at + 1] ?? 0) * unit;
    if (length === 0 || length > bytes.length - at) return undefined;
    const option = bytes.subarray(at, at + length);
    const type = option[0] as number;
    const decoded = type === optionType.pvd ? takePvd(option) : decodeOption(option);
    if (typeof decoded === 'string') refused.push({ type, reason: decoded });
    else if (decoded !== undefined) options.push(decoded);
    at += length;
  }
  return { options, refused };
}
