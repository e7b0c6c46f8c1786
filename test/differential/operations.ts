// SPDX-License-Identifier: MIT
// What a trial does to a host, one line each: a change of the network or a fault, from a seed, and written out for a
// shell so that anybody can repeat it.

import { KernelChanges } from '../lab/kernel-changes.ts';
import { Random } from '../lab/random.ts';
import { busyDevices } from '../lab/topology/busy-host.ts';
import { macOf, type Topology } from '../lab/topology.ts';
import { type Fault, ofDumps, real, staged } from './faults.ts';

export interface Operation {
  /** Arguments of `ip`, in which `$host` and `$elsewhere` stand for the namespaces. */
  command?: string;
  fault?: Fault;
  /** Whether the mirror must then come to agree with the kernel, or the next operation follows at once. */
  isChecked: boolean;
}

/** Operations, each told when the next is asked for whether the kernel accepted it. */
export type Operations = Iterator<Operation, void, boolean>;

export interface Chance {
  seed: number;
  /** How many changes the kernel is to accept. */
  operations: number;
  hasFaults: boolean;
}

/** Most faults need something to happen to; this is always accepted, announced and seen. */
const something = (length: number): Operation => ({
  command: `link set lo txqueuelen ${length}`,
  isChecked: true,
});

/** At first, while every link has carrier: later it would change routes, which is announced to no one who mirrors them. */
const ignoringDeadLinks: readonly Operation[] = ['ipv4', 'ipv6'].map((family) => ({
  command: `netns exec $host sysctl -qw net.${family}.conf.all.ignore_routes_with_linkdown=1`,
  isChecked: true,
}));

export function* randomOperations({ seed, operations, hasFaults }: Chance): Generator<Operation, void, boolean> {
  const changes = new KernelChanges(seed, busyDevices, { here: '$host', elsewhere: '$elsewhere' });
  const random = new Random(seed ^ 0xfa017);
  const often = staged.filter((fault) => !ofDumps.includes(fault));
  if (random.chance(0.5)) yield* ignoringDeadLinks;
  let accepted = 0;
  while (accepted < operations) {
    if (hasFaults && random.chance(0.15)) {
      const fault = random.chance(0.5) ? random.pick(often) : random.pick([...ofDumps, 'really forged' as const]);
      yield { fault, isChecked: false };
    }
    // Mostly each change meets a mirror at rest, and sometimes one that is busy with others.
    const burst = random.chance(0.1) ? random.between(2, 8) : 1;
    for (let n = 1; n <= burst; ++n) {
      const { command, done } = changes.next();
      if (!(yield { command, isChecked: n === burst })) continue;
      done();
      ++accepted;
    }
  }
  if (hasFaults) yield* everyFault();
}

/** Each fault once, with what makes it happen: only a host that has lost something dumps for certain. */
function* everyFault(): Generator<Operation, void, boolean> {
  for (const [n, fault] of [...staged, ...real].entries()) {
    yield { fault, isChecked: false };
    if (ofDumps.includes(fault)) yield { fault: 'overrun', isChecked: false };
    yield something(2000 + n);
  }
}

/** Operations as lines for a shell, with those that build the network before them. */
export function asShell({ links, nodes }: Topology, operations: readonly Operation[]): string {
  const ipOf = (node: string) => `ip -n $${node}`;
  const lines = Object.keys(nodes).map((node) => `${node}=mif-${node}; ip netns add $${node}`);
  for (const [one, other] of links) {
    const [a, b] = [one, other].map(
      ({ node, name, index }) => `${name} index ${index} address ${macOf(index)} netns $${node}`,
    );
    lines.push(`ip link add ${a} type veth peer name ${b}`);
  }
  for (const [node, { setUp, setUp6 = [] }] of Object.entries(nodes)) {
    lines.push(...['link set lo up', ...setUp].map((line) => `${ipOf(node)} ${line}`));
    lines.push(...setUp6.map((line) => `${ipOf(node)} -6 ${line}`));
  }
  lines.push('# the host under test is opened here');
  for (const { command, fault, isChecked } of operations) {
    const pause = isChecked ? '; sleep 0.3' : '';
    if (fault) lines.push(`# fault: ${fault}`);
    // A command for another namespace names it itself.
    else lines.push(`${/^(-n|netns) /.test(command ?? '') ? 'ip' : ipOf('host')} ${command}${pause}`);
  }
  return lines.join('\n');
}
