// SPDX-License-Identifier: MIT
// The example of a page and what it prints in a lab.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lab } from '../lab/lab.ts';

/** The first program of a page, and the text below it. */
export function exampleOf(page: string): { code: string; output: string } {
  const [, code = ''] = /^```js\n([\s\S]*?)^```/m.exec(page) ?? [];
  const [, output = ''] = /^```text\n([\s\S]*?)^```/m.exec(page) ?? [];
  return { code, output };
}

/**
 * What the program prints on the host with three uplinks.
 * @param top - folder of the package: inside it its own name resolves as it does for its users.
 */
export async function runExample(top: string, code: string): Promise<string> {
  mkdirSync(join(top, 'build'), { recursive: true });
  const folder = mkdtempSync(join(top, 'build', 'example-'));
  try {
    const program = join(folder, 'example.mjs');
    writeFileSync(program, code);
    await using lab = await Lab.up('dual-isp');
    return await lab.exec('host', process.execPath, program);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
