// SPDX-License-Identifier: MIT
// `mif stats`: what the mirror of this host has counted since it was opened for this command, what the kernel lets it
// see, and what the process uses.

import { openHost } from '../mif/mif.ts';
import { type Command, namespaceOf } from './command.ts';
import { exitCodes } from './exit-code.ts';
import { gridLines } from './grid.ts';

export const stats: Command = {
  name: 'stats',
  operands: '',
  summary: 'counters of the host and of this process, and what the host can tell',
  details: ['Sections: host (counters), capabilities, process (bytes, seconds).'],
  options: ['json', 'netns'],
  maxOperands: 0,
  async run({ options, output, style, stop }) {
    const host = await openHost({ ...namespaceOf(options), sources: 'all', signal: stop });
    try {
      const { rss, heapUsed, external } = process.memoryUsage();
      const sections = {
        host: host.stats(),
        capabilities: host.capabilities,
        process: { pid: process.pid, rss, heapUsed, external, uptime: Number(process.uptime().toFixed(3)) },
      };
      if (options.json) {
        await output.line(JSON.stringify(sections));
      } else {
        const { sources, ...capabilities } = sections.capabilities;
        const states = Object.fromEntries(
          sources.map(({ origin, state, why }) => [origin, why === undefined ? state : `${state}: ${why}`]),
        );
        const rows = Object.entries({ ...sections, capabilities, sources: states }).flatMap(([section, values]) =>
          Object.entries(values).map(([name, value]) => ({ section, name, value: String(value) })),
        );
        await output.pour(
          gridLines(
            [
              { title: 'OF', cell: (row) => row.section },
              { title: 'NAME', cell: (row) => row.name },
              { title: 'VALUE', cell: (row) => row.value, right: true },
            ],
            rows,
            style,
          ),
        );
      }
    } finally {
      await host.close();
    }
    return exitCodes.ok;
  },
};
