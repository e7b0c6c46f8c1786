// SPDX-License-Identifier: MIT
// The example of docs/api/adapters.md prints what is shown below it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { requires } from '../lab/requirements.ts';
import { exampleOf, runExample } from './example.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(top, 'docs/api/adapters.md'), 'utf8');

requires(
  'root',
  'ip',
  'nsenter',
)('adapters.md: example', () => {
  test('adapters.md: prints what is shown below it', async () => {
    const { code, output } = exampleOf(page);
    expect(await runExample(top, code)).toBe(output);
  });
});
