// SPDX-License-Identifier: MIT
// Random `ip` commands of every kind that a mirror must follow, from a seed, for a node of the topology `bare`. Pools
// are small on purpose: commands meet again what earlier ones made. Some are refused, because the kernel has dropped
// in the meantime what they speak of; that is part of the game.
// Left out: alternative names of interfaces, whose addition the kernel does not announce (trap B8).

import { Random } from './random.ts';

/** What a command changes; also the first word of its description. */
export type ChangeKind = 'link' | 'address' | 'route' | 'rule' | 'neighbour' | 'nexthop';

export interface KernelChange {
  kind: ChangeKind;
  /** For `Lab.ip`. */
  command: string;
}

/** A command, and what is to be remembered when the kernel has done it. */
interface Draft {
  command: string;
  done?: () => void;
}

const weights: Record<ChangeKind, number> = { link: 3, address: 5, route: 10, rule: 4, neighbour: 2, nexthop: 3 };

type Family = 4 | 6;

export class KernelChanges {
  readonly #random: Random;
  readonly #fixed: readonly string[];
  #made: string[] = [];
  readonly #down = new Set<string>();
  #nextLink = 0;
  #addresses: { address: string; device: string }[] = [];
  #routes: string[] = [];
  #rules: string[] = [];
  #neighbours: string[] = [];
  #nexthops: { id: number; family: Family; isGroup: boolean }[] = [];

  /** @param devices interfaces that exist and stay; they are changed, but neither renamed nor deleted */
  constructor(seed: number, devices: readonly string[]) {
    this.#random = new Random(seed);
    this.#fixed = devices;
  }

  /** A next change; call `done` when the kernel has accepted it. */
  next(): KernelChange & { done: () => void } {
    const kind = this.#random.weighted(weights);
    const draft: Draft = {
      link: () => this.#link(),
      address: () => this.#address(),
      route: () => this.#route(),
      rule: () => this.#rule(),
      neighbour: () => this.#neighbour(),
      nexthop: () => this.#nexthop(),
    }[kind]();
    return { kind, command: draft.command, done: draft.done ?? (() => {}) };
  }

  // --- links ---------------------------------------------------------------------------------------------------

