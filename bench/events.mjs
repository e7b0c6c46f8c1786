// SPDX-License-Identifier: MIT
// A storm: routes are added and deleted as fast as the kernel takes them. Who hears every event, what an event costs the
// listener, and whether the mirror equals the kernel afterwards. Processor time is that of the listener alone, from before
// the storm until it is quiet.

import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lab } from './lab.mjs';
import { npmScript, program, subject } from './peers.mjs';
import { listen, pause, run } from './process.mjs';

/** Everything that lets a program ask for more than others get, dropped; the user stays, so that files can be read. */
const withoutCapabilities = ['setpriv', '--bounding-set', '-all', '--inh-caps', '-all', '--no-new-privs'];

/** How long a listener that says nothing takes to begin, and how long the slowest takes to read on, milliseconds. */
const settleMs = 300;

const limit = 'C: recvmmsg, 8 MiB, waits 1 ms';
const ours = 'node-mif: mirror';
const blocked = 'node-mif: mirror, JavaScript blocked 100 of 200 ms';
const unprivileged = 'node-mif: mirror, no capabilities';

export async function* tables({ events }) {
  const lab = await Lab.open();
  const folder = mkdtempSync(join(tmpdir(), 'mif-bench-'));
  try {
    for (const [title, produce] of producers(lab, folder, Math.ceil(events / 2))) {
      yield tableOf(title, lab, folder, produce, events);
    }
  } finally {
    await lab.close();
    rmSync(folder, { recursive: true });
  }
}

function producers(lab, folder, routes) {
  const batch = join(folder, 'batch');
  const lines = (verb) =>
    Array.from({ length: routes }, (_, n) => {
      const prefix = `16.${n >> 16}.${(n >> 8) & 255}.${n & 255}/32`;
      return `route ${verb} ${prefix} via 192.0.2.${2 + (n % 8)} dev uplink proto bgp\n`;
    }).join('');
  writeFileSync(batch, lines('add') + lines('del'));
  return [
    [
      'raw netlink, 100 messages a call',
      async () => {
        await lab.feed('add', 'sequential', routes);
        await lab.feed('delete', 'sequential', routes);
      },
    ],
    ['ip -batch', async () => void (await run(lab.netns, ['ip', '-batch', batch]))],
  ];
}

function tableOf(title, lab, folder, produce, events) {
  const contender = (name, command) => command && { name, measure: () => storm(lab, command, produce, events) };
  return {
    title: `${events} route events from ${title}`,
    columns: [
      { key: 'cpuUs', title: 'CPU us/event', isRatio: true },
      { key: 'delivered', title: 'delivered' },
      { key: 'overruns', title: 'overruns' },
      { key: 'differs', title: 'routes too many or few' },
      { key: 'bufferMiB', title: 'buffer MiB' },
    ],
    contenders: [
      contender(limit, [program('event-drain')]),
      contender(ours, subject('events')),
      contender('node-mif: and every change read in JavaScript', subject('events', 'listen')),
      contender(blocked, subject('events', 'block')),
      contender(unprivileged, [...withoutCapabilities, ...subject('events')]),
      { name: 'ip monitor route', measure: () => stormOfMonitor(lab, folder, produce, events) },
      contender('npm netlink', npmScript('netlink-events', 'netlink')),
    ].filter(Boolean),
    targets: [
      { row: ours, to: limit, key: 'cpuUs', most: 2, goal: 1.4 },
      { row: 'npm netlink', to: ours, key: 'cpuUs', least: 4 },
      { row: 'ip monitor route', to: ours, key: 'cpuUs', least: 1 },
      ...[ours, blocked].map((row) => ({ row, key: 'delivered', least: events, of: 'worst' })),
      ...[ours, blocked].map((row) => ({ row, key: 'overruns', most: 0, of: 'worst' })),
      ...[ours, blocked, unprivileged].map((row) => ({ row, key: 'differs', most: 0, of: 'worst' })),
    ],
  };
}

async function storm(lab, command, produce, events) {
  const listener = await listen(lab.netns, command);
  await produce();
  await pause(settleMs);
  const { result } = await listener.stop();
  if (result === undefined) return undefined;
  const { delivered, overruns, cpuUs, routes, receiveBuffer } = result;
  return {
    // Per event that there was: who loses some is not cheaper for it. Being blocked is no cost of ours.
    ...(command.includes('block') ? {} : { cpuUs: cpuUs / events }),
    overruns,
    ...(delivered === undefined ? {} : { delivered }),
    ...(receiveBuffer === undefined ? {} : { bufferMiB: receiveBuffer / 2 ** 20 }),
    ...(routes === undefined ? {} : { differs: Math.abs(routes - (await lab.countRoutes())) }),
  };
}

/** `ip monitor` prints a line an event. */
async function stormOfMonitor(lab, folder, produce, events) {
  const output = join(folder, 'monitor');
  const listener = await listen(lab.netns, ['ip', 'monitor', 'route'], {
    stdout: openSync(output, 'w'),
    readyMs: settleMs,
  });
  await produce();
  await pause(settleMs);
  const { cpuMs } = await listener.stop('SIGTERM');
  return { cpuUs: (cpuMs * 1000) / events, delivered: readFileSync(output, 'latin1').split('\n').length - 1 };
}
