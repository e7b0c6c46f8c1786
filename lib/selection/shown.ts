// SPDX-License-Identifier: MIT
// What somebody gave, as an error message shows it.

const longest = 64;

/** One short line, whatever it is. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > longest ? `${value.slice(0, longest)}…` : value}'`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
