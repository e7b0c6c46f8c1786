// SPDX-License-Identifier: MIT
// Random `ip` commands of every kind that a mirror must follow, from a seed, for a node of the topology `bare`. Pools
// are small on purpose: commands meet again what earlier ones made. Some are refused, because the kernel has dropped
// in the meantime what they speak of; that is part of the game. Each kind of thing has its file in kernel-changes/.
// Left out: alternative names of interfaces, whose addition the kernel does not announce (trap B8).

import { Addresses } from './kernel-changes/addresses.ts';
import type { Draft, Places } from './kernel-changes/draft.ts';
import { Links } from './kernel-changes/links.ts';
import { Neighbours } from './kernel-changes/neighbours.ts';
import { Nexthops } from './kernel-changes/nexthops.ts';
import { Routes } from './kernel-changes/routes.ts';
import { Rules } from './kernel-changes/rules.ts';
import { Settings } from './kernel-changes/settings.ts';
import { Random } from './random.ts';

/** What a command changes; also the first word of its description. */
export type ChangeKind = 'link' | 'address' | 'route' | 'rule' | 'neighbour' | 'nexthop' | 'setting';

export interface KernelChange {
  kind: ChangeKind;
  /** For `Lab.ip`. */
  command: string;
}

const weights: Record<ChangeKind, number> = {
  link: 3,
  address: 5,
  route: 10,
  rule: 4,
  neighbour: 2,
  nexthop: 3,
  setting: 0.3,
};

export class KernelChanges {
  readonly #random: Random;
  readonly #weights: Record<ChangeKind, number>;
  readonly #makers: Record<ChangeKind, () => Draft>;

  /**
   * @param devices interfaces that exist and stay; they are changed, but neither renamed nor deleted
   * @param places absent: no link leaves the namespace, and none of its settings changes
   */
  constructor(seed: number, devices: readonly string[], places?: Places) {
    const random = new Random(seed);
    const links = new Links(random, devices, places);
    const addresses = new Addresses(random, links);
    const nexthops = new Nexthops(random, links);
    const routes = new Routes(random, links, addresses, nexthops);
    const rules = new Rules(random);
    const neighbours = new Neighbours(random, devices);
    const settings = places && new Settings(random, places);
    this.#random = random;
    this.#weights = { ...weights, setting: settings ? weights.setting : 0 };
    this.#makers = {
      link: () => links.next(),
      address: () => addresses.next(),
      route: () => routes.next(),
      rule: () => rules.next(),
      neighbour: () => neighbours.next(),
      nexthop: () => nexthops.next(),
      setting: () => settings!.next(),
    };
  }

  /** A next change; call `done` when the kernel has accepted it. */
  next(): KernelChange & { done: () => void } {
    const kind = this.#random.weighted(this.#weights);
    const { command, done } = this.#makers[kind]();
    return { kind, command, done: done ?? (() => {}) };
  }
}
