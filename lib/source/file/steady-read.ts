// SPDX-License-Identifier: MIT
// Reading a file that its writer may be at this moment: what comes back is one state of the file, whole, or a word why
// there is none. Never blocks: a pipe in the place of a file is refused, not waited for.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** More than any daemon writes; what is longer is refused unread. */
export const mostBytes = 1024 * 1024;

export interface FileText {
  readonly text: string;
  /** Another one means another state of the file. */
  readonly version: string;
  /** Last change, milliseconds on the wall clock. */
  readonly changedAt: number;
  readonly owner: number;
  readonly mode: number;
}

/** `unsteady`: it changed while it was read. */
export type NotRead = 'absent' | 'denied' | 'unsteady' | 'too-large' | 'no-file';

export async function readSteadily(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<FileText | NotRead> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    return reasonOf(error);
  }
  try {
    const before = await file.stat({ bigint: true });
    if (!before.isFile()) return 'no-file';
    if (before.size > mostBytes) return 'too-large';
    const buffer = Buffer.alloc(Number(before.size) + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) break;
    }
    const after = await file.stat({ bigint: true });
    const version = versionOf(before);
    if (version !== versionOf(after) || BigInt(length) !== before.size) return 'unsteady';
    return {
      text: buffer.toString(encoding, 0, length),
      version,
      changedAt: Number(before.mtimeNs / 1_000_000n),
      owner: Number(before.uid),
      mode: Number(before.mode) & 0o7777,
    };
  } catch (error) {
    return reasonOf(error);
  } finally {
    await file.close().catch(() => {});
  }
}

interface Version {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

export const versionOf = ({ dev, ino, size, mtimeNs, ctimeNs }: Version) =>
  `${dev}.${ino}.${size}.${mtimeNs}.${ctimeNs}`;

function reasonOf(error: unknown): NotRead {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM') return 'denied';
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' ? 'absent' : 'no-file';
}
