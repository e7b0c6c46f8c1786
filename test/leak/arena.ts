// SPDX-License-Identifier: MIT
// Where a leak would show: a host with three uplinks that all lead to the server, so that what leaves by a wrong one arrives and
// is answered; the system itself would take a0. A client of each line of Node is on the host, and everything that leaves the
// host is captured.

import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Conversation } from '../lab/conversation.ts';
import { Departures } from '../lab/departures.ts';
import { Lab } from '../lab/lab.ts';
import { type NodeLine, nodeLines } from '../lab/node-lines.ts';
import { requires } from '../lab/requirements.ts';
import { macOf } from '../lab/topology.ts';
import { Capture } from './capture.ts';
import { described, type Frame } from './frame.ts';
import { isBareAcknowledgement, isNoise } from './noise.ts';

export const server4 = '198.51.100.80';
export const server6 = '2001:db8:ffff::80';

/** By which address the server sees what has left by a link. */
export const sources = {
  a0: ['10.1.0.100', '2001:db8:a:1::100'],
  b0: ['10.2.0.100', '2001:db8:b:1::100'],
  wwan0: ['10.3.0.2'],
} as const;

/** Addresses behind which nobody is, by what the network does with packets to them. */
export const dead = {
  refused: { 4: '198.51.100.81', 6: '2001:db8:ffff::81' },
  unreachable: { 4: '198.51.100.82', 6: '2001:db8:ffff::82' },
  silent: { 4: '198.51.100.83', 6: '2001:db8:ffff::83' },
} as const;

/** What the file of hosts says: a dead address of IPv6 comes first (RFC 6724), then the server. */
const hosts = [
  `${server4} server.test`,
  ...Object.entries(dead).flatMap(([how, addresses]) => [
    `${addresses[6]} ${how}.test`,
    `${server4} ${how}.test`,
    `${addresses[4]} ${how}4.test`,
    `${server4} ${how}4.test`,
  ]),
];

/** What a client tells; see program/client.mjs. */
// biome-ignore lint/suspicious/noExplicitAny: each question has answers of its own.
export type Told = any;

/** Why something failed: of an error of the system this package's view, where it has one. */
export const why = ({ code, mif }: Told): string => mif ?? code;

/** How an exchange ends whose path is lost; of what goes wrong after the handshake the package ws tells nobody the reason. */
export const lostBy = (transport: string): string => (/\bwss?\b/.test(transport) ? 'closed' : 'ERR_MIF_PATH_LOST');

/** Beyond the indices of the lab's own links. */
const firstSpare = 0x1000;
let spares = 0;

export class Arena {
  readonly lab: Lab;
  readonly ports: Record<string, number>;
  readonly #ground: Ground;
  readonly #client: Conversation;
  readonly #capture: Capture;
  readonly #departures: Departures;
  readonly #macs = new Map<string, string>();
  /** MAC address of the link t0. */
  #spare: string | undefined;
  /** Those of links t0 that were there, and ended before anybody could have been misled: what is left of them is their own. */
  readonly #ended: string[] = [];

  constructor(ground: Ground, line: NodeLine) {
    this.#ground = ground;
    this.lab = ground.lab;
    this.ports = ground.ports;
    this.#capture = ground.capture;
    this.#departures = ground.departures;
    this.#client = ground.client(line);
  }

  /** Asks the client. */
  async ask(name: string, context: object = {}): Promise<Told> {
    const answer = await this.#client.ask({ do: name, ...context });
    if (answer.thrown) throw new Error(answer.thrown);
    return answer;
  }

  /** One exchange over a transport that is opened for it. */
  once(transport: string, via: unknown, address: string, more: object = {}): Promise<Told> {
    return this.ask('once', { transport, via, target: { address }, ...more });
  }

