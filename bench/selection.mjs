// SPDX-License-Identifier: MIT
// What it costs to ask which way traffic would go: from JavaScript, one by one and in batches, on a host with a handful of
// routes and on one with many; against the kernel asked by netlink and by a connected socket, and against what a program
// does without us. And what keeping the index costs in a storm of route changes.

import { Lab } from './lab.mjs';
import { npmScript, program, subject } from './peers.mjs';
import { listen, pause, run } from './process.mjs';

const kernel = 'C: RTM_GETROUTE';
const udp = 'C: UDP connect, getsockname';
const single = 'node-mif: select(), text to object';
const oracle = 'node-mif: select({ oracle: true })';
const npmNetlink = 'netlink (npm): getRoute';
const packed = 'node-mif: selectMany(), packed';
const dgram = 'node:dgram connect, address';
const spawned = 'spawn ip -j route get';

/** For the storm to reach the listener, milliseconds. */
const settleMs = 300;

/** Million in a second, as nanoseconds each: the targets, from text to object and packed. */
const hot = { single: 125, singleGoal: 67, packed: 12.5, packedGoal: 6.7 };
const cold = { single: 400, singleGoal: 250, packed: 66.7, packedGoal: 40 };

export async function* tables({ routes, events }) {
  const lab = await Lab.open();
  try {
    await lab.ip('route add default via 192.0.2.2');
    yield costTable(lab, { title: 'a handful of routes, 16 destinations', distinct: 16, targets: hot });
    await lab.feed('add', 'random', routes);
    yield costTable(lab, {
      title: `${routes} routes, 1000000 destinations`,
      distinct: 1_000_000,
      targets: cold,
    });
    yield stormTable(lab, routes, events);
  } finally {
    await lab.close();
  }
}

function costTable(lab, { title, distinct, targets }) {
  const of = (name, command) => ({ name, measure: async () => (await run(lab.netns, command)).result });
  const script = npmScript('netlink-route', 'netlink');
  return {
    title,
    columns: [
      { key: 'cpuNs', title: 'CPU ns each', isRatio: true },
      { key: 'wallNs', title: 'wall ns each' },
    ],
    contenders: [
      of(kernel, [program('route-query'), 'netlink', '100000']),
      of(udp, [program('route-query'), 'udp', '100000']),
      of(single, subject('selection', 'select', 1_000_000, distinct)),
      of(oracle, subject('selection', 'oracle', 200_000, distinct)),
      of(packed, subject('selection', 'packed', distinct === 16 ? 8_000_000 : 2_000_000, distinct)),
      ...(script === undefined ? [] : [of(npmNetlink, [...script, '5000'])]),
      of(dgram, subject('selection', 'dgram', 5_000, Math.min(distinct, 5_000))),
      {
        name: spawned,
        measure: async () => {
          const { wallMs, cpuMs } = await run(lab.netns, ['ip', '-j', 'route', 'get', '198.51.100.9']);
          return { cpuNs: cpuMs * 1e6, wallNs: wallMs * 1e6 };
        },
      },
    ],
    targets: [
      { row: single, key: 'cpuNs', most: targets.single, goal: targets.singleGoal },
      { row: packed, key: 'cpuNs', most: targets.packed, goal: targets.packedGoal },
      { row: single, to: kernel, key: 'cpuNs', most: 1 },
      { row: oracle, to: kernel, key: 'cpuNs', most: 1.3, goal: 1.15 },
      { row: npmNetlink, to: oracle, key: 'cpuNs', least: 15 },
      { row: dgram, to: single, key: 'cpuNs', least: 2 },
    ],
  };
}

function stormTable(lab, routes, events) {
  const half = Math.ceil(events / 2);
  const contender = (name, kind) => ({
    name,
    measure: async () => {
      const listener = await listen(lab.netns, subject('selection-churn', kind));
      await lab.feed('add', 'sequential', half);
      await lab.feed('delete', 'sequential', half);
      await pause(settleMs);
      const { result } = await listener.stop();
      if (result === undefined) return undefined;
      const { cpuUs, delivered, overruns, indexBytes } = result;
      return { cpuUs: cpuUs / events, delivered, overruns, indexBytes };
    },
  });
  const plain = 'node-mif: mirror';
  const indexed = 'node-mif: mirror with the index';
  return {
    title: `${events} route changes beside ${routes} routes`,
    columns: [
      { key: 'cpuUs', title: 'CPU us/change', isRatio: true },
      { key: 'overruns', title: 'overruns' },
      { key: 'indexBytes', title: 'bytes/route of the index' },
    ],
    contenders: [
      contender(plain, 'plain'),
      contender(indexed, 'indexed'),
      contender('… and 256 selections each 10 ms', 'asked'),
    ],
    targets: [{ row: indexed, to: plain, key: 'cpuUs', most: 1.3 }],
  };
}
