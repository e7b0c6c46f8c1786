// SPDX-License-Identifier: MIT
// Programs run by nobody: a user without a name, in a node of a lab, with no capability at all.

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outcomeOf } from './command.ts';
import type { Lab } from './lab.ts';
import type { Launcher } from './mif-command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** User and group without a name of their own and without any capability, even of a set-user-id program. */
const asNobody = [
  '--reuid',
  '65534',
  '--regid',
  '65534',
  '--clear-groups',
  '--bounding-set',
  '-all',
  '--inh-caps',
  '-all',
  '--no-new-privs',
];

/** What the package needs to run, in a folder that everybody may read: the tree itself may be in /root. */
export class ReadableCopy {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mif-unprivileged-'));
  #node = process.execPath;

  /** @param programs further files, named from the root of the tree */
  static async make(programs: readonly string[] = []): Promise<ReadableCopy> {
    const copy = new ReadableCopy();
    const folder = copy.#folder;
    for (const path of ['dist', 'build/Release', 'package.json', 'node_modules/node-gyp-build', ...programs]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      cpSync(join(root, path), join(folder, path), {
        recursive: true,
        filter: (name) => !/\/(obj|CMakeFiles)/.test(name),
      });
    }
    await outcomeOf('chmod', ['-R', 'a+rX', folder]);
    const canRun = await outcomeOf('setpriv', [...asNobody, copy.#node, '--version']).catch(() => ({ code: 1 }));
    if (canRun.code !== 0) {
      copy.#node = join(folder, 'node');
      cpSync(process.execPath, copy.#node);
    }
    return copy;
  }

  /** Words that start a file of the copy as nobody in a node of a lab. */
  launcher(lab: Lab, node: string, file: string): Launcher {
    return ['nsenter', `--net=${lab.path(node)}`, '--', 'setpriv', ...asNobody, this.#node, join(this.#folder, file)];
  }

  /** Writes a file of the copy, and returns its path. */
  write(name: string, text: string): string {
    writeFileSync(this.path(name), text, { mode: 0o644 });
    return this.path(name);
  }

  /** Path of a file of the copy. */
  path(file: string): string {
    return join(this.#folder, file);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
