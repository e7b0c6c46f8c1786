// SPDX-License-Identifier: MIT
// Files of lines `NAME=value`, as networkd, resolved and NetworkManager write them, with or without sections in brackets. Throws
// nothing; what is no such line says nothing.

/** Lines that are read of one file. */
const mostLines = 4096;

/** Values by name, those of a section as `section.name`; the last one of a name counts. */
export function parseAssignments(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let section = '';
  for (const line of text.split('\n', mostLines)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    const [, name] = /^\[([^\]]*)\]$/.exec(trimmed) ?? [];
    if (name !== undefined) {
      section = `${name}.`;
      continue;
    }
    const equals = trimmed.indexOf('=');
    if (equals > 0) values.set(section + trimmed.slice(0, equals), unquoted(trimmed.slice(equals + 1)));
  }
  return values;
}

/** Whole to its last line: each ends with a line break. */
export const endsWithLine = (text: string) => text.endsWith('\n');

/** systemd quotes what a shell would take apart. */
function unquoted(value: string): string {
  const [, inner] = /^"(.*)"$/.exec(value) ?? [];
  return inner === undefined ? value : inner.replace(/\\(.)/g, '$1');
}
