// SPDX-License-Identifier: MIT
// Finds and loads the native library, once, when something first needs it: importing types or formatting an address
// must work where there is none. The only file of lib/ that knows on which platform it runs.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { NativeBinding } from '../../binding.d.ts';
import { contractDigest } from './contract.gen.ts';
import { MifError } from './mif-error.ts';

/** Two levels up from here, one from the bundle that this becomes a part of (docs/adr/0012). */
const packageRoot = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../' : '../', import.meta.url));

let loaded: NativeBinding | undefined;

/**
 * The native library of this package, as it is; native.ts makes it speak in MifErrors.
 * A failure is not remembered: the next call tries again.
 * @throws MifError ERR_MIF_NATIVE_MISSING, ERR_MIF_BINDING_MISMATCH
 */
export function load(): NativeBinding {
  loaded ??= loadFrom(packageRoot);
  return loaded;
}

/**
 * Loads the library of a package: from `build/` before `prebuilds/`, as node-gyp-build finds it.
 * @param root folder of its package.json
 * @throws as load()
 */
export function loadFrom(root: string): NativeBinding {
  const require = createRequire(import.meta.url);
  let library: NativeBinding;
  try {
    library = require('node-gyp-build')(root);
  } catch (error) {
    throw missing(error);
  }
  if (library.contractDigest === contractDigest) return library;
  // The fields of packed records would be read in the wrong places.
  const theirs = library.contractDigest ?? 'none';
  throw new MifError(
    'ERR_MIF_BINDING_MISMATCH',
    `cannot use the native library below ${root}: it was built from contract ${theirs}, the JavaScript from ${contractDigest}`,
  );
}

function missing(error: unknown): MifError {
  const platform = `${process.platform}-${process.arch}, Node ${process.version}`;
  const [reason = ''] = error instanceof Error ? error.message.split('\n') : [String(error)];
  const message = `cannot load the native library for ${platform}: ${reason}`;
  if ((error as NodeJS.ErrnoException | null)?.code === 'ERR_DLOPEN_DISABLED') {
    return new MifError('ERR_MIF_NATIVE_MISSING', message, {
      hint: 'The permission model is on: run node with --allow-addons too, and with --allow-net where it knows that.',
      cause: error,
    });
  }
  return new MifError('ERR_MIF_NATIVE_MISSING', message, { cause: error });
}
