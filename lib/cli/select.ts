// SPDX-License-Identifier: MIT
// `mif select DEST`: which way traffic to an address would go; nothing is sent.

import { openHost } from '../mif/mif.ts';
import type { Path } from '../selection/path.ts';
import { type Command, namespaceOf, viaOf } from './command.ts';
import { exitCodes, usageError } from './exit-code.ts';
import { printable, type Style } from './style.ts';
import { tableName } from './wording.ts';

export const select: Command = {
  name: 'select',
  operands: 'DEST',
  summary: 'which way traffic to an address would go: interface, source, first hop',
  details: [
    'DEST is an IP address; of a link-local one with zone: fe80::1%eth0.',
    'Without --via: what the kernel would do for a socket that nobody bound.',
    'With --oracle the kernel itself is asked.',
  ],
  options: ['json', 'netns', 'via', 'from', 'mark', 'uid', 'oracle'],
  maxOperands: 1,
  async run({ options, operands, output, style, stop }) {
    const [destination] = operands;
    if (destination === undefined) throw usageError('mif select: which way to where?', 'Name an IP address.');
    const { from: source, mark, uid, oracle } = options;
    const host = await openHost({ ...namespaceOf(options), signal: stop });
    try {
      const path = host.select(destination, { ...viaOf(options), source, mark, uid, oracle });
      if (options.json) await output.line(JSON.stringify(path));
      else await output.pour(pathLines(path, style));
    } finally {
      await host.close();
    }
    return exitCodes.ok;
  },
};

/** The way as `ip route get` tells it; below it why, and what else there is to know. */
function* pathLines(path: Path, style: Style): Generator<string> {
  const { destination, gateway, source, table, type, mtu, pvd, firstHop, why, doubts } = path;
  const way = [
    type === 'unicast' ? [] : [type],
    [style.bold(destination)],
    gateway === null ? [] : ['via', gateway],
    ['dev', style.cyan(printable(path.interface))],
    source === null ? [] : ['src', source],
    table === 0 ? [] : ['table', tableName(table)],
    mtu === undefined ? [] : ['mtu', `${mtu}`],
  ];
  yield `${way.flat().join(' ')}\n`;
  const facts: readonly (readonly [title: string, fact: string | undefined])[] = [
    ['why', why],
    ['domain', pvd && printable(pvd)],
    ['first hop', firstHop],
    ['not sure', doubts.length > 0 ? doubts.join(', ') : undefined],
  ];
  const width = Math.max(...facts.map(([title]) => title.length));
  for (const [title, fact] of facts) {
    if (fact !== undefined) yield `  ${style.dim(title.padEnd(width))}  ${fact}\n`;
  }
}
