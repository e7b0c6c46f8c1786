// SPDX-License-Identifier: MIT
// Random changes of links: of their settings, carrier, names and numbers, and of the namespace that they are in. Kinds
// that a kernel lacks are refused by it, and nothing is remembered of them.

import type { Random } from '../random.ts';
import type { Draft, Places } from './draft.ts';

export class Links {
  readonly #random: Random;
  readonly #fixed: readonly string[];
  readonly #places: Places | undefined;
  #made: string[] = [];
  #away: string[] = [];
  readonly #down = new Set<string>();
  #next = 0;

  /**
   * @param fixed links that exist and stay
   * @param places absent: no link leaves the namespace
   */
  constructor(random: Random, fixed: readonly string[], places: Places | undefined) {
    this.#random = random;
    this.#fixed = fixed;
    this.#places = places;
  }

  next(): Draft {
    const random = this.#random;
    const made = this.#made.length > 0;
    const down = this.#down.size > 0;
    const kind = random.weighted({
      add: 3,
      del: made ? 2 : 0,
      rename: made ? 2 : 0,
      down: 2,
      up: down ? 6 : 1,
      set: 5,
      master: 2,
      leave: this.#places && made ? 1 : 0,
      away: this.#places && this.#away.length > 0 ? 2 : 0,
    });
    switch (kind) {
      case 'add':
        return this.#add();
      case 'del': {
        const name = random.pick(this.#made);
        return { command: `link del ${name}`, done: () => this.#forget(name) };
      }
      case 'rename': {
        const name = random.pick(this.#made);
        const renamed = `n${this.#next++}`;
        return { command: `link set ${name} name ${renamed}`, done: () => this.#replace(name, renamed) };
      }
      case 'down': {
        const name = this.any();
        return { command: `link set ${name} down`, done: () => this.#down.add(name) };
      }
      case 'up': {
        const name = down ? random.pick([...this.#down]) : this.any();
        return { command: `link set ${name} up`, done: () => this.#down.delete(name) };
      }
      case 'master': {
        const masters = ['nomaster', 'master bridge0', 'master bridge1', 'master vrf0'];
        return { command: `link set ${this.any()} ${random.pick(masters)}` };
      }
      case 'leave':
        return this.#leave(this.#places!);
      case 'away':
        return this.#changeAway(this.#places!);
      default:
        return { command: `link set ${this.any()} ${this.#setting()}` };
    }
  }

  /** Any, up or down, most of the time one that stays. */
  any(): string {
    return this.#random.pick([...this.#fixed, ...this.#fixed, ...this.#made]);
  }

  /** One that takes routes, most of the time. */
  wayOut(): string {
    const up = [...this.#fixed, ...this.#made].filter((name) => !this.#down.has(name));
    return up.length > 0 && this.#random.chance(0.95) ? this.#random.pick(up) : this.any();
  }

  #setting(): string {
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

  #add(): Draft {
    const random = this.#random;
    const name = `x${this.#next++}`;
    const made = (...names: string[]) => {
      this.#made.push(...names);
      for (const one of names) this.#down.add(one);
    };
    const done = () => made(name);
    // Few numbers, so that a new link gets that of a deleted one (trap B9).
    const numbered = random.chance(0.3) ? `${name} index ${random.between(200, 202)}` : name;
    const kind = random.weighted({ bridge: 3, macvlan: 3, ifb: 3, veth: 3, vlan: 0.5, dummy: 0.5, vrf: 0.3 });
    switch (kind) {
      case 'bridge':
        return { command: `link add ${numbered} mtu 1400 type bridge`, done };
      case 'macvlan':
        return { command: `link add link ${random.pick(this.#fixed)} name ${name} type macvlan mode bridge`, done };
      case 'vlan':
        return { command: `link add link ${random.pick(this.#fixed)} name ${name} type vlan id ${this.#next}`, done };
      case 'vrf':
        return { command: 'link add vrf0 type vrf table 100', done: () => made('vrf0') };
      case 'veth': {
        const peer = `x${this.#next++}`;
        if (!this.#places || random.chance(0.7)) {
          return { command: `link add ${numbered} type veth peer name ${peer}`, done: () => made(name, peer) };
        }
        return {
          command: `link add ${numbered} type veth peer name ${peer} netns ${this.#places.elsewhere}`,
          done: () => {
            made(name);
            this.#away.push(peer);
          },
        };
      }
      default:
        return { command: `link add ${numbered} type ${kind}`, done };
    }
  }

  #leave({ elsewhere }: Places): Draft {
    const name = this.#random.pick(this.#made);
    const done = () => {
      this.#forget(name);
      this.#away.push(name);
    };
    return { command: `link set ${name} netns ${elsewhere}`, done };
  }

  /** A link that is elsewhere returns, ends, or gives carrier to its peer or takes it. */
  #changeAway({ here, elsewhere }: Places): Draft {
    const random = this.#random;
    const name = random.pick(this.#away);
    const forget = () => {
      this.#away = this.#away.filter((other) => other !== name);
    };
    const there = `-n ${elsewhere} link`;
    switch (random.weighted({ back: 3, up: 3, down: 2, del: 1 })) {
      case 'back': {
        const done = () => {
          forget();
          this.#made.push(name);
          this.#down.add(name);
        };
        return { command: `${there} set ${name} netns ${here}`, done };
      }
      case 'up':
        return { command: `${there} set ${name} up` };
      case 'down':
        return { command: `${there} set ${name} down` };
      default:
        return { command: `${there} del ${name}`, done: forget };
    }
  }

  #forget(name: string): void {
    this.#made = this.#made.filter((other) => other !== name);
    this.#down.delete(name);
  }

  #replace(name: string, renamed: string): void {
    const wasDown = this.#down.has(name);
    this.#forget(name);
    this.#made.push(renamed);
    if (wasDown) this.#down.add(renamed);
  }
}
