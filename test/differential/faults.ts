// SPDX-License-Identifier: MIT
// Which faults there are, and the two ways to make them: by a library between the host and the kernel (faults.c), and
// for real, by a process that forges messages or by a host that sleeps through more changes than its socket holds.

import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from '../lab/command.ts';

/** Made by faults.c, in the order of its enumeration. */
export const staged = [
  'overrun',
  'cut announcement',
  'cut reply',
  'interrupted dump',
  'forged',
  'interrupted read',
  'interrupted wait',
  'interrupted send',
  'slow reply',
] as const;

/** Made by the kernel and by processes. */
export const real = ['real overrun', 'really forged'] as const;

export type StagedFault = (typeof staged)[number];
export type Fault = StagedFault | (typeof real)[number];

/** Those that happen only while the host dumps. */
export const ofDumps: readonly Fault[] = ['cut reply', 'interrupted dump', 'slow reply', 'interrupted send'];

const source = fileURLToPath(new URL('faults.c', import.meta.url));

/** @returns the shared library, in the folder */
export async function compileFaults(folder: string): Promise<string> {
  const library = `${folder}/faults.so`;
  await run('cc', ['-Wall', '-Wextra', '-Werror', '-O2', '-shared', '-fPIC', '-o', library, source, '-ldl']);
  return library;
}

/** The file that faults.c shares: how often each fault is to happen, how often each did, and what was lost. */
export class FaultLedger {
  readonly path: string;
  readonly #fd: number;

  constructor(path: string) {
    this.path = path;
    writeFileSync(path, Buffer.alloc((2 * staged.length + 1) * 4));
    this.#fd = openSync(path, 'r+');
  }

  /** Makes a fault happen at its next opportunity, if it is not about to happen already. */
  arm(fault: StagedFault): void {
    const one = Buffer.alloc(4);
    one.writeUInt32LE(1);
    writeSync(this.#fd, one, 0, 4, 4 * staged.indexOf(fault));
  }

  happened(): Record<StagedFault, number> {
    const counts = Buffer.alloc(4 * staged.length);
    readSync(this.#fd, counts, 0, counts.length, 4 * staged.length);
    return Object.fromEntries(staged.map((fault, n) => [fault, counts.readUInt32LE(4 * n)])) as Record<
      StagedFault,
      number
    >;
  }

  /** Really forged messages that were lost with a staged overrun, so that nobody can have counted them. */
  lostForgeries(): number {
    const count = Buffer.alloc(4);
    readSync(this.#fd, count, 0, 4, 2 * staged.length * 4);
    return count.readUInt32LE();
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** The ends of the link with index 10 and of the rules of priority 32766, as a process would have it. */
export const lies: readonly string[] = [message(17, linkBody(10)), message(16, linkBody(1, 0))];

/** Enough changes to overrun a socket that nobody reads and that may be as large as an unprivileged program's. */
export function storm(receiveBufferLimit: number): string[] {
  // An announcement of a route takes more than 512 bytes of a buffer, and the limit is doubled (socket(7)).
  const pairs = Math.ceil((2 * receiveBufferLimit) / 512 / 2);
  return Array.from({ length: pairs }, (_, n) => `10.98.${(n >> 8) & 0xff}.${n & 0xff}/32 dev lo table 4343`).flatMap(
    (route) => [`route add ${route}`, `route del ${route}`],
  );
}

function linkBody(index: number, flags = 0): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt16LE(1, 2);
  body.writeInt32LE(index, 4);
  body.writeUInt32LE(flags, 8);
  body.writeUInt32LE(0xffffffff, 12);
  return body;
}

function message(type: number, body: Buffer): string {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + body.length, 0);
  header.writeUInt16LE(type, 4);
  return Buffer.concat([header, body]).toString('hex');
}
