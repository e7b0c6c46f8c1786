// SPDX-License-Identifier: MIT
// Policies as a source: the administrator's file, watched, and what the program says. A file that is wrong, or that others than
// root and our own user could have written, is told and not followed; the last good one holds meanwhile.

import { posix } from 'node:path';
import type { PolicyRecord } from '../../pvd/record.ts';
import type { RecordSource, SourceContext, SourceState } from '../../pvd/source.ts';
import type { Interface } from '../../snapshot/change.ts';
import type { FileText } from '../file/steady-read.ts';
import { WatchedFolder } from '../file/watched-folder.ts';
import type { SourceRoot } from '../root.ts';
import { isAbout, policyRecord } from './matching.ts';
import { isProblem, type Policy, type PolicyRule, policyOf, readPolicy, wordsOfProblem } from './policy.ts';

const policyFile = '/etc/node-mif/policy.json';

export interface PolicySourceOptions {
  /** A policy of the program's own, of the form of the file. */
  readonly policy?: unknown;
  /** Path of the file in place of the usual one. Default: the environment's MIF_POLICY. */
  readonly file?: string | undefined;
}

/** @throws MifError ERR_MIF_INVALID_ARG for a policy of the program that is none */
export function openPolicySource(
  root: SourceRoot,
  context: SourceContext,
  options: PolicySourceOptions = {},
): PolicySource {
  return new PolicySource(root, context, options);
}

export type { PolicySource };

interface Known {
  readonly name: string;
  readonly kind: string | undefined;
  readonly records: readonly PolicyRecord[];
}

class PolicySource implements RecordSource {
  readonly origin = 'policy';
  readonly ready: Promise<void>;
  readonly #context: SourceContext;
  readonly #folder: WatchedFolder | undefined;
  readonly #path: string;
  readonly #why: string | undefined;
  #seen: FileText | undefined;
  #ofFile: Policy | undefined;
  #ofProgram: Policy | undefined;
  #problem: string | undefined;
  /** Interfaces that were asked about, and what was said. */
  readonly #known = new Map<string, Known>();
  readonly #changed = new Set<string>();
  #rules: readonly PolicyRule[] = [];

  constructor(root: SourceRoot, context: SourceContext, { policy, file }: PolicySourceOptions) {
    this.#context = context;
    this.#ofProgram = policy === undefined ? undefined : policyOf(policy);
    const place = placeOf(root, file ?? process.env['MIF_POLICY']);
    this.#path = place.path;
    this.#why = root.kind === 'none' ? root.why : undefined;
    const name = posix.basename(place.path);
    if (this.#why === undefined) {
      this.#folder = new WatchedFolder({
        root: place.root,
        folder: posix.dirname(place.path),
        wants: (other) => other === name,
        isWhole: isJson,
        onChange: () => this.#onFile(),
      });
    }
    this.#combine();
    this.ready = this.#folder?.ready ?? Promise.resolve();
  }

  /** Rules above the wishes of applications, the administrator's before the program's. */
  get rules(): readonly PolicyRule[] {
    return this.#rules;
  }

  get state(): SourceState {
    const why = this.#problem ?? this.#folder?.trouble;
    if (why !== undefined) return { state: 'limited', why };
    if (this.#ofFile !== undefined || this.#ofProgram !== undefined) return { state: 'working' };
    return { state: 'absent', why: this.#why ?? `no ${this.#path}, and the program gave none` };
  }

  /** Puts another policy in the place of the program's, or none. @throws MifError ERR_MIF_INVALID_ARG */
  setPolicy(policy: unknown): void {
    this.#ofProgram = policy === undefined ? undefined : policyOf(policy);
    this.#combine();
    queueMicrotask(this.#context.onChange);
  }

  readonly nextDeadline = undefined;

  takeChanged(): Iterable<string> {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  records(interfaceId: string | undefined): readonly PolicyRecord[] {
    if (interfaceId === undefined) return none;
    const known = this.#known.get(interfaceId);
    if (known !== undefined) return known.records;
    const record = this.#interface(interfaceId);
    if (record === undefined) return none;
    const records = this.#recordsOf(interfaceId, record);
    this.#known.set(interfaceId, { name: record.name, kind: record.kind, records });
    return records;
  }

  followInterfaces(): void {
    for (const [id, known] of this.#known) {
      const record = this.#interface(id);
      if (record !== undefined && record.name === known.name && record.kind === known.kind) continue;
      this.#known.delete(id);
      if (record === undefined ? known.records.length > 0 : !isSame(known.records, this.records(id)))
        this.#changed.add(id);
    }
  }

  expire(): void {}

  close(): void {
    this.#folder?.close();
  }

  #interface(id: string): Pick<Interface, 'name' | 'kind'> | undefined {
    const [, index] = /^if:(\d+)\./.exec(id) ?? [];
    const record = index === undefined ? undefined : this.#context.interfaceAt(Number(index));
    return record?.id === id ? { name: record.name, kind: record.kind } : undefined;
  }

  #onFile(): void {
    const file = this.#folder?.files.get(posix.basename(this.#path));
    if (file !== this.#seen) {
      this.#seen = file;
      this.#problem = undefined;
      if (file === undefined) this.#ofFile = undefined;
      else this.#take(file);
      this.#combine();
    }
    this.#context.onChange();
  }

  #take(file: FileText): void {
    const why = whyNotBelieved(file);
    const policy = why === undefined ? readPolicy(file.text) : undefined;
    if (policy !== undefined && !isProblem(policy)) {
      this.#ofFile = policy;
      return;
    }
    const held = this.#ofFile === undefined ? 'it is not followed' : 'the last good one holds';
    this.#problem = `${this.#path}: ${why ?? wordsOfProblem(policy!)}; ${held}`;
  }

  #combine(): void {
    this.#rules = [...(this.#ofFile?.rules ?? []), ...(this.#ofProgram?.rules ?? [])];
    for (const [id, known] of this.#known) {
      const records = this.#recordsOf(id, known);
      if (isSame(records, known.records)) continue;
      this.#known.set(id, { ...known, records });
      this.#changed.add(id);
    }
  }

  /** The administrator's first. */
  #recordsOf(id: string, about: Pick<Interface, 'name' | 'kind'>): readonly PolicyRecord[] {
    const made = Object.entries({ file: this.#ofFile, program: this.#ofProgram }).flatMap(([origin, policy]) =>
      (policy?.domains ?? []).map((entry, at) => ({ entry, key: `${origin}:${at}` })),
    );
    return made
      .filter(({ entry }) => isAbout(entry.match, about))
      .map(({ entry, key }) => policyRecord(entry, key, id));
  }
}

const none: readonly PolicyRecord[] = Object.freeze([]);

const isSame = (one: readonly PolicyRecord[], other: readonly PolicyRecord[]) =>
  JSON.stringify(one) === JSON.stringify(other);

/** A file that somebody named is one of ours, whichever host is looked at. */
function placeOf(root: SourceRoot, named: string | undefined): { root: string; path: string } {
  if (named) return { root: '/', path: posix.resolve(named) };
  if (root.kind === 'netns') return { root: '/', path: posix.join('/etc/netns', root.name, 'node-mif/policy.json') };
  return { root: root.kind === 'file-system' ? root.path : '/', path: policyFile };
}

/** Who can write the file can send all traffic elsewhere, so it must be root's or our own. */
function whyNotBelieved({ owner, mode }: FileText): string | undefined {
  const own = process.geteuid?.();
  if (owner !== 0 && owner !== own) return `it belongs to user ${owner}, neither root nor the one of this program`;
  return (mode & 0o002) === 0 ? undefined : 'everybody may write to it';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
