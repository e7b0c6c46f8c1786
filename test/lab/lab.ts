// SPDX-License-Identifier: MIT
// A private network of namespaces, veth pairs and real daemons, built by name from topology/ and gone when the test
// is, however it ends. It touches nothing of the machine but its own names in /run/netns. One lab per test file:
//
//   const lab = await Lab.up('dual-isp');
//   await lab.ip('host', 'link set a0 down');
//   await lab[Symbol.asyncDispose]();

import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Outcome, outcomeOf, run } from './command.ts';
import { Daemon } from './daemon.ts';
import { bare } from './topology/bare.ts';
import { dualIsp } from './topology/dual-isp.ts';
import { single } from './topology/single.ts';
import { twoProvidersOneLink } from './topology/two-providers-one-link.ts';
import { macOf, type Topology } from './topology.ts';
import { until } from './until.ts';
import { Watchdog } from './watchdog.ts';

const topologies = {
  single,
  'dual-isp': dualIsp,
  'two-providers-one-link': twoProvidersOneLink,
  bare: bare(2),
} satisfies Record<string, Topology>;

export type TopologyName = keyof typeof topologies;

/** One entry of `ip -json`; what is in it is iproute2's affair. */
// biome-ignore lint/suspicious/noExplicitAny: iproute2 publishes no types of its JSON.
export type IpEntry = Record<string, any>;

/** A server in a lab. */
export interface EchoServer {
  port: number;
  daemon: Daemon;
}

/** A server of web-server.mjs: what it says of itself. */
export interface WebServer {
  http: number;
  https: number;
  /** What it proves itself with, to be trusted in tests. */
  certificate: string;
}

let count = 0;

export class Lab {
  /** First part of the names of its namespaces. */
  readonly prefix: string;
  readonly topology: Topology;
  readonly #folder: string;
  readonly #watchdog: Watchdog;
  readonly #daemons: Daemon[] = [];

