// SPDX-License-Identifier: MIT
// One file says what both languages say; here it is checked that everybody listened.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { contractDigest, errorHints } from '../../lib/binding/contract.gen.ts';
import { native } from '../../lib/binding/native.ts';
import { outcomeOf } from '../lab/command.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');

it('contract: every generated file is what contract.json says', async () => {
  const { code, stderr } = await outcomeOf(process.execPath, [`${root}native/contract/generate.mjs`, '--check']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it('contract: the library, its header and the JavaScript have one digest', () => {
  const [, ofHeader] = /kDigest\[\] = "(\w+)"/.exec(read('native/contract/contract.gen.h')) ?? [];
  expect([native().contractDigest, ofHeader]).toEqual([contractDigest, contractDigest]);
});

it('contract: C++, TypeScript, the documentation and contract.json know the same error codes', () => {
  const codes = (text: string) => [...new Set(text.match(/ERR_MIF_[A-Z_]+/g))].sort();
  const known = Object.keys(JSON.parse(read('native/contract/contract.json')).errors).sort();
  expect(Object.keys(errorHints).sort()).toEqual(known);
  expect(codes(read('native/base/error-code.gen.h'))).toEqual(known);
  expect(codes(read('docs/errors.md'))).toEqual(known);
});

it('contract: every error says what to do, in a sentence', () => {
  for (const [code, hint] of Object.entries(errorHints)) expect(hint, code).toMatch(/^[A-Z`].+\.$/);
});

it('contract: a hint that sends its reader to a field of the error names one that errors have', () => {
  const fields = Array.from(
    read('lib/binding/mif-error.ts').matchAll(/^ {2}declare readonly (\w+)\?:/gm),
    ([, name]) => name,
  );
  const named = Object.values(errorHints).flatMap((hint) => /^`(\w+)` has /.exec(hint)?.[1] ?? []);
  expect(named.length).toBeGreaterThan(0);
  expect(fields).toEqual(expect.arrayContaining(named));
});
