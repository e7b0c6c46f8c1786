// SPDX-License-Identifier: MIT
// The example of docs/api/many-destinations.md prints what is shown below it, and its table has what a PathTable has.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { PathTable } from '../../lib/selection/path-table.ts';
import { requires } from '../lab/requirements.ts';
import { exampleOf, runExample } from './example.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(top, 'docs/api/many-destinations.md'), 'utf8');

describe('many-destinations.md', () => {
  test('many-destinations.md: has every property of a table', () => {
    const table = new PathTable({ family: 4, destinations: new Uint8Array(), rows: new Uint32Array(), answers: [] });
    const getters = Object.entries(Object.getOwnPropertyDescriptors(PathTable.prototype)).filter(([, { get }]) => get);
    const section = /^## PathTable$([\s\S]*?)^## /m.exec(page)?.[1] ?? '';
    const described = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(described.sort()).toEqual([...Object.keys(table), ...getters.map(([name]) => name)].sort());
  });
});

requires(
  'root',
  'ip',
  'nsenter',
)('many-destinations.md: example', () => {
  test('many-destinations.md: prints what is shown below it', async () => {
    const { code, output } = exampleOf(page);
    expect(await runExample(top, code)).toBe(output);
  });
});
