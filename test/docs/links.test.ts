// SPDX-License-Identifier: MIT
// The documents lead somewhere: links to files and headings, npm scripts, traps and decisions that are named.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const top = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(top, path), 'utf8');

function filesBelow(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}

const documents = [
  ...readdirSync(top).filter((name) => name.endsWith('.md')),
  'native/README.md',
  ...filesBelow('docs', /\.md$/),
];

/** As the forges make them: lower case, without punctuation, spaces to hyphens. */
function anchorsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('documents', () => {
  test.each(documents)('documents: every link in %s leads to a file or heading', (path) => {
    const prose = read(path).replace(/^```[\s\S]*?^```/gm, '');
    const dead = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        const resolved = file === '' ? path : relative(top, join(top, dirname(path), file));
        if (!existsSync(join(top, resolved))) return true;
        return anchor !== undefined && !anchorsOf(read(resolved)).includes(anchor);
      });
    expect(dead).toEqual([]);
  });

  test.each(documents)('documents: every path named in %s exists', (path) => {
    const named = [...read(path).matchAll(/`((?:lib|native|test|docs|scripts|bench|examples|\.ci)\/[\w./-]*)`/g)];
    const missing = named.map(([, name = '']) => name).filter((name) => !existsSync(join(top, name)));
    expect(missing).toEqual([]);
  });

  test.each(documents)('documents: every npm script named in %s exists', (path) => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...read(path).matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('documents: every trap that code or tests cite is described in docs/traps.md', () => {
    const described = new Set([...read('docs/traps.md').matchAll(/^\| ([A-J]\d+) \|/gm)].map(([, row = '']) => row));
    const sources = ['lib', 'native', 'test'].flatMap((folder) => filesBelow(folder, /\.(ts|h|cc|json)$/));
    const undescribed = sources.flatMap((path) =>
      [...read(path).matchAll(/\btraps? ((?:[A-J]\d+)(?:(?:, | and | to )[A-J]\d+)*)/g)]
        .flatMap(([, list = '']) => list.match(/[A-J]\d+/g) ?? [])
        .filter((row) => !described.has(row))
        .map((row) => `${path}: ${row}`),
    );
    expect(described.size).toBeGreaterThan(80);
    expect(undescribed).toEqual([]);
  });

  test('documents: the picture and the paragraphs of docs/architecture.md have every room', () => {
    const floors = JSON.parse(read('test/architecture/floors.json'));
    const text = read('docs/architecture.md');
    const picture = /```\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    const rooms = ['typescript', 'native'].flatMap((language) =>
      Object.keys(floors[language].rooms).map((room) => `${floors[language].folder}/${room}`),
    );
    expect(
      picture
        .match(/^ +(lib|native)\/\w+/gm)
        ?.map((room) => room.trim())
        .sort(),
    ).toEqual(rooms.sort());
    expect(rooms.filter((room) => !new RegExp(`\\*\\*[^*]*${room}\\b`).test(text))).toEqual([]);
  });

  test('documents: the states drawn in docs/ownership.md are those of the contract', () => {
    const { enums } = JSON.parse(read('native/contract/contract.json'));
    const drawing = /```\n([\s\S]*?)```/.exec(read('docs/ownership.md'))?.[1] ?? '';
    expect(drawing.match(/[a-z-]+/g)?.sort()).toEqual(Object.keys(enums.MonitorState.values).sort());
  });

  test('documents: every decision is at most 40 lines and says what a decision has to', () => {
    const parts = ['**Question.**', '**Decision.**', '**Why.**', '**What we gave up.**', '**How we would notice'];
    const poor = filesBelow('docs/adr', /\.md$/).filter((path) => {
      const text = read(path);
      return text.split('\n').length > 41 || !parts.every((part) => text.includes(part));
    });
    expect(poor).toEqual([]);
  });
});