  private constructor(topology: Topology) {
    this.topology = topology;
    this.prefix = `mif-${process.pid}-${++count}-`;
    this.#folder = mkdtempSync(join(tmpdir(), 'mif-lab-'));
    this.#watchdog = new Watchdog(
      this.#folder,
      this.nodes.map((node) => this.netns(node)),
    );
  }

  /** Builds a network and waits until it is ready. */
  static async up(topology: TopologyName | Topology): Promise<Lab> {
    const lab = new Lab(typeof topology === 'string' ? topologies[topology] : topology);
    try {
      await lab.#build();
      await lab.ready();
    } catch (error) {
      await lab[Symbol.asyncDispose]();
      throw error;
    }
    return lab;
  }

  get nodes(): string[] {
    return Object.keys(this.topology.nodes);
  }

  /** Name of a node's namespace, as `ip netns` knows it. */
  netns(node: string): string {
    if (!this.topology.nodes[node]) throw new Error(`this lab has no node ${node}; it has ${this.nodes.join(', ')}`);
    return this.prefix + node;
  }

  /** File of a node's namespace. */
  path(node: string): string {
    return `/run/netns/${this.netns(node)}`;
  }

  /** Runs one `ip` command in a node, such as `link set a0 down` or `-6 rule add pref 7 table 9`. */
  ip(node: string, command: string): Promise<string> {
    return run('ip', ['-n', this.netns(node), ...words(command)]);
  }

  /** As `ip`, for a command that may be refused. */
  tryIp(node: string, command: string): Promise<Outcome> {
    return outcomeOf('ip', ['-n', this.netns(node), ...words(command)]);
  }

  /** Runs `ip` commands in a node in one process, in order; family 6 for rules and such, which do not tell it. */
  async ipBatch(node: string, lines: readonly string[], family?: 4 | 6): Promise<void> {
    if (lines.length === 0) return;
    const options = family ? [`-${family}`] : [];
    await run('ip', [...options, '-n', this.netns(node), '-batch', '-'], `${lines.join('\n')}\n`);
  }

  /** What `ip -json -details` says of a node: names as numbers, so that no file in /etc/iproute2 has a say. */
  async json(node: string, command: string): Promise<IpEntry[]> {
    const text = await run('ip', ['-json', '-details', '-Numeric', '-n', this.netns(node), ...words(command)]);
    return entriesOf(text);
  }

  /** Runs a command in a node to its end; rejects where its exit code is not 0. */
  exec(node: string, command: string, ...args: string[]): Promise<string> {
    return run('nsenter', [`--net=${this.path(node)}`, '--', command, ...args]);
  }

  /** Starts a command in a node, with pipes; it ends with the lab if not before. */
  spawn(node: string, command: string, args: readonly string[] = []): ChildProcess {
    return this.#start(node, command, args).child;
  }

  /** Starts a command that stays in the foreground; resolves when its output shows that it is ready. */
  async daemon(node: string, command: string, args: readonly string[], ready?: RegExp): Promise<Daemon> {
    const daemon = this.#start(node, command, args);
    if (ready) await daemon.says(ready);
    return daemon;
  }

  /** radvd with the given configuration. Its first advertisement may still be under way. */
  radvd(node: string, configuration: string): Promise<Daemon> {
    const file = this.write(`radvd-${node}.conf`, configuration);
    const pidFile = join(this.#folder, `radvd-${node}.pid`);
    return this.daemon(node, 'radvd', ['-n', '-C', file, '-p', pidFile, '-m', 'stderr', '-d', '1'], /polling for/);
  }

  /** dnsmasq with the given configuration on top of one that keeps it inside the lab. */
  dnsmasq(node: string, configuration: string): Promise<Daemon> {
    const own = [
      'keep-in-foreground',
      'log-facility=-',
      'user=root',
      `pid-file=${join(this.#folder, `dnsmasq-${node}.pid`)}`,
      `dhcp-leasefile=${join(this.#folder, `dnsmasq-${node}.leases`)}`,
      'no-resolv',
      'no-hosts',
    ];
    const file = this.write(`dnsmasq-${node}.conf`, `${own.join('\n')}\n${configuration}\n`);
    return this.daemon(node, 'dnsmasq', ['-C', file], /started/);
  }

  /** A TCP server in a node, on all its addresses: see echo-server.mjs. */
  async echoServer(node: string): Promise<EchoServer> {
    const program = fileURLToPath(new URL('echo-server.mjs', import.meta.url));
    const daemon = this.#start(node, process.execPath, [program]);
    const [, port] = await daemon.says(/listening on port (\d+)/);
    return { port: Number(port), daemon };
  }

  /** An HTTP and an HTTPS server in a node, on all its addresses: see web-server.mjs. */
  async webServer(node: string): Promise<WebServer> {
    const program = fileURLToPath(new URL('web-server.mjs', import.meta.url));
    const daemon = this.#start(node, process.execPath, [program]);
    const [line] = await daemon.says(/^\{.*\}$/m);
    return JSON.parse(line) as WebServer;
  }

  /** Servers of other protocols in a node, and their ports: see protocol-servers.mjs. */
  async protocolServers(node: string, address: string): Promise<Record<'postgres' | 'redis' | 'grpc' | 'udp', number>> {
    const program = fileURLToPath(new URL('protocol-servers.mjs', import.meta.url));
    const [line] = await this.#start(node, process.execPath, [program, address]).says(/^\{.*\}$/m);
    return JSON.parse(line);
  }

  /** Writes a file that lives as long as the lab, readable by its owner only, and returns its path. */
  write(name: string, text: string): string {
    const file = join(this.#folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  /** Resolves when every interface that is set up has carrier, and no address is tentative. */
  async ready(): Promise<void> {
    let waiting: string[] = [];
    await until(
      () => `the lab: ${waiting.join('; ')}`,
      async () => {
        waiting = (await Promise.all(this.nodes.map((node) => this.#whatIsNotReady(node)))).flat();
        return waiting.length === 0;
      },
    );
  }

  /** Ends its processes and removes its namespaces. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#daemons.map((daemon) => daemon.stop()));
    await this.#watchdog.release();
  }

  #start(node: string, command: string, args: readonly string[]): Daemon {
    const daemon = new Daemon(this.path(node), command, args);
    this.#daemons.push(daemon);
    return daemon;
  }

  async #build(): Promise<void> {
    const { nodes, links } = this.topology;
    const names = Object.entries(nodes);
    const lines = names.flatMap(([node, { forwards, detectsDuplicates }]) => {
      const settings = { ...(detectsDuplicates ? {} : withoutDetection), ...quickly, ...(forwards ? forwarding : {}) };
      return [`netns add ${this.netns(node)}`, this.#setting(node, settings)];
    });
    for (const [one, other] of links) {
      const [a, b] = [one, other].map(
        ({ node, name, index }) => `${name} index ${index} address ${macOf(index)} netns ${this.netns(node)}`,
      );
      lines.push(`link add ${a} type veth peer name ${b}`);
    }
    for (const [node, { settings }] of names) if (settings) lines.push(this.#setting(node, settings));
    await run('ip', ['-batch', '-'], `${lines.join('\n')}\n`);
    await Promise.all(
      names.map(async ([node, { setUp, setUp6 = [] }]) => {
        await this.ipBatch(node, ['link set lo up', ...setUp]);
        await this.ipBatch(node, setUp6, 6);
      }),
    );
  }

  /** A line of `ip -batch` that writes settings below /proc/sys/net of a node. */
  #setting(node: string, settings: Readonly<Record<string, number>>): string {
    const writes = Object.entries(settings).map(([path, value]) => `echo ${value} >${path}`);
    return `netns exec ${this.netns(node)} sh -ec "cd /proc/sys/net; ${writes.join('; ')}"`;
  }

  async #whatIsNotReady(node: string): Promise<string[]> {
    const waiting: string[] = [];
    for (const { ifname, flags, addr_info } of await this.json(node, 'addr')) {
      if (!flags.includes('UP')) continue;
      if (flags.includes('NO-CARRIER') || !flags.includes('LOWER_UP'))
        waiting.push(`${node}: ${ifname} has no carrier`);
      for (const { local, tentative } of addr_info as IpEntry[]) {
        if (tentative) waiting.push(`${node}: ${local} on ${ifname} is tentative`);
      }
    }
    return waiting;
  }
}

const withoutDetection = { 'ipv6/conf/all/accept_dad': 0, 'ipv6/conf/default/accept_dad': 0 };

/** Hosts solicit routers at once; reverse path filters are a subject of their own (trap F12). */
const quickly = {
  'ipv6/conf/default/router_solicitation_delay': 0,
  'ipv4/conf/all/rp_filter': 0,
  'ipv4/conf/default/rp_filter': 0,
};

const forwarding = { 'ipv4/ip_forward': 1, 'ipv6/conf/all/forwarding': 1, 'ipv6/icmp/ratelimit': 0 };

/** The entries that `ip -json` printed. An empty list may be printed as nothing, and an absent one as an empty object. */
export function entriesOf(text: string): IpEntry[] {
  const entries = text.trim() === '' ? [] : (JSON.parse(text) as IpEntry[]);
  return entries.filter((entry) => Object.keys(entry).length > 0);
}

function words(command: string): string[] {
  return command.split(/\s+/).filter((word) => word !== '');
}
