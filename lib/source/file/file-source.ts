// SPDX-License-Identifier: MIT
// A source of records whose knowledge is in files of fixed folders. What the files say is a pure reader's affair; this keeps
// the readings, makes records of them when files or interfaces change, and says what is missing.

import type { Interface } from '../../snapshot/change.ts';
import type { PvdRecord, RecordOrigin } from '../../pvd/record.ts';
import type { RecordSource, SourceContext, SourceState } from '../../pvd/source.ts';
import { KeptRecords } from '../kept-records.ts';
import { LifetimeClock } from '../lifetime-clock.ts';
import type { FileText } from './steady-read.ts';
import { WatchedFolder } from './watched-folder.ts';

/** What records may be made with, beside the files. */
export interface Surroundings {
  readonly interfaceAt: (index: number) => Interface | undefined;
  readonly interfaceNamed: (name: string) => Interface | undefined;
  /** A moment of the wall clock on the clock of lifetimes. */
  readonly fromWall: (wallMs: number) => number;
}

/** One file as its reader understood it. */
export interface Reading<T> {
  readonly name: string;
  readonly file: FileText;
  readonly said: T;
}

/** One folder that a daemon writes. */
export interface FolderReader<T> {
  /** The first of these that is there. */
  readonly folders: readonly string[];
  readonly wants: (name: string) => boolean;
  readonly isWhole: (text: string) => boolean;
  /** Of files that are not text: a letter for each octet. */
  readonly encoding?: 'latin1';
  readonly read: (text: string) => T;
}

/** The files of a folder as their reader understands them; what a file said holds as long as the file is the same. */
export class FileReadings<T> {
  /** Resolves when what was there at the start has been read. */
  readonly ready: Promise<void>;
  readonly #reader: FolderReader<T>;
  readonly #folders: readonly WatchedFolder[];
  readonly #readings = new WeakMap<FileText, Reading<T>>();

  /** @param root - folder of the file system to read */
  constructor(root: string, reader: FolderReader<T>, onChange: () => void) {
    const { wants, isWhole, encoding } = reader;
    this.#reader = reader;
    this.#folders = reader.folders.map(
      (folder) => new WatchedFolder({ root, folder, wants, isWhole, encoding, onChange }),
    );
    this.ready = Promise.all(this.#folders.map((folder) => folder.ready)).then(() => {});
  }

  /** The folder that is there. */
  get folder(): WatchedFolder | undefined {
    return this.#folders.find(({ exists }) => exists);
  }

  get trouble(): string | undefined {
    return this.folder?.trouble;
  }

  all(): readonly Reading<T>[] {
    return [...(this.folder?.files ?? [])].map(([name, file]) => {
      let reading = this.#readings.get(file);
      if (reading === undefined) {
        reading = { name, file, said: this.#reader.read(file.text) };
        this.#readings.set(file, reading);
      }
      return reading;
    });
  }

  close(): void {
    for (const folder of this.#folders) folder.close();
  }
}

export interface FileSourceOptions<T> {
  readonly origin: RecordOrigin;
  /** Folder of the file system to read. */
  readonly root: string;
  readonly reader: FolderReader<T>;
  readonly records: (readings: readonly Reading<T>[], around: Surroundings) => readonly PvdRecord[];
  /** Who would have written the files, for the user. */
  readonly writer: string;
  /** What its files never say. */
  readonly limit?: string | undefined;
  readonly context: SourceContext;
}

export class FileSource<T> implements RecordSource {
  readonly origin: RecordOrigin;
  /** Resolves when what was there at the start has been read. */
  readonly ready: Promise<void>;
  readonly #options: FileSourceOptions<T>;
  readonly #files: FileReadings<T>;
  readonly #clock: LifetimeClock;
  readonly #around: Surroundings;
  readonly #kept = new KeptRecords();
  #isClosed = false;

  constructor(options: FileSourceOptions<T>) {
    const { origin, root, reader, context } = options;
    this.origin = origin;
    this.#options = options;
    this.#clock = new LifetimeClock(context.now);
    this.#around = {
      interfaceAt: context.interfaceAt,
      interfaceNamed: context.interfaceNamed,
      fromWall: (wallMs) => this.#clock.fromWall(wallMs),
    };
    this.#files = new FileReadings(root, reader, () => this.#update(true));
    this.ready = this.#files.ready;
  }

  get state(): SourceState {
    const { writer, limit, reader } = this.#options;
    const { folder } = this.#files;
    if (folder === undefined) {
      const names = reader.folders.join(' or ');
      return { state: 'absent', why: `no ${names}: ${writer} does not run here` };
    }
    if (folder.trouble !== undefined) return { state: 'limited', why: folder.trouble };
    if (folder.files.size === 0)
      return { state: 'absent', why: `nothing in ${folder.folder}: ${writer} told nothing here` };
    return limit === undefined ? { state: 'working' } : { state: 'limited', why: limit };
  }

  get nextDeadline(): number | undefined {
    return this.#kept.nextDeadline;
  }

  takeChanged(): Iterable<string | undefined> {
    return this.#kept.takeChanged();
  }

  records(interfaceId: string | undefined): readonly PvdRecord[] {
    return this.#kept.of(interfaceId);
  }

  followInterfaces(): void {
    this.#update(false);
  }

  expire(now: number): void {
    this.#kept.expire(now);
  }

  close(): void {
    this.#isClosed = true;
    this.#files.close();
  }

  /** @param tells - whether to say so; nobody needs to be told what they asked for. */
  #update(tells: boolean): void {
    if (this.#isClosed) return;
    this.#kept.replace(this.#options.records(this.#files.all(), this.#around), this.#clock.now());
    if (tells) this.#options.context.onChange();
  }
}
