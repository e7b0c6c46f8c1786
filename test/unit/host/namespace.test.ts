// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { namespacePath } from '../../../lib/host/namespace.ts';

describe('namespace', () => {
  const rows: [netns: string | number, path: string][] = [
    ['blue', '/run/netns/blue'],
    ['42', '/run/netns/42'],
    [42, '/proc/42/ns/net'],
    ['/proc/self/ns/net', '/proc/self/ns/net'],
    ['./here', './here'],
  ];
  it.each(rows)('namespace: %j is %s', (netns, path) => expect(namespacePath(netns)).toBe(path));

  it.each([[''], ['.'], ['..'], ['a\0b'], [0], [-1], [1.5], [Number.NaN], [null], [{}]])(
    'namespace: %j is none',
    (netns) => {
      expect(() => namespacePath(netns as string)).toThrow(expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }));
    },
  );
});
