// SPDX-License-Identifier: MIT
// All messages that may be posted, and the one way from an unknown value to an effect. A message is added by its
// type in request.ts and its entry in one of the files below; the compiler asks for the rest.

import { inspect } from 'node:util';
import { MifError } from '../binding/mif-error.ts';
import { announceRequests } from './announce-requests.ts';
import { connectRequests } from './connect-requests.ts';
import { dataRequests } from './data-requests.ts';
import { hintRequests } from './hint-requests.ts';
import type { MifRequest } from './request.ts';
import type { RequestEntries, RequestEntry } from './request-entry.ts';
import type { Field } from './request-field.ts';
import type { Subscriber } from './subscriber.ts';
import { translateRequests } from './translate-requests.ts';

/** Every type of request with what is known of it. */
export const requestTable: RequestEntries<MifRequest['type']> = {
  ...announceRequests,
  ...connectRequests,
  ...translateRequests,
  ...dataRequests,
  ...hintRequests,
};

/** Checks a request and does what it asks; throws `ERR_MIF_INVALID_ARG` naming the field and its value. */
export function handleRequest(subscriber: Subscriber, request: unknown): void {
  const entry = checkRequest(request, subscriber.extensions);
  entry.handle(subscriber, request as never);
}

function checkRequest(request: unknown, extensions: boolean): RequestEntry<MifRequest['type']> {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    throw new MifError('ERR_MIF_INVALID_ARG', `a request must be an object with a type, not ${show(request)}`);
  }
  const { type, ...fields } = request as Record<string, unknown>;
  if (!isRequestType(type)) {
    throw new MifError('ERR_MIF_INVALID_ARG', `type must be that of a MIF request, not ${show(type)}`, {
      hint: `Types are ${Object.keys(requestTable).join(', ')}.`,
    });
  }
  const entry = requestTable[type] as unknown as RequestEntry<MifRequest['type']>;
  if (entry.isExtension && !extensions) {
    throw new MifError('ERR_MIF_INVALID_ARG', `${type}: the session was opened without extensions`);
  }
  checkFields(type, fields, entry.fields);
  return entry;
}

function checkFields(type: string, fields: Record<string, unknown>, table: Readonly<Record<string, Field>>): void {
  for (const [name, field] of Object.entries(table)) {
    const value = fields[name];
    if (value === undefined && field.isOptional) continue;
    if (!field.accepts(value)) {
      throw new MifError('ERR_MIF_INVALID_ARG', `${type}: ${name} must be ${field.expected}, not ${show(value)}`);
    }
  }
  for (const name of Object.keys(fields)) {
    if (Object.hasOwn(table, name) || fields[name] === undefined) continue;
    const known = Object.keys(table);
    throw new MifError('ERR_MIF_INVALID_ARG', `${type}: there is no field ${show(name)}`, {
      hint: known.length === 0 ? 'It has none but type.' : `Its fields are ${known.join(', ')}.`,
    });
  }
}

function isRequestType(type: unknown): type is MifRequest['type'] {
  return typeof type === 'string' && Object.hasOwn(requestTable, type);
}

// What was posted may be long, contain itself, or be no data at all.
function show(value: unknown): string {
  return inspect(value, { depth: 0, maxStringLength: 100, maxArrayLength: 3, breakLength: Number.POSITIVE_INFINITY });
}
