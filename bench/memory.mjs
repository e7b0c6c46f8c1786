// SPDX-License-Identifier: MIT
// Memory for each route: resident memory that a host with many routes costs beyond one without, and how much of it is on the
// JavaScript heap.

import { Lab } from './lab.mjs';
import { npmScript, program, subject } from './peers.mjs';
import { run } from './process.mjs';

const packed = 'C: packed records';
const ours = 'node-mif: mirror';

const targets = { random: { most: 75, goal: 64 }, ipv6: { most: 130, goal: 110 } };

export async function* tables({ routes }) {
  const empty = await Lab.open();
  try {
    for (const [shape, count] of [
      ['random', routes],
      ['ipv6', Math.ceil(routes / 5)],
    ]) {
      const lab = await Lab.open();
      try {
        await lab.feed('add', shape, count);
        yield tableOf(lab, empty, shape, count);
      } finally {
        await lab.close();
      }
    }
  } finally {
    await empty.close();
  }
}

function tableOf(lab, empty, shape, count) {
  const npm = npmScript('netlink-dump', 'netlink');
  return {
    title: `${count} ${shape} routes`,
    columns: [
      { key: 'bytes', title: 'bytes/route', isRatio: true },
      { key: 'heapBytes', title: 'of these on the JavaScript heap' },
    ],
    contenders: [
      { name: packed, measure: () => ofRecords(lab, shape) },
      { name: ours, measure: () => growth(lab, subject('memory', empty.netns)) },
      npm && { name: 'npm netlink', measure: () => growth(lab, [npm[0], '--expose-gc', ...npm.slice(1)]) },
    ].filter(Boolean),
    targets: [
      { row: ours, key: 'bytes', ...targets[shape] },
      // What is left of a measurement after many objects came and went, not of routes.
      { row: ours, key: 'heapBytes', most: 1 },
    ],
  };
}

async function ofRecords(lab, shape) {
  const { result } = await run(lab.netns, [program('route-dump'), 'keep']);
  return { bytes: shape === 'ipv6' ? result.bytes6 : result.bytes4 };
}

async function growth(lab, command) {
  const { result } = await run(lab.netns, command);
  if (result === undefined) return undefined;
  const { routes, growthMb, heapMb } = result;
  const each = (mb) => (mb * 2 ** 20) / routes;
  return { bytes: each(growthMb), ...(heapMb === undefined ? {} : { heapBytes: each(heapMb) }) };
}
