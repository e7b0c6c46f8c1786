// SPDX-License-Identifier: MIT
// Colour for people at terminals, and protection for the terminal: names come from the kernel and from networks, and
// may hold anything but what a kernel forbids (traps B7, SEC-25).

import type { Writable } from 'node:stream';

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** Text in, text out; the same text where there are no colours. */
export type Style = { readonly [Name in keyof typeof codes]: (text: string) => string };

/** Styles for a stream. Node's own rules decide: a terminal, NO_COLOR, FORCE_COLOR, TERM. */
export function styleFor(stream: Writable & { isTTY?: boolean; hasColors?: () => boolean }): Style {
  return styles(stream.isTTY === true && stream.hasColors?.() === true);
}

export function styles(coloured: boolean): Style {
  const paint = (name: keyof typeof codes) => (text: string) =>
    coloured ? `\u001b[${codes[name][0]}m${text}\u001b[${codes[name][1]}m` : text;
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    cyan: paint('cyan'),
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text that moves no cursor and ends no line. */
export function printable(text: string): string {
  return text.replace(control, (character) => {
    const code = character.charCodeAt(0);
    return code > 0xff ? `\\u${code.toString(16)}` : `\\x${code.toString(16).padStart(2, '0')}`;
  });
}

/** How wide a terminal shows a text, without its colours. */
export function widthOf(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of `styles`.
  return text.replace(/\u001b\[\d+m/g, '').length;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
