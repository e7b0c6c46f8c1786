// SPDX-License-Identifier: MIT
// The other lines of Node that programs of the tests run on, as the package `node` of npm has them. A line that cannot be had is
// skipped by name.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from '../command.mjs';

/** Those that this package promises to run on (package.json, engines). */
const supported = [20, 22, 24, 26];

/**
 * Installs what is missing of the lines that this program is not of.
 * @returns the value of MIF_NODES, and the lines that could not be had as skipped tests
 */
export async function installNodeLines(root, env) {
  const own = Number.parseInt(process.versions.node, 10);
  const paths = [];
  const skipped = [];
  for (const line of supported.filter((each) => each !== own)) {
    const folder = join(root, 'build', 'node-lines', String(line));
    const path = join(folder, 'node_modules', 'node', 'bin', 'node');
    if (!existsSync(path)) {
      const options = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--prefix', folder];
      await run('npm', ['install', ...options, `node@${line}`], { cwd: root, env });
    }
    const { code, output } = await run(path, ['-p', 'process.version'], { cwd: root, env });
    if (code === 0) paths.push(path);
    else skipped.push({ title: `Node ${line}`, reason: `needs node@${line} of npm (${output.trim().split('\n')[0]})` });
  }
  return { nodes: paths.join(delimiter), skipped };
}
