// SPDX-License-Identifier: MIT
// The house is as floors.json draws it; and the guard bites, shown on a tree with every offence planted in it.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { type Floors, House } from './floors.ts';
import { readSources } from './source-tree.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const floors: Floors = JSON.parse(readFileSync(new URL('floors.json', import.meta.url), 'utf8'));

describe('architecture: the tree', () => {
  const house = new House(top, floors);

  test('architecture: both languages have sources', () => {
    const rooms = new Set(house.files.map(({ path }) => path.split('/').slice(0, 2).join('/')));
    expect([...rooms]).toEqual(
      expect.arrayContaining(['lib/binding', 'lib/snapshot', 'native/base', 'native/contract']),
    );
  });

  test('architecture: imports and includes go down only', () => expect(house.upwardImports()).toEqual([]));

  test('architecture: every relative import and include leads to a file', () =>
    expect(house.strayImports()).toEqual([]));

  test('architecture: nothing inside imports the public entry', () => expect(house.entryImports()).toEqual([]));

  test('architecture: no file imports itself through others', () => expect(house.cycles()).toEqual([]));

  test('architecture: words and headers stay in the rooms that may use them', () =>
    expect(house.bannedWords()).toEqual([]));

  test('architecture: every exception in floors.json is still needed', () =>
    expect(house.staleExceptions()).toEqual([]));

  test('architecture: no file is over the length limit without a reason', () => {
    for (const warning of house.longFiles(floors.lengths.warn)) console.warn(warning);
    expect(house.longFiles(floors.lengths.fail)).toEqual([]);
  });

  test('architecture: every file says its licence and what it is for', () => expect(house.missingHeads()).toEqual([]));

  test('architecture: what is left to do says what for', () => expect(house.openNotes()).toEqual([]));

  test('architecture: files are named by nouns of the field', () => expect(house.vagueNames()).toEqual([]));

  test('architecture: every exported value is imported somewhere', () => {
    const importers = ['test', 'scripts', 'bench'].flatMap((folder) => readSources(top, folder, 'typescript'));
    expect(house.unusedExports(importers)).toEqual([]);
  });
});

describe('architecture: the guard bites', () => {
  const head = '// SPDX-License-Identifier: MIT\n// What this is for.\n';
  const planted: Record<string, string> = {
    'lib/index.ts': `${head}export { openHost } from './host/host.ts';\n`,
    'lib/address/prefix.ts': `${head}import { MifError } from '../binding/mif-error.ts';\nexport const a = MifError;\n`,
    'lib/address/Utils.ts': `${head}// FIXME later\nexport const platform = process.platform;\n`,
    'lib/address/helpers.ts': 'export const b = 1;\n',
    'lib/binding/mif-error.ts': `${head}import '../index.ts';\nexport class MifError {}\nexport const unused = 1;\n`,
    'lib/cellar/rat.ts': `${head}export {};\n`,
    'lib/host/host.ts': `${head}import { pvds } from '../pvd/registry.ts';\nimport './gone.ts';\nexport const openHost = pvds;\n`,
    'lib/pvd/registry.ts': `${head}import type { Host } from '../host/host.ts';\nexport let pvds: Host;\n`,
    'lib/snapshot/snapshot.ts': `${head}import { pvds } from '../pvd/registry.ts';\nexport const c = pvds;\n// process.platform\n`,
    'native/table/route-table.cc': `${head}#include "kernel/source.h"\n#include <sys/socket.h>\n#include "route-table.h"\n`,
    'native/table/long.cc': head + 'int x;\n'.repeat(700),
    'native/kernel/source.h': `${head}#include "monitor/monitor.h"\n#ifdef __linux__\n#endif\n`,
    'native/monitor/monitor.h': `${head}#include "kernel/source.h"\n#include <napi.h>\n`,
  };
  const folder = mkdtempSync(join(tmpdir(), 'mif-floors-'));
  for (const [path, text] of Object.entries(planted)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const house = new House(folder, floors);
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['an upward import', () => house.upwardImports(), 'lib/address/prefix.ts uses lib/binding/mif-error.ts'],
    ['an upward type', () => house.upwardImports(), 'lib/pvd/registry.ts imports types of lib/host/host.ts'],
    ['a value where only types may', () => house.upwardImports(), 'lib/snapshot/snapshot.ts uses lib/pvd/registry.ts'],
    ['an upward include', () => house.upwardImports(), 'native/table/route-table.cc uses native/kernel/source.h'],
    ['a room without a name', () => house.upwardImports(), 'lib/cellar/rat.ts: no room "cellar"'],
    ['an import of nothing', () => house.strayImports(), 'lib/host/host.ts imports "./gone.ts"'],
    ['a relative include', () => house.strayImports(), 'native/table/route-table.cc includes "route-table.h"'],
    ['the entry from inside', () => house.entryImports(), 'lib/binding/mif-error.ts imports lib/index.ts'],
    ['a cycle of imports', () => house.cycles(), 'lib/host/host.ts -> lib/pvd/registry.ts -> lib/host/host.ts'],
    ['a cycle of includes', () => house.cycles(), 'native/kernel/source.h -> native/monitor/monitor.h'],
    ['a platform word', () => house.bannedWords(), 'lib/address/Utils.ts:4 "process.platform"'],
    ['a platform macro', () => house.bannedWords(), 'native/kernel/source.h:4 "__linux__"'],
    ['a header of Node', () => house.bannedWords(), 'native/monitor/monitor.h:4 "#include <napi"'],
    ['a header of the system', () => house.bannedWords(), 'native/table/route-table.cc:4 "#include <sys/"'],
    ['an exception that nothing needs', () => house.staleExceptions(), 'floors.json excepts lib/binding/load.ts'],
    ['a long file', () => house.longFiles(600), 'native/table/long.cc has 702 lines'],
    ['a file without a head', () => house.missingHeads(), 'lib/address/helpers.ts does not begin'],
    ['an open note', () => house.openNotes(), 'lib/address/Utils.ts:3 "FIXME"'],
    ['a vague name', () => house.vagueNames(), 'lib/address/helpers.ts: "helpers" names no idea'],
    ['a name not in kebab case', () => house.vagueNames(), 'lib/address/Utils.ts: file names are kebab-case'],
    ['an unused export', () => house.unusedExports([]), 'lib/binding/mif-error.ts exports unused'],
  ])('architecture: the guard finds %s', (_offence, find, sentence) => {
    expect(find()).toEqual(expect.arrayContaining([expect.stringContaining(sentence)]));
  });

  test('architecture: the guard leaves comments, entries and what is allowed alone', () => {
    expect(house.bannedWords().join('\n')).not.toContain('lib/snapshot');
    expect(house.upwardImports().join('\n')).not.toContain('lib/index.ts');
    expect(house.upwardImports().join('\n')).not.toContain('lib/host/host.ts uses');
  });
});
