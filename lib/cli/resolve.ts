// SPDX-License-Identifier: MIT
// `mif resolve NAME [TYPE]`: a name in one network, and who said so.

import type { DnsRecord, RecordType } from '../dns/record.ts';
import type { Resolution } from '../dns/resolution.ts';
import { openHost, resolve as resolveName } from '../mif/mif.ts';
import { type Command, namespaceOf, viaOf } from './command.ts';
import { exitCodes, usageError } from './exit-code.ts';
import { printable, type Style } from './style.ts';

export const resolve: Command = {
  name: 'resolve',
  operands: 'NAME [TYPE]',
  summary: 'a name in one network, asked of the name servers of that network',
  details: [
    'TYPE is A, AAAA, MX, TXT, SRV, HTTPS and such; without it: addresses, in the order in which to try them.',
    'Without --via: the domain with the best default route. Nobody else is ever asked.',
  ],
  options: ['json', 'netns', 'via', 'server'],
  maxOperands: 2,
  async run({ options, operands, output, style, stop }) {
    const [name, type] = operands;
    if (name === undefined) throw usageError('mif resolve: which name?', 'Give one, such as example.com.');
    const { server: servers } = options;
    const host = await openHost({ ...namespaceOf(options), signal: stop });
    try {
      // Which types there are is for the library to say.
      const asked = type?.toUpperCase() as RecordType | undefined;
      const found = await resolveName(name, asked, { host, ...viaOf(options), servers, signal: stop });
      if (options.json) await output.line(JSON.stringify(found));
      else await output.pour(lines(found, style));
      return found.addresses.length > 0 || found.records.length > 0 ? exitCodes.ok : exitCodes.nothingMatched;
    } finally {
      await host.close();
    }
  },
};

function* lines({ addresses, records, server, origin, pvd, path }: Resolution, style: Style): Generator<string> {
  const isOfAddresses = addresses.length > 0;
  for (const record of records) {
    const isAddress = record.type === 'A' || record.type === 'AAAA';
    if (!(isOfAddresses && isAddress)) yield `${recordLine(record, style)}\n`;
  }
  for (const address of addresses) yield `${style.bold(printable(address))}\n`;
  if (!isOfAddresses && records.length === 0) yield 'there is no such record of that name\n';
  const who = server === null ? `known here: ${origin}` : `said ${server}`;
  yield `  ${style.dim(who)}, over ${style.cyan(printable(pvd ?? path.interface))}\n`;
}

function recordLine({ name, type, ttl, data }: DnsRecord, style: Style): string {
  return `${printable(name)} ${ttl} ${type} ${style.bold(printable(textOf(data)))}`;
}

function textOf(data: DnsRecord['data']): string {
  return typeof data === 'string' ? data : JSON.stringify(data);
}
