// SPDX-License-Identifier: MIT
// docs/api/names.md: its example prints what is shown, and its tables have every option, property and type.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { recordTypes } from '../../lib/dns/record.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { exampleOf } from './example.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(top, path), 'utf8');
const page = read('docs/api/names.md');

/** Properties that a type declares in a file. */
function declaredBy(type: string, file: string): string[] {
  const body = new RegExp(`export interface ${type}\\b[^{]*\\{([\\s\\S]*?)^\\}`, 'm').exec(read(file))?.[1] ?? '';
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, name = '']) => name);
}

test('names.md: has every option, every property and every type', () => {
  const names = [
    ...declaredBy('ResolveOptions', 'lib/dns/resolve.ts'),
    ...declaredBy('Resolution', 'lib/dns/resolution.ts'),
  ];
  expect(names).toContain('searchDomains');
  for (const name of [...names, ...Object.keys(recordTypes)]) expect(page).toContain(`\`${name}\``);
});

requires(
  'root',
  'ip',
  'nsenter',
  'dnsmasq',
)('names.md: examples', () => {
  test('names.md: the example prints what is shown below it', async () => {
    await using lab = await Lab.up('dual-isp');
    const common = ['bind-interfaces', 'interface=lan', 'mx-host=example.com,mail.example.com,10'];
    await lab.dnsmasq('ra', [...common, 'host-record=same.example.com,10.1.0.80'].join('\n'));
    await lab.dnsmasq('rb', [...common, 'host-record=same.example.com,10.2.0.80'].join('\n'));
    mkdirSync(join(top, 'build'), { recursive: true });
    // Inside the package, so that its own name resolves as it does for its users.
    const folder = mkdtempSync(join(top, 'build', 'names-'));
    try {
      const { code, output } = exampleOf(page);
      const program = join(folder, 'example.mjs');
      writeFileSync(program, code);
      expect(await lab.exec('host', process.execPath, program)).toBe(output);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
