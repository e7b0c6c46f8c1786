// SPDX-License-Identifier: MIT
// The rules of the house as functions from sources to sentences: which file, which line, which rule, why. No sentence,
// no offence. The rules themselves are data in floors.json.

import { isGenerated, readSources, type SourceFile } from './source-tree.ts';

export interface Room {
  uses?: readonly string[];
  /** Rooms of which only types may be imported, besides `uses`. */
  types?: readonly string[];
  why: string;
}

export interface Floors {
  typescript: { folder: string; entry: string; rooms: Readonly<Record<string, Room>> };
  native: { folder: string; rooms: Readonly<Record<string, Room>> };
  /** Words of the code that have no place outside certain files or folders, which are given with the reason. */
  bans: readonly { pattern: string; in: string; except?: Readonly<Record<string, string>>; why: string }[];
  lengths: { warn: number; fail: number; except: Readonly<Record<string, string>> };
}

export class House {
  readonly files: readonly SourceFile[];
  readonly #floors: Floors;
  readonly #byPath: ReadonlyMap<string, SourceFile>;

  constructor(top: string, floors: Floors) {
    this.#floors = floors;
    this.files = (['typescript', 'native'] as const).flatMap((language) =>
      readSources(top, floors[language].folder, language),
    );
    this.#byPath = new Map(this.files.map((file) => [file.path, file]));
  }

