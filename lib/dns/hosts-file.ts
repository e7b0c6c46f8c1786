// SPDX-License-Identifier: MIT
// The hosts file: names that the administrator of this machine has given addresses. Read again when it has changed, which is
// looked at once a second at most.

import { readFileSync, statSync } from 'node:fs';
import { formatIpAddress, parseIpAddress } from '../address/ip-address.ts';
import { readName } from './name.ts';

const lookAgainMs = 1_000;
/** Nobody writes more; a file that grows for ever must not be read for ever. */
const mostBytes = 32 * 2 ** 20;

export class HostsFile {
  readonly #path: string;
  readonly #now: () => number;
  #byName: ReadonlyMap<string, readonly string[]> = new Map();
  /** Tells one state of the file from the next. */
  #state = '';
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(path: string, now: () => number = () => performance.now()) {
    this.#path = path;
    this.#now = now;
  }

  /** Addresses of a name, in the order of the file; undefined where it does not have it. */
  addressesOf(name: string): readonly string[] | undefined {
    const now = this.#now();
    if (now - this.#lookedAt >= lookAgainMs) {
      this.#lookedAt = now;
      this.#look();
    }
    return this.#byName.get(name);
  }

  #look(): void {
    try {
      const { mtimeMs, size, ino } = statSync(this.#path);
      const state = `${mtimeMs} ${size} ${ino}`;
      if (state === this.#state || size > mostBytes) return;
      this.#byName = readHosts(readFileSync(this.#path, 'utf8'));
      this.#state = state;
    } catch {
      // Not there, or not ours to read: then it says nothing.
      this.#byName = new Map();
      this.#state = '';
    }
  }
}

/** hosts(5): an address, then names of it; what cannot be read is left out, line by line. */
export function readHosts(text: string): Map<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const parsed = parseIpAddress(address);
    if (parsed === undefined) continue;
    for (const written of names) {
      const name = nameOf(written);
      if (name === undefined) continue;
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [formatIpAddress(parsed)]);
      else known.push(formatIpAddress(parsed));
    }
  }
  return byName;
}

function nameOf(written: string): string | undefined {
  try {
    return readName(written).name;
  } catch {
    return undefined;
  }
}
