// SPDX-License-Identifier: MIT
// Removes the namespaces of a lab when its test is done with it, and also when the test's process is gone without a
// word: a shell outside the process group of the tests waits on a pipe that the kernel closes with them.

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { searchPath } from './requirements.ts';

/** First argument: a folder to remove. Others: namespaces. A word on standard input says that no process is left. */
const script = `
folder=$1; shift
read -r word
if [ "$word" != done ]; then
  for name; do ip netns pids "$name" 2>/dev/null | xargs -r kill -9; done
fi
for name; do echo "netns del $name"; done | ip -force -batch - 2>/dev/null
rm -rf "$folder"
`;

/** Arguments of `spawn` for the shell that waits. */
export function watch(folder: string, namespaces: readonly string[]): [string, string[], SpawnOptions] {
  const env = { ...process.env, PATH: searchPath };
  const options: SpawnOptions = { env, stdio: ['pipe', 'ignore', 'ignore'], detached: true };
  return ['sh', ['-c', script, 'lab-watchdog', folder, ...namespaces], options];
}

export class Watchdog {
  readonly #child: ChildProcess;

  constructor(folder: string, namespaces: readonly string[]) {
    this.#child = spawn(...watch(folder, namespaces));
    // It must not keep the test's process alive: its end is what the watchdog waits for.
    this.#child.unref();
    (this.#child.stdin as { unref?: () => void } | null)?.unref?.();
  }

  /** Removes everything now; the caller has ended its processes. */
  async release(): Promise<void> {
    this.#child.ref();
    const ended = once(this.#child, 'exit');
    this.#child.stdin?.end('done\n');
    await ended;
  }
}