  /** Imports that go up or sideways, and rooms that nobody has named. */
  upwardImports(): string[] {
    return this.files.flatMap((file) => {
      const rooms = this.#floors[file.language].rooms;
      const room = rooms[file.room];
      if (!room) return this.#isEntry(file) ? [] : [`${file.path}: no room "${file.room}" in floors.json`];
      return file.edges.flatMap((edge) => {
        const target = edge.target === undefined ? undefined : this.#byPath.get(edge.target);
        if (!target || target.language !== file.language || target.room === file.room || this.#isEntry(target))
          return [];
        if (room.uses?.includes(target.room)) return [];
        if (edge.isType && room.types?.includes(target.room)) return [];
        const how = edge.isType ? 'imports types of' : 'uses';
        return [`${file.path} ${how} ${edge.target}: ${file.room} may not use ${target.room} (${room.why})`];
      });
    });
  }

  /** Imports and includes of files that are not there, or are not written from native/. */
  strayImports(): string[] {
    return this.files.flatMap((file) =>
      file.edges.flatMap(({ specifier, target }) => {
        if (target === undefined || this.#byPath.has(target) || this.#isTypesOfTheLibrary(target)) return [];
        if (file.language === 'native')
          return [`${file.path} includes "${specifier}": includes are written from native/`];
        return [`${file.path} imports "${specifier}": no such file below ${this.#floors.typescript.folder}/`];
      }),
    );
  }

  /** Imports of the public entry from inside: they make a cycle of everything. */
  entryImports(): string[] {
    return this.files.flatMap((file) =>
      file.edges
        .filter(({ target }) => target !== undefined && /(^|\/)index\.ts$/.test(target))
        .map(({ target }) => `${file.path} imports ${target}: import the file that has it`),
    );
  }

  /**
   * Files that reach themselves through what they import. Types are erased, so those of the same room may know each
   * other; between rooms they count.
   */
  cycles(): string[] {
    const found: string[] = [];
    const done = new Set<string>();
    const path: string[] = [];
    const walk = (file: SourceFile): void => {
      const at = path.indexOf(file.path);
      if (at >= 0) found.push(`import cycle: ${[...path.slice(at), file.path].join(' -> ')}`);
      if (at >= 0 || done.has(file.path)) return;
      path.push(file.path);
      for (const next of this.#targets(file)) walk(next);
      path.pop();
      done.add(file.path);
    };
    for (const file of this.files) walk(file);
    return found;
  }

  /** Words and headers that have no place where they stand. */
  bannedWords(): string[] {
    return this.#floors.bans.flatMap((ban) => {
      const pattern = new RegExp(ban.pattern, 'm');
      const where = new RegExp(ban.in);
      return this.files
        .filter(
          ({ path }) =>
            where.test(path) &&
            !isGenerated(path) &&
            !Object.keys(ban.except ?? {}).some((room) => path.startsWith(room)),
        )
        .flatMap(({ path, code }) =>
          code.split('\n').flatMap((line, at) => {
            const match = pattern.exec(line);
            return match ? [`${path}:${at + 1} "${match[0].trim()}": ${ban.why}`] : [];
          }),
        );
    });
  }

  /** Exceptions in floors.json that nothing needs any more. */
  staleExceptions(): string[] {
    const { bans, lengths } = this.#floors;
    const files = this.files.map(({ path }) => path);
    const ofBans = bans.flatMap(({ pattern, except = {} }) =>
      Object.keys(except)
        .filter(
          (room) => !this.files.some(({ path, code }) => path.startsWith(room) && new RegExp(pattern, 'm').test(code)),
        )
        .map((room) => `floors.json excepts ${room} from ${pattern}, which does not occur there`),
    );
    const ofLengths = Object.keys(lengths.except)
      .filter((path) => !files.includes(path) || this.#linesOf(path) <= lengths.fail)
      .map((path) => `floors.json excepts ${path} from the length limit, which it keeps`);
    return [...ofBans, ...ofLengths];
  }

  /** Hand-written files over a number of lines, unless floors.json says why. */
  longFiles(limit: number): string[] {
    return this.files
      .filter(({ path }) => !isGenerated(path) && !(path in this.#floors.lengths.except))
      .filter(({ path }) => this.#linesOf(path) > limit)
      .map(({ path }) => `${path} has ${this.#linesOf(path)} lines: more than one idea?`);
  }

  /** Files that do not say their licence and what they are for. A header speaks for the body beside it. */
  missingHeads(): string[] {
    return this.files
      .filter(({ path, text, edges }) => {
        const licence = /^(#!.*\n)?\/\/ SPDX-License-Identifier: MIT\n/.exec(text)?.[0];
        if (!licence) return true;
        const hasHeader = stemOf(path) === stemOf(edges[0]?.target ?? '');
        return !hasHeader && !text.startsWith('// ', licence.length);
      })
      .map(({ path }) => `${path} does not begin with its licence and what it is for`);
  }

  /** Notes to come back to that do not say what for. */
  openNotes(): string[] {
    return this.files.flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, at) => {
        const match = /\b(TODO(?!\((port|perf|kernel|draft)\): )|FIXME|XXX|HACK)\b/.exec(line);
        return match ? [`${path}:${at + 1} "${match[0]}": write TODO(port|perf|kernel|draft): what is left`] : [];
      }),
    );
  }

  /** File names that are not a noun of the field in kebab case. */
  vagueNames(): string[] {
    return this.files.flatMap(({ path }) => {
      const name = path.split('/').at(-1) ?? '';
      if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.gen|\.d)?\.(ts|h|cc)$/.test(name)) return [`${path}: file names are kebab-case`];
      const vague = /\b(utils?|helpers?|common|misc|shared|managers?)\b/.exec(name);
      return vague ? [`${path}: "${vague[0]}" names no idea`] : [];
    });
  }

  /** Exported values that no other file takes. `others` are importers outside the house, such as tests. */
  unusedExports(others: readonly SourceFile[]): string[] {
    const taken = new Map<string, Set<string>>();
    for (const { edges } of [...this.files, ...others]) {
      for (const { target, names } of edges) {
        if (target === undefined) continue;
        const sofar = taken.get(target) ?? new Set();
        taken.set(target, sofar);
        for (const name of names) sofar.add(name);
      }
    }
    return this.files
      .filter((file) => !isGenerated(file.path) && !this.#isEntry(file))
      .flatMap(({ path, exports }) =>
        exports
          .filter((name) => !taken.get(path)?.has(name) && !taken.get(path)?.has('*'))
          .map((name) => `${path} exports ${name}, which nobody imports`),
      );
  }

  *#targets(file: SourceFile): Iterable<SourceFile> {
    for (const { target, isType } of file.edges) {
      const next = target === undefined ? undefined : this.#byPath.get(target);
      if (next && !(isType && next.room === file.room)) yield next;
    }
  }

  #isEntry({ path }: SourceFile): boolean {
    return path === `${this.#floors.typescript.folder}/${this.#floors.typescript.entry}`;
  }

  #isTypesOfTheLibrary(target: string): boolean {
    return /^binding\.(d\.ts|js|ts)$/.test(target);
  }

  #linesOf(path: string): number {
    return (this.#byPath.get(path)?.text.split('\n').length ?? 1) - 1;
  }
}

/** Name of a file without folders and ending. */
function stemOf(path: string): string | undefined {
  return /([^/]+)\.\w+$/.exec(path)?.[1];
}
