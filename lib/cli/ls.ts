// SPDX-License-Identifier: MIT
// `mif ls [noun]`: what is. One picture, printed while it is read, so that its size does not matter.

import { openHost } from '../mif/mif.ts';
import type { SourceReport } from '../source/source-choice.ts';
import { type Command, namespaceOf } from './command.ts';
import { exitCodes } from './exit-code.ts';
import { snapshotText } from './json-text.ts';
import { dnsLines, dnsText, missingLines } from './dns-listing.ts';
import { listingLines } from './listing.ts';
import { dnsNoun, nouns, parseNouns, sourcesFor } from './nouns.ts';
import { pictureLines } from './picture.ts';
import { styleFor } from './style.ts';

export const ls: Command = {
  name: 'ls',
  operands: '[NOUN]',
  summary: 'what is: interfaces with their domains, addresses and routers, or all of one noun',
  details: [
    `NOUN is one of ${nouns.join(', ')}, ${dnsNoun}.`,
    'Without one: a picture of the host; with --json all nouns in one document.',
  ],
  options: ['json', 'netns'],
  maxOperands: 1,
  async run({ options, operands, output, style, stop }) {
    const isDns = operands[0] === dnsNoun;
    const asked = isDns ? (['pvds'] as const) : parseNouns('ls', operands);
    const host = await openHost({ ...namespaceOf(options), sources: sourcesFor(asked), signal: stop });
    try {
      const snapshot = host.snapshot();
      const { sources } = host.capabilities;
      if (isDns && options.json) {
        await output.line(dnsText(snapshot, sources));
      } else if (isDns) {
        await output.pour(dnsLines(snapshot, style), stop);
        remark(sources);
      } else if (options.json) {
        await output.pour(snapshotText(snapshot, asked, '\n'), stop);
        await output.line('');
      } else if (operands.length === 0) {
        await output.pour(pictureLines(snapshot, style), stop);
      } else {
        for (const noun of asked) await output.pour(listingLines(snapshot, noun, style), stop);
        if (asked.includes('pvds')) remark(sources);
      }
    } finally {
      await host.close();
    }
    return exitCodes.ok;
  },
};

/** To people, and not into what they may pipe on. */
function remark(sources: readonly SourceReport[]): void {
  for (const line of missingLines(sources, styleFor(process.stderr))) process.stderr.write(line);
}
