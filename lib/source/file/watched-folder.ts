// SPDX-License-Identifier: MIT
// The files of one folder, as they are now, and a word when they change. Folders are watched, not files: files are replaced
// by renaming. A folder that is not there is waited for at the nearest one that is. A file that is not whole yet is read again
// shortly, and the last whole one stays until then. Keeps no program alive.

import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { pathInRoot } from './path-in-root.ts';
import { type FileText, readSteadily, versionOf } from './steady-read.ts';

/** Events of one write come in a handful; together they are one look. */
const calmMs = 20;
/** A file that does not look whole but stays as it is for this long is whole in its writer's eyes. */
const settledMs = 1_000;
/** Between two looks at a file that is not whole yet. */
const soonestMs = 25;
const latestMs = 400;
/** Steps up and down while folders come and go under the eyes; more than a path is deep. */
const mostTries = 64;
/** Files of one folder; a daemon has one for each interface. */
const mostFiles = 4096;

export interface WatchedFolderOptions {
  /** Folder of the file system in which `folder` is. */
  readonly root: string;
  /** Absolute, inside the root. */
  readonly folder: string;
  readonly wants: (name: string) => boolean;
  /** Whether a text is whole by its own grammar. */
  readonly isWhole: (text: string) => boolean;
  /** `latin1` for files that are not text. Default: `utf8`. */
  readonly encoding?: 'latin1' | undefined;
  /** Files, or what hinders reading them, differ. */
  readonly onChange: () => void;
}

interface Doubtful {
  readonly version: string;
  readonly since: number;
}

/** What of a watched folder matters. */
interface Place {
  /** Entries that lead to the folder or to its files. */
  readonly names: Set<string>;
  /** It is the folder itself. */
  isFolder: boolean;
}

interface Watched {
  readonly watcher: FSWatcher;
  readonly version: string;
  /** Undefined until the look that began to watch it knows. */
  place: Place | undefined;
}

type Places = Map<string, Place>;

export class WatchedFolder {
  readonly #options: WatchedFolderOptions;
  #files: ReadonlyMap<string, FileText> = new Map();
  readonly #watchers = new Map<string, Watched>();
  readonly #doubtful = new Map<string, Doubtful>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #isClosed = false;
  #trouble: string | undefined;
  #exists = false;
  #retryMs = soonestMs;
  /** Files of which an event told; undefined when any may differ. */
  #told: Set<string> | undefined;

  /** Resolves after the first look. */
  readonly ready: Promise<void>;

  constructor(options: WatchedFolderOptions) {
    this.#options = options;
    this.ready = this.#look();
  }

  get folder(): string {
    return this.#options.folder;
  }

  /** Whole files by name. */
  get files(): ReadonlyMap<string, FileText> {
    return this.#files;
  }

  get exists(): boolean {
    return this.#exists;
  }

