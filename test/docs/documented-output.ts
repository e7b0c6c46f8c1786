// SPDX-License-Identifier: MIT
// The output that an example shows in its own head comment.

import { readFileSync } from 'node:fs';

/** The comment lines that follow the one beginning with "Output", without their comment marks. */
export function documentedOutput(path: URL): string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const start = lines.findIndex((line) => /^(\/\/|#) Output\b.*:$/.test(line));
  if (start < 0) throw new Error(`${path.pathname} shows no output in its head comment`);
  const shown: string[] = [];
  for (const line of lines.slice(start + 1)) {
    const [, text] = /^(?:\/\/|#)(?: {3}(.*))?$/.exec(line) ?? [];
    if (!/^(\/\/|#)/.test(line)) break;
    if (text) shown.push(text);
  }
  return shown;
}
