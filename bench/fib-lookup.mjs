// SPDX-License-Identifier: MIT
// Which route leads to an address: the index of destinations against a hash that is asked for each length that there is.
// Needs no kernel: routes are random, with the lengths of the internet's.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { nativeSubject } from './peers.mjs';

const hash = 'hash, each length';
const trie = 'trie';
const mirror = 'node-mif: mirror with trie';

const sizes = [
  { family: 'ipv4', count: 100 },
  { family: 'ipv4', count: 10_000 },
  { family: 'ipv4', count: 1_000_000, most: 75, goal: 64 },
  { family: 'ipv6', count: 200_000, most: 130, goal: 110 },
];

export async function* tables() {
  const program = nativeSubject('fib-lookup');
  for (const { family, count, most, goal } of sizes) {
    const contender = (name, what) => ({
      name,
      measure: async () =>
        JSON.parse((await promisify(execFile)(program, [what, family, String(count)])).stdout).result,
    });
    yield {
      title: `${count} ${family} routes`,
      columns: [
        { key: 'findNs', title: 'ns/lookup', isRatio: true },
        { key: 'dependentNs', title: 'one after the other', isRatio: true },
        { key: 'batchNs', title: 'in batches' },
        { key: 'buildNs', title: 'build, ns/route' },
        { key: 'addNs', title: 'add' },
        { key: 'removeNs', title: 'remove' },
        { key: 'bytes', title: 'bytes/route', isRatio: true },
      ],
      contenders: [contender(hash, 'hash'), contender(trie, 'trie'), contender(mirror, 'mirror')],
      targets: [
        { row: trie, to: hash, key: 'findNs', most: 1, goal: 0.5 },
        ...(most === undefined ? [] : [{ row: mirror, key: 'bytes', most, goal }]),
      ],
    };
  }
}
