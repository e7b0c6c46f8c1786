// SPDX-License-Identifier: MIT
// A network namespace of our own for one bench, and programs run inside it. Needs root and iproute2.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * One namespace with a pair of veth devices, addresses and IPv4 routes; gone after `close()`.
 * @param {{ routes: number }} options
 */
export async function openLab({ routes }) {
  const netns = `mif-bench-${process.pid}`;
  await execute('ip', ['netns', 'add', netns]);
  const batch = ip(['-n', netns, '-batch', '-']);
  batch.stdin.write('link set lo up\n');
  batch.stdin.write('link add uplink index 11 type veth peer name far index 12\n');
  batch.stdin.write('link set uplink up\nlink set far up\n');
  batch.stdin.write('address add 192.0.2.1/24 dev uplink\naddress add 2001:db8::1/64 dev uplink nodad\n');
  for (let route = 0; route < routes; route++) {
    batch.stdin.write(`route add ${prefixOf(route)} via 192.0.2.${2 + (route % 8)} dev uplink\n`);
  }
  batch.stdin.end();
  const [code] = await once(batch, 'close');
  if (code !== 0) throw new Error(`ip -batch ended with ${code}`);
  return { netns, close: () => execute('ip', ['netns', 'delete', netns]) };
}

function ip(commandArguments) {
  return execFile('ip', commandArguments, (error) => {
    if (error) console.error(error.message);
  });
}

/** Every /24 of 10.0.0.0/7 upwards, scattered so that neither the kernel's trie nor ours gets a sorted feed. */
function prefixOf(route) {
  const scattered = (route * 40503) & 0xffff;
  const block = 10 + (route >> 16);
  return `${block}.${scattered >> 8}.${scattered & 255}.0/24`;
}

/** Runs a program inside the namespace and returns what it prints, and how long it took in milliseconds. */
export async function runInside(netns, command, commandArguments) {
  const start = performance.now();
  const { stdout } = await execute('nsenter', [`--net=/run/netns/${netns}`, command, ...commandArguments], {
    maxBuffer: 1 << 30,
  });
  return { stdout, wallMs: performance.now() - start };
}