  /** What hinders reading or seeing changes; undefined when nothing does. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Ends watching. Safe twice. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** Looks after a while; a look that is due sooner stands. */
  #lookSoon(ms: number): void {
    if (this.#isClosed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#look();
    }, ms).unref();
  }

  #look(): Promise<void> {
    if (this.#looking !== undefined) {
      this.#lookAgain = true;
      return this.#looking;
    }
    this.#looking = this.#lookOnce().finally(() => {
      this.#looking = undefined;
      if (!this.#lookAgain) return;
      this.#lookAgain = false;
      this.#lookSoon(calmMs);
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    const before = { files: this.#files, trouble: this.#trouble, exists: this.#exists };
    this.#trouble = undefined;
    const places: Places = new Map();
    const real = await this.#watchFolder(places);
    if (this.#isClosed) return;
    // A trouble may be of any file, so while there is one, all are looked at.
    const told = before.trouble === undefined ? this.#told : undefined;
    this.#told = new Set();
    this.#exists = real !== undefined;
    const files = real === undefined ? new Map<string, FileText>() : await this.#readAll(real, places, told);
    if (this.#isClosed) return;
    this.#unwatch((path) => !places.has(path));
    const isSame =
      files.size === before.files.size && [...files].every(([name, file]) => before.files.get(name) === file);
    if (!isSame) this.#files = files;
    if (this.#doubtful.size > 0) {
      this.#lookSoon(this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, latestMs);
    } else {
      this.#retryMs = soonestMs;
    }
    if (!isSame || before.trouble !== this.#trouble || before.exists !== this.#exists) this.#options.onChange();
  }

  /** Watches the folder, or the nearest one above it that is there. @returns the folder's real path, when it is there. */
  async #watchFolder(places: Places): Promise<string | undefined> {
    const { root, folder } = this.#options;
    const wanted = await pathInRoot(root, folder);
    if (wanted === undefined) return undefined;
    let path = wanted;
    let next: string | undefined;
    const end = root === '/' ? '/' : root;
    // A folder that is made between the look and the watch is found by looking again behind each watch.
    for (let tries = 0; tries < mostTries; tries++) {
      const outcome = await this.#watch(path);
      if (this.#isClosed) return undefined;
      if (outcome === 'unwatchable') return next === undefined ? path : undefined;
      if (outcome === 'absent') {
        if (path === end || !path.startsWith(end)) return undefined;
        next = posix.basename(path);
        path = posix.dirname(path);
        continue;
      }
      if (next === undefined) {
        this.#placeOf(places, path).isFolder = true;
        return path;
      }
      this.#placeOf(places, path).names.add(next);
      if (!(await isFolder(posix.join(path, next)))) return undefined;
      path = wanted;
      next = undefined;
    }
    this.#lookSoon(latestMs);
    return undefined;
  }

  /** @param told - the only files that differ, beside those that are gone; undefined when any may. */
  async #readAll(real: string, places: Places, told: ReadonlySet<string> | undefined): Promise<Map<string, FileText>> {
    const { root, folder, wants } = this.#options;
    let names: string[] = [];
    const links = new Set<string>();
    try {
      const entries = (await readdir(real, { withFileTypes: true })).filter(({ name }) => wants(name));
      names = entries.map(({ name }) => name).sort();
      for (const entry of entries) if (entry.isSymbolicLink()) links.add(entry.name);
    } catch (error) {
      this.#note(`${folder} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
    if (names.length > mostFiles) this.#note(`${folder} has more than ${mostFiles} files`);
    const files = new Map<string, FileText>();
    for (const name of names.slice(0, mostFiles)) {
      const last = this.#files.get(name);
      if (last !== undefined && told?.has(name) === false && !links.has(name) && !this.#doubtful.has(name)) {
        files.set(name, last);
        continue;
      }
      const path = links.has(name) ? await pathInRoot(root, posix.join(folder, name)) : posix.join(real, name);
      if (path === undefined) continue;
      if (links.has(name)) await this.#watchTarget(path, places);
      const file = await this.#readOne(name, path);
      if (this.#isClosed) return files;
      if (file !== undefined) files.set(name, file);
    }
    for (const name of this.#doubtful.keys()) if (!names.includes(name)) this.#doubtful.delete(name);
    return files;
  }

  async #readOne(name: string, path: string): Promise<FileText | undefined> {
    const last = this.#files.get(name);
    if (last !== undefined && last.version === (await versionAt(path))) {
      this.#doubtful.delete(name);
      return last;
    }
    const { isWhole, encoding } = this.#options;
    const file = await readSteadily(path, encoding);
    if (typeof file === 'object' && (isWhole(file.text) || this.#hasSettled(name, file.version))) {
      this.#doubtful.delete(name);
      return file;
    }
    if (typeof file === 'object' || file === 'unsteady') {
      if (file === 'unsteady') this.#doubtful.set(name, { version: '', since: performance.now() });
      return last;
    }
    this.#doubtful.delete(name);
    if (file === 'denied') this.#note(`${posix.join(this.folder, name)} may not be read by this user`);
    if (file === 'too-large') this.#note(`${posix.join(this.folder, name)} is too large`);
    return undefined;
  }

  /** Whether a file that does not look whole is the same for so long that it will not become more. */
  #hasSettled(name: string, version: string): boolean {
    const doubt = this.#doubtful.get(name);
    const now = performance.now();
    if (doubt?.version === version) return now - doubt.since >= settledMs;
    this.#doubtful.set(name, { version, since: now });
    this.#retryMs = soonestMs;
    return false;
  }

  #note(trouble: string): void {
    this.#trouble ??= trouble;
  }

  /** Watches the folder of a file that a link leads to. */
  async #watchTarget(path: string, places: Places): Promise<void> {
    const folder = posix.dirname(path);
    if ((await this.#watch(folder)) === 'watched') this.#placeOf(places, folder).names.add(posix.basename(path));
  }

  #placeOf(places: Places, path: string): Place {
    let place = places.get(path);
    if (place === undefined) {
      place = { names: new Set(), isFolder: false };
      places.set(path, place);
    }
    const watched = this.#watchers.get(path);
    if (watched !== undefined) watched.place = place;
    return place;
  }

  /** Watches a folder unless it is watched already. */
  async #watch(path: string): Promise<'watched' | 'absent' | 'unwatchable'> {
    const version = await folderAt(path);
    if (this.#isClosed || version === undefined) {
      this.#unwatch((watched) => watched === path);
      return 'absent';
    }
    if (this.#watchers.get(path)?.version === version) return 'watched';
    this.#unwatch((watched) => watched === path);
    try {
      const watcher = watch(path, { persistent: false });
      const self = posix.basename(path);
      watcher.on('change', (_, name) => this.#onEvent(path, self, typeof name === 'string' ? name : undefined));
      // It says so when the folder goes, too; the next look finds out.
      watcher.on('error', () => this.#lookSoon(calmMs));
      this.#watchers.set(path, { watcher, version, place: undefined });
      // What happened before is not told.
      this.#told = undefined;
      return 'watched';
    } catch (error) {
      this.#note(`${path} cannot be watched, so that changes are missed (${(error as NodeJS.ErrnoException).code})`);
      return 'unwatchable';
    }
  }

  #onEvent(path: string, self: string, name: string | undefined): void {
    const place = this.#watchers.get(path)?.place;
    const isOfFolder = name === undefined || name === self;
    const isWanted = !isOfFolder && place?.isFolder === true && this.#options.wants(name);
    if (!isOfFolder && !isWanted && place?.names.has(name) === false) return;
    // An event of the folder itself, such as its end, has the folder's own name. Another folder may have its place by now, and even
    // its inode, so the next look has to watch anew.
    if (name === self) this.#unwatch((watched) => watched === path);
    if (isWanted && !place.names.has(name)) this.#told?.add(name);
    else this.#told = undefined;
    this.#lookSoon(calmMs);
  }

  #unwatch(isToGo: (path: string) => boolean): void {
    for (const [path, { watcher }] of this.#watchers) {
      if (!isToGo(path)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
  }
}

/** Tells one folder from another that later has its place. */
async function folderAt(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path);
    return (await isFolder(path)) ? `${dev}.${ino}` : undefined;
  } catch {
    return undefined;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function versionAt(path: string): Promise<string | undefined> {
  try {
    return versionOf(await stat(path, { bigint: true }));
  } catch {
    return undefined;
  }
}
