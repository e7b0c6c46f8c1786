// SPDX-License-Identifier: MIT
// The lab: this process is a host whose uplinks lead through two routers to one server. Namespaces and veth pairs, made
// with `ip`; nothing of it outlives the enclosure.
//
//   this host -- a0 -- router a --+
//             -- b0 -- router b --+-- server

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../exit-code.ts';

/** One way to the server. Interface indexes differ everywhere, or the kernel would report carrier up to 1 s late. */
export interface Uplink {
  /** Interface of the host. */
  name: string;
  /** Namespace of its router. */
  router: string;
  index: number;
  routerIndex: number;
  /** Number and letter in its addresses. */
  digit: number;
  letter: string;
  /** Of its default routes; lower is the system's own choice. */
  metric: number;
}

export const uplinkA: Uplink = {
  name: 'a0',
  router: 'a',
  index: 11,
  routerIndex: 21,
  digit: 1,
  letter: 'a',
  metric: 100,
};
export const uplinkB: Uplink = {
  name: 'b0',
  router: 'b',
  index: 12,
  routerIndex: 22,
  digit: 2,
  letter: 'b',
  metric: 200,
};

/** The server's address behind both routers. */
export const serverAddress = '2001:db8:ffff::80';

/** A private address: the server's behind router b, behind router a another machine where nobody listens. */
export const privateAddress = '10.9.9.9';

/** RFC 862. */
export const echoPort = 7;

export function hostAddresses({ digit, letter }: Uplink): { ipv4: string; ipv6: string } {
  return { ipv4: `10.${digit}.0.100`, ipv6: `2001:db8:${letter}:1::100` };
}

export function routerAddress({ letter }: Uplink): string {
  return `fe80::${letter}:1`;
}

/** What an interface has carried, bytes. */
export interface Traffic {
  sent: number;
  received: number;
}

/** Duplicate address detection takes seconds and has nothing to find here; reverse path filters are another story. */
const settings = {
  'ipv6/conf/all/disable_ipv6': 0,
  'ipv6/conf/default/disable_ipv6': 0,
  'ipv6/conf/all/accept_dad': 0,
  'ipv6/conf/default/accept_dad': 0,
  'ipv4/conf/all/rp_filter': 0,
  'ipv4/conf/default/rp_filter': 0,
};

const forwarding = { 'ipv4/ip_forward': 1, 'ipv6/conf/all/forwarding': 1 };

export class PrivateNetwork {
  readonly #stop: AbortSignal;
  #server: ChildProcess | undefined;

  private constructor(stop: AbortSignal) {
    this.#stop = stop;
  }

  /** Builds everything but the uplinks. Only inside the enclosure. */
  static async build(stop: AbortSignal): Promise<PrivateNetwork> {
    const network = new PrivateNetwork(stop);
    try {
      await network.#build();
    } catch (error) {
      network.close();
      throw error;
    }
    return network;
  }

