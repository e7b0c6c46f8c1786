// SPDX-License-Identifier: MIT
// The fields that requests have, and what each of them accepts. Checks shape and range only; whether a thing of that
// name exists is the network's to say, and it says so by message (MIF-08).

import { parseIpAddress } from '../address/ip-address.ts';

/** One kind of value. */
export interface Field {
  /** Completes "must be …". */
  readonly expected: string;
  readonly isOptional: boolean;
  accepts(value: unknown): boolean;
}

/** The fields of one request type, all of them. */
export type FieldTable<Request> = { readonly [Name in Exclude<keyof Request, 'type'>]-?: Field };

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isWholeNumber = (value: unknown): value is number => Number.isSafeInteger(value);

export const interfaceName = required('the id or the name of an interface', isText);
export const pvdName = required(
  'the handle or the id of a provisioning domain',
  (value) => isText(value) && value !== '*',
);
export const identifier = required(
  'a non-empty string or an integer',
  (value) => isText(value) || isWholeNumber(value),
);
export const word = required('a non-empty string', isText);
export const port = required(
  'an integer from 1 to 65535',
  (value) => isWholeNumber(value) && value >= 1 && value <= 65_535,
);
export const ipAddress = required(
  'an IP address literal',
  (value) => isText(value) && parseIpAddress(value) !== undefined,
);
export const words = required(
  'a list of non-empty strings, at least one',
  (value) => Array.isArray(value) && value.length > 0 && value.every(isText),
);
export const families = required(
  'a list of 4 and 6',
  (value) => Array.isArray(value) && value.length > 0 && value.every((family) => family === 4 || family === 6),
);

/** The same field, which may be absent. */
export function optional(field: Field): Field {
  return { ...field, isOptional: true };
}

function required(expected: string, accepts: (value: unknown) => boolean): Field {
  return { expected, isOptional: false, accepts };
}
