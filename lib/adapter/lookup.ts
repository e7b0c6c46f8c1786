// SPDX-License-Identifier: MIT
// Names for connections over a chosen network, in the form of dns.lookup: its own servers are asked, over itself. What it
// reaches best comes first.

import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { parseIpAddress } from '../address/ip-address.ts';
import { isMifError } from '../binding/mif-error.ts';
import { addressesOver, lookupError } from '../dns/addresses-over.ts';
import type { Host } from '../host/host.ts';
import type { Via } from '../via/carrier.ts';

export interface LookupRequest {
  /** Who is to carry what goes to the addresses. Absent: as the system chooses. */
  via?: Via | undefined;
  /** Resolves names, of the form of dns.lookup. Default: the servers of `via`; without that dns.lookup, hence the system. */
  lookup?: LookupFunction | undefined;
}

/** A function for the option `lookup` of net, http, undici and dgram. */
export function createLookup(host: Host, { via, lookup: ask }: LookupRequest = {}): LookupFunction {
  return function lookup(hostname, options, callback) {
    const { all, family, hints } = readOptions(options);
    if (via !== undefined && ask === undefined) {
      addressesOver(host, hostname, { via, family: numberOf(family) }).then(
        (found) => (all ? callback(null, found) : callback(null, found[0]!.address, found[0]!.family)),
        (error) => callback(error, all ? [] : '', 0),
      );
      return;
    }
    resolveAll(ask, hostname, { family, hints }).then(
      (found) => {
        let sorted: LookupAddress[];
        try {
          sorted = inOrder(host, found, via);
        } catch (error) {
          callback(error as NodeJS.ErrnoException, []);
          return;
        }
        if (all) callback(null, sorted);
        else callback(null, sorted[0]!.address, sorted[0]!.family);
      },
      (error) => callback(error, all ? [] : '', 0),
    );
  };
}

/** Addresses of a name, in the order told; of a literal, itself. */
export function resolveAll(
  ask: LookupFunction | undefined,
  hostname: string,
  { family, hints }: Pick<LookupOptions, 'family' | 'hints'> = {},
): Promise<LookupAddress[]> {
  const literal = parseIpAddress(hostname);
  if (literal !== undefined) return Promise.resolve([{ address: hostname, family: literal.family }]);
  return new Promise((resolve, reject) => {
    const resolver = ask ?? (process.getBuiltinModule('node:dns').lookup as LookupFunction);
    const question: LookupOptions = { all: true, ...(family ? { family } : {}), ...(hints ? { hints } : {}) };
    resolver(hostname, question, (error, answer, answerFamily) => {
      if (error) {
        reject(error);
        return;
      }
      // Some resolvers answer with one address whatever they were asked for.
      const list = Array.isArray(answer) ? answer : [{ address: answer, family: answerFamily === 6 ? 6 : 4 }];
      if (list.length > 0) resolve(list);
      else reject(lookupError('ENOTFOUND', hostname));
    });
  });
}

function inOrder(host: Host, found: readonly LookupAddress[], via: Via | undefined): LookupAddress[] {
  if (found.length < 2) return [...found];
  const families = new Map(found.map((each) => [each.address, each]));
  try {
    return host.sortDestinations([...families.keys()], { via }).map(({ address }) => families.get(address)!);
  } catch (error) {
    // A host without all routes cannot tell which is better; which are allowed is decided when connecting.
    if (!isMifError(error, 'ERR_MIF_UNSUPPORTED')) throw error;
    return [...families.values()];
  }
}

/** dns.lookup takes a bare family, and since Node 22 its name. */
function readOptions(options: LookupOptions | number | undefined): LookupOptions {
  if (typeof options === 'number') return { family: options };
  return options ?? {};
}

function numberOf(family: LookupOptions['family']): number | undefined {
  return typeof family === 'string' ? Number(family.slice('IPv'.length)) : family;
}
