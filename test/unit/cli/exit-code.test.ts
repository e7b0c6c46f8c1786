// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import { errorHints } from '../../../lib/binding/contract.gen.ts';
import { MifError } from '../../../lib/binding/mif-error.ts';
import { errorText, exitCodeOf, isReportable, usageError } from '../../../lib/cli/exit-code.ts';

describe('cli/exit-code', () => {
  test.each([
    ['ERR_MIF_INVALID_ARG', 2],
    ['ERR_MIF_INTERFACE_NOT_FOUND', 3],
    ['ERR_MIF_NAMESPACE_NOT_FOUND', 1],
    ['ERR_MIF_NO_PATH', 3],
    ['ERR_MIF_PERMISSION', 4],
    ['ERR_MIF_UNSUPPORTED', 5],
    ['ERR_MIF_NATIVE_MISSING', 5],
    ['ERR_MIF_CONNECT_FAILED', 1],
    ['ECONNREFUSED', 1],
  ])('cli/exit-code: %s ends with %d', (code, expected) => {
    expect(exitCodeOf({ code })).toBe(expected);
  });

  test('cli/exit-code: every code of the contract has one that is not success', () => {
    for (const code of Object.keys(errorHints)) expect(exitCodeOf({ code })).toBeGreaterThan(0);
  });

  test('cli/exit-code: errors of the library and of the command read the same in JSON', () => {
    const keys = ['code', 'message', 'hint'];
    expect(Object.keys(errorText(new MifError('ERR_MIF_CLOSED', 'the host is closed')))).toEqual(keys);
    expect(Object.keys(errorText(usageError('what?', 'This.')))).toEqual(keys);
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(errorText(refused)).toEqual({ code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' });
  });

  test('cli/exit-code: an error without a code is a fault of the program, not a fact to report', () => {
    expect(isReportable(new TypeError('x is not a function'))).toBe(false);
    expect(isReportable('text')).toBe(false);
    expect(isReportable(usageError('what?', 'This.'))).toBe(true);
  });
});
