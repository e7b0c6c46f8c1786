// SPDX-License-Identifier: MIT
// What is published of lib/: one file for `import 'node-mif'`, and a few for the command, which imports that one as any
// program does. So there is one copy of each class, and an import finds, reads and links one module (docs/adr/0012).

import { join, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';

/** Programs of the command: the command itself, what `mif run` has Node load, and what `mif demo` starts in processes of their own. */
const programs = ['cli/main', 'cli/run-preload', 'cli/demo/stage', 'cli/demo/echo-server'];

/**
 * Writes the bundles with their source maps.
 * @param {string} root folder of package.json
 * @returns {Promise<string[]>} the files, relative to dist/
 */
export async function bundle(root) {
  const library = await write(root, ['index'], []);
  const command = await write(root, programs, [byPublicName(root)]);
  const strange = command.modules.filter((module) => !module.startsWith(`cli${sep}`));
  if (strange.length > 0) throw new Error(`the command has a copy of its own of ${strange.join(', ')}`);
  return [...library.files, ...command.files];
}

async function write(root, entries, plugins) {
  const built = await rolldown({
    cwd: root,
    platform: 'node',
    input: Object.fromEntries(entries.map((entry) => [entry, join(root, 'lib', `${entry}.ts`)])),
    external: [/^node:/],
    transform: { target: 'es2022' },
    plugins,
    // How long a build takes on a busy machine is no reason to fail it; any other warning is.
    checks: { bundlerTimings: false },
    onLog(level, { message }) {
      if (level === 'warn') throw new Error(message);
    },
  });
  try {
    const { output } = await built.write({
      dir: join(root, 'dist'),
      format: 'esm',
      sourcemap: true,
      entryFileNames: '[name].js',
      chunkFileNames: 'cli/shared.js',
    });
    return {
      files: output.map(({ fileName }) => join(fileName)),
      modules: output
        .flatMap(({ type, moduleIds }) => (type === 'chunk' ? moduleIds : []))
        .map((module) => relative(join(root, 'lib'), module)),
    };
  } finally {
    await built.close();
  }
}

/** The command imports the room below it by the name that users do. */
function byPublicName(root) {
  const room = join(root, 'lib', 'mif', 'mif.ts');
  return {
    name: 'by-public-name',
    async resolveId(source, importer, options) {
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      return found?.id === room ? { id: 'node-mif', external: true } : found;
    },
  };
}