  #link(): Draft {
    const random = this.#random;
    const made = this.#made.length > 0;
    const down = this.#down.size > 0;
    switch (
      random.weighted({ add: 3, del: made ? 2 : 0, rename: made ? 2 : 0, down: 2, up: down ? 6 : 1, set: 5, master: 2 })
    ) {
      case 'add':
        return this.#linkAdd();
      case 'del': {
        const name = random.pick(this.#made);
        return { command: `link del ${name}`, done: () => this.#forgetLink(name) };
      }
      case 'rename': {
        const name = random.pick(this.#made);
        const renamed = `n${this.#nextLink++}`;
        return { command: `link set ${name} name ${renamed}`, done: () => this.#replaceLink(name, renamed) };
      }
      case 'down': {
        const name = this.#device();
        return { command: `link set ${name} down`, done: () => this.#down.add(name) };
      }
      case 'up': {
        const name = down ? random.pick([...this.#down]) : this.#device();
        return { command: `link set ${name} up`, done: () => this.#down.delete(name) };
      }
      case 'master':
        return {
          command: `link set ${this.#device()} ${random.pick(['nomaster', 'master bridge0', 'master bridge1'])}`,
        };
      default:
        return { command: `link set ${this.#device()} ${this.#linkSetting()}` };
    }
  }

  #linkSetting(): string {
    const random = this.#random;
    return random.pick([
      // Below 1280 the kernel takes IPv6 away from the interface (RFC 8200 section 5).
      `mtu ${random.pick([1200, 1280, 1400, 1500, 1500])}`,
      `address 02:00:00:00:ff:${random.between(16, 99)}`,
      `txqueuelen ${random.between(1, 2000)}`,
      `group ${random.between(0, 3)}`,
      `promisc ${random.pick(['on', 'off'])}`,
      `multicast ${random.pick(['on', 'off'])}`,
      `allmulticast ${random.pick(['on', 'off'])}`,
      `arp ${random.pick(['on', 'off'])}`,
      `mode ${random.pick(['dormant', 'default'])}`,
    ]);
  }

  #linkAdd(): Draft {
    const random = this.#random;
    const name = `x${this.#nextLink++}`;
    const made = (...names: string[]) => {
      this.#made.push(...names);
      for (const one of names) this.#down.add(one);
    };
    const done = () => made(name);
    switch (random.below(4)) {
      case 0:
        return { command: `link add ${name} mtu 1400 type bridge`, done };
      case 1:
        return { command: `link add link ${random.pick(this.#fixed)} name ${name} type macvlan mode bridge`, done };
      case 2:
        return { command: `link add ${name} type ifb`, done };
      default: {
        const peer = `x${this.#nextLink++}`;
        return { command: `link add ${name} type veth peer name ${peer}`, done: () => made(name, peer) };
      }
    }
  }

  #forgetLink(name: string): void {
    this.#made = this.#made.filter((other) => other !== name);
    this.#down.delete(name);
  }

  #replaceLink(name: string, renamed: string): void {
    const wasDown = this.#down.has(name);
    this.#forgetLink(name);
    this.#made.push(renamed);
    if (wasDown) this.#down.add(renamed);
  }

  #device(): string {
    return this.#random.pick([...this.#fixed, ...this.#fixed, ...this.#made]);
  }

  /** One that takes routes, most of the time. */
  #wayOut(): string {
    const up = [...this.#fixed, ...this.#made].filter((name) => !this.#down.has(name));
    return up.length > 0 && this.#random.chance(0.95) ? this.#random.pick(up) : this.#device();
  }

  // --- addresses -----------------------------------------------------------------------------------------------

  #address(): Draft {
    const random = this.#random;
    const known = this.#addresses;
    switch (random.weighted({ add: 6, del: known.length > 0 ? 4 : 0, change: known.length > 0 ? 2 : 0, flush: 0.3 })) {
      case 'del': {
        const chosen = random.pick(known);
        const done = () => {
          this.#addresses = this.#addresses.filter((other) => other !== chosen);
        };
        return { command: `addr del ${chosen.address} dev ${chosen.device}`, done };
      }
      case 'change': {
        const { address, device } = random.pick(known);
        return { command: `addr change ${address} dev ${device} ${this.#lifetimes()}` };
      }
      case 'flush':
        return { command: `addr flush dev ${this.#device()}` };
      default:
        return this.#addressAdd(random.pick<Family>([4, 6]));
    }
  }

  #addressAdd(family: Family): Draft {
    const random = this.#random;
    const device = this.#device();
    const [net, host] = [random.below(4), random.between(1, 9)];
    const peer = random.chance(0.2);
    const length = peer ? (family === 4 ? 32 : 128) : random.pick(family === 4 ? [24, 24, 25, 32] : [64, 64, 128]);
    const local = family === 4 ? `10.7.${net}.${host}` : `2001:db8:7:${net}::${host}`;
    const far = family === 4 ? `10.8.${net}.${host}` : `2001:db8:8:${net}::${host}`;
    const address = peer ? `${local} peer ${far}/${length}` : `${local}/${length}`;
    const extras = [
      random.chance(0.2) ? this.#lifetimes() : '',
      random.chance(0.2) ? 'noprefixroute' : '',
      random.chance(0.2) ? `metric ${random.between(1, 500)}` : '',
      family === 4 && random.chance(0.2) ? `broadcast 10.7.${net}.255` : '',
      family === 4 && random.chance(0.2) ? `label ${device}:${random.below(9)}` : '',
      family === 4 && random.chance(0.2) ? `scope ${random.pick(['link', 'host', 'global'])}` : '',
      family === 6 && random.chance(0.2) ? random.pick(['home', 'nodad', length === 64 ? 'mngtmpaddr' : '']) : '',
    ];
    return {
      command: `addr add ${address} dev ${device} ${joined(extras)}`,
      done: () => this.#addresses.push({ address, device }),
    };
  }

