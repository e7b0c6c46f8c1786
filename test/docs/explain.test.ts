// SPDX-License-Identifier: MIT
// The examples of docs/api/explain.md print what is shown below them, and its tables are those of the declarations.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { mif } from '../lab/mif-command.ts';
import { requires } from '../lab/requirements.ts';
import { exampleOf, runExample } from './example.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(top, path), 'utf8');
const page = read('docs/api/explain.md');

/** Names of the first column of the table with that head. */
function described(head: string): string[] {
  const [, rows = ''] = new RegExp(`^\\| ${head} \\|.*\\n([\\s\\S]*?)\\n\\n`, 'm').exec(page) ?? [];
  const names = [...rows.matchAll(/^\| (`.*?`) \|/gm)].map(([, cell = '']) => cell);
  return names.flatMap((cell) => [...cell.matchAll(/`([\w?]+)`/g)].map(([, name = '']) => name));
}

function declared(file: string, name: string): string[] {
  const [, body = ''] = new RegExp(`export interface ${name} \\{([\\s\\S]*?)^\\}`, 'm').exec(read(file)) ?? [];
  return [...body.matchAll(/^ {2}readonly (\w+\??):/gm)].map(([, property = '']) => property);
}

describe('explain.md', () => {
  test('explain.md: has every property of an explanation and of a candidate', () => {
    expect(described('property')).toEqual(declared('lib/selection/explanation.ts', 'Explanation'));
    expect(described('property of a candidate')).toEqual(declared('lib/selection/candidate.ts', 'Candidate'));
  });
});

requires(
  'root',
  'ip',
  'nsenter',
)('explain.md: examples', () => {
  test('explain.md: the program prints what is shown below it', async () => {
    const { code, output } = exampleOf(page);
    expect(output).not.toBe('');
    expect(await runExample(top, code)).toBe(output);
  });

  test('explain.md: the command prints what is shown below it', async () => {
    await using lab = await Lab.up('dual-isp');
    await lab.ipBatch('host', [
      'rule add pref 50 fwmark 0x10 lookup 100',
      'route add default via 10.3.0.1 dev wwan0 onlink table 100',
    ]);
    const [, words = '', output] = /^```console\n\$ mif (.*)\n([\s\S]*?)^```/m.exec(page) ?? [];
    const { stdout } = await mif([...words.split(' '), '--netns', lab.netns('host')]);
    expect(stdout).toBe(output);
  });
});
