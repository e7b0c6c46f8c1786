// SPDX-License-Identifier: MIT
// The package as its users get it: which files run, what they export, what an import loads, where a stack points, and
// whether a program in TypeScript compiles against it.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');

describe('package', () => {
  /** A project of a user, with the package installed. */
  let project: string;
  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'mif-project-'));
    mkdirSync(join(project, 'node_modules'));
    symlinkSync(root, join(project, 'node_modules', 'node-mif'));
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }\n');
  });
  afterAll(() => rmSync(project, { recursive: true }));

  /** What a program of the user prints. */
  function printed(program: string, ...flags: string[]): string {
    const file = join(project, 'program.js');
    writeFileSync(file, program);
    return execFileSync(process.execPath, [...flags, file], { encoding: 'utf8' }).trim();
  }

  it('package: one file for the library, a few for the command, each with its source map', () => {
    const names = readdirSync(dist, { recursive: true, encoding: 'utf8' });
    const programs = names.filter((name) => name.endsWith('.js')).sort();
    expect(programs).toEqual([
      'cli/demo/echo-server.js',
      'cli/demo/stage.js',
      'cli/main.js',
      'cli/run-preload.js',
      'cli/shared.js',
      'index.js',
    ]);
    expect(names.filter((name) => name.endsWith('.map')).sort()).toEqual(programs.map((name) => `${name}.map`));
    // The command has no copy of the library: an instance of a class is the same in both.
    expect(readFileSync(join(dist, 'cli', 'main.js'), 'utf8')).toMatch(/^import .* from "node-mif";$/m);
  });

  it('package: what an import gives is what index.ts exports, under its own name', () => {
    const source = ts.createProgram([join(root, 'lib', 'index.ts')], {
      module: ts.ModuleKind.NodeNext,
      allowImportingTsExtensions: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
    });
    const checker = source.getTypeChecker();
    const index = checker.getSymbolAtLocation(source.getSourceFile(join(root, 'lib', 'index.ts'))!)!;
    const values = checker
      .getExportsOfModule(index)
      .filter((symbol) => {
        const isAlias = symbol.flags & ts.SymbolFlags.Alias;
        const isValue = (isAlias ? checker.getAliasedSymbol(symbol) : symbol).flags & ts.SymbolFlags.Value;
        return isValue && !symbol.declarations?.some((node) => ts.isTypeOnlyImportOrExportDeclaration(node));
      })
      .map(({ name }) => name)
      .sort();
    expect(values).toContain('openHost');
    const program = `
      import * as mif from 'node-mif';
      // A table has no name of its own.
      const nameOf = (name, value) => typeof value === 'object' ? name : value.name;
      console.log(JSON.stringify(Object.entries(mif).map(([name, value]) => [name, nameOf(name, value)])));`;
    expect(JSON.parse(printed(program))).toEqual(values.map((name) => [name, name]));
  });

  it("package: an import loads no sockets of Node's, no cryptography and no library", () => {
    const program = `
      const before = new Set(process.moduleLoadList);
      await import('node-mif');
      const after = process.moduleLoadList.filter((name) => !before.has(name));
      console.log(JSON.stringify(after));`;
    const loaded: string[] = JSON.parse(printed(program));
    expect(loaded.length).toBeGreaterThan(0);
    expect(loaded.filter((name) => /^NativeModule (net|crypto|dgram|dns|http|child_process)$/.test(name))).toEqual([]);
  });

  it('package: a stack names the files of lib/', () => {
    const program = `
      import { openHost } from 'node-mif';
      await openHost({ routes: 'some' }).catch(({ stack }) => console.log(stack));`;
    expect(printed(program, '--enable-source-maps')).toMatch(/checkOptions.*\/lib\/host\/open-host\.ts:\d+/);
  });

  it('package: a program in TypeScript compiles against it, and is held to its types', () => {
    const problems = (program: string) => {
      const file = join(project, 'program.ts');
      writeFileSync(file, program);
      const compiled = ts.createProgram([file], {
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        target: ts.ScriptTarget.ES2022,
        lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
        strict: true,
        noEmit: true,
        types: ['node'],
        typeRoots: [join(root, 'node_modules', '@types')],
      });
      return ts
        .getPreEmitDiagnostics(compiled)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    };
    const use = (type: string) => `
      import { isMifError, type MifErrorCode, openHost, openSession, type Snapshot } from 'node-mif';
      const host = await openHost({ routes: 'none' });
      const snapshot: Snapshot = host.snapshot();
      for (const link of snapshot.interfaces) {
        const mtu: ${type} = link.mtu;
        console.log(mtu);
      }
      const session = await openSession({ host });
      session.post({ type: 'announce-interfaces' });
      try {
        await session.check({ timeout: 0 });
      } catch (error) {
        if (isMifError(error)) console.log(error.code satisfies MifErrorCode);
      }
      await session.close();
      await host.close();`;
    expect(problems(use('number'))).toEqual([]);
    expect(problems(use('string'))).toEqual([expect.stringContaining("not assignable to type 'string'")]);
  });
});