  /** Makes the uplink, its addresses and its routes. */
  async plugIn({ name, router, index, routerIndex, digit, letter, metric }: Uplink): Promise<void> {
    await this.#ip([`link add ${name} index ${index} type veth peer name lan index ${routerIndex} netns ${router}`]);
    await this.#ip(
      [
        'link set dev lan addrgenmode none',
        `addr add fe80::${letter}:1/64 dev lan`,
        `addr add 2001:db8:${letter}:1::1/64 dev lan`,
        `addr add 10.${digit}.0.1/24 dev lan`,
        'link set dev lan up',
      ],
      router,
    );
    const { ipv4, ipv6 } = hostAddresses({ digit, letter } as Uplink);
    await this.#ip([
      `addr add ${ipv6}/64 dev ${name}`,
      `addr add ${ipv4}/24 dev ${name}`,
      `link set dev ${name} up`,
      `route add default via fe80::${letter}:1 dev ${name} metric ${metric}`,
      `route add default via 10.${digit}.0.1 dev ${name} metric ${metric}`,
    ]);
  }

  /** Carrier is lost; addresses and routes stay, and the kernel goes on using them (trap B2). */
  cutCable({ router }: Uplink): Promise<void> {
    return this.#ip(['link set dev lan down'], router);
  }

  /** The interface is gone, with all that hung on it. */
  unplug({ name }: Uplink): Promise<void> {
    return this.#ip([`link del ${name}`]);
  }

  async traffic({ name }: Uplink): Promise<Traffic> {
    const [link] = JSON.parse(await this.#run('ip', ['-json', '-statistics', 'link', 'show', 'dev', name]));
    return { sent: link.stats64.tx.bytes, received: link.stats64.rx.bytes };
  }

  close(): void {
    this.#server?.kill('SIGKILL');
  }

  async #build(): Promise<void> {
    // Where `ip` keeps names of namespaces; a file system of our own, because /run belongs to somebody else.
    await this.#run('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'mif-demo', '/run']);
    await this.#set(settings);
    await this.#ip(['link set dev lo up', 'netns add a', 'netns add b', 'netns add server']);
    await Promise.all([
      this.#set({ ...settings, ...forwarding }, 'a'),
      this.#set({ ...settings, ...forwarding }, 'b'),
      this.#set(settings, 'server'),
    ]);
    await this.#ip([
      'link add wan index 31 netns a type veth peer name a index 41 netns server',
      'link add wan index 32 netns b type veth peer name b index 42 netns server',
    ]);
    await Promise.all([
      this.#ip([...routerToServer(uplinkA), `addr add ${privateAddress}/32 dev lo`], 'a'),
      this.#ip(routerToServer(uplinkB), 'b'),
      this.#ip(
        [
          `addr add ${serverAddress}/128 dev lo`,
          `addr add ${privateAddress}/32 dev lo`,
          'link set dev lo up',
          ...serverToRouter(uplinkA),
          ...serverToRouter(uplinkB),
        ],
        'server',
      ),
    ]);
    await this.#serve();
  }

  async #serve(): Promise<void> {
    const program = fileURLToPath(new URL(`echo-server${import.meta.url.slice(-3)}`, import.meta.url));
    const server = spawn('nsenter', ['--net=/run/netns/server', '--', process.execPath, program, String(echoPort)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      signal: this.#stop,
      killSignal: 'SIGKILL',
    });
    this.#server = server;
    const failed = once(server, 'close').then(() => {
      throw new CommandError('ERR_MIF_UNSUPPORTED', 'the server of the demo did not start', 'Its words are above.');
    });
    await Promise.race([once(server.stdout, 'data'), failed]);
    failed.catch(() => {});
  }

  #set(values: Readonly<Record<string, number>>, node?: string): Promise<string> {
    const inside = node === undefined ? [] : ['nsenter', `--net=/run/netns/${node}`, '--'];
    const script = Object.entries(values).map(([path, value]) => `echo ${value} >/proc/sys/net/${path}`);
    const [command = '', ...args] = [...inside, 'sh', '-ec', script.join('\n')];
    return this.#run(command, args);
  }

  async #ip(lines: readonly string[], node?: string): Promise<void> {
    await this.#run('ip', [...(node === undefined ? [] : ['-n', node]), '-batch', '-'], `${lines.join('\n')}\n`);
  }

  async #run(command: string, args: readonly string[], input = ''): Promise<string> {
    const child = spawn(command, args, { signal: this.#stop, killSignal: 'SIGKILL' });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        said[stream] += text;
      });
    }
    // A command that ends without reading its input is judged by its exit code.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    if (code === 0) return said.stdout;
    throw new CommandError(
      'ERR_MIF_UNSUPPORTED',
      `the lab could not be built: ${command}: ${said.stderr.trim() || `exit code ${code}`}`,
      'The demo needs a kernel with network namespaces, veth and IPv6, and may have to write /proc/sys/net.',
    );
  }
}

function routerToServer({ digit }: Uplink): string[] {
  return [
    'link set dev lo up',
    `addr add 100.64.${digit}.2/30 dev wan`,
    `addr add 2001:db8:f:${digit}::2/64 dev wan`,
    'link set dev wan up',
    `route add default via 100.64.${digit}.1`,
    `route add default via 2001:db8:f:${digit}::1`,
  ];
}

function serverToRouter({ router, digit, letter }: Uplink): string[] {
  return [
    `addr add 100.64.${digit}.1/30 dev ${router}`,
    `addr add 2001:db8:f:${digit}::1/64 dev ${router}`,
    `link set dev ${router} up`,
    `route add 10.${digit}.0.0/24 via 100.64.${digit}.2`,
    `route add 2001:db8:${letter}::/48 via 2001:db8:f:${digit}::2`,
  ];
}
