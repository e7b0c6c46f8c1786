// SPDX-License-Identifier: MIT
// Checks the form of all C++ and C that is written by hand, or writes it (`--write`). Versions of clang-format disagree,
// so an older one than the settings were made for counts as absent. Absent is an error in CI only.

import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './command.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folders = ['native', 'test/native', 'test/fuzz', 'test/differential', 'bench/subject'];
const leastVersion = 19;

const command = await findCommand();
if (command === undefined) {
  console.error(`clang-format ${leastVersion} or newer is not installed (Debian: clang-format-19): C++ not checked`);
  process.exit(process.env.CI ? 1 : 0);
}
const mode = process.argv.includes('--write') ? ['-i'] : ['--dry-run', '--Werror'];
const { code, output } = await run(command, [...mode, ...sources()], { cwd: root });
if (code !== 0) {
  const places = output.match(/^[^\s:]+:\d+(?=:\d+: error)/gm) ?? [output];
  console.error(`not formatted, run \`npm run format\`:\n${[...new Set(places)].join('\n')}`);
}
process.exitCode = code;

async function findCommand() {
  for (const name of [`clang-format-${leastVersion}`, 'clang-format']) {
    const { code, output } = await run(name, ['--version']);
    const version = Number(/version (\d+)/.exec(output)?.[1]);
    if (code === 0 && version >= leastVersion) return name;
  }
  return undefined;
}

function sources() {
  return folders.flatMap((folder) => {
    try {
      const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
      return names.filter((name) => /\.(h|cc?)$/.test(name) && !/\.gen\./.test(name)).map((name) => join(folder, name));
    } catch {
      return [];
    }
  });
}
