// SPDX-License-Identifier: MIT
// A network namespace of our own for one bench: a pair of veth devices, addresses of both families, and as many routes
// as asked for. Needs root and iproute2. Nothing outside the namespace is touched.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { program } from './peers.mjs';
import { run } from './process.mjs';

const execute = promisify(execFile);

/** Index of the device that routes leave through. */
export const uplink = 11;

let labs = 0;

export class Lab {
  /** File of the namespace. */
  netns;
  #name;
  #peers = [];

  constructor() {
    this.#name = `mif-bench-${process.pid}-${++labs}`;
    this.netns = `/run/netns/${this.#name}`;
  }

  static async open() {
    const lab = new Lab();
    await execute('ip', ['netns', 'add', lab.#name]);
    await lab.ip('link set lo up');
    await lab.ip(`link add uplink index ${uplink} type veth peer name far index ${uplink + 1}`);
    await lab.ip('link set uplink up');
    await lab.ip('link set far up');
    await lab.ip('address add 192.0.2.1/24 dev uplink');
    await lab.ip('address add 2001:db8::1/64 dev uplink nodad');
    return lab;
  }

  /** One command of iproute2. */
  async ip(words) {
    const { stdout } = await execute('ip', ['-n', this.#name, ...words.split(' ')], { maxBuffer: 1 << 30 });
    return stdout;
  }

  /** Adds or deletes routes: `shape` as of peer/route-feed.c. Returns how long that took, milliseconds. */
  async feed(verb, shape, routes) {
    const { result } = await run(this.netns, [program('route-feed'), verb, shape, `${routes}`, `${uplink}`]);
    return result.ms;
  }

  /** How many routes the kernel lists, of both families. */
  async countRoutes() {
    return (await run(this.netns, [program('route-dump'), 'count'])).result.routes;
  }

  /** A namespace at the other end of a second pair of devices: its file, and its address as the lab reaches it. */
  async addPeer() {
    const name = `${this.#name}-peer`;
    await execute('ip', ['netns', 'add', name]);
    this.#peers.push(name);
    await this.ip(`link add wire index ${uplink + 2} type veth peer name wire netns ${name}`);
    await this.ip('address add 198.51.100.1/24 dev wire');
    await this.ip('link set wire up');
    const address = '198.51.100.2';
    for (const words of ['link set lo up', `address add ${address}/24 dev wire`, 'link set wire up']) {
      await execute('ip', ['-n', name, ...words.split(' ')]);
    }
    return { netns: `/run/netns/${name}`, address };
  }

  async close() {
    for (const name of [...this.#peers, this.#name]) await execute('ip', ['netns', 'delete', name]);
  }
}
