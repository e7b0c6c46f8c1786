// SPDX-License-Identifier: MIT
// How long until every route of a host is known? Ours keeps all tables up to date from then on; the peers print or
// count and forget.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLab, runInside } from './lab.mjs';

export const unit = 'ms';

export async function open({ routes, here }) {
  const folder = mkdtempSync(join(tmpdir(), 'mif-bench-'));
  const reader = join(folder, 'route-dump');
  execFileSync('cc', ['-O2', '-o', reader, join(here, 'peer', 'route-dump.c')]);
  const { netns, close } = await openLab({ routes });
  const inside = async (...command) => JSON.parse((await runInside(netns, ...command)).stdout);
  const ours = () => inside(process.execPath, [join(here, 'subject', 'route-dump.mjs')]);
  const check = [await inside(reader, []), await ours()];
  return {
    title: `every route of a host with ${check[0].routes} routes (ours read ${check[1].routes})`,
    contenders: [
      { name: 'bare C: receive and count', measure: async () => (await inside(reader, [])).ms },
      { name: 'node-mif: openHost, all tables mirrored', measure: async () => (await ours()).mirrorMs },
      { name: 'node-mif: and every route as an object', measure: async () => (await ours()).objectsMs },
      {
        name: 'ip -j route show table all, both families, with process start',
        measure: async () => {
          const four = await runInside(netns, 'ip', ['-j', '-4', 'route', 'show', 'table', 'all']);
          const six = await runInside(netns, 'ip', ['-j', '-6', 'route', 'show', 'table', 'all']);
          JSON.parse(four.stdout);
          JSON.parse(six.stdout);
          return four.wallMs + six.wallMs;
        },
      },
    ],
    async close() {
      await close();
      rmSync(folder, { recursive: true });
    },
  };
}
