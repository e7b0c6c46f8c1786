// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { isMifError } from '../../../lib/binding/mif-error.ts';
import { preferenceFlags } from '../../../lib/selection/source-preferences.ts';

describe('source preferences', () => {
  it('selection: preferences are the flags of RFC 5014, and none is the default of the system (SAS-18, SAS-19)', () => {
    expect(preferenceFlags(undefined)).toBe(0);
    expect(preferenceFlags({})).toBe(0);
    expect(preferenceFlags({ temporary: 'prefer' })).toBe(0x0001);
    expect(preferenceFlags({ temporary: 'avoid', home: undefined })).toBe(0x0002);
    expect(preferenceFlags({ temporary: 'system', home: 'prefer' })).toBe(0x0500);
    expect(preferenceFlags({ home: 'avoid' })).toBe(0x0004);
  });

  it.each([
    ['preferences', 'temporary'],
    ['preferences', null],
    ['preferences.public', { public: 'prefer' }],
    ['preferences.temporary', { temporary: true }],
    ['preferences.temporary', { temporary: 'toString' }],
    ['preferences.home', { home: 'system' }],
  ])('selection: what is none is refused as option %s (SAS-19)', (name, preferences) => {
    const call = () => preferenceFlags(preferences);
    expect(call).toThrow(expect.toSatisfy((error) => isMifError(error, 'ERR_MIF_INVALID_ARG')));
    expect(call).toThrow(`option ${name}: `);
  });
});
