// SPDX-License-Identifier: MIT
// What leaves a node of a lab towards the servers, counted at each interface by the kernel itself: the proof that a link
// stayed empty. All but bare acknowledgements and resets, and what ICMP says: that a segment or datagram came for nobody is the
// kernel's own answer, and it routes it as if no device had been asked for, whoever held the socket (trap F15).

import type { Lab } from './lab.ts';

const servers = ['ip daddr 198.51.100.0/24', 'ip6 daddr 2001:db8:ffff::/64'];
const kinds = ['tcp flags & (syn | psh | fin) != 0', 'meta l4proto != { tcp, icmp, ipv6-icmp }'];

export class Departures {
  readonly #lab: Lab;
  readonly #node: string;
  /** Packets of each rule that were told. */
  readonly #taken = new Map<number, number>();

  private constructor(lab: Lab, node: string) {
    this.#lab = lab;
    this.#node = node;
  }

  /** Counts from now on. */
  static async of(lab: Lab, node: string, interfaces: readonly string[]): Promise<Departures> {
    const rules = interfaces.flatMap((name) =>
      servers.flatMap((server) =>
        kinds.map(
          (kind) => `add rule inet departures out oifname "${name}" ${server} ${kind} counter comment "${name}"`,
        ),
      ),
    );
    const ruleset = [
      'add table inet departures',
      'add chain inet departures out { type filter hook output priority 0 ; }',
      ...rules,
    ];
    await lab.exec(node, 'nft', '-f', lab.write('departures.nft', `${ruleset.join('\n')}\n`));
    return new Departures(lab, node);
  }

  /** Packets by interface since the last time, those without any left out. */
  async take(): Promise<Record<string, number>> {
    const text = await this.#lab.exec(this.#node, 'nft', '-j', 'list', 'table', 'inet', 'departures');
    const { nftables } = JSON.parse(text) as { nftables: { rule?: Rule }[] };
    const packets: Record<string, number> = {};
    for (const { rule } of nftables) {
      if (rule === undefined) continue;
      const { handle, comment, expr } = rule;
      const count = expr.find(({ counter }) => counter !== undefined)?.counter?.packets ?? 0;
      const more = count - (this.#taken.get(handle) ?? 0);
      this.#taken.set(handle, count);
      if (more > 0) packets[comment] = (packets[comment] ?? 0) + more;
    }
    return packets;
  }
}

interface Rule {
  handle: number;
  comment: string;
  expr: { counter?: { packets: number } }[];
}
