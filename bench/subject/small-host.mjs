// SPDX-License-Identifier: MIT
// Interfaces and addresses of the namespace it runs in, again and again: by a snapshot of an open host, by
// `os.networkInterfaces()`, and by a spawned `ip`. Prints microseconds a look.

import { execFile } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { openHost } from 'node-mif';

const host = await openHost();

const ways = {
  snapshot: () => {
    const { interfaces, addresses } = host.snapshot();
    return [...interfaces].length + [...addresses].length;
  },
  networkInterfaces: () => Object.values(networkInterfaces()).flat().length,
};
const spent = { snapshot: 0, networkInterfaces: 0 };
const turns = 100;
const callsPerTurn = 100;

for (let turn = -turns; turn < turns; turn++) {
  for (const [name, call] of Object.entries(ways)) {
    const start = performance.now();
    for (let count = 0; count < callsPerTurn; count++) call();
    if (turn >= 0) spent[name] += performance.now() - start; // The first half warms up.
  }
}
const calls = turns * callsPerTurn;
const us = (name) => (spent[name] * 1000) / calls;

const spawns = 10;
const start = performance.now();
for (let count = 0; count < spawns; count++) {
  JSON.parse((await promisify(execFile)('ip', ['-j', 'address'])).stdout);
}
const spawnUs = ((performance.now() - start) * 1000) / spawns;

console.log(JSON.stringify({ snapshotUs: us('snapshot'), networkInterfacesUs: us('networkInterfaces'), spawnUs }));
await host.close();
