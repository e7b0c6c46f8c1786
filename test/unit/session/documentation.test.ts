// SPDX-License-Identifier: MIT
// docs/api/session.md says what the code does: its lists are those of the tables and types, its example prints what it
// shows.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { MifMessage } from '../../../lib/session/message.ts';
import { requestTable } from '../../../lib/session/request-table.ts';
import { openSession } from '../../../lib/session/session.ts';
import { twoUplinks } from './fake-network.ts';

const page = readFileSync(new URL('../../../docs/api/session.md', import.meta.url), 'utf8');

/** The rows of a table in a section, by the word in the first cell. */
function rowsOf(section: string): Map<string, { isExtension: boolean; rest: string }> {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  const [, ...rows] = [...text.matchAll(/^\| `([a-z-]+)`( \(extension\))? *\|(.*)\|$/gm)];
  return new Map(rows.map(([, name = '', mark, rest = '']) => [name, { isExtension: mark !== undefined, rest }]));
}

test('documentation: every request is listed, with its fields and whose it is', () => {
  const listed = [...rowsOf('Requests')].map(([type, { isExtension, rest }]) => {
    const [fields = ''] = rest.split('|');
    return { type, isExtension, fields: [...fields.matchAll(/`([a-zA-Z?]+)`/g)].map(([, name]) => name) };
  });
  const known = Object.entries(requestTable).map(([type, { fields, isExtension = false }]) => ({
    type,
    isExtension,
    fields: Object.entries(fields).map(([name, { isOptional }]) => (isOptional ? `${name}?` : name)),
  }));
  const byType = (a: { type: string }, b: { type: string }) => a.type.localeCompare(b.type);
  expect(listed.sort(byType)).toEqual(known.sort(byType));
});

test('documentation: every message is listed, and whether it is an extension', () => {
  // A type without an entry here does not compile.
  const known: {
    readonly [T in MifMessage['type']]: Extract<MifMessage, { type: T }> extends { extension: true } ? true : false;
  } = {
    'interface-announcement': false,
    'no-interface-announcement': false,
    'interface-is-going-away': false,
    'interface-is-going-up': false,
    'provisioning-domain-announcement': false,
    'no-provisioning-domain-announcement': false,
    'configuration-element-announcement': false,
    'no-configuration-element-announcement': false,
    'address-announcement': false,
    'no-address-announcement': false,
    'configuration-data': false,
    'no-configuration-data': false,
    connected: false,
    'not-connected': false,
    'name-translation': false,
    'translation-done': true,
    'enumeration-done': true,
    'pvd-selected': true,
    'pvd-not-selected': true,
    overrun: true,
    'request-failed': true,
  };
  const listed = [...rowsOf('Messages')].map(([type, { isExtension }]) => [type, isExtension]);
  expect(Object.fromEntries(listed)).toEqual(known);
});

test('documentation: the example prints what it shows', async () => {
  const [, code = ''] = /^```js\n([\s\S]*?)^```/m.exec(page) ?? [];
  const [, shown = ''] = /^```text\n([\s\S]*?)^```/m.exec(page) ?? [];
  const [importLine = '', ...lines] = code.split('\n');
  expect(importLine).toBe("import { openSession } from 'node-mif';");
  const printed: string[] = [];
  const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;
  const run = new AsyncFunction('openSession', 'console', lines.join('\n'));
  const { network } = twoUplinks();
  await run(async () => openSession(network), { log: (text: string) => printed.push(text) });
  expect(printed.join('\n')).toBe(shown.trimEnd());
  expect(network.observers.size).toBe(0);
});
