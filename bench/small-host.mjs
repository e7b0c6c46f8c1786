// SPDX-License-Identifier: MIT
// What does it cost to look at a small host once more? Most hosts have a handful of interfaces and look often.

import { join } from 'node:path';
import { openLab, runInside } from './lab.mjs';

export const unit = 'us';

export async function open({ here }) {
  const { netns, close } = await openLab({ routes: 0 });
  const subject = async () => {
    const { stdout } = await runInside(netns, process.execPath, [join(here, 'subject', 'small-host.mjs')]);
    return JSON.parse(stdout);
  };
  return {
    title: 'interfaces and addresses of a host with three interfaces, one look',
    contenders: [
      { name: 'os.networkInterfaces()', measure: async () => (await subject()).networkInterfacesUs },
      { name: 'node-mif: host.snapshot(), both tables as objects', measure: async () => (await subject()).snapshotUs },
      {
        name: 'spawn ip -j address',
        measure: async () => {
          const { stdout, wallMs } = await runInside(netns, 'ip', ['-j', 'address']);
          JSON.parse(stdout);
          return wallMs * 1000;
        },
      },
    ],
    close,
  };
}
