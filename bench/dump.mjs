// SPDX-License-Identifier: MIT
// How long until every route of a host is known? Ours mirrors all other tables too, and keeps all of them up to date from
// then on; the peers read, and forget or keep. Times are taken within the process, but for `ip`, which has none to tell. On a
// busy machine processor time is the better witness. Also how long the JavaScript thread was blocked meanwhile.

import { Lab } from './lab.mjs';
import { goProgram, npmScript, program, pythonScript, subject } from './peers.mjs';
import { run } from './process.mjs';

/** Routes above which a peer takes minutes. */
const slowPeerRoutes = 100_000;

/** Routes from which on the targets hold. */
const targetRoutes = { random: 1_000_000, sequential: 1_000_000, ipv6: 200_000 };

const limit = 'C: receive and count';
const ours = 'node-mif: openHost, all tables mirrored';
const atRest = 'Node that does nothing: its timer';
const asObjects = 'node-mif: and every route as an object';

export async function* tables({ routes }) {
  // IPv6 routes are dearer for the kernel, and a fifth as many is a large table.
  for (const [shape, count] of [
    ['random', routes],
    ['sequential', routes],
    ['ipv6', Math.ceil(routes / 5)],
  ]) {
    const lab = await Lab.open();
    try {
      await lab.feed('add', shape, count);
      yield tableOf(lab, shape, count);
    } finally {
      await lab.close();
    }
  }
}

function tableOf(lab, shape, count) {
  const contender = (name, command) => command?.[0] && { name, measure: () => measure(lab, command) };
  const isSmall = count <= slowPeerRoutes;
  const both = 'ip -4 route show table all; ip -6 route show table all';
  return {
    title: `every route of a host with ${count} of them, ${shape}`,
    columns: [
      { key: 'ms', title: 'ms', isRatio: true },
      { key: 'cpuMs', title: 'CPU ms', isRatio: true },
      { key: 'peakMb', title: 'peak MB, process' },
      { key: 'lagMs', title: 'JavaScript blocked, ms' },
    ],
    contenders: [
      contender(limit, [program('route-dump'), 'count']),
      contender('C: receive and keep', [program('route-dump'), 'keep']),
      contender('libmnl: receive and keep', [program('libmnl-dump', 'libmnl')]),
      contender(ours, subject('dump')),
      contender(asObjects, subject('dump', 'objects')),
      contender(atRest, subject('idle')),
      { name: 'ip route, both families', measure: () => measureWall(lab, ['sh', '-c', both]) },
      contender('Go vishvananda/netlink', [goProgram('vishvananda-dump')]),
      contender('npm netlink', npmScript('netlink-dump', 'netlink')),
      isSmall && contender('libnl cache', [program('libnl-dump', 'libnl-route-3.0')]),
      isSmall && contender('pyroute2', pythonScript('pyroute2-dump', 'pyroute2')),
    ].filter(Boolean),
    // They are set for a million: on less, what opening costs once decides.
    targets: count >= targetRoutes[shape] ? targetsOf(shape) : [],
  };
}

function targetsOf(shape) {
  const isRandom = shape !== 'sequential';
  return [
    { row: ours, to: limit, key: 'ms', most: isRandom ? 1.4 : 2.2, goal: isRandom ? 1.2 : 1.6 },
    { row: 'npm netlink', to: ours, key: 'ms', least: isRandom ? 4 : 12 },
    { row: 'Go vishvananda/netlink', to: ours, key: 'ms', least: 3 },
    { row: 'ip route, both families', to: ours, key: 'ms', least: 1 },
    { row: ours, key: 'lagMs', most: 10, goal: 3 },
    { row: ours, to: limit, key: 'cpuMs', most: isRandom ? 1.4 : 2.2, goal: isRandom ? 1.2 : 1.6 },
  ];
}

async function measure(lab, command) {
  const { result, cpuMs, peakMb } = await run(lab.netns, command);
  if (result === undefined) return undefined;
  if (result.objects > 0) return { ms: result.objectsMs, cpuMs: result.objectsCpuMs, peakMb };
  // Programs whose start takes time tell what they spent after it; the others are so small that it is nothing.
  return { cpuMs, peakMb, ...only(result, ['ms', 'cpuMs', 'lagMs']) };
}

function only(result, keys) {
  return Object.fromEntries(keys.filter((key) => key in result).map((key) => [key, result[key]]));
}

async function measureWall(lab, command) {
  const { wallMs, cpuMs, peakMb } = await run(lab.netns, command, { isDiscarded: true });
  return { ms: wallMs, cpuMs, peakMb };
}
