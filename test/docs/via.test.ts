// SPDX-License-Identifier: MIT
// docs/api/via.md: its examples run and print what is shown, and its tables have the properties of the types.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { requires } from '../lab/requirements.ts';
import { exampleOf, runExample } from './example.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(top, path), 'utf8');
const page = read('docs/api/via.md');

/** Properties that a type declares in a file. */
function declaredBy(type: string, file: string): string[] {
  const body = new RegExp(`export interface ${type}\\b[^{]*\\{([\\s\\S]*?)^\\}`, 'm').exec(read(file))?.[1] ?? '';
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+\??):/gm)].map(([, name = '']) => name);
}

/** What the first column names, of the table of a section whose head begins as given. */
function describedIn(section: string, head: string): string[] {
  const text = page.slice(page.indexOf(`## ${section}`));
  const [table = ''] = text.slice(text.indexOf(head)).split('\n\n');
  return [...table.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`([\w?]+)`/g)].map(([, name = '']) => name),
  );
}

describe('via.md', () => {
  test('via.md: has every property of a selector, and each level', () => {
    const properties = ['ViaProperties', 'ViaRequirements'].flatMap((type) => declaredBy(type, 'lib/via/selector.ts'));
    expect(properties).toContain('kind?');
    expect(describedIn('Selectors', '| property |')).toEqual(properties.map((name) => name.replace('?', '')));
    const levels = declaredBy('ViaSelector', 'lib/via/selector.ts').map((name) => name.replace('?', ''));
    expect(describedIn('Selectors', '| level |').sort()).toEqual(levels.sort());
  });

  test('via.md: has every property of a candidate', () => {
    expect(describedIn('Functions', '| property |').sort()).toEqual(
      declaredBy('LocalPath', 'lib/via/local-path.ts').sort(),
    );
  });
});

requires(
  'root',
  'ip',
  'nsenter',
)('via.md: examples', () => {
  test('via.md: print what is shown below them', async () => {
    const { code, output } = exampleOf(page);
    expect(await runExample(top, code)).toBe(output);
    const { code: wait } = exampleOf(page.slice(page.indexOf('## host.when')));
    expect(await runExample(top, wait)).toBe('b0 is there\n');
  });
});