  /** Takes note of the links that there are. */
  async #meetLinks(): Promise<void> {
    for (const { ifname, address } of await this.lab.json('host', 'link')) this.#macs.set(ifname, address);
  }

  /**
   * What has left by any link but these since the last time, the kernel's own noise left out.
   * @param right their names; or the MAC address of one whose name is another's by now
   */
  async strays(...right: readonly string[]): Promise<string[]> {
    await this.#meetLinks();
    const macs = right.map((name) => (name.includes(':') ? name : this.#macs.get(name)!));
    const { strays } = await this.#capture.take([...macs, ...this.#ended.splice(0)]);
    const counted = Object.entries(await this.#departures.take()).filter(([name]) => !right.includes(name));
    return [
      ...strays.filter((frame) => !isNoise(frame) && !isLate(frame)).map(described),
      ...counted.map(([name, count]) => `${name}: ${count} packets to the servers were counted`),
    ];
  }

  /** Runs `ip` commands on the host. */
  async ip(...lines: readonly string[]): Promise<void> {
    await this.lab.ipBatch('host', lines);
  }

  /**
   * Adds a link t0 to the server, always of the same name, index and address and never of the same MAC address, without a route
   * if so wished; and takes the one away that is there.
   * @returns its MAC address
   */
  async spare({ routed = true } = {}): Promise<string> {
    const mac = macOf(firstSpare + ++spares);
    this.#spare = mac;
    await this.lab.tryIp('host', 'link del t0');
    await this.ip(
      `link add t0 index 70 address ${mac} type veth peer name t1 netns ${this.lab.netns('inet')}`,
      'addr add 192.0.2.2/24 dev t0',
      'link set t0 up',
      ...(routed ? ['route add 198.51.100.0/24 via 192.0.2.1 dev t0 metric 5000'] : []),
    );
    await this.lab.ipBatch('inet', ['addr add 192.0.2.1/24 dev t1', 'link set t1 up']);
    return mac;
  }

  /** As `spare`; resolves when the client can use it. */
  async spareSeen(options: { routed?: boolean } = {}): Promise<string> {
    await this.withoutSpare();
    if (this.#spare !== undefined) this.#ended.push(this.#spare);
    const mac = await this.spare(options);
    await this.ask('sees', { name: 't0', state: 'up' });
    if (options.routed ?? true) await this.ask('reaches', { via: 't0', address: server4 });
    return mac;
  }

  /** Takes t0 away, if it is there; resolves when the client knows. */
  async withoutSpare(): Promise<void> {
    await this.lab.tryIp('host', 'link del t0');
    await this.ask('sees', { name: 't0', state: 'absent' });
  }

  /** Ends what a test has left behind, and its link; whatever leaves meanwhile is not the next one's. */
  async clear(): Promise<void> {
    await this.ask('clear');
    await this.withoutSpare();
    await this.strays();
  }

  /** How many connections of the host are being made. */
  async pending(): Promise<number> {
    return (await this.lab.exec('host', 'ss', '-H', '-t', '-n', 'state', 'syn-sent')).split('\n').filter(Boolean)
      .length;
  }

  /** Another server, elsewhere; its ports. */
  server(node: string, address4: string, address6: string): Promise<Record<string, number>> {
    return this.#ground.server(node, address4, address6);
  }

  end(): Promise<void> {
    return this.#client.end();
  }
}

/** The last word of an earlier cell's connection over the very link that was its own: a held one has another source. */
function isLate(frame: Frame): boolean {
  const own: readonly string[] = sources[frame.link as keyof typeof sources] ?? [];
  return isBareAcknowledgement(frame) && own.includes(frame.source);
}

/** The network of a file of tests, of all lines of Node. */
class Ground {
  readonly lab: Lab;
  ports!: Record<string, number>;
  capture!: Capture;
  departures!: Departures;
  #files: readonly [file: string, over: string][] = [];

  constructor(lab: Lab) {
    this.lab = lab;
  }

  async prepare(): Promise<void> {
    const { lab } = this;
    for (const family of [4, 6] as const) {
      await lab.ip('inet', `route add unreachable ${dead.unreachable[family]}`);
      await lab.ip('inet', `route add blackhole ${dead.silent[family]}`);
    }
    await lab.ipBatch('inet', [`addr add ${dead.refused[4]}/32 dev lo`, `addr add ${dead.refused[6]}/128 dev lo`]);
    await lab.exec('inet', 'nft', '-f', lab.write('refusals.nft', refusals));
    this.ports = await this.server('inet', server4, server6);
    this.#files = [
      [lab.write('hosts', `127.0.0.1 localhost\n${hosts.join('\n')}\n`), '/etc/hosts'],
      [lab.write('resolv.conf', 'nameserver 198.51.100.53\noptions timeout:1 attempts:1\n'), '/etc/resolv.conf'],
      [lab.write('host.conf', 'multi on\n'), '/etc/host.conf'],
    ];
    this.departures = await Departures.of(lab, 'host', ['a0', 'b0', 'wwan0']);
    this.capture = await Capture.of(lab, 'host');
  }

  async server(node: string, address4: string, address6: string): Promise<Record<string, number>> {
    const program = fileURLToPath(new URL('program/server.mjs', import.meta.url));
    const daemon = await this.lab.daemon(node, process.execPath, [program, address4, address6]);
    const [line] = await daemon.says(/^\{.*\}$/m);
    return JSON.parse(line);
  }

  /** With files of the lab in the place of the machine's, for this program only, so that the lab's names are the only ones. */
  client({ path }: NodeLine): Conversation {
    const program = fileURLToPath(new URL('program/client.mjs', import.meta.url));
    const binds = this.#files.map(([file, over]) => `touch ${over}; mount --bind ${file} ${over}`);
    const script = `${binds.join('; ')}; exec nsenter --net=${this.lab.path('host')} -- "$@"`;
    const client = ['env', ...environment, path, program, JSON.stringify(this.ports)];
    return new Conversation(['unshare', '--mount', '--', 'sh', '-ec', script, 'client', ...client]);
  }
}

/** Whom the servers are is no question here. */
const environment = ['NODE_TLS_REJECT_UNAUTHORIZED=0', 'NODE_NO_WARNINGS=1'];

const refusals = `
table inet refusals {
  chain in {
    type filter hook input priority 0;
    ip daddr ${dead.refused[4]} meta l4proto tcp reject with tcp reset
    ip6 daddr ${dead.refused[6]} meta l4proto tcp reject with tcp reset
  }
}
`;

/**
 * A suite of cells, once for each line of Node, in one network. At the end a socket that nobody holds shows that the wrong link
 * was open, and that what leaves by it is seen.
 * @param cells declares the tests; the arena is there when they run
 */
export function leakSuite(title: string, cells: (arena: () => Arena, line: NodeLine) => void): void {
  requires(
    'root',
    'ip',
    'nsenter',
    'nft',
    'python3',
  )(`leak: ${title}`, () => {
    let ground: Ground;

    beforeAll(async () => {
      ground = new Ground(await Lab.up('dual-isp'));
      await ground.prepare();
    });
    afterAll(async () => {
      await ground?.capture?.end();
      await ground?.lab[Symbol.asyncDispose]();
    });

    describe.each(nodeLines)('Node $version', (line) => {
      let arena: Arena;

      beforeAll(async () => {
        arena = new Arena(ground, line);
        // What it sends at its start, and what an earlier one has sent at its end.
        await arena.ask('sees', { name: 'b0', state: 'up' });
        // The routers of the wrong link are known from now on: what the kernel sends by itself needs no question for them.
        for (const address of [server4, server6]) await arena.once('unheld net.connect', undefined, address);
        // These connections end a little later than they are given up.
        await delay(50);
        await arena.strays();
      });
      // One that failed must not fail the next.
      afterEach(async ({ task }) => {
        if (task.result?.state === 'fail') await arena.clear();
      });
      afterAll(() => arena?.end());

      cells(() => arena, line);

      it(`${title}: a socket that is not held does leave by the wrong link, and is seen there`, async () => {
        await arena.withoutSpare();
        // What comes late of all that was before would be here, too.
        expect(await arena.strays('b0', 'wwan0')).toEqual([]);
        expect(await arena.once('unheld net.connect', undefined, server4)).toMatchObject({ peer: sources.a0[0] });
        const seen = await arena.strays('b0');
        expect(seen).toContainEqual(
          expect.stringMatching(/^a0: tcp 10\.1\.0\.100 > 198\.51\.100\.80 port \d+ \(flags 2, 0 bytes\)$/),
        );
        expect(seen).toContainEqual(expect.stringMatching(/^a0: \d+ packets to the servers were counted$/));
      });
    });
  });
}
