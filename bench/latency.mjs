// SPDX-License-Identifier: MIT
// How long after an address was added or deleted does a listener know? From just before the sender's send() to the
// listener's code, on a host at rest. All stamp CLOCK_MONOTONIC.

import { Lab, uplink } from './lab.mjs';
import { percentile } from './measure.mjs';
import { npmScript, program, subject } from './peers.mjs';
import { listen, pause, run } from './process.mjs';

/** Addresses that come and go before those that count. */
const warmUp = 50;

const limit = 'C: poll, recv';
const ours = 'node-mif: change listener';

/** Between two events, microseconds, and how many addresses come and go in a round. */
const paces = [
  { spacingUs: 5000, addresses: 200 },
  { spacingUs: 1000, addresses: 500 },
];

export async function* tables() {
  const lab = await Lab.open();
  try {
    for (const pace of paces) yield tableOf(lab, pace);
  } finally {
    await lab.close();
  }
}

function tableOf(lab, { spacingUs, addresses }) {
  const contender = (name, command) =>
    command && { name, measure: () => measure(lab, command, { spacingUs, addresses }) };
  return {
    title: `${2 * addresses} address events, ${spacingUs / 1000} ms between two`,
    // The tail is of few events each round, and the machine's own; more rounds tame it.
    roundsFactor: 1.8,
    columns: [
      { key: 'p50', title: 'p50 us', isRatio: true },
      { key: 'p99', title: 'p99 us', isRatio: true },
      { key: 'missed', title: 'events missed' },
    ],
    contenders: [
      contender(limit, [program('address-poll')]),
      contender(ours, subject('latency')),
      contender('npm netlink', npmScript('netlink-addresses', 'netlink')),
    ].filter(Boolean),
    targets: [
      { row: ours, to: limit, key: 'p50', most: 1.7, goal: 1.4 },
      { row: ours, to: limit, key: 'p99', most: 2.5 },
      { row: 'npm netlink', to: ours, key: 'p50', least: 1 },
      { row: 'npm netlink', to: ours, key: 'p99', least: 1 },
    ],
  };
}

async function measure(lab, command, { spacingUs, addresses }) {
  const listener = await listen(lab.netns, command);
  const blink = (count) => run(lab.netns, [program('address-blink'), `${count}`, `${spacingUs}`, `${uplink}`]);
  // Whatever it does for the first time is no part of a host at rest.
  await blink(warmUp);
  await pause(500);
  const { addedAt, deletedAt } = (await blink(addresses)).result;
  await pause(100);
  const { result } = await listener.stop();
  if (result === undefined) return undefined;
  const delays = result.seen
    .filter(([, at]) => at > addedAt[0])
    .map(([about, at]) => (at - (about >= 0 ? addedAt[about] : deletedAt[-about - 1])) / 1000);
  return { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99), missed: 2 * addresses - delays.length };
}
