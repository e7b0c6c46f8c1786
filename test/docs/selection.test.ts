// SPDX-License-Identifier: MIT
// The example of docs/api/selection.md prints what is shown below it, and its tables are those of the contract.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { requires } from '../lab/requirements.ts';
import { exampleOf, runExample } from './example.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(top, path), 'utf8');
const page = read('docs/api/selection.md');

describe('selection.md', () => {
  test('selection.md: has every doubt, and no other', () => {
    const { enums, flags = {} } = JSON.parse(read('native/contract/contract.json'));
    const { values } = enums.SelectionDoubt ?? flags.SelectionDoubt;
    const section = /^## Doubts$([\s\S]*?)^## /m.exec(page)?.[1] ?? '';
    expect([...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name)).toEqual(Object.keys(values));
  });

  test('selection.md: has every property of a path', () => {
    const declaration = /export interface Path \{([\s\S]*?)^\}/m.exec(read('lib/selection/path.ts'))?.[1] ?? '';
    const declared = [...declaration.matchAll(/readonly (\w+\??):/g)].map(([, name]) => name);
    const table = /^\| property \|[\s\S]*?^$/m.exec(page)?.[0] ?? '';
    const described = [...table.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`([\w?]+)`/g)].map(([, name]) => name),
    );
    expect(described.sort()).toEqual(declared.sort());
  });
});

requires(
  'root',
  'ip',
  'nsenter',
)('selection.md: example', () => {
  test('selection.md: prints what is shown below it', async () => {
    const { code, output } = exampleOf(page);
    expect(await runExample(top, code)).toBe(output);
  });
});
