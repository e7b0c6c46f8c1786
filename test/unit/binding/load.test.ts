// SPDX-License-Identifier: MIT
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contractDigest } from '../../../lib/binding/contract.gen.ts';
import { load, loadFrom } from '../../../lib/binding/load.ts';
import type { MifError } from '../../../lib/binding/mif-error.ts';
import { outcomeOf } from '../../lab/command.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const libraryPath: string = createRequire(import.meta.url)('node-gyp-build').resolve(root);

describe('load', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mif-load-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A package whose only content is a library. */
  function packageWith(name: string, library: Uint8Array): string {
    const path = join(folder, name);
    mkdirSync(join(path, 'build', 'Release'), { recursive: true });
    writeFileSync(join(path, 'build', 'Release', 'node-mif.node'), library);
    return path;
  }

  function failureOf(path: string): MifError {
    try {
      loadFrom(path);
    } catch (error) {
      return error as MifError;
    }
    throw new Error('it loaded');
  }

  it('load: the library of this package speaks the contract of this package', () => {
    expect(load().contractDigest).toBe(contractDigest);
    expect(load()).toBe(load());
  });

  it('load: a package without library says for which platform none was found, and what to do', () => {
    expect(failureOf(folder)).toMatchObject({
      code: 'ERR_MIF_NATIVE_MISSING',
      message: expect.stringContaining(`${process.platform}-${process.arch}`),
      hint: expect.stringContaining('npm run build'),
    });
  });

  it('load: a library that cannot be loaded is missing too, with the reason of the loader', () => {
    const error = failureOf(packageWith('broken', new TextEncoder().encode('not a library')));
    expect(error).toMatchObject({
      code: 'ERR_MIF_NATIVE_MISSING',
      message: expect.stringMatching(/node-mif\.node: \w/),
    });
    expect(error.cause).toMatchObject({ code: 'ERR_DLOPEN_FAILED' });
  });

  it('load: a library built from another contract is refused, naming both', () => {
    const library = readFileSync(libraryPath);
    const at = library.indexOf(contractDigest);
    expect(at).toBeGreaterThan(0);
    library.write('0123456789abcdef', at, 'latin1');
    expect(failureOf(packageWith('other', library))).toMatchObject({
      code: 'ERR_MIF_BINDING_MISMATCH',
      message: expect.stringMatching(new RegExp(`0123456789abcdef.*${contractDigest}`)),
    });
  });

  it('load: two copies of the package in one process both work', () => {
    const copy = loadFrom(packageWith('copy', readFileSync(libraryPath)));
    expect(copy).not.toBe(load());
    expect(copy.now()).toBeCloseTo(load().now(), -3);
  });

  it('load: under the permission model the error names the flag', async () => {
    const isStable = process.allowedNodeEnvironmentFlags.has('--permission');
    const program = `
      import { openHost } from ${JSON.stringify(join(root, 'dist/index.js'))};
      try { await (await openHost()).close(); } catch ({ code, hint }) { console.log(JSON.stringify({ code, hint })); }`;
    const file = join(folder, 'program.mjs');
    writeFileSync(file, program);
    const flags = [isStable ? '--permission' : '--experimental-permission', '--allow-fs-read=*', '--no-warnings'];
    const { stdout } = await outcomeOf(process.execPath, [...flags, file]);
    expect(JSON.parse(stdout)).toEqual({
      code: 'ERR_MIF_NATIVE_MISSING',
      hint: expect.stringContaining('--allow-addons'),
    });
    const { stdout: allowed } = await outcomeOf(process.execPath, [...flags, '--allow-addons', file]);
    expect(allowed).toBe('');
  });

  it('load: nothing is loaded before it is needed', async () => {
    const file = join(folder, 'lazy.mjs');
    writeFileSync(
      file,
      `import ${JSON.stringify(join(root, 'dist/index.js'))};
       const { sharedObjects } = process.report.getReport();
       console.log(sharedObjects.filter((name) => name.endsWith('.node')).length, sharedObjects.length > 0);`,
    );
    const { stdout } = await outcomeOf(process.execPath, [file]);
    expect(stdout.trim()).toBe('0 true');
  });
});
