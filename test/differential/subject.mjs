// SPDX-License-Identifier: MIT
// A host in a process of its own, in whose namespace it runs: answers each line of input with its picture and its
// counters, and says every change unasked, as it is told.

import { createInterface } from 'node:readline';
import { openHost } from '../../dist/index.js';

const nouns = ['interfaces', 'addresses', 'nexthops', 'routes', 'rules', 'neighbours', 'pvds'];

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const host = await openHost({ sources: 'kernel' });
host.on('change', ({ generation, added, changed, removed }) => say({ told: { generation, added, changed, removed } }));
for await (const _ of createInterface({ input: process.stdin })) {
  const snapshot = host.snapshot();
  const { synced, generation, epoch } = snapshot;
  const tables = Object.fromEntries(nouns.map((noun) => [noun, [...snapshot[noun]]]));
  say({ synced, generation, epoch, stats: host.stats(), ...tables });
}
await host.close();