  #lifetimes(): string {
    return this.#random.pick([
      'valid_lft 600 preferred_lft 300',
      'valid_lft 5000 preferred_lft 0',
      'valid_lft 7200 preferred_lft 7200',
      'valid_lft forever preferred_lft forever',
      'valid_lft forever preferred_lft 0',
    ]);
  }

  // --- routes --------------------------------------------------------------------------------------------------

  #route(): Draft {
    const random = this.#random;
    const family = random.pick<Family>([4, 6]);
    const known = this.#routes.length > 0;
    switch (random.weighted({ make: 12, del: known ? 5 : 0, delFirst: 1, flush: 0.3 })) {
      case 'del': {
        const route = random.pick(this.#routes);
        const done = () => {
          this.#routes = this.#routes.filter((other) => other !== route);
        };
        return { command: route.replace('route', 'route del'), done };
      }
      case 'delFirst':
        // Names less than the key, so that the kernel takes the first that fits.
        return { command: `-${family} route del ${this.#destination(family)} table ${this.#table()}` };
      case 'flush':
        return { command: `-${family} route flush table ${random.pick([1000, 5000])}` };
      default: {
        const route = `-${family} route ${this.#makeRoute(family)}`;
        const verb = random.weighted({ add: 5, append: 3, prepend: 2, replace: 3, change: 1 });
        return { command: route.replace('route', `route ${verb}`), done: () => this.#routes.push(route) };
      }
    }
  }

  #destination(family: Family): string {
    const net = this.#random.below(4);
    if (this.#random.chance(0.1)) return 'default';
    return family === 4 ? `10.50.${net}.0/24` : `2001:db8:50:${net}::/64`;
  }

  #table(): number {
    return this.#random.pick([254, 254, 100, 1000, 5000]);
  }

  #makeRoute(family: Family): string {
    const random = this.#random;
    const type = random.weighted({ unicast: 12, blackhole: 1, unreachable: 1, prohibit: 1, throw: 1 });
    const table = this.#table();
    const words = [
      type === 'unicast' ? '' : type,
      this.#destination(family),
      family === 6 && random.chance(0.15) ? `from 2001:db8:99:${random.below(2)}::/64` : '',
      family === 4 && random.chance(0.15) ? `tos ${random.pick(['0x08', '0x10'])}` : '',
      `table ${table}`,
      random.chance(0.5) ? `metric ${random.pick([5, 10, 1024])}` : '',
      random.chance(0.2) ? `proto ${random.pick(['static', 'bird', '77'])}` : '',
      type === 'unicast' ? this.#way(family) : '',
    ];
    return joined(words);
  }

  /** Where a unicast route leads: the last words of the command. */
  #way(family: Family): string {
    const random = this.#random;
    const ids = this.#nexthops.filter((nexthop) => nexthop.family === family).map(({ id }) => id);
    switch (random.weighted({ hop: 6, device: 3, multipath: 3, nexthop: ids.length > 0 ? 2 : 0 })) {
      case 'nexthop':
        return `nhid ${random.pick(ids)}`;
      case 'multipath': {
        const hop = () => `nexthop ${this.#hop(family)} weight ${random.between(1, 5)}`;
        return joined(Array.from({ length: random.between(2, 3) }, hop));
      }
      case 'device':
        return `dev ${this.#wayOut()} ${this.#parameters(family)}`;
      default:
        return `${this.#hop(family)} ${this.#parameters(family)}`;
    }
  }

  #hop(family: Family): string {
    const random = this.#random;
    const gateway = random.between(1, 5);
    // On link by decree, so that it does not depend on what addresses there happen to be.
    if (family === 6) return `via fe80::${gateway} dev ${this.#wayOut()}`;
    if (random.chance(0.2)) return `via inet6 fe80::${gateway} dev ${this.#wayOut()}`;
    return `via 10.77.0.${gateway} dev ${this.#wayOut()} onlink`;
  }

  #parameters(family: Family): string {
    const random = this.#random;
    const [known] = this.#addresses.filter(({ address }) => address.includes(':') === (family === 6));
    const words = [
      random.chance(0.2) ? `mtu ${random.chance(0.5) ? 'lock ' : ''}${random.pick([1300, 1400])}` : '',
      random.chance(0.1) ? 'advmss 1220 initcwnd 20 rto_min 300ms' : '',
      random.chance(0.1) ? 'rtt 80ms quickack 1' : '',
      random.chance(0.2) && known ? `src ${known.address.split(/[/ ]/)[0]}` : '',
      family === 6 && random.chance(0.2) ? `pref ${random.pick(['low', 'medium', 'high'])}` : '',
      family === 6 && random.chance(0.1) ? 'expires 900' : '',
      family === 4 && random.chance(0.1) ? 'scope link' : '',
    ];
    return joined(words);
  }

  // --- rules ---------------------------------------------------------------------------------------------------

  #rule(): Draft {
    const random = this.#random;
    if (this.#rules.length > 3 && random.chance(0.45)) {
      const rule = random.pick(this.#rules);
      const done = () => {
        this.#rules = this.#rules.filter((other) => other !== rule);
      };
      return { command: rule.replace('rule add', 'rule del'), done };
    }
    const family = random.pick<Family>([4, 6]);
    const rule = `-${family} rule add pref ${random.between(10, 40)} ${this.#selector(family)} ${this.#action()}`;
    return { command: rule, done: () => this.#rules.push(rule) };
  }

  #selector(family: Family): string {
    const random = this.#random;
    const net = random.below(3);
    const prefix = (n: number) => (family === 4 ? `10.${n}.${net}.0/24` : `2001:db8:${n}:${net}::/64`);
    const choices = [
      'from all',
      `from ${prefix(7)}`,
      `to ${prefix(50)}`,
      `from ${prefix(7)} to ${prefix(50)}`,
      `not from ${prefix(7)}`,
      `from ${family === 4 ? '10.7.0.1' : '2001:db8:7::1'}`,
      `iif ${random.pick(['lo', 'v0', 'nowhere0'])}`,
      `oif ${random.pick(['v0', 'p1', 'nowhere0'])}`,
      'iif v0 oif v1',
      'fwmark 0x10',
      'fwmark 0x10/0xf0',
      'fwmark 0/0xf0',
      'tos 0x10',
      'uidrange 1000-2000',
      'uidrange 0-0',
      'ipproto tcp',
      'ipproto udp dport 53',
      'ipproto tcp sport 1000-2000 dport 80-90',
      'sport 1-65534',
      'tun_id 77',
    ];
    return random.pick(choices);
  }

  #action(): string {
    const random = this.#random;
    return random.pick([
      `table ${this.#table()}`,
      `table ${this.#table()}`,
      'table 254 suppress_prefixlength 0',
      'table 254 suppress_prefixlength 24',
      'table 100 suppress_ifgroup 3',
      `goto ${random.between(41, 43)}`,
      'nop',
      'blackhole',
      'unreachable',
      'prohibit',
      'table 100 protocol 77',
    ]);
  }

  // --- neighbours ----------------------------------------------------------------------------------------------

  #neighbour(): Draft {
    const random = this.#random;
    if (this.#neighbours.length > 0 && random.chance(0.35)) {
      const neighbour = random.pick(this.#neighbours);
      const done = () => {
        this.#neighbours = this.#neighbours.filter((other) => other !== neighbour);
      };
      return { command: `neigh del ${neighbour}`, done };
    }
    const address = `${random.pick(['10.7.0.', '2001:db8:7::'])}${random.between(100, 104)}`;
    const proxy = random.chance(0.2);
    const neighbour = `${proxy ? 'proxy ' : ''}${address} dev ${random.pick(this.#fixed)}`;
    const done = () => this.#neighbours.push(neighbour);
    if (proxy) return { command: `neigh add ${neighbour}`, done };
    const mac = `02:00:00:00:ee:${random.between(10, 20)}`;
    // States that the kernel would leave by itself within the test are left out.
    const state = random.pick(['permanent', 'stale', 'permanent router']);
    return { command: `neigh replace ${neighbour} lladdr ${mac} nud ${state}`, done };
  }

  // --- nexthop objects -----------------------------------------------------------------------------------------

  #nexthop(): Draft {
    const random = this.#random;
    const family = random.pick<Family>([4, 6]);
    const singles = this.#nexthops.filter((other) => !other.isGroup && other.family === family).map(({ id }) => id);
    const known = this.#nexthops.length > 0;
    const one = singles.length > 0;
    switch (random.weighted({ add: 4, replace: one ? 2 : 0, group: one ? 2 : 0, del: known ? 2 : 0, flush: 0.2 })) {
      case 'del': {
        const { id } = random.pick(this.#nexthops);
        const done = () => {
          this.#nexthops = this.#nexthops.filter((other) => other.id !== id);
        };
        return { command: `nexthop del id ${id}`, done };
      }
      case 'flush':
        return {
          command: 'nexthop flush',
          done: () => {
            this.#nexthops = [];
          },
        };
      case 'replace':
        return { command: `nexthop replace id ${random.pick(singles)} ${this.#nexthopTarget(family)}` };
      case 'group': {
        const id = random.between(50, 54) + family * 10;
        const members = [...new Set([random.pick(singles), random.pick(singles)])];
        const group = members.map((member) => `${member},${random.between(1, 4)}`).join('/');
        const done = () => this.#knowNexthop(id, family, true);
        return { command: `nexthop replace id ${id} group ${group}`, done };
      }
      default: {
        const id = random.between(10, 29);
        const done = () => this.#knowNexthop(id, family, false);
        return { command: `nexthop add id ${id} ${this.#nexthopTarget(family)}`, done };
      }
    }
  }

  #knowNexthop(id: number, family: Family, isGroup: boolean): void {
    if (!this.#nexthops.some((other) => other.id === id)) this.#nexthops.push({ id, family, isGroup });
  }

  #nexthopTarget(family: Family): string {
    const random = this.#random;
    if (random.chance(0.1)) return family === 4 ? 'blackhole' : 'via fe80::9 dev v0';
    const gateway = random.between(1, 5);
    return family === 4
      ? `via 10.77.0.${gateway} dev ${this.#wayOut()} onlink`
      : `via fe80::${gateway} dev ${this.#wayOut()}`;
  }
}

function joined(words: readonly string[]): string {
  return words.filter((word) => word !== '').join(' ');
}
