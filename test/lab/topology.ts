// SPDX-License-Identifier: MIT
// The shape of a private network, as data. lab.ts builds it; the files in topology/ are the networks themselves.
// Addresses come from 10/8, 100.64/10, 198.51.100/24 and 2001:db8::/32 only, and no node has a way out.

/** One end of a veth pair. */
export interface LinkEnd {
  node: string;
  name: string;
  /**
   * Interface index, distinct over all nodes of the topology. Where the two ends of a pair share an index the kernel
   * treats changes of carrier as not urgent and reports them up to one second late. The MAC address follows from it.
   */
  index: number;
}

/** A network namespace. */
export interface NodePlan {
  /** Lines of `ip -batch`, run in the node when all links exist. */
  setUp: readonly string[];
  /** Lines for which `ip` must be told that they are of IPv6, such as rules. */
  setUp6?: readonly string[];
  /** Forwards both families, and answers every packet it cannot forward. */
  forwards?: boolean;
  /** Duplicate address detection, 1 to 2 s an address: off unless it is the subject. */
  detectsDuplicates?: boolean;
  /** Further settings below /proc/sys/net, written when all links exist and before `setUp`. */
  settings?: Readonly<Record<string, number>>;
}

export interface Topology {
  nodes: Readonly<Record<string, NodePlan>>;
  links: readonly (readonly [LinkEnd, LinkEnd])[];
}

/** `host/a0#11`: the end called a0 in the node host, with index 11. */
export function end(text: string): LinkEnd {
  const [, node, name, index] = /^([\w-]+)\/([\w.-]+)#(\d+)$/.exec(text) ?? [];
  if (!node || !name) throw new Error(`not an end of a link, such as host/a0#11: ${text}`);
  return { node, name, index: Number(index) };
}

/** A veth pair between two ends in the form of `end`. */
export function link(one: string, other: string): [LinkEnd, LinkEnd] {
  return [end(one), end(other)];
}

/** The MAC address that the lab gives to an end: locally administered, readable, distinct over all nodes. */
export function macOf(index: number): string {
  const digits = index.toString(16).padStart(4, '0');
  return `02:00:00:00:${digits.slice(0, 2)}:${digits.slice(2)}`;
}
