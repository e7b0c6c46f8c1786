// SPDX-License-Identifier: MIT

import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { padEnd, printable, styleFor, styles, widthOf } from '../../../lib/cli/style.ts';

function stream(isTTY: boolean, hasColors: boolean) {
  return Object.assign(new PassThrough(), { isTTY, hasColors: () => hasColors });
}

describe('cli/style', () => {
  test.each([
    ['a terminal with colours', stream(true, true), true],
    ['a terminal that has or wants none', stream(true, false), false],
    ['a pipe', new PassThrough(), false],
    ['a pipe that is told to have colours', stream(false, true), false],
  ])('cli/style: %s', (_what, target, coloured) => {
    expect(styleFor(target).red('x') !== 'x').toBe(coloured);
  });

  test('cli/style: width is what is seen', () => {
    const red = styles(true).red('no carrier');
    expect(widthOf(red)).toBe(10);
    expect(padEnd(red, 12)).toBe(`${red}  `);
  });

  test.each([
    ['eth0', 'eth0'],
    ['ü→中', 'ü→中'],
    ['a\u001b]0;title\u0007', 'a\\x1b]0;title\\x07'],
    ['a\r\nb\u0085', 'a\\x0d\\x0ab\\x85'],
    ['\u202eevil', '\\u202eevil'],
  ])('cli/style: %j is printed as %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});
