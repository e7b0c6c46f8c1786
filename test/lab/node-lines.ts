// SPDX-License-Identifier: MIT
// The Nodes that a test runs its programs on: the one that runs the tests, and those that MIF_NODES names, paths of programs
// with a colon between.

import { execFileSync } from 'node:child_process';
import { delimiter } from 'node:path';

export interface NodeLine {
  /** Its program. */
  path: string;
  /** As of process.versions. */
  version: string;
  major: number;
}

export const nodeLines: readonly NodeLine[] = [
  process.execPath,
  ...(process.env['MIF_NODES']?.split(delimiter).filter(Boolean) ?? []),
].map((path) => {
  const version = execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
  return { path, version, major: Number.parseInt(version, 10) };
});
