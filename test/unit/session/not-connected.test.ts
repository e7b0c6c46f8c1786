// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { MifError } from '../../../lib/binding/mif-error.ts';
import { describeError, isLocalFault, reasonOf } from '../../../lib/session/not-connected.ts';
import { systemError } from './fake-network.ts';

test.each([
  ['ECONNREFUSED', 'refused'],
  ['ETIMEDOUT', 'timeout'],
  ['EHOSTUNREACH', 'unreachable-host'],
  ['ENETUNREACH', 'unreachable-network'],
  ['ERR_MIF_NO_ROUTE', 'no-route'],
  ['EADDRNOTAVAIL', 'no-source'],
  ['EAFNOSUPPORT', 'address-family-unavailable'],
  ['ENODEV', 'interface-gone'],
  ['ECONNRESET', 'reset'],
  ['EACCES', 'permission'],
  ['ERR_MIF_PERMISSION', 'permission'],
  ['EMFILE', 'resource'],
  ['ERR_MIF_LOOPBACK', 'bad-address'],
  ['ERR_MIF_SCOPE_REQUIRED', 'bad-address'],
  ['ERR_MIF_CLOSED', 'cancelled'],
  ['EBUSY', 'failed'],
])('not connected: %s is %s (MIF-59)', (code, reason) => {
  expect(reasonOf(systemError(code))).toBe(reason);
});

test('not connected: an abort is cancelled, an error without a code has failed (MIF-59)', () => {
  expect(reasonOf(new DOMException('enough', 'AbortError'))).toBe('cancelled');
  expect(reasonOf(new Error('?'))).toBe('failed');
  expect(describeError(new Error('?'))).toEqual({ code: 'ERR_MIF_CONNECT_FAILED', message: '?' });
});

test('not connected: another source is worth a try only when no packet left (MIF-56)', () => {
  expect(
    ['EADDRNOTAVAIL', 'ERR_MIF_BIND_FAILED', 'ERR_MIF_NO_ROUTE'].map((code) => isLocalFault(systemError(code))),
  ).toEqual([true, true, true]);
  expect(['ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH'].map((code) => isLocalFault(systemError(code)))).toEqual([
    false,
    false,
    false,
  ]);
});

test('not connected: the error stays readable beside the reason, with its hint (MIF-59)', () => {
  expect(describeError(systemError('ECONNREFUSED'))).toEqual({ code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' });
  expect(describeError(new MifError('ERR_MIF_NO_ROUTE', 'no route', { hint: 'add one' }))).toEqual({
    code: 'ERR_MIF_NO_ROUTE',
    message: 'no route',
    hint: 'add one',
  });
});
